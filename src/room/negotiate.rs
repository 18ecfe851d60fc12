//! Addressed signals: who is linked with whom, and how an offer, answer or candidate finds its way.
use super::Room;
use super::authorize::Need;
use super::command::{On, RawJson};
use super::effect::{Effect, Effects};
use super::event::{Event, Whisper};
use super::ids::{PeerId, Slot};
use super::join::Trusted;
use super::links::Yields;
use super::media::Link;
use super::permissions::Right;
use super::rules::{CANDIDATE_BYTES, SDP_BYTES, SOURCES};
use super::seat::Line;
use super::signal::{Signal, SignalBody};
use super::text;
use super::turn::{DONE, Ruling, Turn};
use crate::fault::Fault;
use std::sync::Arc;

impl Room {
    pub(super) fn signal(&mut self, turn: Turn, signal: Signal, fx: &mut Effects) -> Ruling {
        let from = turn.slot()?;
        let bytes = size(&signal.body)?;
        let to = self.linked_target(from, &signal.to)?;
        self.charge_signal(turn, from)?;

        let yields =
            if self.roster.at(from).order > self.roster.at(to).order { Yields::Yes } else { Yields::No };
        let (limited, rate) = (self.roster.at(from).budget.trusted == Trusted::No, self.rules.rates.pair);
        let (pair, side) = self.links.pair(from, to, turn.now);
        if limited {
            pair.charge(turn.now, rate)?;
        }
        pair.judge(side, yields, signal.generation, &signal.body)?;
        if let Line::Away { waiting, .. } = &mut self.roster.at_mut(to).line {
            if matches!(signal.body, SignalBody::Offer { .. }) {
                waiting.forget_before(from, signal.generation);
            }
            waiting.fits(bytes)?;
        }
        let n = pair.take(side, signal.generation, &signal.body);
        let sender = self.roster.at(from).peer.clone();
        let whisper = Whisper::Signal { from: sender, generation: signal.generation, n, body: signal.body };
        self.whisper(from, to, bytes, whisper, fx)?;
        DONE
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

    fn linked_target(&self, from: Slot, to: &PeerId) -> Result<Slot, Fault> {
        let to = self.target(to)?;
        if self.linked(from, to) { Ok(to) } else { Err(Fault::NoSuchTarget) }
    }

    fn charge_signal(&mut self, turn: Turn, from: Slot) -> Result<(), Fault> {
        let rate = self.rules.rates.signals_per_person.times(self.roster.len());
        let budget = &mut self.roster.at_mut(from).budget;
        match budget.trusted {
            Trusted::Yes => Ok(()),
            Trusted::No => budget.signals.take(turn.now, rate),
        }
    }
}

/// The bytes a signal takes while it waits, if none of its parts is too large.
fn size(body: &SignalBody) -> Result<usize, Fault> {
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
        SignalBody::EndOfCandidates | SignalBody::IceRestart => Ok(128),
    }
}
