//! Which room lives where: wakes rooms on demand, forgets those that retire, and rebuilds those that die.
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use ractor::{Actor, ActorId, ActorProcessingErr, ActorRef, ActorRuntime, ActorStatus, SupervisionEvent};
use tokio::time::Instant;

use crate::dialect::Beside;
use crate::fault::Fault;
use crate::room::command::{Ask, Asker, Command};
use crate::room::effect::ReplyTo;
use crate::room::ids::{RoomId, SeatId};
use crate::room::join::Reattach;
use crate::room::record::Keys;

pub use super::engine::Directory;
use super::line::Line;
use super::messages::{DirectoryMsg, RoomMsg};
use super::room::{RoomActor, Start};
use super::room_ref::{Carried, RoomRef, Ticket};
use super::ties::Ties;
use super::world::World;
pub use crate::room::footing::{Cause, Ended};

/// Deaths within [`WITHIN`] after which a room is left alone for [`WITHIN`].
const DEATHS: usize = 5;
const WITHIN: Duration = Duration::from_secs(30);

/// The directory's actor, which supervises all rooms.
pub(super) struct RoomKeeper;

pub(super) struct State {
    world: Arc<World>,
    awake: HashMap<RoomId, Awake>,
    by_actor: HashMap<ActorId, RoomId>,
    by_key: HashMap<Arc<str>, RoomId>,
    deaths: HashMap<RoomId, VecDeque<Instant>>,
    ties: Ties,
}

struct Awake {
    at: RoomRef,
    keys: Vec<Arc<str>>,
}

impl Actor for RoomKeeper {
    type Msg = DirectoryMsg;
    type State = State;
    type Arguments = Arc<World>;

    async fn pre_start(
        &self,
        _: ActorRef<DirectoryMsg>,
        world: Arc<World>,
    ) -> Result<State, ActorProcessingErr> {
        Ok(State {
            world,
            awake: HashMap::new(),
            by_actor: HashMap::new(),
            by_key: HashMap::new(),
            deaths: HashMap::new(),
            ties: Ties::default(),
        })
    }

    async fn handle(
        &self,
        myself: ActorRef<DirectoryMsg>,
        message: DirectoryMsg,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            DirectoryMsg::Find { room, reply } => {
                if reply.send(state.find(room, &myself)).is_err() {
                    tracing::debug!(room.id = %room, "whoever looked for a room has gone");
                }
            }
            DirectoryMsg::Resolve { key, reply } => {
                if reply.send(state.by_key.get(&key).copied()).is_err() {
                    tracing::debug!("whoever asked for a key has gone");
                }
            }
            DirectoryMsg::Tied { room, ties } => {
                if state.awake.contains_key(&room) {
                    state.ties.tie(room, ties);
                }
            }
            DirectoryMsg::End { ended, cause } => state.end(&ended, cause),
            DirectoryMsg::Logins(reply) => {
                let logins = state.ties.all().filter_map(|tie| match tie {
                    Ended::Login(login) => Some(*login),
                    _ => None, // sessions only
                });
                if reply.send(logins.collect()).is_err() {
                    tracing::debug!("whoever asked for the sessions has gone");
                }
            }
            DirectoryMsg::AllAwake(reply) => {
                if reply.send(state.awake.keys().copied().collect()).is_err() {
                    tracing::debug!("whoever counted the rooms has gone");
                }
            }
            DirectoryMsg::Reattach { line, room, seat } => state.reattach(line, room, seat, &myself),
            DirectoryMsg::Awake { room, keys } => state.name(room, &keys),
            DirectoryMsg::Retired { room, actor } => {
                if state.by_actor.get(&actor) == Some(&room) {
                    state.forget(actor);
                }
            }
            DirectoryMsg::Beat(beat) => {
                for room in state.awake.values() {
                    if room.at.actor.send_message(RoomMsg::Beat(beat)).is_err() {
                        tracing::trace!(room.id = %room.at.id, "room is stopping");
                    }
                }
            }
        }
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        _: ActorRef<DirectoryMsg>,
        event: SupervisionEvent,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match event {
            SupervisionEvent::ActorFailed(who, error) => state.mourn(who.get_id(), &error.to_string()),
            SupervisionEvent::ActorTerminated(who, None, _) => state.mourn(who.get_id(), "killed"),
            SupervisionEvent::ActorTerminated(who, Some(_), _) => state.forget(who.get_id()),
            SupervisionEvent::ActorStarted(_) | SupervisionEvent::ProcessGroupChanged(_) => {}
        }
        Ok(())
    }
}

