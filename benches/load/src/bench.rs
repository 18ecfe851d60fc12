//! Which measurements are taken, in which order.
use crate::Outcome;
use crate::args::{Part, Wish};
use crate::joins;
use crate::machine;
use crate::quick;
use crate::ramp::{self, Peak};
use crate::report::{self, Row};
use crate::server::{Core, Server};
use crate::shape::{Kept, PAIRS, Shape};
use crate::sign_ins;
use std::time::Duration;

/// Rooms × people of the fan-out.
const FAN_OUT: [(usize, usize); 3] = [(20, 50), (400, 5), (1, 1_000)];

pub(crate) fn run(wish: &Wish) -> Outcome<()> {
    if wish.part == Part::Quick {
        return quick::run(wish);
    }
    if wish.part == Part::SignIns {
        return sign_ins::run(wish);
    }
    machine::pin_generator()?;
    report::heading(wish);
    if matches!(wish.part, Part::All | Part::FanOut) {
        fan_out(wish)?;
    }
    if matches!(wish.part, Part::All | Part::Signals) {
        signals(wish)?;
    }
    if matches!(wish.part, Part::All | Part::Joins) {
        let mut rows = Vec::new();
        if wish.wants("node") {
            rows.push(("Socket.IO", joins::measure(&Server::node(wish, Core::First)?)?));
        }
        if wish.wants("convene") {
            rows.push(("Convene", joins::measure(&Server::convene(wish, Core::First)?)?));
        }
        report::joins_table(&rows);
    }
    Ok(())
}

fn fan_out(wish: &Wish) -> Outcome<()> {
    let mut rows = Vec::new();
    for (groups, people) in FAN_OUT {
        let shape = Shape::rooms(groups, people, Kept::Ephemeral);
        if wish.shape.as_ref().is_some_and(|only| *only != shape.name()) {
            continue;
        }
        rows.extend(node(wish, shape)?);
        rows.extend(convene(wish, shape, "Convene, ephemeral")?);
        rows.extend(convene(wish, Shape::rooms(groups, people, Kept::Durable), "Convene, durable")?);
    }
    report::peaks("deliveries", &rows);
    Ok(())
}

fn signals(wish: &Wish) -> Outcome<()> {
    let mut rows = Vec::new();
    rows.extend(node(wish, PAIRS)?);
    rows.extend(convene(wish, PAIRS, "Convene")?);
    report::peaks("signals", &rows);
    Ok(())
}

fn node(wish: &Wish, shape: Shape) -> Outcome<Option<Row>> {
    if !wish.wants("node") {
        return Ok(None);
    }
    climb(wish, shape, "Socket.IO", &|| Server::node(wish, Core::First)).map(Some)
}

fn convene(wish: &Wish, shape: Shape, name: &'static str) -> Outcome<Option<Row>> {
    if !wish.wants("convene") {
        return Ok(None);
    }
    climb(wish, shape, name, &|| Server::convene(wish, Core::First)).map(Some)
}

fn climb(
    wish: &Wish,
    shape: Shape,
    server: &'static str,
    start: &dyn Fn() -> Outcome<Server>,
) -> Outcome<Row> {
    report::say(&format!("{server}, {} {:?}", shape.name(), shape.work));
    let peak: Peak = ramp::climb(start, shape, Duration::from_secs(wish.measured), wish.rate)?;
    Ok(Row { shape, server, peak })
}
