//! The pairs of a mesh: which negotiation each pair is in, who offered, and what each side declared to send.
use super::ids::{Millis, Slot};
use super::media::Source;
use super::rate::Bucket;
use super::rules::{EXACT_MAX, Rate};
use super::signal::{SignalBody, Sources};
use crate::fault::Fault;
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Default)]
pub(super) struct Links {
    /// By the lower slot, then the higher.
    pairs: HashMap<(Slot, Slot), Pair>,
}

/// One of the two of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Low,
    High,
}

pub(super) struct Pair {
    /// `None` until the first signal: after a restart the clients know more than the room, whose part is to adopt it.
    generation: Option<u64>,
    /// Whose offer of this generation waits for its answer.
    offering: Option<Side>,
    counts: [u64; 2],
    sources: [Sources; 2],
    rate: Bucket,
}

impl Links {
    /// The pair of these two and which side the first is.
    pub(super) fn pair(&mut self, from: Slot, to: Slot, now: Millis) -> (&mut Pair, Side) {
        let (key, side) = key(from, to);
        let pair = self.pairs.entry(key).or_insert_with(|| Pair::new(now));
        (pair, side)
    }

    /// The mids on which `from` declared to send these sources to `to`; `None` if the two never negotiated.
    pub(super) fn mids(&self, from: Slot, to: Slot, sources: &[Source]) -> Option<Vec<Arc<str>>> {
        let (key, side) = key(from, to);
        let pair = self.pairs.get(&key).filter(|pair| pair.generation.is_some())?;
        let declared = pair.sources[side as usize].iter().filter(|(_, source)| sources.contains(source));
        Some(declared.map(|(mid, _)| mid.clone()).collect())
    }

    pub(super) fn forget(&mut self, slot: Slot, others: &[Slot]) {
        for other in others {
            self.pairs.remove(&key(slot, *other).0);
        }
    }
}

impl Pair {
    fn new(now: Millis) -> Self {
        Self {
            generation: None,
            offering: None,
            counts: [0; 2],
            sources: [Arc::new([]), Arc::new([])],
            rate: Bucket::new(now),
        }
    }

    pub(super) fn charge(&mut self, now: Millis, rate: Rate) -> Result<(), Fault> {
        self.rate.take(now, rate)
    }

    /// Whether anything of a negotiation has passed between the two.
    pub(super) fn has_begun(&self) -> bool {
        self.generation.is_some()
    }

    /// Whether an offer of the other side waits for this one's answer.
    pub(super) fn is_offered_to(&self, side: Side) -> bool {
        self.offering == Some(side.other())
    }

    /// The number of a signal that came without one: an offer begins a new negotiation, unless it crosses one of the
    /// other side; all else belongs to the one under way.
    pub(super) fn number(&self, side: Side, body: &SignalBody) -> u64 {
        let current = self.generation.unwrap_or(0);
        match body {
            SignalBody::Offer { .. } if !self.is_offered_to(side) => current.saturating_add(1),
            _ => current.max(1),
        }
    }

    /// Judges a signal of `side` without taking it in yet; `polite` tells whether that side yields in a glare.
    pub(super) fn judge(
        &self,
        side: Side,
        polite: Yields,
        generation: u64,
        body: &SignalBody,
    ) -> Result<(), Fault> {
        if matches!(body, SignalBody::IceRestart | SignalBody::Opaque) {
            return Ok(());
        }
        if !(1..=EXACT_MAX).contains(&generation) {
            return Err(Fault::field("gen", "1 to 2^53-1"));
        }
        let Some(current) = self.generation else { return Ok(()) };
        let stale = Err(Fault::StaleGeneration { generation: current });
        match body {
            SignalBody::Offer { .. } if generation > current => Ok(()),
            SignalBody::Offer { .. } if generation == current && self.offering == Some(side.other()) => {
                match polite {
                    Yields::Yes => Err(Fault::Glare),
                    Yields::No => Ok(()),
                }
            }
            SignalBody::Offer { .. } => stale,
            SignalBody::Answer { .. } => {
                let answers = generation == current && self.offering == Some(side.other());
                if answers { Ok(()) } else { stale }
            }
            SignalBody::Candidate { .. } | SignalBody::EndOfCandidates => {
                if generation == current {
                    Ok(())
                } else {
                    stale
                }
            }
            SignalBody::IceRestart | SignalBody::Opaque => Ok(()),
        }
    }

    /// Takes a signal in that was judged good; gives its number in this direction.
    pub(super) fn take(&mut self, side: Side, generation: u64, body: &SignalBody) -> u64 {
        match body {
            SignalBody::Offer { sources, .. } => {
                self.generation = Some(generation);
                self.offering = Some(side);
                self.sources[side as usize] = sources.clone();
            }
            SignalBody::Answer { sources, .. } => {
                self.generation = Some(generation);
                self.offering = None;
                self.sources[side as usize] = sources.clone();
            }
            SignalBody::Candidate { .. } | SignalBody::EndOfCandidates => self.generation = Some(generation),
            SignalBody::IceRestart | SignalBody::Opaque => {}
        }
        let count = &mut self.counts[side as usize];
        *count += 1;
        *count
    }
}

/// Whether a side yields in a glare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Yields {
    Yes,
    No,
}

impl Side {
    fn other(self) -> Self {
        match self {
            Self::Low => Self::High,
            Self::High => Self::Low,
        }
    }
}

fn key(one: Slot, other: Slot) -> ((Slot, Slot), Side) {
    if one <= other { ((one, other), Side::Low) } else { ((other, one), Side::High) }
}