impl State {
    fn find(&mut self, room: RoomId, myself: &ActorRef<DirectoryMsg>) -> Result<RoomRef, Fault> {
        if let Some(known) = self.awake.get(&room)
            && !known.at.admission.is_retired()
            && !is_over(known.at.actor.get_status())
        {
            return Ok(known.at.clone());
        }
        self.check_deaths(room)?;
        self.wake(room, myself)
    }

    /// Starts a room without waiting for anything: it loads itself.
    fn wake(&mut self, room: RoomId, myself: &ActorRef<DirectoryMsg>) -> Result<RoomRef, Fault> {
        let admission = Arc::default();
        let start = Start { world: self.world.clone(), id: room, admission: Arc::clone(&admission) };
        let spawned = ActorRuntime::spawn_linked_instant(None, RoomActor, start, myself.get_cell());
        let (actor, _) = spawned.map_err(|error| {
            tracing::error!(room.id = %room, %error, "a room could not be started");
            Fault::Unavailable
        })?;
        let at = RoomRef { id: room, actor, admission };
        if let Some(before) = self.awake.get(&room).map(|awake| awake.at.actor.get_id()) {
            self.forget(before);
        }
        self.by_actor.insert(at.actor.get_id(), room);
        self.awake.insert(room, Awake { at: at.clone(), keys: Vec::new() });
        Ok(at)
    }

    fn reattach(&mut self, line: Arc<Line>, room: RoomId, seat: SeatId, myself: &ActorRef<DirectoryMsg>) {
        let mut ticket = Ticket::reattaching(line.clone());
        match self.find(room, myself) {
            Err(fault) => ticket.answer(Err(fault), Beside::NOTHING),
            Ok(at) => {
                let back = Reattach { conn: line.conn, seat, seen: None, trusted: line.trusted };
                let from = Asker::Connection(line.conn);
                let ask =
                    Ask { from, reply: ReplyTo::Quiet { conn: line.conn }, command: Command::Reattach(back) };
                if at.send(Carried { ask, ticket }).is_err() {
                    tracing::warn!(room.id = %room, "a room died while its people came back");
                }
            }
        }
    }

    /// Tells the rooms where somebody may stand on it.
    fn end(&self, ended: &Ended, cause: Cause) {
        for room in self.ties.of(ended) {
            let Some(awake) = self.awake.get(&room) else { continue };
            let command = Command::Dismiss { ended: ended.clone(), cause };
            let ask = Ask { from: Asker::Host, reply: ReplyTo::Nobody, command };
            if awake.at.send_anyway(Carried { ask, ticket: Ticket::nobody() }).is_err() {
                tracing::debug!(room.id = %room, "a room went before it could dismiss anyone");
            }
        }
    }

    fn name(&mut self, room: RoomId, keys: &Keys) {
        let Some(awake) = self.awake.get_mut(&room) else { return };
        awake.keys = vec![
            keys.native.clone(),
            keys.meet.clone(),
            Arc::from(keys.mesibo.to_string()),
            keys.hundredms.clone(),
        ];
        for key in &awake.keys {
            self.by_key.insert(key.clone(), room);
        }
    }

    fn forget(&mut self, actor: ActorId) {
        let Some(room) = self.by_actor.remove(&actor) else { return };
        self.ties.forget(room);
        if let Some(awake) = self.awake.remove(&room) {
            for key in awake.keys {
                self.by_key.remove(&key);
            }
        }
    }

    fn mourn(&mut self, actor: ActorId, error: &str) {
        let Some(&room) = self.by_actor.get(&actor) else { return };
        tracing::error!(room.id = %room, error, "a room died; it is rebuilt from the store");
        self.world.metrics.room_restarts.inc();
        self.forget(actor);
        let deaths = self.deaths.entry(room).or_default();
        deaths.push_back(Instant::now());
        if deaths.len() > DEATHS {
            deaths.pop_front(); // older ones tell nothing
        }
    }

    /// Refuses a room that dies again and again, for a while.
    fn check_deaths(&mut self, room: RoomId) -> Result<(), Fault> {
        let Some(deaths) = self.deaths.get_mut(&room) else { return Ok(()) };
        while deaths.front().is_some_and(|died| died.elapsed() >= WITHIN) {
            deaths.pop_front();
        }
        if deaths.is_empty() {
            self.deaths.remove(&room);
            return Ok(());
        }
        if deaths.len() >= DEATHS { Err(Fault::Unavailable) } else { Ok(()) }
    }
}

fn is_over(status: ActorStatus) -> bool {
    matches!(status, ActorStatus::Draining | ActorStatus::Stopping | ActorStatus::Stopped)
}
