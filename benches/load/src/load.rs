//! One step: an offered rate for a while, messages sent when they are due whatever the server does, latency counted from then.
use crate::Outcome;
use crate::crowd::Crowd;
use crate::machine::Times;
use crate::mark::{self, Mark};
use crate::shape::Work;
use crate::socket::{Event, Socket};
use crate::speech::Meant;
use hdrhistogram::Histogram;
use std::time::{Duration, Instant};

/// Before measuring, for buffers to grow and caches to fill.
const WARM: Duration = Duration::from_millis(500);
/// After the last message was due, for the last delivery.
const DRAIN: Duration = Duration::from_secs(3);
/// A server this far behind is not waited for.
const HOPELESS: Duration = Duration::from_secs(1);
/// Bytes of a message's text, mark included.
pub(crate) const TEXT: usize = 100;
/// Messages sent between two looks at what came.
const BURST: usize = 32;

/// What the generator does when nothing is to be read or sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Idle {
    /// Looks again at once, on a CPU of its own: waking a sleeping generator would cost the server more than the sending.
    Spins,
    /// Sleeps until something comes, 1 ms at most: others need its CPU.
    Sleeps,
}

/// What was heard, counted message by message and person by person.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) expected: u64,
    /// Heard for the first time by who should.
    pub(crate) heard: u64,
    /// Heard again.
    pub(crate) twice: u64,
    /// Heard by who shouldn't.
    pub(crate) stray: u64,
    pub(crate) closed: usize,
    pub(crate) refused: u64,
    pub(crate) first_refusal: Option<String>,
    /// Bytes of the messages heard, WebSocket framing not counted.
    pub(crate) bytes: u64,
}

/// What a step showed.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// Deliveries a second asked for, and had while measuring.
    pub(crate) offered: f64,
    pub(crate) delivered: f64,
    /// ms.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    /// CPU of the server, µs.
    pub(crate) us_per_delivery: f64,
    /// Parts of one CPU.
    pub(crate) server_busy: f64,
    pub(crate) generator_busy: f64,
    pub(crate) foreign: f64,
    pub(crate) tally: Tally,
}

impl Tally {
    /// Everything arrived, once, where it belongs.
    pub(crate) fn is_exact(&self) -> bool {
        self.heard == self.expected && self.is_clean()
    }

    /// Nothing went wrong but what may still be on its way.
    pub(crate) fn is_clean(&self) -> bool {
        self.twice == 0 && self.stray == 0 && self.closed == 0 && self.refused == 0
    }
}

/// A step under way.
struct Running {
    start: Instant,
    tally: Tally,
    /// µs from due to heard, of messages that were due while measuring.
    latency: Histogram<u64>,
}

/// Both ends of the time that is measured.
struct Edge {
    at: Instant,
    times: Times,
    heard: u64,
    /// How long the generator had something to do so far.
    worked: Duration,
}

/// Offers `rate` deliveries a second for `measured`, after a warm-up.
pub(crate) fn run(
    crowd: &mut Crowd,
    process: u32,
    rate: f64,
    measured: Duration,
    idle: Idle,
) -> Outcome<Step> {
    let shape = crowd.shape;
    let apart = shape.listeners() as f64 / rate * 1e9;
    let total = ((WARM + measured).as_secs_f64() * 1e9 / apart) as u64;
    let due = |index: u64| Duration::from_nanos((index as f64 * apart) as u64);
    for socket in &mut crowd.swarm.sockets {
        socket.heard.clear();
    }
    let mut running = Running {
        start: Instant::now(),
        tally: Tally::default(),
        latency: Histogram::new_with_bounds(1, 60_000_000, 2)?,
    };
    running.tally.expected = total * shape.listeners() as u64;
    let (mut sent, mut worked, mut edges) = (0, Duration::ZERO, Vec::with_capacity(2));
    loop {
        let turn = Instant::now();
        let now = turn - running.start;
        if now >= WARM + measured * edges.len() as u32 && edges.len() < 2 {
            let heard = running.tally.heard;
            edges.push(Edge { at: turn, times: Times::now(process)?, heard, worked });
        }
        let mut said = 0;
        while sent < total && said < BURST && due(sent) <= now {
            say(crowd, sent, due(sent));
            sent += 1;
            said += 1;
        }
        let behind = sent * shape.listeners() as u64 - running.tally.heard;
        let is_over = sent == total && (behind == 0 || now > WARM + measured + DRAIN);
        let is_hopeless = behind as f64 > rate * HOPELESS.as_secs_f64() && behind > 10_000;
        if (is_over || is_hopeless || crowd.swarm.closed() > 0) && edges.len() == 2 {
            break;
        }
        let came = turn_once(crowd, &mut running, idle)?;
        if came || said > 0 {
            worked += turn.elapsed();
        }
    }
    running.tally.closed = crowd.swarm.closed();
    Ok(running.result(rate, &edges[0], &edges[1]))
}

