//! What a host does with a room's effects, and who heard what of it.
use super::stage::Commits;
use convene::fault::Fault;
use convene::room::Room;
use convene::room::command::Ask;
use convene::room::effect::{Audience, Effect, Effects, Farewell, ReplyTo};
use convene::room::event::{Answer, Push, Whisper};
use convene::room::ids::*;
use convene::room::record::*;
use convene::seal::KeyRing;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

pub(super) struct World {
    pub(super) room: Room,
    pub(super) now: Millis,
    pub(super) ring: Arc<KeyRing>,
    pub(super) effects: Effects,
    pub(super) seated: HashMap<Slot, ConnId>,
    pub(super) heard: BTreeMap<ConnId, Vec<Heard>>,
    pub(super) journal: VecDeque<Entry>,
    pub(super) behind: Vec<Behind>,
    pub(super) recalls: Vec<(MessageId, Ask)>,
    pub(super) histories: Vec<SeatId>,
    pub(super) wrong_pins: usize,
    /// Room tokens whose holders were removed.
    pub(super) spent: Vec<TokenId>,
    /// Every push and the seats that may read it, be they connected or away.
    pub(super) shown: Vec<(Arc<Push>, Vec<SeatId>)>,
    seats: Vec<SeatId>,
    pub(super) commits: Commits,
    pub(super) next_id: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Heard {
    Push(Arc<Push>),
    Whisper(Whisper),
    Reply(u64, Result<Answer, Fault>),
    Closed(Farewell),
}

impl World {
    pub(super) fn new(room: Room, now: Millis, ring: Arc<KeyRing>, commits: Commits) -> Self {
        Self {
            room,
            now,
            ring,
            effects: Vec::new(),
            seated: HashMap::new(),
            heard: BTreeMap::new(),
            journal: VecDeque::new(),
            behind: Vec::new(),
            recalls: Vec::new(),
            histories: Vec::new(),
            wrong_pins: 0,
            spent: Vec::new(),
            shown: Vec::new(),
            seats: Vec::new(),
            commits,
            next_id: 1,
        }
    }

    pub(super) fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Reply { to: ReplyTo::Frame { conn, id }, result } => {
                self.tell(conn, Heard::Reply(id, result))
            }
            Effect::Reply { to, .. } => panic!("a reply to {to:?}, whom nobody asked for"),
            Effect::Broadcast { push, to } => {
                self.note(&push, &to);
                let conns: Vec<ConnId> = self
                    .seated
                    .iter()
                    .filter(|(slot, _)| hears(&to, **slot))
                    .map(|(_, conn)| *conn)
                    .collect();
                for conn in conns {
                    self.tell(conn, Heard::Push(push.clone()));
                }
            }
            Effect::Whisper { slot, whisper } => {
                let conn = self.seated[&slot];
                self.tell(conn, Heard::Whisper(whisper));
            }
            Effect::WhisperMany { slots, whisper } => {
                for slot in slots {
                    let conn = self.seated[&slot];
                    self.tell(conn, Heard::Whisper(whisper.clone()));
                }
            }
            Effect::Seated { slot, conn, seat, .. } => {
                assert_eq!(self.room.slot_of(seat), Some(slot));
                self.seats.push(seat);
                self.seated.insert(slot, conn);
            }
            Effect::Unseated { slot, conn } => {
                assert_eq!(self.seated.remove(&slot), Some(conn), "only who was seated is unseated");
            }
            Effect::Close { conn, close } => self.tell(conn, Heard::Closed(close)),
            Effect::Persist(entry) => self.journal.push_back(entry),
            Effect::Behind(behind) => self.behind.push(behind),
            Effect::Recall { message, ask } => self.recalls.push((message, *ask)),
            Effect::History { reader, .. } => self.histories.push(reader),
            Effect::WrongPin { .. } => self.wrong_pins += 1,
            Effect::TokenSpent { token } => self.spent.push(token),
        }
    }

    fn tell(&mut self, conn: ConnId, heard: Heard) {
        self.heard.entry(conn).or_default().push(heard);
    }

    fn note(&mut self, push: &Arc<Push>, to: &Audience) {
        let may = |seat: &SeatId| self.room.slot_of(*seat).is_some_and(|slot| hears(to, slot));
        let mut readers: Vec<SeatId> = self.seats.iter().copied().filter(may).collect();
        readers.sort();
        readers.dedup();
        self.shown.push((push.clone(), readers));
    }
}

fn hears(to: &Audience, slot: Slot) -> bool {
    match to {
        Audience::All => true,
        Audience::Except(other) => slot != *other,
        Audience::Only(slots) => slots.contains(&slot),
    }
}
