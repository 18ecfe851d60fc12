//! What REST gives: answers around the shapes that the WebSocket has too, each with its schema.
use crate::dialect::native::views::{MessageBody, ParticipantBody, PinsBody, RoomBody, Time};
use crate::room::record::CallRecord;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use std::borrow::Cow;

/// A room that was made. A guest keeps `owner_secret`: it is shown this once, and whoever has it owns the room.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Created")]
pub(super) struct CreatedBody<'a> {
    pub(super) room: RoomBody<'a>,
    /// `cvo_` and 256 random bits: the bearer token of the room's owner; null if the room belongs to an account.
    pub(super) owner_secret: Option<&'a str>,
    /// The address to send to people.
    pub(super) link: String,
}

/// Nothing more is said.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Empty")]
pub(super) struct Empty {}

/// A room and how many people are in it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RoomAndPeople")]
pub(super) struct RoomAnswer<'a> {
    #[serde(flatten)]
    pub(super) room: RoomBody<'a>,
    /// Seats taken, those of lost connections too.
    pub(super) people: u32,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PinsAnswer")]
pub(super) struct PinsAnswer<'a> {
    pub(super) pins: PinsBody<'a>,
}

/// Everyone with a seat, in join order.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Participants")]
pub(super) struct ParticipantsAnswer<'a> {
    pub(super) participants: Vec<ParticipantBody<'a>>,
}

/// A page of chat, oldest first.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Messages")]
pub(super) struct MessagesAnswer<'a> {
    pub(super) messages: Vec<MessageBody<'a>>,
    /// Whether there is more in the direction that was asked.
    pub(super) more: bool,
    /// The query of the next page in that direction, null at the end.
    pub(super) next: Option<String>,
}

/// A page of calls, the newest first.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Calls")]
pub(super) struct CallsAnswer {
    pub(super) calls: Vec<CallBody>,
    /// The `cursor` of the next page, null at the end.
    pub(super) next: Option<String>,
}

/// From the first seat taken to the last one released.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Call")]
pub(super) struct CallBody {
    call: String,
    started_at: Time,
    /// When two were there for the first time.
    paired_at: Option<Time>,
    /// Null while it goes on.
    ended_at: Option<Time>,
    /// Null while it goes on.
    duration_ms: Option<i64>,
    /// The most people at once.
    peak: u32,
}

impl CallBody {
    pub(super) fn of(call: &CallRecord) -> Self {
        Self {
            call: call.id.to_string(),
            started_at: Time(call.started_at),
            paired_at: call.paired_at.map(Time),
            ended_at: call.ended_at.map(Time),
            duration_ms: call.ended_at.map(|ended| ended.since(call.started_at).max(0)),
            peak: call.peak,
        }
    }
}

/// A refusal: its schema only, it is written by `reply`.
pub(super) struct Problem;

impl JsonSchema for Problem {
    fn schema_name() -> Cow<'static, str> {
        "Problem".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A refusal (RFC 9457). Extras stand beside the members named here: `field`, `limit`, `right`, `version`, `retry_after_ms`.",
            "type": "object",
            "required": ["type", "title", "status", "code", "detail"],
            "properties": {
                "type": {"type": "string", "format": "uri-reference"},
                "title": {"type": "string", "description": "The status in words."},
                "status": {"type": "integer", "minimum": 400, "maximum": 599},
                "code": {"type": "string", "description": "The stable word for what was wrong."},
                "detail": {"type": "string", "description": "The same for a person to read."},
                "field": {"type": "string", "description": "With invalid_field: which."},
                "limit": {"type": "integer", "description": "With too_large: how much there may be."},
                "right": {"type": "string", "description": "With forbidden: which right is missing."},
                "version": {"type": "integer", "description": "With stale_version: the current one."},
                "retry_after_ms": {"type": "integer", "description": "With rate_limited: when to ask again."}
            }
        })
    }
}
