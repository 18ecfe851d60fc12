//! Two people of two systems in a room: one script for all pairs, and what each heard, as text without what differs each time.
use super::person::{Person, Room, System};
use super::table::{self, Kinds};
use crate::common::Convene;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt::Write;
use uuid::Uuid;

/// A dialogue, and what each of the two heard of the other.
pub(super) struct Dialogue {
    pub(super) text: String,
    /// Who came first; the second.
    pub(super) heard: [Kinds; 2],
}

/// Numbers beyond this are moments.
const MOMENTS: f64 = 1e12;
/// Where a room is in its log: another place each time.
const PLACES: [&str; 2] = ["epoch", "seq"];

/// They come, call if both can, show and say what their wires can, and go.
pub(super) async fn between(server: &Convene, first: System, second: System) -> Dialogue {
    let room = Room::make(server).await;
    let mut stage = Stage::of(&room);
    let mut ana = stage.enters(server, &room, first, "Ana").await;
    let mut bo = stage.enters(server, &room, second, "Bo").await;
    let calls = first.calls() && second.calls();
    // a Meet page offers by coming
    let first_word = if calls && second == System::Meet { 'S' } else { 'C' };
    stage.told(&mut ana, second, first_word).await;
    if calls {
        if second != System::Meet {
            bo.signals(&ana, "offer").await;
            stage.step("Bo offers");
            stage.told(&mut ana, second, 'S').await;
        }
        ana.signals(&bo, "answer").await;
        stage.step("Ana answers");
        stage.told(&mut bo, first, 'S').await;
        bo.signals(&ana, "candidate").await;
        stage.step("Bo gives a candidate");
        stage.told(&mut ana, second, 'S').await;
        ana.signals(&bo, "candidate").await;
        stage.step("Ana gives a candidate");
        stage.told(&mut bo, first, 'S').await;
    }
    stage.speaks(&mut bo, &mut ana).await;
    stage.speaks(&mut ana, &mut bo).await;
    bo.goes(server, &room).await;
    stage.step("Bo goes");
    stage.told(&mut ana, second, 'G').await;
    ana.goes(server, &room).await;
    Dialogue { text: stage.text, heard: stage.heard }
}

struct Stage {
    text: String,
    heard: [Kinds; 2],
    /// What is spelt otherwise each time, and how it stands in the text.
    spelt: Vec<(String, String)>,
}

impl Stage {
    fn of(room: &Room) -> Self {
        let spelt = System::ALL.map(|system| (room.key(system), format!("<{} key>", system.word())));
        Self { text: String::new(), heard: Default::default(), spelt: spelt.into() }
    }

    async fn enters(&mut self, server: &Convene, room: &Room, system: System, name: &'static str) -> Person {
        let person = Person::comes(server, room, system, name).await;
        self.spelt.push((person.peer.clone(), format!("<{name}>")));
        self.step(&format!("{name} comes"));
        person
    }

    /// One of them turns the microphone on and writes, as far as its wire can say so.
    async fn speaks(&mut self, one: &mut Person, other: &mut Person) {
        if !one.system.speaks() {
            return;
        }
        one.turns_its_microphone_on().await;
        self.step(&format!("{} turns the microphone on", one.name));
        self.told(other, one.system, 'F').await;
        one.writes("hello").await;
        self.step(&format!("{} writes", one.name));
        self.told(other, one.system, 'M').await;
        let echo = (one.system == System::Animo).then_some('M');
        one.hears(echo).await; // what it said itself
    }

    fn step(&mut self, what: &str) {
        writeln!(self.text, "{what}").expect("a text grows");
    }

    /// One of them hears of the other, who is of that system, what the table promises, and what it does not.
    async fn told(&mut self, hearer: &mut Person, of: System, kind: char) {
        let promised = table::heard(hearer.system, of).contains(&kind).then_some(kind);
        for frame in hearer.hears(promised).await {
            let place = if hearer.name == "Ana" { 0 } else { 1 };
            self.heard[place].extend(hearer.system.kind(&frame));
            let line = format!("  {} hears {}", hearer.name, self.plain(frame));
            self.step(&line);
        }
    }

    /// The frame without what differs each time.
    fn plain(&self, frame: Value) -> Value {
        match frame {
            Value::String(text) if Uuid::parse_str(&text).is_ok() => "<id>".into(),
            Value::String(text) if is_moment(&text) => "<now>".into(),
            Value::String(text) => self.spell(text).into(),
            Value::Number(number) if number.as_f64().is_some_and(|number| number > MOMENTS) => "<now>".into(),
            Value::Array(values) => values.into_iter().map(|value| self.plain(value)).collect(),
            Value::Object(fields) => {
                let fields = fields.into_iter().filter(|(name, _)| !PLACES.contains(&name.as_str()));
                let fields = fields.map(|(name, value)| (self.spell(name), self.plain(value)));
                Value::Object(fields.collect::<BTreeMap<_, _>>().into_iter().collect::<Map<_, _>>())
            }
            other => other,
        }
    }

    fn spell(&self, text: String) -> String {
        self.spelt.iter().fold(text, |text, (value, name)| text.replace(value, name))
    }
}

fn is_moment(text: &str) -> bool {
    text.len() == 24 && text.ends_with('Z') && text.as_bytes()[10] == b'T' && text.starts_with("20")
}
