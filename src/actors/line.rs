//! What a room and the engine need of one socket: its dialect, its outbox, and where it sits.
use std::net::IpAddr;
use std::sync::{
    Arc, Mutex, MutexGuard, OnceLock, PoisonError,
    atomic::{AtomicBool, AtomicI64, AtomicU8, Ordering},
};

use bytes::Bytes;
use ractor::ActorRef;
use tokio::sync::{Notify, Semaphore};

use crate::dialect::close::Close;
use crate::dialect::{Beside, Dialect};
use crate::fault::Fault;
use crate::room::event::Answer;
use crate::room::ids::{ConnId, Millis, UserId};
use crate::room::join::Trusted;

use super::gate::{Held, Principal};
use super::messages::ConnectionMsg;
use super::outbox::{Class, Outbox};
use super::room_ref::RoomRef;

/// Commands of one connection that may be on their way; beyond, it isn't read.
const IN_FLIGHT: usize = 32;
/// Faults of the client in a row after which it is closed.
const FAULTS: u8 = 10;

/// One socket.
pub(super) struct Line {
    pub(super) conn: ConnId,
    dialect: AtomicU8,
    pub(super) source: IpAddr,
    pub(super) trusted: Trusted,
    pub(super) outbox: Arc<Outbox>,
    /// One per command that the room hasn't applied yet.
    pub(super) permits: Arc<Semaphore>,
    /// Set right after the connection's actor was spawned.
    pub(super) actor: OnceLock<ActorRef<ConnectionMsg>>,
    /// The session cookie that came with the upgrade.
    pub(super) cookie: Option<Arc<str>>,
    principal: Mutex<Arc<Principal>>,
    /// Its place among the sockets of its account.
    held: Mutex<Option<(UserId, Held)>>,
    place: Mutex<Place>,
    moved: Notify,
    faults: AtomicU8,
    greeted: AtomicBool,
    ponged: AtomicBool,
    /// Something waits in the outbox for the room's flush.
    gathered: AtomicBool,
    /// When its ICE credentials are to be replaced.
    renew_ice_at: AtomicI64,
}

/// Where a connection sits.
#[derive(Clone)]
pub(super) enum Place {
    Nowhere,
    Seated {
        room: RoomRef,
    },
    /// Its room has died, and it asks for its seat in the rebuilt one.
    Between,
    /// The socket is gone: it takes no seat any more.
    Gone,
}

/// The socket is gone.
pub(super) struct IsGone;

impl Line {
    pub(super) fn new(
        conn: ConnId,
        dialect: Dialect,
        (source, trusted): (IpAddr, Trusted),
        cookie: Option<Arc<str>>,
        outbox: Arc<Outbox>,
    ) -> Arc<Self> {
        Arc::new(Self {
            conn,
            dialect: AtomicU8::new(dialect.index() as u8),
            source,
            trusted,
            outbox,
            permits: Arc::new(Semaphore::new(IN_FLIGHT)),
            actor: OnceLock::new(),
            cookie,
            principal: Mutex::default(),
            held: Mutex::default(),
            place: Mutex::new(Place::Nowhere),
            moved: Notify::new(),
            faults: AtomicU8::new(0),
            greeted: AtomicBool::new(false),
            ponged: AtomicBool::new(true),
            gathered: AtomicBool::new(false),
            renew_ice_at: AtomicI64::new(i64::MAX),
        })
    }

    pub(super) fn dialect(&self) -> Dialect {
        Dialect::ALL[usize::from(self.dialect.load(Ordering::Relaxed))]
    }

    /// From here on it is spoken to in that way.
    pub(super) fn speaks(&self, dialect: Dialect) {
        self.dialect.store(dialect.index() as u8, Ordering::Relaxed);
    }

