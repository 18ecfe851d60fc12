//! What rooms say to the seats of one socket, put together for its client: each change once, in the room's order.
use super::{Errors, Updates};
use crate::actors::outbox::{Emit, Emitted, Outbox};
use crate::dialect::close::Close;
use crate::dialect::hundredms::{self, Action, Heard, is_newer};
use crate::room::ids::{Epoch, Seq};
use bytes::Bytes;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Users of one room about whom a socket remembers what it said last; beyond, those that are gone are forgotten.
const REMEMBERED: usize = 64;

/// The client's side of a socket.
pub(super) struct Hub {
    outbox: Arc<Outbox>,
    updates: Updates,
    errors: Errors,
    /// By the id under which its client speaks of it.
    rooms: Mutex<HashMap<Arc<str>, Room>>,
}

/// A room in which this socket has seats.
#[derive(Default)]
struct Room {
    seats: usize,
    /// The last change that came; each of its seats hears all of them.
    last: Option<(Epoch, Seq)>,
    /// What was said last about users who are or were here by this socket: that is not said twice.
    own: HashMap<Arc<str>, Action>,
}

/// How a seat stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// The room hasn't decided.
    Asked,
    In,
    /// By this code.
    Refused(String),
    /// It ended, or is about to.
    Over,
}

/// The ear of one seat.
pub(super) struct Ear {
    pub(super) room: Arc<str>,
    pub(super) user: Arc<str>,
    hub: Arc<Hub>,
    standing: Mutex<Standing>,
}

impl Hub {
    pub(super) fn new(outbox: Arc<Outbox>, updates: Updates, errors: Errors) -> Arc<Self> {
        Arc::new(Self { outbox, updates, errors, rooms: Mutex::default() })
    }

    /// Tells the client what it did itself.
    pub(super) fn acknowledge(&self, room: &str, user: &str, action: Action) {
        let _in_order = self.lock();
        self.outbox.send(hundredms::update(room, user, action));
    }

    /// This is about to happen by the client's own wish: it will be acknowledged, and other seats' word of it is none.
    pub(super) fn expect(&self, room: &str, user: &Arc<str>, action: Action) {
        if let Some(known) = self.lock().get_mut(room) {
            known.note(user, action);
        }
    }

    /// It doesn't happen.
    pub(super) fn forget(&self, room: &str, user: &str) {
        if let Some(known) = self.lock().get_mut(room) {
            known.own.remove(user);
        }
    }

    /// Tells the client why nothing happens, if the operator wants that.
    pub(super) fn complain(&self, message: &str) {
        if self.errors == Errors::Told {
            self.outbox.send(hundredms::error(message));
        }
    }

    pub(super) fn close(&self, why: Close) {
        self.outbox.close(why);
    }

    fn tell(&self, room: &Arc<str>, at: (Epoch, Seq), user: &Arc<str>, action: Action) {
        let mut rooms = self.lock();
        let Some(known) = rooms.get_mut(room) else { return };
        if !is_newer(at, known.last) {
            return; // another seat of this socket has heard it
        }
        known.last = Some(at);
        match known.own.get_mut(user) {
            Some(said) if *said == action => return,
            Some(said) => *said = action,
            None => {}
        }
        if self.updates == Updates::Room {
            self.outbox.send(hundredms::update(room, user, action));
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<str>, Room>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Room {
    fn note(&mut self, user: &Arc<str>, action: Action) {
        if self.own.len() >= REMEMBERED {
            self.own.retain(|_, said| *said == Action::Joined);
        }
        self.own.insert(user.clone(), action);
    }
}

impl Ear {
    pub(super) fn new(hub: &Arc<Hub>, room: Arc<str>, user: Arc<str>) -> Arc<Self> {
        hub.lock().entry(room.clone()).or_default().seats += 1;
        Arc::new(Self { room, user, hub: hub.clone(), standing: Mutex::new(Standing::Asked) })
    }

    pub(super) fn standing(&self) -> Standing {
        self.lock().clone()
    }

    /// From here on its end is nobody's news.
    pub(super) fn is_over(&self) {
        *self.lock() = Standing::Over;
    }

    fn lock(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        let mut rooms = self.hub.lock();
        if let Some(known) = rooms.get_mut(&self.room) {
            known.seats -= 1;
            if known.seats == 0 {
                rooms.remove(&self.room);
            }
        }
    }
}

/// The outbox' way to an ear.
pub(super) struct ToEar(pub(super) Arc<Ear>);

impl Emit for ToEar {
    fn emit(&self, said: &Bytes) -> Emitted {
        let ear = &self.0;
        match hundredms::heard(said) {
            Some(Heard::Entered) => {
                *ear.lock() = Standing::In;
                ear.hub.acknowledge(&ear.room, &ear.user, Action::Joined);
            }
            Some(Heard::Refused(code)) => *ear.lock() = Standing::Refused(code),
            Some(Heard::Told { at, action, user }) => ear.hub.tell(&ear.room, at, &user, action),
            None => tracing::error!("a room said what no seat of this face understands"),
        }
        if ear.hub.outbox.is_closed() { Emitted::Gone } else { Emitted::Taken }
    }

    /// Somebody removed it: its client hears that it is no longer there.
    fn end(&self, _: Option<Close>) {
        let was = std::mem::replace(&mut *self.0.lock(), Standing::Over);
        if was == Standing::In {
            self.0.hub.expect(&self.0.room, &self.0.user, Action::Left);
            self.0.hub.acknowledge(&self.0.room, &self.0.user, Action::Left);
        }
    }
}