/// Sends message `index` of the step.
fn say(crowd: &mut Crowd, index: u64, due: Duration) {
    let shape = crowd.shape;
    let (group, number) = (index as usize % shape.groups, (index / shape.groups as u64) as u32);
    let sender = group * shape.people + shape.sender(number);
    let mark = mark::write(Mark { due: due.as_micros() as u64, group: group as u32, number });
    let text = format!("{mark:.<TEXT$}");
    let frame = match shape.work {
        Work::Chat(_) => {
            crowd.said += 1;
            crowd.speech.chat(crowd.said, &text)
        }
        Work::Signal => crowd.speech.signal(&crowd.swarm.sockets[crowd.partner(sender)].peer, &text),
    };
    crowd.swarm.sockets[sender].say(&frame);
}

fn turn_once(crowd: &mut Crowd, running: &mut Running, idle: Idle) -> Outcome<bool> {
    let patience = match idle {
        Idle::Spins => Duration::ZERO,
        Idle::Sleeps => Duration::from_millis(1),
    };
    let (speech, rooms, shape) = (crowd.speech, &crowd.rooms, crowd.shape);
    let came = crowd.swarm.turn(patience, &mut |socket, event| {
        let Event::Text(text) = event else { return };
        let Some(mark) = mark::find(text) else {
            if let Meant::Refused(words) = speech.answer(socket, text, &rooms[socket.group]) {
                running.tally.refused += 1;
                running.tally.first_refusal.get_or_insert(words);
            }
            return;
        };
        if mark.group as usize != socket.group || !shape.hears(socket.member, mark.number) {
            running.tally.stray += 1;
            return;
        }
        running.hear(socket, mark, text.len());
    })?;
    Ok(came)
}

impl Running {
    fn hear(&mut self, socket: &mut Socket, mark: Mark, bytes: usize) {
        if !socket.note(mark.number) {
            self.tally.twice += 1;
            return;
        }
        self.tally.heard += 1;
        self.tally.bytes += bytes as u64;
        if mark.due >= WARM.as_micros() as u64 {
            let now = self.start.elapsed().as_micros() as u64;
            self.latency.saturating_record(now.saturating_sub(mark.due));
        }
    }

    fn result(self, rate: f64, from: &Edge, to: &Edge) -> Step {
        let wall = (to.at - from.at).as_secs_f64();
        let heard = (to.heard - from.heard) as f64;
        let server_us = to.times.server_us(from.times) as f64;
        Step {
            offered: rate,
            delivered: heard / wall,
            p50: self.latency.value_at_quantile(0.5) as f64 / 1e3,
            p99: self.latency.value_at_quantile(0.99) as f64 / 1e3,
            us_per_delivery: server_us / heard.max(1.0),
            server_busy: server_us / 1e6 / wall,
            generator_busy: (to.worked - from.worked).as_secs_f64() / wall,
            foreign: to.times.foreign_us(from.times) as f64 / 1e6 / wall,
            tally: self.tally,
        }
    }
}
