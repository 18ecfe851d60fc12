//! Reading native frames: the envelope first, then the fields of its type; every fault names what was wrong.
use super::incoming as wire;
use crate::fault::Fault;
use crate::room::command::{Command, Position};
use crate::room::ids::{MessageId, SessionId};
use crate::room::media::MediaPatch;
use serde::Deserialize;
use std::borrow::Cow;
use std::sync::Arc;

/// One frame, read.
#[derive(Debug)]
pub struct Decoded {
    /// The frame's id, where it could be read.
    pub id: Option<u64>,
    pub what: Result<Inbound, Fault>,
}

/// What a frame asks.
#[derive(Debug)]
pub enum Inbound {
    Hello(Hello),
    Join(Box<JoinFrame>),
    Resume(Box<ResumeFrame>),
    Leave,
    /// A newer session of the same account.
    TokenRefresh(String),
    RotatePins {
        pin: bool,
        spin: bool,
    },
    /// Everything that goes to the room as it is.
    Room(Command),
}

#[derive(Debug)]
pub struct Hello {
    pub protocol: u32,
    pub token: Option<String>,
}

/// A join, without the ids that its connection makes.
#[derive(Debug)]
pub struct JoinFrame {
    pub room: String,
    pub name: Arc<str>,
    pub avatar: Option<Arc<str>>,
    pub media: MediaPatch,
    pub pin: Option<String>,
    pub owner_secret: Option<String>,
}

#[derive(Debug)]
pub struct ResumeFrame {
    pub session: SessionId,
    pub secret: Arc<str>,
    /// `None` if what the client says it saw can't be a position of ours.
    pub seen: Option<Position>,
}

/// The largest id a client may use: integers are exact in JSON up to here (RFC 8259, section 6).
const MAX_ID: u64 = (1 << 53) - 1;

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(default, borrow)]
    id: Option<&'a serde_json::value::RawValue>,
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
}

/// Reads a text frame. `fresh` becomes the id of the message if the frame is a `chat_send`.
pub fn decode(text: &str, fresh: MessageId) -> Decoded {
    if !text.trim_start().starts_with('{') {
        return Decoded { id: None, what: Err(Fault::Malformed) };
    }
    let Ok(envelope) = serde_json::from_str::<Envelope>(text) else {
        return Decoded { id: None, what: Err(Fault::Malformed) };
    };
    let id = match envelope.id.map(|raw| raw.get().parse::<u64>()) {
        None => None,
        Some(Ok(id)) if id <= MAX_ID => Some(id),
        Some(_) => {
            let fault = Fault::field("id", "must be an integer from 0 to 2^53-1");
            return Decoded { id: None, what: Err(fault) };
        }
    };
    Decoded { id, what: wire::read(&envelope.kind, text, fresh) }
}

/// Reads the fields of a frame's type; a fault names the field.
pub(super) fn fields<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|_| {
        let mut reader = serde_json::Deserializer::from_str(text);
        match serde_path_to_error::deserialize::<_, T>(&mut reader) {
            Err(error) => named(&error.path().to_string(), error.inner()),
            Ok(_) => Fault::Malformed, // only the end of the text was wrong
        }
    })
}

/// `missing field` errors sit at the object's path and name the field between backticks.
fn named(path: &str, error: &serde_json::Error) -> Fault {
    if error.classify() != serde_json::error::Category::Data {
        return Fault::Malformed;
    }
    let text = error.to_string();
    let quoted =
        text.split('`').nth(1).filter(|_| text.starts_with("missing field") || text.starts_with("duplicate"));
    let field = match (path, quoted) {
        (".", Some(name)) => name.to_owned(),
        (path, Some(name)) => format!("{path}.{name}"),
        (path, None) => path.to_owned(),
    };
    let why = if text.starts_with("missing field") {
        "is missing".to_owned()
    } else {
        text.split(" at line ").next().unwrap_or_default().to_owned()
    };
    Fault::field(field, why)
}
