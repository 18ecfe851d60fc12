//! What waits to be written: entries in order, rows behind collapsed to their newest, and loads that wait behind both.
use std::collections::{HashMap, VecDeque};

use ractor::ActorRef;

use crate::room::ids::{CallId, RoomId, SeatId};
use crate::room::record::{Behind, Entry};

use super::super::messages::RoomMsg;

/// See the module's words. It doesn't know the database.
pub(super) struct Queue {
    entries: VecDeque<(ActorRef<RoomMsg>, Entry)>,
    /// Keys in the order in which they first waited.
    order: VecDeque<Key>,
    behind: HashMap<Key, Behind>,
    most_behind: usize,
    /// Rows of each room that wait here or are being written.
    outstanding: HashMap<RoomId, usize>,
    loads: Vec<(RoomId, ActorRef<RoomMsg>)>,
}

/// One group to write.
#[derive(Default)]
pub(super) struct Group {
    pub(super) entries: Vec<(ActorRef<RoomMsg>, Entry)>,
    pub(super) behind: Vec<Behind>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Seat(SeatId),
    Call(CallId),
    Touched(RoomId),
}

fn key(row: &Behind) -> Key {
    match row {
        Behind::Seat { seat, .. } => Key::Seat(seat.seat),
        Behind::Call { call, .. } => Key::Call(call.id),
        Behind::Touched { room, .. } => Key::Touched(*room),
    }
}

pub(super) fn room_of(row: &Behind) -> RoomId {
    match row {
        Behind::Seat { room, .. } | Behind::Call { room, .. } | Behind::Touched { room, .. } => *room,
    }
}

impl Queue {
    pub(super) fn new(most_behind: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            order: VecDeque::new(),
            behind: HashMap::new(),
            most_behind,
            outstanding: HashMap::new(),
            loads: Vec::new(),
        }
    }

    pub(super) fn entry(&mut self, room: ActorRef<RoomMsg>, entry: Entry) {
        *self.outstanding.entry(entry.room).or_default() += 1;
        self.entries.push_back((room, entry));
    }

    pub(super) fn behind(&mut self, row: Behind) {
        let (key, room) = (key(&row), room_of(&row));
        if self.behind.insert(key, row).is_some() {
            return;
        }
        self.order.push_back(key);
        *self.outstanding.entry(room).or_default() += 1;
        if self.order.len() > self.most_behind {
            self.give_way();
        }
    }

    /// Rows whose write failed: a newer row of the same key has the better word.
    pub(super) fn again(&mut self, rows: Vec<Behind>) {
        for row in rows {
            if !self.behind.contains_key(&key(&row)) {
                self.behind(row);
            }
        }
    }

    pub(super) fn load(&mut self, room: RoomId, to: ActorRef<RoomMsg>) {
        self.loads.push((room, to));
    }

    pub(super) fn take_group(&mut self, most: usize) -> Group {
        let entries = self.entries.drain(..self.entries.len().min(most)).collect();
        let keys = self.order.drain(..self.order.len().min(most));
        let behind = keys.filter_map(|key| self.behind.remove(&key)).collect();
        Group { entries, behind }
    }

    /// These rows, one by one, are no longer under way.
    pub(super) fn written(&mut self, rooms: &[RoomId]) {
        for room in rooms {
            self.settled(*room);
        }
    }

    /// All entries that wait, no longer to be written.
    pub(super) fn take_entries(&mut self) -> Vec<(ActorRef<RoomMsg>, Entry)> {
        let taken: Vec<_> = self.entries.drain(..).collect();
        for (_, entry) in &taken {
            self.settled(entry.room);
        }
        taken
    }

    /// Loads whose room has nothing that waits.
    pub(super) fn take_ready_loads(&mut self) -> Vec<(RoomId, ActorRef<RoomMsg>)> {
        let outstanding = &self.outstanding;
        self.loads.extract_if(.., |(room, _)| !outstanding.contains_key(room)).collect()
    }

    pub(super) fn take_loads(&mut self) -> Vec<(RoomId, ActorRef<RoomMsg>)> {
        std::mem::take(&mut self.loads)
    }

    pub(super) fn entries(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.order.is_empty()
    }

    fn settled(&mut self, room: RoomId) {
        if let Some(count) = self.outstanding.get_mut(&room) {
            *count -= 1;
            if *count == 0 {
                self.outstanding.remove(&room);
            }
        }
    }

    fn give_way(&mut self) {
        if let Some(row) = self.order.pop_front().and_then(|oldest| self.behind.remove(&oldest)) {
            self.settled(room_of(&row));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::ids::Millis;
    use uuid::Uuid;

    fn touched(room: u128, at: i64) -> Behind {
        Behind::Touched { room: RoomId(Uuid::from_u128(room)), at: Millis(at) }
    }

    fn times(group: Group) -> Vec<i64> {
        group.behind.iter().map(|row| if let Behind::Touched { at, .. } = row { at.0 } else { -1 }).collect()
    }

    #[test]
    fn rows_behind_collapse_to_their_newest_and_the_oldest_give_way() {
        let mut queue = Queue::new(2);
        for (room, at) in [(1, 10), (2, 20), (1, 11), (3, 30)] {
            queue.behind(touched(room, at));
        }
        assert_eq!(times(queue.take_group(10)), [20, 30], "room 1 was the first to wait");
        assert!(queue.is_empty());
    }

    #[test]
    fn a_failed_row_comes_back_unless_a_newer_one_waits() {
        let mut queue = Queue::new(10);
        queue.behind(touched(1, 10));
        queue.behind(touched(2, 20));
        let failed = queue.take_group(10);
        queue.behind(touched(1, 11));
        queue.written(&[RoomId(Uuid::from_u128(1)), RoomId(Uuid::from_u128(2))]);
        queue.again(failed.behind);
        assert_eq!(times(queue.take_group(10)), [11, 20]);
    }
}
