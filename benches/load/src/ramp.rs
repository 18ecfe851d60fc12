//! How much a server carries: the offered rate rises until the latency is too high, then the edge is narrowed down.
use crate::Outcome;
use crate::crowd::Crowd;
use crate::load::{self, Idle, Step};
use crate::report;
use crate::rooms;
use crate::server::Server;
use crate::shape::Shape;
use std::time::Duration;

/// The 99th percentile that a step must hold, ms.
pub(crate) const LIMIT_MS: f64 = 25.0;
/// Deliveries a second of the first step, which every server is measured at.
pub(crate) const FIRST: f64 = 20_000.0;
const RISE: f64 = 1.5;
/// Beyond what one core can read.
const TOP: f64 = 8_000_000.0;
/// How near the first bad rate comes to the last good one before the climb ends.
const NEAR: f64 = 1.1;
/// CPU of others, in parts of one CPU, beyond which a step is repeated.
const FOREIGN: f64 = 0.10;
/// How many disturbed steps a climb repeats before it keeps them, and says that they are disturbed.
const QUIET_TRIES: usize = 8;
/// A median this many times the limit isn't bad luck: a second chance would be wasted.
const NO_CHANCE: f64 = 4.0;
/// Fresh starts of a server that a climb may need: an overload may close sockets.
const STARTS: usize = 16;

/// What a climb showed.
pub(crate) struct Peak {
    /// At the first rate.
    pub(crate) first: Step,
    /// The highest rate that held, if any did.
    pub(crate) best: Option<Step>,
}

/// Starts a server whenever one is needed.
type Starter<'a> = &'a dyn Fn() -> Outcome<Server>;

/// Between the highest rate that held and the lowest beyond it that didn't.
struct Edge {
    good: f64,
    bad: Option<f64>,
    best: Option<Step>,
}

impl Edge {
    /// A big room is slower when it is nearly idle, since every write wakes someone: a rate that holds clears a lower one that didn't.
    fn note(&mut self, rate: f64, step: Step) {
        if holds(&step) {
            *self = Self { good: rate, bad: self.bad.filter(|bad| *bad > rate), best: Some(step) };
        } else {
            self.bad = Some(self.bad.map_or(rate, |bad| bad.min(rate)));
        }
    }

    /// The next rate to try, while the edge is wide.
    fn between(&self) -> Option<f64> {
        self.bad.filter(|bad| *bad > self.good * NEAR).map(|bad| (self.good * bad).sqrt())
    }
}

struct Climb<'a> {
    start: Starter<'a>,
    shape: Shape,
    measured: Duration,
    ground: Option<(Server, Crowd)>,
    starts: usize,
    quiet_tries: usize,
}

/// Climbs to the highest rate of deliveries that holds the limit; with `only`, takes just the step at that rate.
pub(crate) fn climb(
    start: Starter<'_>,
    shape: Shape,
    measured: Duration,
    only: Option<f64>,
) -> Outcome<Peak> {
    let mut climb = Climb { start, shape, measured, ground: None, starts: 0, quiet_tries: QUIET_TRIES };
    if let Some(rate) = only {
        let first = climb.step(rate)?;
        report::step(shape, &first);
        return Ok(Peak { best: holds(&first).then(|| first.clone()), first });
    }
    let first = climb.attempt(FIRST)?;
    let mut edge = Edge { good: FIRST / 16.0, bad: None, best: None };
    edge.note(FIRST, first.clone());
    let (mut rate, mut is_over) = (FIRST, is_hopeless(&first));
    while !is_over && rate * RISE <= TOP {
        rate *= RISE;
        let (step, failed_before) = (climb.attempt(rate)?, edge.bad.is_some());
        is_over = is_hopeless(&step) || (failed_before && !holds(&step));
        edge.note(rate, step);
    }
    while let Some(rate) = edge.between() {
        edge.note(rate, climb.attempt(rate)?);
    }
    let best = edge.best;
    Ok(Peak { first, best })
}

impl Climb<'_> {
    /// A step at this rate; one that fails gets a second chance, one that others disturbed several.
    fn attempt(&mut self, rate: f64) -> Outcome<Step> {
        let mut chances = 2;
        loop {
            let step = self.step(rate)?;
            report::step(self.shape, &step);
            if is_disturbed(&step) && self.quiet_tries > 0 {
                self.quiet_tries -= 1;
                continue;
            }
            chances -= 1;
            if holds(&step) || chances == 0 || is_hopeless(&step) {
                return Ok(step);
            }
        }
    }

    fn step(&mut self, rate: f64) -> Outcome<Step> {
        let (server, mut crowd) = match self.ground.take() {
            Some(ground) => ground,
            None => self.fresh()?,
        };
        let step = load::run(&mut crowd, server.process(), rate, self.measured, Idle::Spins)?;
        if let Some(words) = &step.tally.first_refusal {
            report::say(&format!("  refused: {words}"));
        }
        if step.tally.is_exact() {
            self.ground = Some((server, crowd));
        }
        Ok(step)
    }

    fn fresh(&mut self) -> Outcome<(Server, Crowd)> {
        self.starts += 1;
        if self.starts > STARTS {
            return Err("the server had to be started anew too often".into());
        }
        let server = (self.start)()?;
        let rooms = rooms::make(&server, self.shape)?;
        let mut crowd = Crowd::gather(&server, self.shape, rooms)?;
        crowd.settle()?;
        Ok((server, crowd))
    }
}

/// Whether the server carried what was offered.
pub(crate) fn holds(step: &Step) -> bool {
    step.tally.is_exact() && step.p99 <= LIMIT_MS && step.delivered >= 0.97 * step.offered
}

/// Whether more would be no use.
fn is_hopeless(step: &Step) -> bool {
    step.p50 > LIMIT_MS * NO_CHANCE
}

/// Whether others took CPU while it was measured.
pub(crate) fn is_disturbed(step: &Step) -> bool {
    step.foreign > FOREIGN
}
