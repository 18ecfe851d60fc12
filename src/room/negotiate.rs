//! Addressed signals: who is linked with whom, and how an offer, answer or candidate finds its way.
use super::Room;
use super::authorize::Need;
use super::command::{On, RawJson};
use super::effect::{Effect, Effects};
use super::event::{Event, Whisper};
use super::ids::{PeerId, Slot};
use super::join::Trusted;
use super::links::{Pair, Side};
use super::media::Link;
use super::permissions::Right;
use super::rules::{CANDIDATE_BYTES, SDP_BYTES, SOURCES};
use super::sdp::{self, Allowed};
use super::seat::Line;
use super::signal::{Signal, SignalBody, Wire};
use super::text;
use super::turn::{DONE, Ruling, Turn};
use crate::fault::Fault;
use std::borrow::Cow;
use std::sync::Arc;

/// A signal on its way, between two that are linked.
pub(super) struct Passing {
    pub(super) from: Slot,
    pub(super) to: Slot,
    pub(super) bytes: usize,
    pub(super) generation: u64,
    pub(super) body: SignalBody,
    pub(super) wire: Option<Wire>,
}

impl Room {
    pub(super) fn signal(&mut self, turn: Turn, signal: Signal, fx: &mut Effects) -> Ruling {
        let from = turn.slot()?;
        let bytes = size(&signal.body)?;
        let to = self.linked_target(from, &signal.to)?;
        self.charge_signal(turn, from)?;

        let yields = self.roster.at(from).yields_to(self.roster.at(to));
        let (pair, side) = self.charged_pair(turn, from, to)?;
        pair.judge(side, yields, signal.generation, &signal.body)?;
        self.pass(
            Passing { from, to, bytes, generation: signal.generation, body: signal.body, wire: None },
            fx,
        )
    }

    /// The pair of these two, if it isn't too busy, and which side the first is.
    pub(super) fn charged_pair(
        &mut self,
        turn: Turn,
        from: Slot,
        to: Slot,
    ) -> Result<(&mut Pair, Side), Fault> {
        let (limited, rate) = (self.roster.at(from).budget.trusted == Trusted::No, self.rules.rates.pair);
        let (pair, side) = self.links.pair(from, to, turn.now);
        if limited {
            pair.charge(turn.now, rate)?;
        }
        Ok((pair, side))
    }

    /// Brings a signal that was judged good to its receiver.
    pub(super) fn pass(&mut self, passing: Passing, fx: &mut Effects) -> Ruling {
        let Passing { from, to, bytes, generation, body, wire } = self.narrowed(passing);
        if let Line::Away { waiting, .. } = &mut self.roster.at_mut(to).line {
            if matches!(body, SignalBody::Offer { .. }) {
                waiting.forget_before(from, generation);
            }
            waiting.fits(bytes)?;
        }
        let (pair, side) = self.links.pair(from, to, self.now);
        let n = pair.take(side, generation, &body);
        let sender = self.roster.at(from).peer.clone();
        self.whisper(from, to, bytes, Whisper::Signal { from: sender, generation, n, body, wire }, fx)?;
        DONE
    }

    /// Takes out of a description what either of the two has no right to; then it goes on in the words of each dialect.
    fn narrowed(&self, passing: Passing) -> Passing {
        let (sender, receiver) = (self.roster.at(passing.from), self.roster.at(passing.to));
        let allowed = Allowed::between(self.rights_of(sender), self.rights_of(receiver));
        let (SignalBody::Offer { sdp, sources } | SignalBody::Answer { sdp, sources }) = &passing.body else {
            return passing;
        };
        let (sdp, sources) = match sdp::narrow(sdp, sources, allowed) {
            Cow::Borrowed(_) => return passing,
            Cow::Owned(narrowed) => (Arc::from(narrowed), sources.clone()),
        };
        let body = match passing.body {
            SignalBody::Offer { .. } => SignalBody::Offer { sdp, sources },
            _ => SignalBody::Answer { sdp, sources },
        };
        Passing { body, wire: None, ..passing }
    }

    /// Any JSON to one peer that this one could be linked with.
    pub(super) fn message(&mut self, turn: Turn, to: &PeerId, body: RawJson, fx: &mut Effects) -> Ruling {
        let from = turn.slot()?;
        text::data(&body)?;
        let to = self.linked_target(from, to)?;
        let sender = self.roster.at(from).peer.clone();
        self.whisper(from, to, body.len(), Whisper::Message { from: sender, body }, fx)?;
        DONE
    }

