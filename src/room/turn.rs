//! One command's turn: when it is, who asks, and where the answer goes.
use super::command::Asker;
use super::effect::{Effect, Effects, ReplyTo};
use super::event::{Answer, By};
use super::ids::{Millis, SeatId, Slot};
use super::{Fault, Room};

#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    pub(super) now: Millis,
    pub(super) from: Asker,
    pub(super) who: Who,
    pub(super) reply: ReplyTo,
}

/// Who asks, once the room has looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    Seat(Slot),
    /// By REST, with the owner secret.
    Owner,
    /// By REST, with nothing.
    Anyone,
}

/// What comes of a command that is not refused.
#[derive(Debug)]
pub(super) enum Verdict {
    Now(Answer),
    /// The answer is already among the effects, or rides with something that is waited for.
    Later,
}

pub(super) type Ruling = Result<Verdict, Fault>;

pub(super) const DONE: Ruling = Ok(Verdict::Now(Answer::Done));

impl Turn {
    /// The seat that asks, for what only a seat can do.
    pub(super) fn slot(self) -> Result<Slot, Fault> {
        match self.who {
            Who::Seat(slot) => Ok(slot),
            Who::Owner | Who::Anyone => Err(Fault::NotJoined),
        }
    }
}

impl Room {
    pub(super) fn by(&self, who: Who) -> By {
        match who {
            Who::Seat(slot) => By::Peer(self.roster.at(slot).peer.clone()),
            Who::Owner => By::Owner,
            Who::Anyone => By::Engine,
        }
    }

    pub(super) fn seat_of(&self, who: Who) -> Option<SeatId> {
        match who {
            Who::Seat(slot) => Some(self.roster.at(slot).id),
            Who::Owner | Who::Anyone => None,
        }
    }
}

pub(super) fn reply(fx: &mut Effects, to: ReplyTo, result: Result<Answer, Fault>) {
    if to != ReplyTo::Nobody {
        fx.push(Effect::Reply { to, result });
    }
}
