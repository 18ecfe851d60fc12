//! Going: leaving, losing the connection, the end of grace, and what the room forgets of a seat.
use super::Room;
use super::effect::{Effect, Effects, Farewell};
use super::event::{By, Event, Left, Presence};
use super::ids::{ConnId, Millis, Slot};
use super::record::{Behind, ChatKind};
use super::seat::{Line, Seat};
use super::turn::{DONE, Ruling, Turn, reply};
use crate::fault::Fault;

impl Room {
    pub(super) fn leave(&mut self, turn: Turn, fx: &mut Effects) -> Ruling {
        let slot = turn.slot()?;
        self.unseat(slot, fx);
        self.release(turn.now, slot, Left::Left, fx);
        DONE
    }

    /// The socket is gone. The seat is kept for the grace of its dialect; one without leaves at once.
    pub(super) fn detach(&mut self, turn: Turn, fx: &mut Effects) -> Ruling {
        let slot = turn.slot()?;
        self.unseat(slot, fx);
        let grace = self.roster.at(slot).face.grace_ms;
        if grace <= 0 {
            self.release(turn.now, slot, Left::Lost, fx);
            return DONE;
        }
        if self.roster.detach(slot, turn.now.plus(grace)).is_some() {
            let peer = self.roster.at(slot).peer.clone();
            self.show_all(Event::StateChanged { peer, state: Presence::Away }, fx);
        }
        DONE
    }

    /// Looks at every deadline: grace windows that are over, and those who waited too long for a commit.
    pub(super) fn tick(&mut self, now: Millis, fx: &mut Effects) {
        while let Some(slot) = self.roster.first_overdue(now) {
            self.release(now, slot, Left::Lost, fx);
        }
        self.tell_overdue(now, fx);
    }

    pub(super) fn tell_overdue(&mut self, now: Millis, fx: &mut Effects) {
        if self.queue.first_deadline().is_none_or(|first| first > now) {
            return;
        }
        let (late, closing) = self.queue.overdue(now);
        for to in late {
            reply(fx, to, Err(Fault::StorageUnavailable));
        }
        fx.extend(closing.into_iter().map(|conn| Effect::Close { conn, close: Farewell::Ended }));
    }

    /// From here on the seat's connection, if it has one, hears nothing more of this room.
    pub(super) fn unseat(&mut self, slot: Slot, fx: &mut Effects) -> Option<ConnId> {
        let conn = self.roster.at(slot).conn()?;
        fx.push(Effect::Unseated { slot, conn });
        Some(conn)
    }

    /// Frees the seat and tells everyone who is left.
    pub(super) fn release(&mut self, now: Millis, slot: Slot, reason: Left, fx: &mut Effects) {
        let Some(seat) = self.forget(now, slot, fx) else { return };
        let (peer, name, handle) = (seat.peer.clone(), seat.name.clone(), seat.handle.clone());
        self.show_all(Event::ParticipantLeft { peer, reason, name, handle }, fx);
        if self.house.settings.spotlight.as_ref() == Some(&seat.peer) {
            self.house.settings.spotlight = None;
            let room = Box::new(self.room_view(None));
            self.show_all(Event::RoomChanged { room, by: By::Engine }, fx);
        }
        if self.house.next.spotlight.as_ref() == Some(&seat.peer) {
            self.house.next.spotlight = None;
        }
    }

    /// Frees the seat without a word.
    pub(super) fn forget(&mut self, now: Millis, slot: Slot, fx: &mut Effects) -> Option<Seat> {
        let seat = self.roster.remove(slot)?;
        self.hands.lower(slot);
        self.links.forget(slot, self.roster.slots());
        let anyone_away = self.roster.away() > 0;
        for other in self.roster.iter_mut() {
            if other.partner == Some(slot) {
                other.partner = None;
            }
            if anyone_away && let Line::Away { waiting, .. } = &mut other.line {
                waiting.forget(slot);
            }
        }
        self.assign_partners();
        fx.push(Effect::Behind(seat.behind(self.id, Some(now))));
        if self.roster.len() == 0 {
            if self.chat == ChatKind::Ephemeral {
                self.book.forget_all();
            }
            self.end_call(now, fx);
            fx.push(Effect::Behind(Behind::Touched { room: self.id, at: now }));
        }
        Some(seat)
    }
}
