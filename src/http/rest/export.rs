//! One's account as one document: everything that is kept about its owner.
use super::account_answers::{DevicesBody, EventsBody, KeyBody, MyCallBody, UserBody};
use crate::dialect::native::views::{RoomBody, Time};
use crate::room::chat::Message;
use crate::room::ids::RoomId;
use crate::service::accounts::Export;
use schemars::JsonSchema;
use serde::Serialize;

/// All of it. The newest first in each list, but messages in the order of their rooms; at most 10,000 of a kind.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Export")]
pub(super) struct ExportBody<'a> {
    user: UserBody<'a>,
    #[serde(flatten)]
    devices: DevicesBody<'a>,
    keys: Vec<KeyBody<'a>>,
    rooms: Vec<RoomBody<'a>>,
    calls: Vec<MyCallBody<'a>>,
    messages: Vec<SaidBody<'a>>,
    #[serde(flatten)]
    events: EventsBody<'a>,
    /// Numbers in one's address book.
    contacts: &'a [String],
    card: CardBody<'a>,
    /// Rooms to which one has shown a PIN.
    memberships: Vec<MembershipBody>,
}

/// What one shows to those who have one's number.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Card")]
struct CardBody<'a> {
    status: &'a str,
    /// The name of a picture's file, if there is one.
    photo: Option<&'a str>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Membership")]
struct MembershipBody {
    /// The room's id.
    room: String,
    /// When a PIN was last shown to it.
    at: Time,
}

impl<'a> ExportBody<'a> {
    pub(super) fn of(export: &'a Export) -> Self {
        Self {
            user: UserBody::of(&export.account),
            devices: DevicesBody::of(&export.devices),
            keys: export.keys.iter().map(KeyBody::of).collect(),
            rooms: export.rooms.iter().map(RoomBody::of).collect(),
            calls: export.calls.iter().map(MyCallBody::of).collect(),
            messages: export.messages.iter().map(SaidBody::of).collect(),
            events: EventsBody::of(&export.events, None),
            contacts: &export.contacts,
            card: CardBody {
                status: &export.card.status,
                photo: export.card.photo.as_ref().map(|photo| photo.file.as_str()),
            },
            memberships: export
                .memberships
                .iter()
                .map(|(room, at)| MembershipBody { room: room.to_string(), at: Time(*at) })
                .collect(),
        }
    }
}

/// A message of one's own.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SaidMessage")]
struct SaidBody<'a> {
    id: String,
    /// The room's id.
    room: String,
    no: i64,
    at: Time,
    text: &'a str,
    /// To whom, if it was private.
    to: Option<&'a str>,
}

impl<'a> SaidBody<'a> {
    fn of((room, message): &'a (RoomId, Message)) -> Self {
        Self {
            id: message.id.to_string(),
            room: room.to_string(),
            no: message.no.0,
            at: Time(message.at),
            text: &message.text,
            to: message.to.as_ref().map(|to| &*to.peer.0),
        }
    }
}
