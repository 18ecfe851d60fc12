//! Replies: exactly one for a frame with an id, `ok` or `err`.
use super::IceServers;
use super::push::push;
use super::snapshot::{ChatBody, SnapshotBody};
use super::views::{HandBody, MessageBody, ParticipantBody, PinsBody, RoomBody, Time};
use super::write::{body, json};
use crate::fault::{Extra, Fault};
use crate::room::event::{Answer, CaughtUp, Pass};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// Appends `{"id":…,"ok":…}` or `{"id":…,"err":…}`.
pub(super) fn reply(out: &mut Vec<u8>, id: Option<u64>, result: &Result<Answer, Fault>, ice: &IceServers) {
    match result {
        Ok(answer) => ok(out, id, |out| self::answer(out, answer, ice)),
        Err(fault) => {
            head(out, id, "err");
            json(out, &ErrBody(fault));
            out.push(b'}');
        }
    }
}

/// Appends an `ok` whose body `write` appends.
pub(super) fn ok(out: &mut Vec<u8>, id: Option<u64>, write: impl FnOnce(&mut Vec<u8>)) {
    head(out, id, "ok");
    write(out);
    out.push(b'}');
}

fn head(out: &mut Vec<u8>, id: Option<u64>, word: &str) {
    out.extend_from_slice(br#"{"id":"#);
    json(out, &id);
    out.extend_from_slice(b",\"");
    out.extend_from_slice(word.as_bytes());
    out.extend_from_slice(b"\":");
}

fn answer(out: &mut Vec<u8>, answer: &Answer, ice: &IceServers) {
    match answer {
        Answer::Done => out.extend_from_slice(b"{}"),
        Answer::Joined { pass, snapshot } => {
            let snapshot = SnapshotBody::of(snapshot, Some(ice));
            json(out, &Joined { pass: PassBody::of(pass), snapshot });
        }
        Answer::Resumed { pass, caught_up: CaughtUp::Snapshot(snapshot) } => {
            let at = snapshot.at;
            let (pass, snapshot) = (PassBody::of(pass), SnapshotBody::of(snapshot, Some(ice)));
            let (epoch, seq, last_no) = (at.epoch.to_string(), at.seq.0, at.no.0);
            json(
                out,
                &Resumed {
                    mode: "snapshot",
                    pass,
                    events: None,
                    snapshot: Some(snapshot),
                    epoch,
                    seq,
                    last_no,
                },
            );
        }
        Answer::Resumed { pass, caught_up: CaughtUp::Delta { events, at } } => {
            let mut text = vec![b'['];
            for event in events {
                push(&mut text, event);
                text.push(b',');
            }
            if text.last() == Some(&b',') {
                text.pop();
            }
            text.push(b']');
            let events: Option<&serde_json::value::RawValue> = serde_json::from_slice(&text).ok();
            let (pass, epoch) = (PassBody::of(pass), at.epoch.to_string());
            let (seq, last_no) = (at.seq.0, at.no.0);
            json(out, &Resumed { mode: "delta", pass, events, snapshot: None, epoch, seq, last_no });
        }
        Answer::Hand(hand) => json(out, &HandBody::of(*hand)),
        Answer::Kept { no } => json(out, &body! { no: no.0 }),
        Answer::Settings { version } => json(out, &body! { version: version.0, no: version.0 }),
        Answer::Pins(pins) => json(out, &body! { pins: PinsBody::of(pins) }),
        Answer::Said { message, no, seq, at } => {
            json(out, &body! { message: message.to_string(), no: no.0, seq: seq.0, at: Time(*at) });
        }
        Answer::Shown { no, seq } => json(out, &body! { no: no.0, seq: seq.0 }),
        Answer::History { messages, more } => {
            let messages = messages.iter().map(|message| MessageBody::of(message)).collect();
            json(out, &ChatBody { messages, more: *more });
        }
        Answer::Room { room, people } => json(out, &body! { room: RoomBody::of(room), people: people }),
        Answer::Participants(participants) => {
            let participants: Vec<_> = participants.iter().map(ParticipantBody::of).collect();
            json(out, &body! { participants: participants });
        }
    }
}

#[derive(Serialize)]
struct PassBody<'a> {
    session: String,
    secret: &'a str,
    n: u64,
    access: &'a str,
}

impl<'a> PassBody<'a> {
    fn of(pass: &'a Pass) -> Self {
        Self { session: pass.session.to_string(), secret: &pass.secret, n: pass.n, access: &pass.access }
    }
}

#[derive(Serialize)]
struct Joined<'a> {
    #[serde(flatten)]
    pass: PassBody<'a>,
    #[serde(flatten)]
    snapshot: SnapshotBody<'a>,
}

#[derive(Serialize)]
struct Resumed<'a> {
    mode: &'static str,
    #[serde(flatten)]
    pass: PassBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<&'a serde_json::value::RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snapshot: Option<SnapshotBody<'a>>,
    epoch: String,
    seq: u64,
    last_no: i64,
}

/// `{code, message, extras…}`.
struct ErrBody<'a>(&'a Fault);

impl Serialize for ErrBody<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("code", self.0.code())?;
        map.serialize_entry("message", &self.0.message())?;
        for extra in self.0.extras() {
            match extra {
                Extra::Text(name, value) => map.serialize_entry(name, &value)?,
                Extra::Number(name, value) => map.serialize_entry(name, &value)?,
            }
        }
        map.end()
    }
}
