//! A room is a function: `apply` takes a command and gives effects. Pure: no clock, no chance, no I/O.
pub mod chat;
pub mod command;
pub mod effect;
pub mod event;
pub mod footing;
pub mod ids;
pub mod join;
pub mod media;
pub mod pass;
pub mod permissions;
pub mod pins;
pub mod record;
pub mod rules;
pub mod sdp;
pub mod settings;
pub mod signal;

mod amend;
mod authorize;
mod book;
mod call;
mod claim;
mod commit;
mod enter;
mod hands;
mod history;
mod house;
mod judge;
mod links;
mod log;
mod moderate;
mod negotiate;
mod people;
mod queue;
mod rate;
mod relay;
mod release;
mod restore;
mod resume;
mod roster;
mod say;
mod seat;
mod standing;
mod tell;
mod text;
mod turn;
mod view;

use crate::fault::Fault;
use crate::seal::KeyRing;
use book::Book;
use command::{Ask, Position};
use effect::Effects;
use hands::Hands;
use house::House;
use ids::{Epoch, Millis, RoomId, SeatId, Seq, Slot, UserId};
use links::Links;
use log::Log;
use queue::Queue;
use record::{CallRecord, ChatKind, Keys, Owner};
use roster::Roster;
use rules::Rules;
use std::sync::Arc;

/// A room in memory. Only its host changes it, one command at a time.
pub struct Room {
    id: RoomId,
    keys: Keys,
    owner: Owner,
    /// Accounts that enter as cohosts.
    cohosts: Vec<UserId>,
    /// Whose it will be once that is committed.
    claim: Option<UserId>,
    chat: ChatKind,
    needs_pin: bool,
    created_at: Millis,
    ended_at: Option<Millis>,
    rules: Arc<Rules>,
    ring: Arc<KeyRing>,
    epoch: Epoch,
    /// The latest time it was told: it never goes back.
    now: Millis,
    house: House,
    roster: Roster,
    hands: Hands,
    links: Links,
    log: Log,
    /// The last position sent to everybody.
    told_all: Seq,
    book: Book,
    queue: Queue,
    call: Option<CallRecord>,
}

impl Room {
    /// Answers one command: what is to be done is appended to `effects`, in the order it is to be done.
    /// `now` is the host's clock; where it goes back, the room's time stands still.
    pub fn apply(&mut self, now: Millis, ask: Ask, effects: &mut Effects) {
        self.now = self.now.max(now);
        self.take(self.now, ask, say::Memory::Fresh, effects);
    }

    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    pub fn id(&self) -> RoomId {
        self.id
    }

    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// When the room wants a `Tick` at the latest: a grace window ends, or someone has waited too long for a commit.
    pub fn wake_at(&self) -> Option<Millis> {
        self.roster.first_end().into_iter().chain(self.queue.first_deadline()).min()
    }

    /// Nobody is seated, not even away, and nothing waits for its commit: the room may leave memory.
    pub fn is_idle(&self) -> bool {
        self.roster.len() == 0 && self.queue.is_empty()
    }

    /// The last position sent to this seat, for its heartbeat.
    pub fn position_of(&self, slot: Slot) -> Option<Position> {
        let seat = self.roster.get(slot)?;
        let seq = self.told_all.max(seat.told).max(seat.joined_seq);
        Some(Position { epoch: self.epoch, seq, no: self.queue.shown() })
    }

    /// How many seats are taken, those that are away among them.
    pub fn people(&self) -> usize {
        self.roster.len()
    }

    /// The slot of a seat, if it is taken.
    pub fn slot_of(&self, seat: SeatId) -> Option<Slot> {
        self.roster.of_seat(seat)
    }

    /// How many entries wait for their commit.
    pub fn pending(&self) -> usize {
        self.queue.len()
    }

    pub fn has_ended(&self) -> bool {
        self.ended_at.is_some()
    }
}
