//! Who sits where in a room, by slot, so that fan-out needs no look-up. Dropped with a dying room, it tells them to look for its successor.
use std::sync::Arc;

use crate::dialect::{Dialect, Heard};
use crate::room::ids::{ConnId, RoomId, SeatId, Slot};

use super::line::{Line, Place};
use super::messages::ConnectionMsg;

/// The connected seats of a room.
pub(super) struct Members {
    room: RoomId,
    seats: Vec<Option<Member>>,
}

struct Member {
    line: Arc<Line>,
    seat: SeatId,
}

impl Members {
    pub(super) fn new(room: RoomId) -> Self {
        Self { room, seats: Vec::new() }
    }

    /// One more than the highest slot ever taken.
    pub(super) fn slots(&self) -> usize {
        self.seats.len()
    }

    pub(super) fn line(&self, slot: usize) -> Option<&Arc<Line>> {
        self.seats.get(slot)?.as_ref().map(|member| &member.line)
    }

    pub(super) fn of(&self, conn: ConnId) -> Option<&Arc<Line>> {
        self.seats.iter().flatten().map(|member| &member.line).find(|line| line.conn == conn)
    }

    pub(super) fn sit(&mut self, Slot(slot): Slot, line: Arc<Line>, seat: SeatId) {
        let slot = slot as usize;
        if slot >= self.seats.len() {
            self.seats.resize_with(slot + 1, || None);
        }
        self.seats[slot] = Some(Member { line, seat });
    }

    /// Empties a slot, if it is still that connection's.
    pub(super) fn rise(&mut self, Slot(slot): Slot, conn: ConnId) -> Option<Arc<Line>> {
        let place = self.seats.get_mut(slot as usize)?;
        place.take_if(|member| member.line.conn == conn).map(|member| member.line)
    }
}

impl Heard for Members {
    fn speaks(&self, dialect: Dialect) -> bool {
        self.seats.iter().flatten().any(|member| member.line.dialect() == dialect)
    }
}

impl Drop for Members {
    fn drop(&mut self) {
        for Member { line, seat } in self.seats.drain(..).flatten() {
            if line.move_to(Place::Between).is_err() {
                continue; // the socket is gone: the rebuilt room knows the seat as detached anyway
            }
            if let Some(actor) = line.actor.get()
                && actor.send_message(ConnectionMsg::RoomLost { room: self.room, seat }).is_err()
            {
                tracing::debug!(connection.id = line.conn.0, "connection ended with its room");
            }
        }
    }
}
