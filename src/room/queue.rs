//! What waits for its commit: every durable change, in the order of its `no`, with those who wait to hear of it.
use super::chat::Message;
use super::command::On;
use super::effect::ReplyTo;
use super::event::By;
use super::house::Fields;
use super::ids::{ClientId, ConnId, MessageId, Millis, No, PeerId, SeatId, UserId};
use super::log::Readers;
use super::permissions::{Rights, Role};
use super::pins::Pins;
use super::record::{Outcome, Settings};
use super::rules::{COMMIT_WAIT_MS, PENDING_PER_ASKER, PENDING_PER_ROOM};
use crate::fault::Fault;
use std::collections::VecDeque;
use std::sync::Arc;

#[derive(Default)]
pub(super) struct Queue {
    waiting: VecDeque<Waiting>,
    last: No,
    /// Up to here everything is settled.
    shown: No,
}

/// One entry under way.
pub(super) struct Waiting {
    pub(super) no: No,
    pub(super) seat: Option<SeatId>,
    pub(super) deed: Deed,
    askers: Vec<Asking>,
    outcome: Option<Outcome>,
}

struct Asking {
    to: ReplyTo,
    until: Millis,
}

/// What is done when an entry is committed.
#[derive(Debug)]
pub(super) enum Deed {
    Say(Arc<Message>),
    Amend(Amend),
    /// Fields of the settings and what they become.
    Settings {
        fields: Fields,
        settings: Box<Settings>,
        by: By,
    },
    /// Role (if it is changed) and those rights of a seat that are written, and what they become.
    Standing {
        seat: SeatId,
        role: Option<Role>,
        kept_role: Role,
        wrote: Rights,
        rights: Rights,
        by: By,
    },
    Pins {
        pins: Pins,
        wrote: WhichPins,
    },
    Claimed {
        user: UserId,
    },
    /// Everything was done at once; the commit is only answered.
    Acted,
    /// As `Acted`; then the asker's connection is closed.
    Ended {
        close: Option<ConnId>,
    },
}

#[derive(Debug, Clone, Copy)]
pub(super) struct WhichPins {
    pub(super) pin: bool,
    pub(super) spin: bool,
}

/// A change of a message.
#[derive(Debug)]
pub(super) struct Amend {
    pub(super) message: MessageId,
    pub(super) readers: Readers,
    pub(super) how: Amendment,
    /// The message it queued behind was refused.
    pub(super) doomed: bool,
}

#[derive(Debug)]
pub(super) enum Amendment {
    Edit { text: Arc<str>, at: Millis },
    Delete { by: By },
    React { seat: SeatId, peer: PeerId, emoji: Arc<str>, on: On },
}

impl Queue {
    pub(super) fn after(last: No) -> Self {
        Self { waiting: VecDeque::new(), last, shown: last }
    }

    pub(super) fn shown(&self) -> No {
        self.shown
    }
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether one more fits for this asker and this room.
    pub(super) fn admit(&self, seat: Option<SeatId>) -> Result<(), Fault> {
        if self.waiting.len() >= PENDING_PER_ROOM {
            return Err(Fault::Busy);
        }
        let own = self.waiting.iter().filter(|waiting| waiting.seat == seat).count();
        if own >= PENDING_PER_ASKER { Err(Fault::Busy) } else { Ok(()) }
    }

    pub(super) fn next_no(&mut self) -> No {
        self.last = No(self.last.0 + 1);
        self.last
    }

    pub(super) fn push(&mut self, no: No, seat: Option<SeatId>, to: ReplyTo, now: Millis, deed: Deed) {
        let askers = vec![Asking { to, until: now.plus(COMMIT_WAIT_MS) }];
        self.waiting.push_back(Waiting { no, seat, deed, askers, outcome: None });
    }

    /// The message of that id that waits to be said.
    pub(super) fn said(&self, id: MessageId) -> Option<&Arc<Message>> {
        self.waiting.iter().find_map(|waiting| match &waiting.deed {
            Deed::Say(message) if message.id == id => Some(message),
            _ => None, // every other deed says nothing
        })
    }

