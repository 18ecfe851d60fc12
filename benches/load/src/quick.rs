//! A run of seconds that measures nothing: everything must arrive exactly once.
use crate::Outcome;
use crate::args::Wish;
use crate::crowd::Crowd;
use crate::load::{self, Idle};
use crate::report;
use crate::rooms;
use crate::server::{Core, Server};
use crate::shape::{Kept, Shape, Work};
use std::time::Duration;

/// Deliveries a second that any machine carries.
const RATE: f64 = 2_000.0;

const SHAPES: [Shape; 4] = [
    Shape::rooms(4, 10, Kept::Ephemeral),
    Shape::rooms(4, 10, Kept::Durable),
    Shape::rooms(1, 100, Kept::Durable),
    Shape { groups: 20, people: 2, work: Work::Signal },
];

pub(crate) fn run(wish: &Wish) -> Outcome<()> {
    for shape in SHAPES {
        let server = Server::convene(wish, Core::Any)?;
        let rooms = rooms::make(&server, shape)?;
        let mut crowd = Crowd::gather(&server, shape, rooms)?;
        let tally = load::run(&mut crowd, server.process(), RATE, Duration::from_secs(1), Idle::Spins)?.tally;
        if tally.expected == 0 || !tally.is_exact() {
            return Err(format!("{shape:?}: {tally:?}\n{}", server.log()).into());
        }
        report::print(&format!("{} {:?}: {} deliveries, each once\n", shape.name(), shape.work, tally.heard));
    }
    Ok(())
}
