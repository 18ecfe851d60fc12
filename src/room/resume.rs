//! Coming back to a seat: by its secret, or in a rebuilt room by a connection that outlived it.
use super::command::Position;
use super::effect::{Effect, Effects, Farewell, ReplyTo};
use super::event::{Answer, CaughtUp, Event, Presence, Whisper};
use super::ids::{ConnId, Millis, SeatId, Slot};
use super::join::{Reattach, Resume};
use super::log::Readers;
use super::rules::EXACT_MAX;
use super::seat::Line;
use super::turn::{DONE, Ruling, Turn, Verdict, reply};
use super::view::ChatFrom;
use super::{Room, pass};
use crate::fault::Fault;

impl Room {
    /// Answers by exactly one of the missed events, a snapshot, or a refusal; then comes what waited for the seat.
    pub(super) fn resume(&mut self, now: Millis, to: ReplyTo, resume: Resume, fx: &mut Effects) -> Ruling {
        let slot = self.seat_to_take(resume.conn, resume.seat)?;
        let seat = self.roster.at_mut(slot);
        let n = pass::genuine(&self.ring, self.id, seat.id, &resume.secret)
            .filter(|n| *n >= seat.resume_n && *n < EXACT_MAX)
            .ok_or(Fault::BadSecret)?;
        seat.resume_n = n;
        seat.issued_n = seat.issued_n.max(n + 1);
        seat.budget.trusted = resume.trusted;

        let before = self.take_seat(slot, resume.conn, fx);
        let caught_up = self.catch_up(slot, resume.seen);
        let pass = pass::issue(&self.ring, self.id, resume.seat, n + 1);
        reply(fx, to, Ok(Answer::Resumed { pass, caught_up }));
        deliver(slot, before, fx);
        self.write_behind(slot, fx);
        self.pair_call(now, fx);
        Ok(Verdict::Later)
    }

    /// The secrets before number `n` are dead.
    pub(super) fn resumed_ok(&mut self, turn: Turn, n: u64, fx: &mut Effects) -> Ruling {
        let slot = turn.slot()?;
        let seat = self.roster.at_mut(slot);
        if n > seat.issued_n {
            return Err(Fault::field("n", "the number of a secret you were given"));
        }
        if n > seat.resume_n {
            seat.resume_n = n;
            self.write_behind(slot, fx);
        }
        DONE
    }

    /// For a connection that outlived this room's memory: everything anew, and every peer connection stays.
    pub(super) fn reattach(&mut self, back: Reattach, fx: &mut Effects) -> Ruling {
        let slot = self.seat_to_take(back.conn, back.seat)?;
        self.roster.at_mut(slot).budget.trusted = back.trusted;
        let before = self.take_seat(slot, back.conn, fx);
        let snapshot = self.snapshot(slot, chat_after(back.seen));
        fx.push(Effect::Whisper { slot, whisper: Whisper::Restarted(snapshot) });
        deliver(slot, before, fx);
        DONE
    }

    fn seat_to_take(&self, conn: ConnId, seat: SeatId) -> Result<Slot, Fault> {
        if self.ended_at.is_some() {
            return Err(Fault::Ended);
        }
        let slot = self.roster.of_seat(seat).ok_or(Fault::UnknownSession)?;
        if self.roster.of_conn(conn).is_some() { Err(Fault::IdentityInUse) } else { Ok(slot) }
    }

    /// Gives the connection the seat: an older one is closed, or everybody hears that the seat's holder is back.
    fn take_seat(&mut self, slot: Slot, conn: ConnId, fx: &mut Effects) -> Option<Line> {
        let before = self.roster.attach(slot, conn);
        if let Some(Line::Here(old)) = before {
            fx.push(Effect::Close { conn: old, close: Farewell::Replaced });
            fx.push(Effect::Unseated { slot, conn: old });
        }
        let seat = self.roster.at(slot);
        let (id, peer) = (seat.id, seat.peer.clone());
        fx.push(self.seated(slot, conn));
        if matches!(before, Some(Line::Away { .. })) {
            self.show(Event::StateChanged { peer, state: Presence::Here }, Readers::Except(id), fx);
        }
        self.roster.at_mut(slot).told = self.log.last(); // what it is answered now brings it here
        before
    }

    fn catch_up(&self, slot: Slot, seen: Option<Position>) -> CaughtUp {
        let seat = self.roster.at(slot);
        let delta = seen
            .filter(|seen| seen.epoch == self.epoch && seen.seq >= seat.joined_seq)
            .and_then(|seen| self.log.since(seen.seq, seat.id));
        match delta {
            Some(events) => CaughtUp::Delta { events, at: self.position() },
            None => CaughtUp::Snapshot(self.snapshot(slot, chat_after(seen))),
        }
    }
}

fn chat_after(seen: Option<Position>) -> ChatFrom {
    seen.map_or(ChatFrom::Latest, |seen| ChatFrom::After(seen.no))
}

/// What waited for the seat while it was away.
fn deliver(slot: Slot, before: Option<Line>, fx: &mut Effects) {
    if let Some(Line::Away { waiting, .. }) = before {
        fx.extend(waiting.into_whispers().map(|whisper| Effect::Whisper { slot, whisper }));
    }
}
