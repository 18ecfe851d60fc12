//! How rooms, participants and messages look in JSON: the shapes of docs/PROTOCOL.md, for the WebSocket and REST alike.
use super::words::{link_word, presence_word};
use crate::room::chat::{Message, Reaction};
use crate::room::event::{Hand, Participant, Polite, RoomView};
use crate::room::ids::Millis;
use crate::room::media::Media;
use crate::room::permissions::Rights;
use crate::room::pins::Pins;
use crate::room::record::{ChatKind, Keys};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A time as RFC 3339 in UTC with milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Time(pub Millis);

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let time = jiff::Timestamp::from_millisecond(self.0.0).unwrap_or_default();
        write!(f, "{time:.3}")
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl JsonSchema for Time {
    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date-time", "description": "RFC 3339, UTC, milliseconds"})
    }
}

/// Rights as their words.
#[derive(Debug, Clone, Copy)]
pub struct RightsBody(pub Rights);

impl Serialize for RightsBody {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.iter().map(|right| right.word()))
    }
}

impl JsonSchema for RightsBody {
    fn schema_name() -> Cow<'static, str> {
        "Rights".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<_> = Rights::ALL.iter().map(|right| right.word()).collect();
        json_schema!({"type": "array", "items": {"type": "string", "enum": words}, "uniqueItems": true})
    }
}

/// A person in the room.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Participant")]
pub struct ParticipantBody<'a> {
    /// The address for signals.
    peer: &'a str,
    name: &'a str,
    avatar: Option<&'a str>,
    /// owner, cohost, participant or viewer.
    role: &'static str,
    rights: RightsBody,
    /// full, one or none: how many peer connections its client can hold.
    link: &'static str,
    /// here, or away: its connection is lost, its seat is kept.
    state: &'static str,
    media: MediaBody,
    hand: Option<HandBody>,
    attributes: &'a BTreeMap<Arc<str>, Arc<str>>,
    joined_at: Time,
    /// Who of the two of you yields in a glare; only where it is addressed to someone.
    #[serde(skip_serializing_if = "Option::is_none")]
    polite: Option<bool>,
}

impl<'a> ParticipantBody<'a> {
    pub fn of(participant: &'a Participant) -> Self {
        Self {
            peer: &participant.peer.0,
            name: &participant.name,
            avatar: participant.avatar.as_deref(),
            role: participant.role.word(),
            rights: RightsBody(participant.rights),
            link: link_word(participant.link),
            state: presence_word(participant.state),
            media: MediaBody::of(participant.media),
            hand: participant.hand.map(HandBody::of),
            attributes: &participant.attributes,
            joined_at: Time(participant.joined_at),
            polite: None,
        }
    }

    pub fn towards(self, polite: Polite) -> Self {
        Self { polite: Some(polite == Polite::Polite), ..self }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Media")]
pub struct MediaBody {
    audio: bool,
    video: bool,
    screen: bool,
    audio_available: bool,
    video_available: bool,
}

impl MediaBody {
    pub fn of(media: Media) -> Self {
        let Media { audio, video, screen, audio_available, video_available } = media;
        Self { audio, video, screen, audio_available, video_available }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Hand")]
pub struct HandBody {
    /// 1 is the first in line.
    rank: u32,
    since: Time,
}

impl HandBody {
    pub fn of(hand: Hand) -> Self {
        Self { rank: hand.rank, since: Time(hand.since) }
    }
}

/// A room.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Room")]
pub struct RoomBody<'a> {
    id: String,
    /// The native key: the link is `/m/<code>`.
    code: &'a str,
    name: &'a str,
    locked: bool,
    capacity: u32,
    max_video: u32,
    /// durable or ephemeral.
    chat: &'static str,
    policy: PolicyBody,
    spotlight: Option<&'a str>,
    /// The position of the last settings change; the ETag.
    version: i64,
    created_at: Time,
    /// Whether everyone but owners must show a PIN.
    needs_pin: bool,
    /// For owner and cohosts.
    #[serde(skip_serializing_if = "Option::is_none")]
    keys: Option<KeysBody<'a>>,
    /// For the owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pins: Option<PinsBody<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Policy")]
struct PolicyBody {
    audio: bool,
    video: bool,
    screen: bool,
    chat: bool,
}

impl<'a> RoomBody<'a> {
    pub fn of(room: &'a RoomView) -> Self {
        let settings = &room.settings;
        Self {
            id: room.id.to_string(),
            code: &room.code,
            name: &settings.name,
            locked: settings.locked,
            capacity: settings.capacity,
            max_video: settings.max_video,
            chat: match room.chat {
                ChatKind::Durable => "durable",
                ChatKind::Ephemeral => "ephemeral",
            },
            policy: PolicyBody {
                audio: settings.audio,
                video: settings.video,
                screen: settings.screen,
                chat: settings.chat,
            },
            spotlight: settings.spotlight.as_ref().map(|peer| &*peer.0),
            version: room.version.0,
            created_at: Time(room.created_at),
            needs_pin: room.needs_pin,
            keys: room.keys.as_ref().map(KeysBody::of),
            pins: room.pins.as_ref().map(PinsBody::of),
        }
    }
}

/// The room's key in each system.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Keys")]
pub struct KeysBody<'a> {
    native: &'a str,
    animo: &'a str,
    meet: &'a str,
    mesibo: u32,
    hundredms: &'a str,
}

impl<'a> KeysBody<'a> {
    pub fn of(keys: &'a Keys) -> Self {
        Self {
            native: &keys.native,
            animo: &keys.native,
            meet: &keys.meet,
            mesibo: keys.mesibo,
            hundredms: &keys.hundredms,
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Pins")]
pub struct PinsBody<'a> {
    /// Enters as participant.
    pin: &'a str,
    /// Enters as viewer.
    spin: &'a str,
}

impl<'a> PinsBody<'a> {
    pub fn of(pins: &'a Pins) -> Self {
        Self { pin: pins.pin.reveal(), spin: pins.spin.reveal() }
    }
}

/// A chat message.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Message")]
pub struct MessageBody<'a> {
    message: String,
    /// Its place in the room's history.
    no: i64,
    from: &'a str,
    name: &'a str,
    /// Empty if deleted.
    text: &'a str,
    /// The one other reader of a private message.
    to: Option<&'a str>,
    reply_to: Option<String>,
    at: Time,
    edited_at: Option<Time>,
    deleted: bool,
    /// Per emoji, who reacted with it.
    reactions: BTreeMap<&'a str, Vec<&'a str>>,
    client_id: &'a str,
}

impl<'a> MessageBody<'a> {
    pub fn of(message: &'a Message) -> Self {
        Self {
            message: message.id.to_string(),
            no: message.no.0,
            from: &message.from.0,
            name: &message.name,
            text: &message.text,
            to: message.to.as_ref().map(|to| &*to.peer.0),
            reply_to: message.reply_to.map(|id| id.to_string()),
            at: Time(message.at),
            edited_at: message.edited_at.map(Time),
            deleted: message.deleted,
            reactions: grouped(&message.reactions),
            client_id: &message.client_id.0,
        }
    }
}

fn grouped(reactions: &[Reaction]) -> BTreeMap<&str, Vec<&str>> {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for reaction in reactions {
        groups.entry(&reaction.emoji).or_default().push(&reaction.peer.0);
    }
    groups
}
