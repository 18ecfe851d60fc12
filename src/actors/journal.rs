//! Writes what rooms ask to be kept: in order per room, many rooms in one transaction, and never in anybody's way.
mod queue;
mod work;

use std::sync::Arc;
use std::time::Duration;

use ractor::{Actor, ActorProcessingErr, ActorRef, RpcReplyPort};
use tokio::task::JoinHandle;

use crate::fault::Fault;
use crate::room::record::Outcome;

use super::messages::JournalMsg;
use super::pulse::Beat;
use super::world::{Changed, World};

use queue::{Group, Queue};
pub(super) use work::Done;

/// Entries of one transaction.
const GROUP: usize = 512;
/// Rows written behind that may wait; the oldest give way.
const BEHIND: usize = 20_000;
/// Ticks between two signs of life of this server: 10 s.
const ALIVE_TICKS: u64 = 20;
/// Ticks between two looks whether a lost database is back: 1 s.
const PING_TICKS: u64 = 2;
/// How long a look may take.
const PING_WITHIN: Duration = Duration::from_secs(3);

/// The journal's actor.
pub(super) struct Journal;

pub(super) struct State {
    world: Arc<World>,
    queue: Queue,
    storage: Storage,
    /// The group that is being written.
    writing: Option<JoinHandle<()>>,
    pinging: Option<JoinHandle<()>>,
    draining: Vec<RpcReplyPort<()>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Storage {
    Here,
    /// New entries are refused at once until the database answers again.
    Away,
}

impl Actor for Journal {
    type Msg = JournalMsg;
    type State = State;
    type Arguments = Arc<World>;

    async fn pre_start(
        &self,
        _: ActorRef<JournalMsg>,
        world: Arc<World>,
    ) -> Result<State, ActorProcessingErr> {
        Ok(State {
            world,
            queue: Queue::new(BEHIND),
            storage: Storage::Here,
            writing: None,
            pinging: None,
            draining: Vec::new(),
        })
    }

    async fn handle(
        &self,
        _: ActorRef<JournalMsg>,
        message: JournalMsg,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            JournalMsg::Persist { room, entry } => state.queue.entry(room, entry),
            JournalMsg::Behind(row) => state.queue.behind(row),
            JournalMsg::Load { room, to } => state.queue.load(room, to),
            JournalMsg::Done(done) => state.done(done),
            JournalMsg::Pinged(result) => state.pinged(result),
            JournalMsg::Beat(beat) => state.beat(beat),
            JournalMsg::Drain(reply) => state.draining.push(reply),
        }
        state.go_on();
        Ok(())
    }
}

impl State {
    /// Begins what can begin.
    fn go_on(&mut self) {
        self.world.metrics.journal_queue.set(self.queue.entries() as i64);
        if self.storage == Storage::Away {
            for (room, entry) in self.queue.take_entries() {
                let refused = Outcome::Refused(Fault::StorageUnavailable);
                work::settle(&room, entry.epoch, vec![(entry.no, refused)]);
            }
            for (_, to) in self.queue.take_loads() {
                work::loaded(&to, Err(Fault::StorageUnavailable));
            }
        }
        for (room, to) in self.queue.take_ready_loads() {
            tokio::spawn(work::load(self.world.clone(), room, to));
        }
        if self.writing.is_none() && self.storage == Storage::Here {
            let group = self.queue.take_group(GROUP);
            if !group.is_empty() {
                self.writing = Some(self.world.store.spawn(work::write(self.world.clone(), group)));
            }
        }
        if self.writing.is_none() && (self.queue.is_empty() || self.storage == Storage::Away) {
            for reply in self.draining.drain(..) {
                if reply.send(()).is_err() {
                    tracing::debug!("whoever drained the journal has gone");
                }
            }
        }
    }

    fn done(&mut self, done: Done) {
        self.writing = None;
        self.queue.written(&done.rooms);
        self.queue.again(done.unwritten);
        if let Err(fault @ Fault::StorageUnavailable) = done.storage {
            self.lost(&fault);
        }
    }

    fn lost(&mut self, fault: &Fault) {
        self.storage = Storage::Away;
        if self.world.health.storage(true) == Changed::Yes {
            tracing::error!(
                error.code = fault.code(),
                "the database is away: durable changes are refused until it is back"
            );
        }
    }

    fn pinged(&mut self, result: Result<(), Fault>) {
        self.pinging = None;
        match result {
            Ok(()) => {
                self.storage = Storage::Here;
                if self.world.health.storage(false) == Changed::Yes {
                    tracing::info!("the database is back");
                }
            }
            Err(fault) => self.lost(&fault),
        }
    }

    fn beat(&mut self, beat: Beat) {
        if self.writing.as_ref().is_some_and(JoinHandle::is_finished) {
            self.writing = None; // its task died without a word: its rooms hear of it by their own deadline
        }
        if self.pinging.is_some() {
            return;
        }
        let wants = match self.storage {
            Storage::Away => beat.every(PING_TICKS),
            Storage::Here => beat.every(ALIVE_TICKS),
        };
        if wants {
            self.pinging = Some(tokio::spawn(work::show_life(self.world.clone(), PING_WITHIN)));
        }
    }
}

impl Drop for State {
    /// What was never begun will never be committed, so that nobody waits for it.
    fn drop(&mut self) {
        for (room, entry) in self.queue.take_entries() {
            let refused = Outcome::Refused(Fault::StorageUnavailable);
            work::settle(&room, entry.epoch, vec![(entry.no, refused)]);
        }
    }
}

impl Group {
    fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.behind.is_empty()
    }
}