    /// Who it has shown to be.
    pub(super) fn principal(&self) -> Arc<Principal> {
        self.principal.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn is(&self, principal: Principal) {
        *self.principal.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(principal);
    }

    pub(super) fn is_held_for(&self, user: UserId) -> bool {
        self.held().as_ref().is_some_and(|(holder, _)| *holder == user)
    }

    /// Counts for that account until it goes.
    pub(super) fn hold(&self, user: UserId, held: Held) {
        let place = self.lock(); // so that one that goes meanwhile gives it back
        if !matches!(*place, Place::Gone) {
            *self.held() = Some((user, held));
        }
    }

    pub(super) fn place(&self) -> Place {
        self.lock().clone()
    }

    /// Moves it, unless it is gone.
    pub(super) fn move_to(&self, place: Place) -> Result<(), IsGone> {
        let mut now = self.lock();
        if matches!(*now, Place::Gone) {
            return Err(IsGone);
        }
        *now = place;
        drop(now);
        self.moved.notify_waiters();
        Ok(())
    }

    /// Its last move; answers where it sat.
    pub(super) fn leave_for_good(&self) -> Place {
        let before = std::mem::replace(&mut *self.lock(), Place::Gone);
        self.held().take();
        self.moved.notify_waiters();
        before
    }

    pub(super) fn is_gone(&self) -> bool {
        matches!(*self.lock(), Place::Gone)
    }

    /// Waits while it is between a dead room and its successor.
    pub(super) async fn settled(&self) -> Place {
        loop {
            let moved = self.moved.notified();
            let place = self.place();
            if !matches!(place, Place::Between) {
                return place;
            }
            moved.await;
        }
    }

    /// Writes the answer of a frame, and ends a client that only sends faults. `id` is `None` for a frame
    /// without one: what is told then is the dialect's matter.
    pub(super) fn answer(&self, id: Option<u64>, result: &Result<Answer, Fault>, beside: Beside<'_>) {
        let class = match result {
            Ok(Answer::Joined { .. } | Answer::Resumed { .. }) => Class::Snapshot,
            _ => Class::Must,
        };
        if let Some(frame) = self.dialect().reply(id, result, beside) {
            self.outbox.push(frame, class);
        }
        self.judge(result.as_ref().err());
    }

    /// Writes and flushes a refusal of the connection itself.
    pub(super) fn refuse(&self, id: Option<u64>, fault: Fault) {
        self.answer(id, &Err(fault), Beside::NOTHING);
        self.outbox.flush();
    }

    fn judge(&self, fault: Option<&Fault>) {
        let at_fault = matches!(
            fault,
            Some(Fault::Malformed | Fault::Unsupported | Fault::InvalidField { .. } | Fault::TooLarge { .. })
        );
        if !at_fault {
            self.faults.store(0, Ordering::Relaxed);
        } else if self.faults.fetch_add(1, Ordering::Relaxed) + 1 >= FAULTS {
            self.outbox.close(Close::TooManyErrors);
        }
    }

    pub(super) fn push(&self, frame: Bytes, class: Class) {
        self.outbox.push(frame, class);
    }

    /// As [`Self::push`], if the dialect has words for it.
    pub(super) fn tell(&self, say: impl FnOnce(Dialect) -> Option<Bytes>, class: Class) {
        if let Some(frame) = say(self.dialect()) {
            self.push(frame, class);
        }
    }

    /// Notes that something waits for the flush; answers whether that is news.
    pub(super) fn gather(&self) -> bool {
        !self.gathered.swap(true, Ordering::Relaxed)
    }

    pub(super) fn flush(&self) {
        self.gathered.store(false, Ordering::Relaxed);
        self.outbox.flush();
    }

    pub(super) fn greet(&self) {
        self.greeted.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_greeted(&self) -> bool {
        self.greeted.load(Ordering::Relaxed)
    }

    pub(super) fn pinged(&self) {
        self.ponged.store(false, Ordering::Relaxed);
    }

    pub(super) fn pong(&self) {
        self.ponged.store(true, Ordering::Relaxed);
    }

    pub(super) fn has_ponged(&self) -> bool {
        self.ponged.load(Ordering::Relaxed)
    }

    pub(super) fn renew_ice_at(&self, at: Millis) {
        self.renew_ice_at.store(at.0, Ordering::Relaxed);
    }

    pub(super) fn needs_ice(&self, now: Millis) -> bool {
        now.0 >= self.renew_ice_at.load(Ordering::Relaxed)
    }

    fn held(&self) -> MutexGuard<'_, Option<(UserId, Held)>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
