//! The wire of Animo Meet: events of Socket.IO, in the shapes of all its clients' generations.
//!
//! What it can't say is withheld: hands, reactions, edits and deletions of chat, roles and rights, a person's being away
//! (its clients go on as before), a change of name (the next `user-joined` has it).
//!
//! | signal | from an Animo client | to an Animo client |
//! | --- | --- | --- |
//! | offer, answer | `signal(to, "{\"sdp\":{type,sdp}}")` | the same frame from its own kind; else built so |
//! | candidate | `signal(to, "{\"ice\":{…}}")` | likewise |
//! | end of candidates | `{"ice":null}` | withheld from others' clients: its own need none |
//! | restart | never | withheld: its clients call anew |
//! | anything else | passed to its own kind, unread | as it came |
mod decode;
mod encode;
mod identity;
mod names;
mod style;

pub use decode::{State, Unfit};
pub use encode::PRESENT;
pub use identity::Identity;
pub use names::GUEST;
pub use style::Style;

use self::encode::Packets;
use self::style::{Chat, Learnt, Shapes};
use super::{Company, Dialect};
use crate::fault::Fault;
use crate::room::chat::Message;
use crate::room::event::{Answer, Event, Push, Whisper};
use bytes::Bytes;
use serde_json::{Value, json};

/// This dialect's word.
pub const WORD: &str = "animo";

/// What all of one style are told of a change.
pub(super) fn push(style: Style, push: &Push, company: &Company<'_>) -> Option<Bytes> {
    match &push.event {
        Event::ParticipantJoined(newcomer) => {
            Packets::one(&encode::user_joined(style, newcomer, &company.room.participants()))
        }
        Event::ParticipantLeft { peer, name, handle, .. } => {
            Packets::one(&encode::user_left(&peer.0, name, handle.as_deref()))
        }
        Event::MediaChanged { peer, media } => Packets::one(&encode::media_update(&peer.0, media)),
        Event::ChatMessage(message) => {
            let mut packets = Packets::default();
            encode::chat(&mut packets, message, shapes(style, learnt(company), message));
            packets.frame()
        }
        Event::StateChanged { .. }
        | Event::ProfileChanged { .. }
        | Event::AttributesChanged { .. }
        | Event::HandRaised { .. }
        | Event::HandLowered { .. }
        | Event::Reaction { .. }
        | Event::RoomChanged { .. }
        | Event::RoomEnded { .. }
        | Event::RightsChanged { .. }
        | Event::RoleChanged { .. }
        | Event::Muted { .. }
        | Event::ChatEdited { .. }
        | Event::ChatDeleted { .. }
        | Event::ChatReaction { .. }
        | Event::ChatRead { .. }
        | Event::Broadcast { .. } => None,
    }
}

/// What one client is told outside the log.
pub(super) fn whisper(whisper: &Whisper) -> Option<Bytes> {
    match whisper {
        Whisper::Signal { from, body, wire, .. } => {
            let message: Value = match wire {
                Some(wire) if wire.word == WORD => serde_json::from_str(&wire.frame).ok()?,
                Some(_) | None => encode::message_of(body)?,
            };
            Packets::one(&json!(["signal", &*from.0, message]))
        }
        Whisper::Message { .. }
        | Whisper::Typing { .. }
        | Whisper::UnmuteAsked { .. }
        | Whisper::PeerCut { .. }
        | Whisper::Pins(_)
        | Whisper::Restarted(_) => None,
    }
}

/// The answer to an entry: one's own `user-joined`, without which these clients call nobody; who else is there; and what
/// was said so far. Or `denied`.
pub(super) fn entered(
    style: Style,
    result: &Result<Answer, Fault>,
    company: Option<&Company<'_>>,
) -> Option<Bytes> {
    let snapshot = match result {
        Ok(Answer::Joined { snapshot, .. }) => snapshot,
        Ok(_) => return None,
        Err(_) => return Packets::one(&json!(["denied"])),
    };
    let company = company?;
    let people = company.room.participants();
    let mut packets = Packets::default();
    packets.push(&encode::user_joined(style, &snapshot.me, &people));
    packets.push(&encode::present(&snapshot.me, &people));
    let learnt = learnt(company);
    for message in &snapshot.messages {
        encode::chat(&mut packets, message, shapes(style, learnt, message));
    }
    packets.frame()
}

/// Of those who are connected.
fn learnt(company: &Company<'_>) -> Learnt {
    Learnt::of(Style::ALL.into_iter().filter(|style| company.heard.speaks(Dialect::Animo(*style))))
}

fn shapes(style: Style, learnt: Learnt, message: &Message) -> Shapes {
    let shape = message.claim.as_ref().and_then(|claim| claim.shape);
    style::shapes(style, learnt, shape.and_then(Chat::of_word))
}
