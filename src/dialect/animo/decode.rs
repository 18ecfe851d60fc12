//! From an event and its arguments to what is wanted of the room; what one connection's own state is needed for.
use super::names::{self, optional, room, room_of, seen, shown};
use super::style::{Chat, Style, Styled};
use super::{Identity, WORD};
use crate::dialect::{Dialect, Entry, Wanted};
use crate::room::chat::Claim;
use crate::room::command::{ChatSend, Command};
use crate::room::ids::{ClientId, MessageId, Millis, PeerId};
use crate::room::media::MediaPatch;
use crate::room::rules::{CANDIDATE_BYTES, CHAT_BYTES, SDP_BYTES};
use crate::room::signal::{Relay, SignalBody, To, Wire};
use serde_json::{Map, Value};
use std::sync::Arc;

/// The last instant that a date of JavaScript can hold, in ms.
const LAST_DATE_MS: f64 = 8.64e15;

/// What is remembered of a connection.
#[derive(Debug)]
pub struct State {
    /// The socket's id, by which everybody knows it.
    id: PeerId,
    identity: Identity,
    style: Styled,
    /// Where it asked to be, and as whom.
    place: Option<Place>,
    /// How many messages it has sent: their client ids.
    said: u64,
}

#[derive(Debug)]
struct Place {
    room: Arc<str>,
    name: Arc<str>,
}

/// The payload is in no shape that any of the clients sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfit;

impl From<()> for Unfit {
    fn from((): ()) -> Self {
        Self
    }
}

impl State {
    pub fn new(id: PeerId, identity: Identity, hint: Style) -> Self {
        Self { id, identity, style: Styled::new(hint), place: None, said: 0 }
    }

    /// Whether it is somebody's who is signed in.
    pub fn is_account(&self) -> bool {
        self.identity != Identity::Guest
    }

    /// The dialect to begin with.
    pub fn dialect(&self) -> Dialect {
        Dialect::Animo(self.style.get())
    }

    /// Reads one event. `fresh` names the message, should it be one.
    ///
    /// # Errors
    /// [`Unfit`] for an event that no client sends, or that is in none of its shapes; nothing is wanted then.
    pub fn decode(
        &mut self,
        event: &str,
        arguments: &[Value],
        fresh: MessageId,
    ) -> Result<Vec<Wanted>, Unfit> {
        match event {
            "join-call" => self.join(arguments),
            "signal" => signal(arguments),
            "toggle-media" => self.toggle(arguments),
            "chat-message" => self.chat(arguments, fresh),
            "leave-call" => {
                self.place = None;
                Ok(vec![Wanted::Leave])
            }
            _ => Err(Unfit), // all that is known is above
        }
    }

    fn join(&mut self, arguments: &[Value]) -> Result<Vec<Wanted>, Unfit> {
        let (style, asked) = match arguments {
            [Value::Object(fields), ..] => (None, Asked::of(fields)?),
            [room @ Value::String(_), rest @ ..] => (Some(Style::Bare), Asked::positional(room, rest)?),
            _ => return Err(Unfit),
        };
        let mut wanted = Vec::with_capacity(2);
        if let Some(style) = style.and_then(|style| self.style.joined(style)) {
            wanted.push(Wanted::Speaks(Dialect::Animo(style)));
        }
        let name = asked.name.as_deref().or(asked.username.as_deref()).and_then(shown);
        let name = name.or_else(|| self.identity.name()).unwrap_or_else(|| "Guest".into());
        let handle = self.identity.handle(asked.username.as_deref().and_then(seen), &name);
        self.place = Some(Place { room: asked.room.clone(), name: name.clone() });
        wanted.push(Wanted::Enter(Box::new(Entry {
            room: asked.room,
            peer: Some(self.id.clone()),
            name,
            handle: Some(handle),
            media: asked.media,
        })));
        Ok(wanted)
    }

    /// Ignored unless it is for the room one is in.
    fn toggle(&mut self, arguments: &[Value]) -> Result<Vec<Wanted>, Unfit> {
        let [Value::Object(fields), ..] = arguments else { return Err(Unfit) };
        let named = room_of(fields).ok_or(Unfit)?;
        let mut media = MediaPatch {
            audio: flag(fields, "peerAudioEnabled")?,
            audio_available: flag(fields, "peerAudioAvailable")?,
            video: flag(fields, "peerVideoEnabled")?,
            video_available: flag(fields, "peerVideoAvailable")?,
            screen: None,
        };
        let status = flag(fields, "status")?;
        match (optional(fields.get("kind"))?, status) {
            (Some("video"), Some(_)) => media.video = status,
            (Some("audio"), Some(_)) => media.audio = status,
            (None, None) => {}
            (Some(_), _) | (None, Some(_)) => return Err(Unfit),
        }
        if self.place.as_ref().is_none_or(|place| place.room != named) {
            return Ok(Vec::new());
        }
        Ok(vec![Wanted::Ask(Box::new(Command::SetMedia(media)))])
    }

