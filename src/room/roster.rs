//! Who is seated: a dense table of seats with every look-up a command needs.
use super::ids::{ConnId, Millis, PeerId, SeatId, Slot};
use super::seat::{Line, Mailbag, Seat};
use std::collections::HashMap;

#[derive(Default)]
pub(super) struct Roster {
    slots: Vec<Option<Seat>>,
    free: Vec<Slot>,
    /// In join order.
    order: Vec<Slot>,
    by_conn: HashMap<ConnId, Slot>,
    by_peer: HashMap<PeerId, Slot>,
    by_seat: HashMap<SeatId, Slot>,
    joined: u64,
    away: usize,
}

impl Roster {
    pub(super) fn len(&self) -> usize {
        self.order.len()
    }
    pub(super) fn away(&self) -> usize {
        self.away
    }
    /// The number of the next seat in the order of joining.
    pub(super) fn next_order(&mut self) -> u64 {
        self.joined += 1;
        self.joined
    }

    pub(super) fn get(&self, slot: Slot) -> Option<&Seat> {
        self.slots.get(slot.0 as usize)?.as_ref()
    }
    pub(super) fn get_mut(&mut self, slot: Slot) -> Option<&mut Seat> {
        self.slots.get_mut(slot.0 as usize)?.as_mut()
    }
    /// Of a slot that a look-up of this same command gave.
    pub(super) fn at(&self, slot: Slot) -> &Seat {
        self.get(slot).expect("the slot was looked up in this command")
    }
    /// As `at`.
    pub(super) fn at_mut(&mut self, slot: Slot) -> &mut Seat {
        self.get_mut(slot).expect("the slot was looked up in this command")
    }

    pub(super) fn of_conn(&self, conn: ConnId) -> Option<Slot> {
        self.by_conn.get(&conn).copied()
    }
    pub(super) fn of_peer(&self, peer: &PeerId) -> Option<Slot> {
        self.by_peer.get(peer).copied()
    }
    pub(super) fn of_seat(&self, seat: SeatId) -> Option<Slot> {
        self.by_seat.get(&seat).copied()
    }

    pub(super) fn slots(&self) -> &[Slot] {
        &self.order
    }
    /// In join order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Slot, &Seat)> {
        self.order.iter().map(|&slot| (slot, self.at(slot)))
    }
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Seat> {
        self.slots.iter_mut().flatten()
    }

    pub(super) fn insert(&mut self, seat: Seat) -> Slot {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            Slot((self.slots.len() - 1) as u32)
        });
        match seat.line {
            Line::Here(conn) => {
                self.by_conn.insert(conn, slot);
            }
            Line::Away { .. } => self.away += 1,
        }
        self.by_peer.insert(seat.peer.clone(), slot);
        self.by_seat.insert(seat.id, slot);
        self.order.push(slot);
        self.slots[slot.0 as usize] = Some(seat);
        slot
    }

    pub(super) fn remove(&mut self, slot: Slot) -> Option<Seat> {
        let seat = self.slots.get_mut(slot.0 as usize)?.take()?;
        match seat.line {
            Line::Here(conn) => {
                self.by_conn.remove(&conn);
            }
            Line::Away { .. } => self.away -= 1,
        }
        self.by_peer.remove(&seat.peer);
        self.by_seat.remove(&seat.id);
        self.order.retain(|&seated| seated != slot);
        self.free.push(slot);
        Some(seat)
    }

    /// The seat's connection is gone; gives the one it was.
    pub(super) fn detach(&mut self, slot: Slot, until: Millis) -> Option<ConnId> {
        let seat = self.slots.get_mut(slot.0 as usize)?.as_mut()?;
        let Line::Here(conn) = seat.line else { return None };
        seat.line = Line::Away { until, waiting: Mailbag::default() };
        self.by_conn.remove(&conn);
        self.away += 1;
        Some(conn)
    }

    /// The seat gets this connection; gives what it had before.
    pub(super) fn attach(&mut self, slot: Slot, conn: ConnId) -> Option<Line> {
        let seat = self.slots.get_mut(slot.0 as usize)?.as_mut()?;
        let before = std::mem::replace(&mut seat.line, Line::Here(conn));
        match before {
            Line::Here(old) => {
                self.by_conn.remove(&old);
            }
            Line::Away { .. } => self.away -= 1,
        }
        self.by_conn.insert(conn, slot);
        Some(before)
    }

    /// The earliest end of a grace window.
    pub(super) fn first_end(&self) -> Option<Millis> {
        if self.away == 0 {
            return None;
        }
        self.iter().filter_map(|(_, seat)| end_of(seat)).min()
    }

    /// The first of those whose grace is over, in join order.
    pub(super) fn first_overdue(&self, now: Millis) -> Option<Slot> {
        if self.away == 0 {
            return None;
        }
        self.iter().find(|(_, seat)| end_of(seat).is_some_and(|until| until <= now)).map(|(slot, _)| slot)
    }
}

fn end_of(seat: &Seat) -> Option<Millis> {
    match seat.line {
        Line::Here(_) => None,
        Line::Away { until, .. } => Some(until),
    }
}
