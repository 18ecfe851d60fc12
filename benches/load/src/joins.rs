//! Joins a second, and what people who sit and say nothing cost in memory.
use crate::Outcome;
use crate::crowd::Crowd;
use crate::machine::{Times, rss_kib};
use crate::report;
use crate::rooms;
use crate::server::Server;
use crate::shape::{Kept, Shape};
use std::time::{Duration, Instant};

/// 2,000 people in rooms of ten.
pub(crate) const SHAPE: Shape = Shape::rooms(200, 10, Kept::Durable);

/// What 2,000 people cost.
pub(crate) struct Joins {
    pub(crate) per_second: f64,
    /// CPU of the server, from the TCP handshake to the seat and its telling, µs.
    pub(crate) us_per_join: f64,
    /// Resident memory at start, and what each person added to it, KiB.
    pub(crate) rss_before: u64,
    pub(crate) kib_per_person: f64,
}

pub(crate) fn measure(server: &Server) -> Outcome<Joins> {
    let rooms = rooms::make(server, SHAPE)?;
    let process = server.process();
    let rss_before = rss_kib(process)?;
    let (start, before) = (Instant::now(), Times::now(process)?);
    let mut crowd = Crowd::gather(server, SHAPE, rooms)?;
    let (took, after) = (start.elapsed(), Times::now(process)?);
    crowd.settle()?;
    std::thread::sleep(Duration::from_secs(2));
    let people = SHAPE.sockets() as f64;
    let joins = Joins {
        per_second: people / took.as_secs_f64(),
        us_per_join: after.server_us(before) as f64 / people,
        rss_before,
        kib_per_person: rss_kib(process)?.saturating_sub(rss_before) as f64 / people,
    };
    report::joins(&joins, after.foreign_us(before) as f64 / 1e6 / took.as_secs_f64());
    Ok(joins)
}