    /// Whoever is nowhere is not heard.
    fn chat(&mut self, arguments: &[Value], fresh: MessageId) -> Result<Vec<Wanted>, Unfit> {
        let (style, shape, sender, data, time) = match arguments {
            [Value::Object(fields), ..] => {
                let (sender, data, time) = (fields.get("sender"), fields.get("data"), fields.get("time"));
                (Style::Object, Chat::Object, sender, data, time)
            }
            [Value::String(_), ..] => {
                let (sender, data, time) = (arguments.first(), arguments.get(1), arguments.get(2));
                (Style::Positional, Chat::Positional, sender, data, time)
            }
            _ => return Err(Unfit),
        };
        let sender = optional(sender)?;
        let text = data.and_then(Value::as_str).ok_or(Unfit)?;
        if text.is_empty() || text.len() > CHAT_BYTES {
            return Err(Unfit);
        }
        let mut wanted = Vec::with_capacity(2);
        if let Some(style) = self.style.said(style) {
            wanted.push(Wanted::Speaks(Dialect::Animo(style)));
        }
        let Some(place) = &self.place else { return Ok(wanted) };
        let name = sender.filter(|sender| names::is_own(sender, &place.name)).and_then(shown);
        self.said += 1;
        wanted.push(Wanted::Ask(Box::new(Command::ChatSend(Box::new(ChatSend {
            id: fresh,
            client_id: ClientId(format!("a{}", self.said).into()),
            text: text.into(),
            to: None,
            reply_to: None,
            claim: Some(Claim { name, at: time.and_then(date), shape: Some(shape.word()) }),
        })))));
        Ok(wanted)
    }
}

/// A `join-call` in either shape.
struct Asked {
    room: Arc<str>,
    username: Option<String>,
    name: Option<String>,
    media: MediaPatch,
}

impl Asked {
    fn of(fields: &Map<String, Value>) -> Result<Self, Unfit> {
        let media = MediaPatch {
            audio: flag(fields, "audioEnabled")?,
            audio_available: flag(fields, "audioAvailable")?,
            video: flag(fields, "videoEnabled")?,
            video_available: flag(fields, "videoAvailable")?,
            screen: None,
        };
        let (username, name) = (optional(fields.get("username"))?, optional(fields.get("name"))?);
        Ok(Self {
            room: room_of(fields).ok_or(Unfit)?,
            username: username.map(str::to_owned),
            name: name.map(str::to_owned),
            media,
        })
    }

    fn positional(place: &Value, rest: &[Value]) -> Result<Self, Unfit> {
        let (username, name) = (optional(rest.first())?, optional(rest.get(1))?);
        Ok(Self {
            room: room(Some(place)).ok_or(Unfit)?,
            username: username.map(str::to_owned),
            name: name.map(str::to_owned),
            media: MediaPatch::default(),
        })
    }
}

/// A flag that may be left out, or null while a page has none.
fn flag(fields: &Map<String, Value>, name: &str) -> Result<Option<bool>, Unfit> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(_) => Err(Unfit),
    }
}

/// Milliseconds since 1970 as `Date.now()` gives them; anything else counts as not given.
fn date(time: &Value) -> Option<Millis> {
    let ms = time.as_f64().filter(|ms| (0.0..=LAST_DATE_MS).contains(ms))?;
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and small enough by the line above")]
    Some(Millis(ms.trunc() as i64))
}

fn signal(arguments: &[Value]) -> Result<Vec<Wanted>, Unfit> {
    let [to, message, ..] = arguments else { return Err(Unfit) };
    let to = names::peer(to).ok_or(Unfit)?;
    let body = body(message)?;
    let wire = Wire { word: WORD, frame: message.to_string().into() };
    let relay = Relay { to: To::Peer(to), body, wire };
    Ok(vec![Wanted::Ask(Box::new(Command::Relay(Box::new(relay))))])
}

/// What a message says that others can be told: a text of JSON with `sdp` or `ice`, or anything else, which only this
/// system's own clients can make something of.
fn body(message: &Value) -> Result<SignalBody, Unfit> {
    let parsed = match message {
        Value::String(text) if text.len() <= 2 * SDP_BYTES => {
            serde_json::from_str(text).unwrap_or(Value::Null)
        }
        Value::String(_) => return Err(Unfit),
        other => other.clone(),
    };
    if let Some(Value::Object(description)) = parsed.get("sdp") {
        let kind = description.get("type").and_then(Value::as_str);
        let Some(sdp) = description.get("sdp").and_then(Value::as_str) else { return Ok(SignalBody::Opaque) };
        if sdp.len() > SDP_BYTES {
            return Err(Unfit);
        }
        let (sdp, sources) = (Arc::from(sdp), Arc::from([]));
        return Ok(match kind {
            Some("offer") => SignalBody::Offer { sdp, sources },
            Some("answer") => SignalBody::Answer { sdp, sources },
            _ => SignalBody::Opaque, // a rollback, or nothing known
        });
    }
    match parsed.get("ice") {
        Some(candidate @ Value::Object(_)) => {
            let candidate = candidate.to_string();
            if candidate.len() > CANDIDATE_BYTES {
                return Err(Unfit);
            }
            Ok(SignalBody::Candidate { candidate: candidate.into() })
        }
        Some(Value::Null) => Ok(SignalBody::EndOfCandidates),
        Some(_) | None => Ok(SignalBody::Opaque),
    }
}