    /// Whether a deletion of that message waits.
    pub(super) fn deletes(&self, id: MessageId) -> bool {
        self.waiting.iter().any(|waiting| {
            matches!(&waiting.deed, Deed::Amend(Amend { message, how: Amendment::Delete { .. }, .. }) if *message == id)
        })
    }

    /// If the author's message of that client id waits, its commit is answered to this asker too.
    pub(super) fn join(
        &mut self,
        author: SeatId,
        client_id: &ClientId,
        to: ReplyTo,
        now: Millis,
    ) -> Option<Result<(), Fault>> {
        let waiting = self.waiting.iter_mut().find(|waiting| {
            matches!(&waiting.deed, Deed::Say(said) if said.author == author && said.client_id == *client_id)
        })?;
        if waiting.askers.len() >= PENDING_PER_ASKER {
            return Some(Err(Fault::Busy));
        }
        waiting.askers.push(Asking { to, until: now.plus(COMMIT_WAIT_MS) });
        Some(Ok(()))
    }

    /// The `no` of the last change of settings under way.
    pub(super) fn last_settings(&self) -> Option<No> {
        let is_settings = |waiting: &&Waiting| matches!(waiting.deed, Deed::Settings { .. });
        self.waiting.iter().rev().find(is_settings).map(|waiting| waiting.no)
    }

    /// Whether a change of this seat's standing is under way.
    pub(super) fn changes_standing(&self, of: SeatId) -> bool {
        self.waiting.iter().any(|waiting| matches!(&waiting.deed, Deed::Standing { seat, .. } if *seat == of))
    }

    /// Whether a change of the PINs is under way.
    pub(super) fn changes_pins(&self) -> bool {
        self.waiting.iter().any(|waiting| matches!(&waiting.deed, Deed::Pins { .. }))
    }

    /// Amendments that queue behind a message that will never be said come to nothing.
    pub(super) fn doom(&mut self, id: MessageId) {
        for waiting in &mut self.waiting {
            if let Deed::Amend(amend) = &mut waiting.deed
                && amend.message == id
            {
                amend.doomed = true;
            }
        }
    }

    /// Notes what became of an entry; an unknown `no` is none of this epoch's.
    pub(super) fn note(&mut self, no: No, outcome: Outcome) {
        if let Ok(index) = self.waiting.binary_search_by_key(&no, |waiting| waiting.no) {
            self.waiting[index].outcome = Some(outcome);
        }
    }

    /// The next entry whose outcome is known and before which none is open: things are shown in the order of `no`.
    pub(super) fn next_settled(&mut self) -> Option<(Waiting, Outcome)> {
        let outcome = self.waiting.front_mut()?.outcome.take()?;
        let waiting = self.waiting.pop_front()?;
        self.shown = waiting.no;
        Some((waiting, outcome))
    }

    /// When the first asker has waited long enough.
    pub(super) fn first_deadline(&self) -> Option<Millis> {
        self.waiting.iter().flat_map(|waiting| &waiting.askers).map(|asking| asking.until).min()
    }

    /// Those who have waited long enough, and wait no longer; and connections that only stayed for such an answer.
    pub(super) fn overdue(&mut self, now: Millis) -> (Vec<ReplyTo>, Vec<ConnId>) {
        let (mut late, mut closing) = (Vec::new(), Vec::new());
        for waiting in &mut self.waiting {
            waiting.askers.retain(|asking| {
                let waits_on = asking.until > now;
                if !waits_on {
                    late.push(asking.to);
                }
                waits_on
            });
            if waiting.askers.is_empty()
                && let Deed::Ended { close } = &mut waiting.deed
            {
                closing.extend(close.take());
            }
        }
        (late, closing)
    }
}

impl Waiting {
    pub(super) fn askers(&self) -> impl Iterator<Item = ReplyTo> {
        self.askers.iter().map(|asking| asking.to)
    }
}
