//! The commit rule: nothing durable is shown before it is kept, and everything in the order of its `no`.
use super::Room;
use super::command::Asker;
use super::effect::{Effect, Effects, Farewell, ReplyTo};
use super::event::{Answer, Whisper};
use super::ids::{Epoch, Millis, No, SeatId, Slot};
use super::permissions::Role;
use super::queue::{Deed, Waiting};
use super::record::{Change, Entry, Outcome};
use super::turn::{Turn, Who, reply};
use crate::fault::Fault;

impl Room {
    /// Hands an entry to the journal; whoever asked hears of it when it settles.
    pub(super) fn persist(&mut self, turn: Turn, no: No, change: Change, deed: Deed, fx: &mut Effects) {
        let by = self.seat_of(turn.who);
        self.persist_by(by, turn, no, change, deed, fx);
    }

    /// As `persist`, where the seat that asked may be gone by now.
    pub(super) fn persist_by(
        &mut self,
        by: Option<SeatId>,
        turn: Turn,
        no: No,
        change: Change,
        deed: Deed,
        fx: &mut Effects,
    ) {
        self.queue.push(no, by, turn.reply, turn.now, deed);
        let entry = Entry { room: self.id, epoch: self.epoch, no, at: turn.now, by, change };
        fx.push(Effect::Persist(entry));
    }

    /// The journal's answers. Those of another life of this room are dropped.
    pub(super) fn settle(
        &mut self,
        now: Millis,
        epoch: Epoch,
        outcomes: Vec<(No, Outcome)>,
        fx: &mut Effects,
    ) {
        if epoch != self.epoch {
            return;
        }
        for (no, outcome) in outcomes {
            self.queue.note(no, outcome);
        }
        while let Some((waiting, outcome)) = self.queue.next_settled() {
            self.finish(now, waiting, outcome, fx);
        }
    }

    fn finish(&mut self, now: Millis, waiting: Waiting, outcome: Outcome, fx: &mut Effects) {
        let askers: Vec<_> = waiting.askers().collect();
        let close = match waiting.deed {
            Deed::Ended { close } => close,
            _ => None, // only the end closes the asker's connection
        };
        let result = match outcome {
            Outcome::Committed => self.carry_out(now, waiting.no, waiting.deed, fx),
            Outcome::Refused(fault) => {
                self.give_up(waiting.no, waiting.deed);
                Err(fault)
            }
            Outcome::Duplicate { message, no, at } => {
                self.give_up(waiting.no, waiting.deed);
                Ok(Answer::Said { message, no, seq: self.log.last(), at })
            }
        };
        for to in askers {
            reply(fx, to, result.clone());
        }
        fx.extend(close.map(|conn| Effect::Close { conn, close: Farewell::Ended }));
    }

    fn carry_out(&mut self, now: Millis, no: No, deed: Deed, fx: &mut Effects) -> Result<Answer, Fault> {
        match deed {
            Deed::Say(message) => Ok(self.show_message(message, fx)),
            Deed::Amend(amend) if amend.doomed => Err(Fault::NoSuchTarget),
            Deed::Amend(amend) => Ok(self.show_amended(amend, no, fx)),
            Deed::Settings { fields, settings, by } => {
                self.settings_kept(fields, &settings, no, by, fx);
                self.mend_settings(now, &settings, fx);
                Ok(Answer::Settings { version: no })
            }
            Deed::Standing { seat, role, kept_role, wrote, rights, by } => {
                let kept = (kept_role, rights);
                self.standing_kept(seat, no, role, wrote, rights, by, fx);
                self.mend_standing(now, seat, kept, fx);
                Ok(Answer::Kept { no })
            }
            Deed::Pins { pins, wrote } => {
                if wrote.pin && self.house.pin_no <= no {
                    self.house.pins.pin = pins.pin.clone();
                }
                if wrote.spin && self.house.spin_no <= no {
                    self.house.pins.spin = pins.spin.clone();
                }
                self.tell_owners_the_pins(fx);
                self.mend_pins(now, &pins, fx);
                Ok(Answer::Pins(self.house.pins.clone()))
            }
            Deed::Claimed { user } => {
                self.claimed(user);
                Ok(Answer::Kept { no })
            }
            Deed::Acted | Deed::Ended { .. } => Ok(Answer::Kept { no }),
        }
    }

    /// Not kept: what would have been widened won't be, what was narrowed stays so.
    fn give_up(&mut self, no: No, deed: Deed) {
        match deed {
            Deed::Say(message) => self.queue.doom(message.id),
            Deed::Settings { fields, .. } => self.house.refuse(fields, no),
            Deed::Standing { seat, role, wrote, .. } => self.standing_refused(seat, no, role, wrote),
            Deed::Pins { wrote, .. } => {
                if wrote.pin && self.house.pin_no == no {
                    self.house.next_pins.pin = self.house.pins.pin.clone();
                }
                if wrote.spin && self.house.spin_no == no {
                    self.house.next_pins.spin = self.house.pins.spin.clone();
                }
            }
            Deed::Claimed { .. } => self.claim = None,
            Deed::Amend(_) | Deed::Acted | Deed::Ended { .. } => {}
        }
    }

    fn tell_owners_the_pins(&self, fx: &mut Effects) {
        let owners =
            self.roster.iter().filter(|(_, seat)| seat.standing.role == Role::Owner && seat.conn().is_some());
        let slots: Vec<Slot> = owners.map(|(slot, _)| slot).collect();
        if !slots.is_empty() {
            fx.push(Effect::WhisperMany { slots, whisper: Whisper::Pins(self.house.pins.clone()) });
        }
    }

    /// A turn of the room's own, that nobody waits for.
    pub(super) fn own_turn(&self, now: Millis) -> Turn {
        Turn { now, from: Asker::Host, who: Who::Anyone, reply: ReplyTo::Nobody }
    }
}
