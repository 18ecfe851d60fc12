//! Which rooms to tell when a user, a session or an API key ends.
use std::collections::{HashMap, HashSet};

use crate::room::footing::Ended;
use crate::room::ids::RoomId;

use super::messages::DirectoryMsg;
use super::world::World;

/// Both ways: from what may end to the rooms where someone stands on it, and back. A room is forgotten whole, when
/// it leaves the memory; until then a tie may be stale, and telling that room costs nothing.
#[derive(Debug, Default)]
pub(super) struct Ties {
    rooms: HashMap<Ended, HashSet<RoomId>>,
    ties: HashMap<RoomId, HashSet<Ended>>,
}

impl Ties {
    pub(super) fn tie(&mut self, room: RoomId, ties: Vec<Ended>) {
        for tie in ties {
            self.rooms.entry(tie.clone()).or_default().insert(room);
            self.ties.entry(room).or_default().insert(tie);
        }
    }

    pub(super) fn forget(&mut self, room: RoomId) {
        for tie in self.ties.remove(&room).unwrap_or_default() {
            if let Some(rooms) = self.rooms.get_mut(&tie) {
                rooms.remove(&room);
                if rooms.is_empty() {
                    self.rooms.remove(&tie);
                }
            }
        }
    }

    /// The rooms where someone may stand on it.
    pub(super) fn of(&self, ended: &Ended) -> impl Iterator<Item = RoomId> {
        self.rooms.get(ended).into_iter().flatten().copied()
    }

    /// Everything somebody may stand on.
    pub(super) fn all(&self) -> impl Iterator<Item = &Ended> {
        self.rooms.keys()
    }
}

impl World {
    /// The directory hears what may end somebody's seat in a room.
    pub(super) fn tie(&self, room: RoomId, ties: Vec<Ended>) {
        if !ties.is_empty() {
            self.directory.cast(DirectoryMsg::Tied { room, ties });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::ids::UserId;
    use uuid::Uuid;

    #[test]
    fn a_room_is_told_of_what_it_stands_on_until_it_is_forgotten() {
        let (one, two) = (RoomId(Uuid::from_u128(1)), RoomId(Uuid::from_u128(2)));
        let user = |n| Ended::User(UserId(Uuid::from_u128(n)));
        let mut ties = Ties::default();
        ties.tie(one, vec![user(7), user(8)]);
        ties.tie(two, vec![user(7)]);
        assert_eq!(ties.of(&user(7)).collect::<HashSet<_>>(), HashSet::from([one, two]));
        ties.forget(one);
        assert_eq!(ties.of(&user(7)).collect::<Vec<_>>(), [two]);
        assert_eq!((ties.of(&user(8)).count(), ties.all().count()), (0, 1));
        ties.forget(two);
        assert_eq!((ties.rooms.len(), ties.ties.len()), (0, 0));
    }
}
