//! Raised hands, in the order they went up.
use super::Room;
use super::authorize::Need;
use super::effect::Effects;
use super::event::{Answer, Event, Hand};
use super::ids::{Millis, PeerId, Slot};
use super::permissions::Right;
use super::turn::{DONE, Ruling, Turn, Verdict, Who};

#[derive(Default)]
pub(super) struct Hands {
    raised: Vec<(Slot, Millis)>,
}

impl Hands {
    pub(super) fn of(&self, slot: Slot) -> Option<Hand> {
        let index = self.raised.iter().position(|(raised, _)| *raised == slot)?;
        Some(Hand { rank: index as u32 + 1, since: self.raised[index].1 })
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Slot, Hand)> {
        self.raised.iter().zip(1..).map(|(&(slot, since), rank)| (slot, Hand { rank, since }))
    }

    /// Two hands of one millisecond are a millisecond apart, so that their order can be read from `since`.
    fn raise(&mut self, slot: Slot, now: Millis) -> Hand {
        let since = self.raised.last().map_or(now, |(_, last)| now.max(last.plus(1)));
        self.raised.push((slot, since));
        Hand { rank: self.raised.len() as u32, since }
    }

    /// Whether it was up.
    pub(super) fn lower(&mut self, slot: Slot) -> bool {
        let before = self.raised.len();
        self.raised.retain(|(raised, _)| *raised != slot);
        self.raised.len() < before
    }
}

impl Room {
    pub(super) fn raise_hand(&mut self, turn: Turn, fx: &mut Effects) -> Ruling {
        let slot = turn.slot()?;
        self.authorize(turn.who, Need::Right(Right::RaiseHand))?;
        if let Some(hand) = self.hands.of(slot) {
            return Ok(Verdict::Now(Answer::Hand(hand)));
        }
        let hand = self.hands.raise(slot, turn.now);
        let peer = self.roster.at(slot).peer.clone();
        self.show_all(Event::HandRaised { peer, rank: hand.rank, since: hand.since }, fx);
        Ok(Verdict::Now(Answer::Hand(hand)))
    }

    pub(super) fn lower_hand(&mut self, turn: Turn, peer: Option<PeerId>, fx: &mut Effects) -> Ruling {
        let slot = match peer {
            None => turn.slot()?,
            Some(peer) if self.is_own(turn.who, &peer) => turn.slot()?,
            Some(peer) => {
                self.authorize(turn.who, Need::Right(Right::Moderate))?;
                self.target(&peer)?
            }
        };
        if self.hands.lower(slot) {
            let (peer, by) = (self.roster.at(slot).peer.clone(), self.by(turn.who));
            self.show_all(Event::HandLowered { peer, by }, fx);
        }
        DONE
    }

    pub(super) fn is_own(&self, who: Who, peer: &PeerId) -> bool {
        matches!(who, Who::Seat(slot) if self.roster.at(slot).peer == *peer)
    }
}
