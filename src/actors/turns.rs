//! Whose turn it is to write: rooms write one after another, and between turns the sockets are read.
//!
//! Without turns all rooms that have something write in one go, which takes ten milliseconds for a thousand sockets. What
//! arrives meanwhile waits for the end of that go, and then for its room's place in the next one. With turns it is read
//! at once and leaves with what its room writes in this one.
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ractor::ActorRef;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::yield_now;

use super::messages::RoomMsg;

/// Lines a room writes to in one turn, and after which the sockets are looked at: well under a millisecond.
pub(super) const LINES: usize = 64;

/// The queue of rooms that have something to write, each in it once at the most.
pub(super) struct Turns(UnboundedSender<ActorRef<RoomMsg>>);

/// Held while a room writes. Dropped, the next one's turn begins.
pub(super) struct Turn {
    written: Arc<AtomicUsize>,
    _only: OwnedSemaphorePermit,
}

impl Turns {
    /// Gives as many turns at once as the runtime has workers, until it is dropped.
    pub(super) fn start() -> Self {
        let (waiting, rooms) = mpsc::unbounded_channel();
        let workers = tokio::runtime::Handle::current().metrics().num_workers();
        tokio::spawn(give(rooms, Arc::new(Semaphore::new(workers))));
        Self(waiting)
    }

    /// The room will get [`RoomMsg::Flush`] once.
    pub(super) fn wait(&self, room: ActorRef<RoomMsg>) {
        let waits = self.0.send(room);
        debug_assert!(waits.is_ok(), "turns are given as long as anyone can ask");
    }
}

impl Turn {
    /// How many lines were written to.
    pub(super) fn wrote(self, lines: usize) {
        self.written.fetch_add(lines, Ordering::Relaxed);
    }
}

async fn give(mut rooms: UnboundedReceiver<ActorRef<RoomMsg>>, turns: Arc<Semaphore>) {
    let written = Arc::new(AtomicUsize::new(0));
    while let Some(room) = rooms.recv().await {
        let Ok(only) = turns.clone().acquire_owned().await else { return };
        if written.load(Ordering::Relaxed) >= LINES {
            written.store(0, Ordering::Relaxed);
            yield_now().await; // the runtime looks at the sockets before it comes back here
        }
        let turn = Turn { written: written.clone(), _only: only };
        if room.send_message(RoomMsg::Flush(turn)).is_err() {
            tracing::debug!("a room was gone before its turn"); // it has written what it had
        }
    }
}
