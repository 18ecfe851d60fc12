//! How a room speaks: pushes of the live log, whispers to one, and the position each seat has heard.
use super::effect::{Audience, Effect, Effects};
use super::event::{Event, Push, Whisper};
use super::ids::{SeatId, Seq, Slot};
use super::log::Readers;
use super::seat::Line;
use super::{Fault, Room};
use std::sync::Arc;

impl Room {
    /// Shows a change to those who may read it: takes the next position, logs, broadcasts.
    pub(super) fn show(&mut self, event: Event, readers: Readers, fx: &mut Effects) -> Seq {
        let seq = self.log.next();
        let push = Arc::new(Push { epoch: self.epoch, seq, event });
        self.log.keep(push.clone(), readers);
        let to = match readers {
            Readers::All => {
                self.told_all = seq;
                Audience::All
            }
            Readers::Except(seat) => {
                self.told_all = seq; // the one who is left out hears it in its answer
                self.roster.of_seat(seat).map_or(Audience::All, Audience::Except)
            }
            Readers::Two(one, other) => Audience::Only(self.tell_two(one, other, seq)),
        };
        if !matches!(&to, Audience::Only(slots) if slots.is_empty()) {
            fx.push(Effect::Broadcast { push, to });
        }
        seq
    }

    pub(super) fn show_all(&mut self, event: Event, fx: &mut Effects) -> Seq {
        self.show(event, Readers::All, fx)
    }

    fn tell_two(&mut self, one: SeatId, other: SeatId, seq: Seq) -> Vec<Slot> {
        let mut slots = Vec::with_capacity(2);
        for seat in [one, other] {
            let Some(slot) = self.roster.of_seat(seat) else { continue };
            self.roster.at_mut(slot).told = seq;
            if !slots.contains(&slot) {
                slots.push(slot);
            }
        }
        slots
    }

    /// To one seat, outside the log. If it is away the whisper waits for it, or `busy` if its bag is full.
    pub(super) fn whisper(
        &mut self,
        from: Slot,
        to: Slot,
        bytes: usize,
        whisper: Whisper,
        fx: &mut Effects,
    ) -> Result<(), Fault> {
        match &mut self.roster.at_mut(to).line {
            Line::Here(_) => {
                fx.push(Effect::Whisper { slot: to, whisper });
                Ok(())
            }
            Line::Away { waiting, .. } => waiting.put(from, bytes, whisper),
        }
    }

    /// Notes that the seat's row is to be written.
    pub(super) fn write_behind(&self, slot: Slot, fx: &mut Effects) {
        fx.push(Effect::Behind(self.roster.at(slot).behind(self.id, None)));
    }
}
