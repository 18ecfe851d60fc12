//! The actor that hosts a room: `apply`, then perform. It never awaits a peer, the database or a hash.
use std::sync::Arc;

use ractor::{Actor, ActorProcessingErr, ActorRef};

use crate::dialect::Beside;
use crate::fault::Fault;
use crate::room::Room;
use crate::room::command::{Ask, Asker, Command};
use crate::room::effect::{Effect, ReplyTo};
use crate::room::footing::Footing;
use crate::room::ids::{Millis, RoomId};
use crate::room::record::Loaded;

use super::admission::Admission;
use super::fresh;
use super::messages::{DirectoryMsg, JournalMsg, RoomMsg};
use super::perform::Host;
use super::pulse::Beat;
use super::room_ref::{Carried, RoomRef, Ticket};
use super::world::World;

/// A room's actor.
pub(super) struct RoomActor;

/// What a room is started with. It loads itself.
pub(super) struct Start {
    pub(super) world: Arc<World>,
    pub(super) id: RoomId,
    pub(super) admission: Arc<Admission>,
}

/// What it keeps. Dropped by a panic or a kill, it sends every connection to look for the room's successor.
pub(super) struct State {
    phase: Phase,
    host: Host,
    effects: Vec<Effect>,
    /// Since when nobody is here and nothing is pending.
    idle_since: Option<Millis>,
}

enum Phase {
    /// Commands wait for the store, as many as the admission lets in.
    Loading(Vec<Carried>),
    Live(Box<Room>),
    /// Its door is closed.
    Stopping,
}

impl Actor for RoomActor {
    type Msg = RoomMsg;
    type State = State;
    type Arguments = Start;

    async fn pre_start(&self, myself: ActorRef<RoomMsg>, start: Start) -> Result<State, ActorProcessingErr> {
        let address = RoomRef { id: start.id, actor: myself.clone(), admission: start.admission };
        start.world.journal.cast(JournalMsg::Load { room: start.id, to: myself });
        Ok(State {
            phase: Phase::Loading(Vec::new()),
            host: Host::new(start.world, address),
            effects: Vec::new(),
            idle_since: None,
        })
    }

    async fn handle(
        &self,
        myself: ActorRef<RoomMsg>,
        message: RoomMsg,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            RoomMsg::Ask(carried) => state.take(carried),
            RoomMsg::Loaded(loaded) => {
                if state.wake(loaded).is_none() {
                    myself.stop(None);
                }
            }
            RoomMsg::Settled { epoch, outcomes } => state.run_own(Command::Settled { epoch, outcomes }),
            RoomMsg::Recalled { message, ask } => state.run_own(Command::Recalled { message, ask }),
            RoomMsg::Read { to, result } => state.host.answer(to, result),
            RoomMsg::Flush(turn) => state.host.flush(turn),
            RoomMsg::Beat(beat) => state.beat(beat, &myself),
        }
        Ok(())
    }
}

impl State {
    fn take(&mut self, mut carried: Carried) {
        match &mut self.phase {
            Phase::Loading(waiting) => waiting.push(carried),
            Phase::Live(_) => self.run(carried),
            Phase::Stopping => carried.ticket.answer(Err(Fault::Unavailable), Beside::NOTHING),
        }
    }

    /// Begins to live, or answers `None`: there is nothing to live as.
    fn wake(&mut self, loaded: Result<Option<Box<Loaded>>, Fault>) -> Option<()> {
        let fault = match loaded {
            Ok(Some(loaded)) => {
                self.live(*loaded);
                return Some(());
            }
            Ok(None) => Fault::NoSuchRoom,
            Err(fault) => fault,
        };
        if let Phase::Loading(waiting) = std::mem::replace(&mut self.phase, Phase::Stopping) {
            for mut carried in waiting {
                let why = match (&carried.ask.command, &fault) {
                    (Command::Resume(_), Fault::NoSuchRoom) => Fault::UnknownSession,
                    _ => fault.clone(),
                };
                let line = carried.ticket.asker().cloned();
                carried.ticket.answer(Err(why), Beside::NOTHING);
                if let Some(line) = line {
                    line.outbox.flush();
                }
            }
        }
        self.host.say_retired();
        None
    }

    fn live(&mut self, loaded: Loaded) {
        let Phase::Loading(waiting) = std::mem::replace(&mut self.phase, Phase::Stopping) else {
            return; // asked for once, answered once
        };
        let world = self.host.world();
        let awake = DirectoryMsg::Awake { room: loaded.room.id, keys: loaded.room.keys.clone() };
        let room_id = loaded.room.id;
        let (rules, keys) = (world.settings.rules.clone(), world.keys.clone());
        let room = Room::restore(loaded, fresh::epoch(), world.clock.now(), rules, keys);
        world.directory.cast(awake);
        world.tie(room_id, room.footings().flat_map(Footing::ties).collect());
        self.phase = Phase::Live(Box::new(room));
        for carried in waiting {
            self.run(carried);
        }
    }

    fn run_own(&mut self, command: Command) {
        let ask = Ask { from: Asker::Host, reply: ReplyTo::Nobody, command };
        if matches!(self.phase, Phase::Live(_)) {
            self.run(Carried { ask, ticket: Ticket::nobody() });
        }
    }

    fn run(&mut self, carried: Carried) {
        let Phase::Live(room) = &mut self.phase else { return };
        let Carried { ask, ticket } = carried;
        self.host.begin(ask.reply, ticket);
        room.apply(self.host.world().clock.now(), ask, &mut self.effects);
        self.host.applied();
        for effect in self.effects.drain(..) {
            self.host.perform(effect, room);
        }
        self.host.end(room.people());
    }

    fn beat(&mut self, beat: Beat, myself: &ActorRef<RoomMsg>) {
        let Phase::Live(room) = &self.phase else { return };
        let now = self.host.world().clock.now();
        if room.wake_at().is_some_and(|at| at <= now) {
            self.run_own(Command::Tick);
        }
        let Phase::Live(room) = &self.phase else { return };
        self.host.heartbeat(beat, now, |slot| room.position_of(slot));
        if !room.is_idle() || self.host.is_awaited() {
            self.idle_since = None;
            return;
        }
        let since = *self.idle_since.get_or_insert(now);
        if now.since(since) >= self.host.world().settings.retire_ms && self.host.retire() {
            self.phase = Phase::Stopping;
            myself.stop(None);
        }
    }
}