    pub(super) fn broadcast(
        &mut self,
        turn: Turn,
        topic: Arc<str>,
        body: RawJson,
        fx: &mut Effects,
    ) -> Ruling {
        let from = self.roster.at(turn.slot()?).peer.clone();
        text::topic(&topic)?;
        text::data(&body)?;
        self.show_all(Event::Broadcast { from, topic, body }, fx);
        DONE
    }

    pub(super) fn typing(&mut self, turn: Turn, on: On, to: Option<PeerId>, fx: &mut Effects) -> Ruling {
        let from = turn.slot()?;
        self.authorize(turn.who, Need::Right(Right::Chat))?;
        let whisper = Whisper::Typing { peer: self.roster.at(from).peer.clone(), on };
        let Some(to) = to else {
            let here = |slot: &&Slot| **slot != from && self.roster.at(**slot).conn().is_some();
            let slots: Vec<Slot> = self.roster.slots().iter().filter(here).copied().collect();
            if !slots.is_empty() {
                fx.push(Effect::WhisperMany { slots, whisper });
            }
            return DONE;
        };
        self.authorize(turn.who, Need::Right(Right::ChatPrivate))?;
        let slot = self.target(&to)?;
        if slot != from && self.roster.at(slot).conn().is_some() {
            fx.push(Effect::Whisper { slot, whisper }); // who is away needs no word of a finger on a key
        }
        DONE
    }

    /// Links these two, at the cost of whoever was linked with the second meanwhile if that has room for one link only.
    pub(super) fn pair_up(&mut self, one: Slot, other: Slot) {
        if self.roster.at(other).face.link == Link::One {
            for seat in self.roster.iter_mut().filter(|seat| seat.partner == Some(other)) {
                seat.partner = None;
            }
            self.roster.at_mut(other).partner = Some(one);
        }
        self.roster.at_mut(one).partner = Some(other);
    }

    /// Gives every seat with room for one link its partner: the earliest seated that has room for it.
    pub(super) fn assign_partners(&mut self) {
        let lonely = |room: &Self, slot: Slot| {
            let seat = room.roster.at(slot);
            seat.face.link == Link::One && seat.partner.is_none()
        };
        let ones: Vec<Slot> =
            self.roster.slots().iter().copied().filter(|slot| lonely(self, *slot)).collect();
        for one in ones {
            if !lonely(self, one) {
                continue; // an earlier one has just taken it
            }
            let has_room = |slot: Slot| {
                slot != one && (self.roster.at(slot).face.link == Link::Full || lonely(self, slot))
            };
            let Some(partner) = self.roster.slots().iter().copied().find(|slot| has_room(*slot)) else {
                continue;
            };
            self.roster.at_mut(one).partner = Some(partner);
            let other = self.roster.at_mut(partner);
            if other.face.link == Link::One {
                other.partner = Some(one);
            }
        }
    }

    /// Whether these two may negotiate with each other.
    pub(super) fn linked(&self, one: Slot, other: Slot) -> bool {
        let holds = |from: Slot, to: Slot| {
            let seat = self.roster.at(from);
            match seat.face.link {
                Link::Full => true,
                Link::One => seat.partner == Some(to),
                Link::None => false,
            }
        };
        one != other && holds(one, other) && holds(other, one)
    }

    pub(super) fn linked_target(&self, from: Slot, to: &PeerId) -> Result<Slot, Fault> {
        let to = self.target(to)?;
        if self.linked(from, to) { Ok(to) } else { Err(Fault::NoSuchTarget) }
    }

    pub(super) fn charge_signal(&mut self, turn: Turn, from: Slot) -> Result<(), Fault> {
        let rate = self.rules.rates.signals_per_person.times(self.roster.len());
        let budget = &mut self.roster.at_mut(from).budget;
        match budget.trusted {
            Trusted::Yes => Ok(()),
            Trusted::No => budget.signals.take(turn.now, rate),
        }
    }
}

/// The bytes a signal takes while it waits, if none of its parts is too large.
pub(super) fn size(body: &SignalBody) -> Result<usize, Fault> {
    match body {
        SignalBody::Offer { sdp, sources } | SignalBody::Answer { sdp, sources } => {
            text::within(sdp, SDP_BYTES)?;
            if sources.len() > SOURCES || sources.iter().any(|(mid, _)| mid.len() > 64) {
                return Err(Fault::field("sources", "at most 64 mids of at most 64 bytes"));
            }
            Ok(sdp.len() + 128)
        }
        SignalBody::Candidate { candidate } => {
            text::within(candidate, CANDIDATE_BYTES)?;
            Ok(candidate.len() + 128)
        }
        SignalBody::EndOfCandidates | SignalBody::IceRestart | SignalBody::Opaque => Ok(128),
    }
}
