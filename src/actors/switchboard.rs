//! Supervises the connections, and looks after all sockets by one shared tick: pings, pongs, and the deadline of the first frame.
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use bytes::Bytes;
use ractor::{Actor, ActorId, ActorProcessingErr, ActorRef, RpcReplyPort, SupervisionEvent};

use crate::dialect::Dialect;
use crate::dialect::close::Close;
use crate::dialect::frame;
use crate::room::footing::{Cause, Ended, Footing};
use crate::room::ids::{LoginId, RoomId};

use super::line::{Line, Place};
use super::messages::SwitchboardMsg;
use super::outbox::Class;
use super::pulse::{Beat, SLICES};
use super::session;
use super::stale;
use super::world::World;

/// The switchboard's actor.
pub(super) struct Switchboard;

pub(super) struct State {
    world: Arc<World>,
    /// Lines by the slice of the period in which they came.
    slices: Vec<HashMap<ActorId, Arc<Line>>>,
    now: Beat,
    ping: Bytes,
    /// Whoever waits until all have gone.
    closing: Vec<RpcReplyPort<()>>,
}

impl Actor for Switchboard {
    type Msg = SwitchboardMsg;
    type State = State;
    type Arguments = Arc<World>;

    async fn pre_start(
        &self,
        _: ActorRef<SwitchboardMsg>,
        world: Arc<World>,
    ) -> Result<State, ActorProcessingErr> {
        Ok(State {
            world,
            slices: (0..SLICES).map(|_| HashMap::new()).collect(),
            now: Beat(0),
            ping: frame::ping(b""),
            closing: Vec::new(),
        })
    }

    async fn handle(
        &self,
        _: ActorRef<SwitchboardMsg>,
        message: SwitchboardMsg,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            SwitchboardMsg::Opened { actor, line } => state.opened(actor, line),
            SwitchboardMsg::Beat(beat) => state.beat(beat),
            SwitchboardMsg::End { ended, of, cause } => state.end(&ended, of, cause),
            SwitchboardMsg::Logins(reply) => {
                if reply.send(state.logins()).is_err() {
                    tracing::debug!("whoever asked for the sessions has gone");
                }
            }
            SwitchboardMsg::GoingAway { after_ms, reply } => {
                for line in state.lines() {
                    line.tell(|dialect| dialect.going_away(after_ms), Class::Must);
                    line.outbox.flush();
                }
                answer(reply);
            }
            SwitchboardMsg::CloseAll(reply) => {
                for line in state.lines() {
                    line.outbox.close(Close::Drain);
                }
                state.closing.push(reply);
                state.tell_if_empty();
            }
        }
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        _: ActorRef<SwitchboardMsg>,
        event: SupervisionEvent,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match event {
            SupervisionEvent::ActorFailed(who, error) => {
                tracing::error!(%error, "a connection failed; its socket is closed");
                state.ended(who.get_id());
            }
            SupervisionEvent::ActorTerminated(who, _, _) => state.ended(who.get_id()),
            SupervisionEvent::ActorStarted(_) | SupervisionEvent::ProcessGroupChanged(_) => {}
        }
        Ok(())
    }
}

impl State {
    fn lines(&self) -> impl Iterator<Item = &Arc<Line>> {
        self.slices.iter().flat_map(HashMap::values)
    }

    fn opened(&mut self, actor: ActorId, line: Arc<Line>) {
        if line.is_gone() {
            return; // it went before we heard of it
        }
        if !self.closing.is_empty() {
            line.outbox.close(Close::Drain);
        }
        self.world.metrics.connections.inc();
        self.slices[self.now.slice() as usize].insert(actor, line);
    }

    fn end(&self, ended: &Ended, of: Option<RoomId>, cause: Cause) {
        let close = match cause {
            Cause::Revoked => Close::Revoked,
            Cause::Expired => Close::AccountExpired,
        };
        for line in self.lines() {
            let principal = line.principal();
            let is_elsewhere = of.is_some() && principal.grant.map(|grant| grant.room) != of;
            if !is_elsewhere && principal.footing.falls_with(ended) {
                line.outbox.close(close);
            }
        }
    }

    fn logins(&self) -> HashSet<LoginId> {
        let logins = self.lines().filter_map(|line| match line.principal().footing {
            Footing::Account { login, .. } => Some(login),
            Footing::Guest | Footing::Token { .. } => None,
        });
        logins.collect()
    }

    fn ended(&mut self, actor: ActorId) {
        if self.slices.iter_mut().any(|slice| slice.remove(&actor).is_some()) {
            self.world.metrics.connections.dec();
        }
        self.tell_if_empty();
    }

    fn beat(&mut self, beat: Beat) {
        self.now = beat;
        for line in self.slices[beat.due() as usize].values() {
            if !line.is_greeted() {
                line.outbox.close(Close::NoHello);
            } else if !line.has_ponged() {
                line.outbox.close(Close::HeartbeatMissed);
            }
        }
        for line in self.slices[beat.slice() as usize].values() {
            line.pinged();
            session::watch(line, &self.world);
            if line.outbox.is_framed() {
                line.push(self.ping.clone(), Class::Stale(stale::PING));
            } else {
                line.pong(); // whoever carries its packets pings it too
            }
            if matches!(line.place(), Place::Nowhere) {
                line.tell(Dialect::idle_heartbeat, Class::Stale(stale::HEARTBEAT));
            }
            line.outbox.flush();
        }
    }

    fn tell_if_empty(&mut self) {
        if self.slices.iter().all(HashMap::is_empty) {
            self.closing.drain(..).for_each(answer);
        }
    }
}

fn answer(reply: RpcReplyPort<()>) {
    if reply.send(()).is_err() {
        tracing::debug!("whoever asked the switchboard has gone");
    }
}
