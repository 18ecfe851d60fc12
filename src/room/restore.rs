//! Waking up: a room from its rows, its seats away until their holders come back.
use super::Room;
use super::book::Book;
use super::hands::Hands;
use super::house::House;
use super::ids::{Epoch, Millis, Seq};
use super::join::{Face, Trusted, handle_of_app};
use super::links::Links;
use super::log::Log;
use super::queue::Queue;
use super::record::{Loaded, SeatRecord};
use super::roster::Roster;
use super::rules::{REATTACH_MS, Rules};
use super::seat::{Budget, Line, Mailbag, Seat, Standing};
use crate::seal::KeyRing;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Loaded {
    /// Without the seats of an earlier process, over since `started_at`, whose face knows no grace: nobody comes back to
    /// them. Those of this process may be taken up again, by connections that survived their room.
    #[must_use]
    pub fn without_ghosts(mut self, started_at: Millis) -> Self {
        let graceless =
            |seat: &SeatRecord| Face::from_word(&seat.face).is_some_and(|face| face.grace_ms == 0);
        self.seats.retain(|seat| seat.joined_at >= started_at || !graceless(seat));
        if self.seats.is_empty() {
            self.call = None;
        }
        self
    }
}

impl Room {
    /// Seats come back away, their grace window beginning at `now`. Stored seats of a face unknown to this version are left out.
    pub fn restore(loaded: Loaded, epoch: Epoch, now: Millis, rules: Arc<Rules>, keys: Arc<KeyRing>) -> Self {
        let Loaded { room: record, seats, messages, changed, more, last_no, call } = loaded;
        let mut room = Self {
            id: record.id,
            keys: record.keys,
            owner: record.owner,
            cohosts: record.cohosts,
            claim: None,
            chat: record.chat,
            needs_pin: record.needs_pin,
            created_at: record.created_at,
            ended_at: record.ended_at,
            rules,
            ring: keys,
            epoch,
            now,
            house: House::new(record.settings, record.version, record.pins),
            roster: Roster::default(),
            hands: Hands::default(),
            links: Links::default(),
            log: Log::default(),
            told_all: Seq(0),
            book: Book::restore(messages, more, &changed),
            queue: Queue::after(last_no),
            call,
        };
        for record in seats {
            room.restore_seat(record, now);
        }
        room.assign_partners();
        room.drop_dark_spotlight();
        room
    }

    fn restore_seat(&mut self, record: SeatRecord, now: Millis) {
        let Some(face) = Face::from_word(&record.face) else { return };
        if self.ended_at.is_some()
            || record.released_at.is_some()
            || self.roster.of_peer(&record.peer).is_some()
        {
            return;
        }
        // its name was its id, as far as that is one
        let handle = (face == Face::HUNDREDMS).then(|| handle_of_app(&record.name));
        let grace = if face.grace_ms > 0 { self.rules.restore_grace_ms } else { REATTACH_MS };
        let order = self.roster.next_order();
        let seat = Seat {
            id: record.seat,
            peer: record.peer,
            face,
            order,
            line: Line::Away { until: now.plus(grace), waiting: Mailbag::default() },
            name: record.name,
            handle,
            avatar: record.avatar,
            media: record.media,
            attributes: BTreeMap::new(),
            standing: Standing::new(record.role, record.rights),
            footing: record.footing,
            joined_at: record.joined_at,
            joined_seq: Seq(0),
            resume_n: record.resume_n,
            issued_n: record.resume_n.saturating_add(1),
            budget: Budget::new(Trusted::No, now),
            told: Seq(0),
            partner: None,
        };
        self.roster.insert(seat);
    }

    /// A spotlight on someone who isn't here any more lights nobody.
    fn drop_dark_spotlight(&mut self) {
        let dark = |peer: &_| self.roster.of_peer(peer).is_none();
        if self.house.settings.spotlight.as_ref().is_some_and(dark) {
            self.house.settings.spotlight = None;
            self.house.next.spotlight = None;
        }
    }
}
