//! Signals of dialects that number nothing: among their own they pass as they came, for others the room numbers and judges them.
use super::Room;
use super::effect::Effects;
use super::media::Link;
use super::negotiate::{Passing, size};
use super::rules::WIRE_BYTES;
use super::signal::{Relay, SignalBody, To};
use super::text;
use super::turn::{Ruling, Turn};
use crate::fault::Fault;

impl Room {
    pub(super) fn relay(&mut self, turn: Turn, relay: Relay, fx: &mut Effects) -> Ruling {
        let from = turn.slot()?;
        let Relay { to, body, wire } = relay;
        text::within(&wire.frame, WIRE_BYTES)?;
        let bytes = size(&body)?.max(wire.frame.len());
        let to = match to {
            To::Peer(peer) => self.linked_target(from, &peer)?,
            To::Partner => {
                let partner = self.roster.at(from).partner;
                partner.filter(|partner| self.linked(from, *partner)).ok_or(Fault::NoSuchTarget)?
            }
        };
        let (sender, receiver) = (self.roster.at(from), self.roster.at(to));
        let is_too_early = sender.face.link == Link::One && sender.order < receiver.order;
        let (yields, is_alike) = (sender.yields_to(receiver), sender.face.word == receiver.face.word);
        if !is_alike && matches!(body, SignalBody::Opaque) {
            return Err(Fault::NoSuchTarget); // nobody there understands it
        }
        self.charge_signal(turn, from)?;
        let (pair, side) = self.charged_pair(turn, from, to)?;
        // A page with one link offers once, as it begins, to whoever was there. What it said before the other came is for
        // nobody, though the other may have come while it was on its way: else each would answer the other's offer.
        if is_too_early && !pair.has_begun() && !matches!(body, SignalBody::Opaque) {
            return Err(Fault::NoSuchTarget);
        }
        // Nor is its offer when the other's is there already and waits for its answer.
        if is_too_early && pair.is_offered_to(side) && matches!(body, SignalBody::Offer { .. }) {
            return Err(Fault::NoSuchTarget);
        }
        let generation = pair.number(side, &body);
        if !is_alike {
            pair.judge(side, yields, generation, &body)?;
        }
        self.pass(Passing { from, to, bytes, generation, body, wire: Some(wire) }, fx)
    }
}
