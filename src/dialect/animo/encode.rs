//! What this system's clients are told: packets, one a line, each `["event", …]`.
use super::names::GUEST;
use super::style::{Chat, Shapes, Style};
use crate::room::chat::Message;
use crate::room::event::Participant;
use crate::room::join;
use crate::room::media::Media;
use crate::room::signal::SignalBody;
use bytes::Bytes;
use serde_json::{Map, Value, json};

/// The name of the packet that says who is there already.
pub const PRESENT: &str = "present";
/// People that it holds at most: no client shows more tiles.
const MOST_PRESENT: usize = 50;

/// Packets of one frame.
#[derive(Default)]
pub(super) struct Packets(String);

impl Packets {
    pub(super) fn one(packet: &Value) -> Option<Bytes> {
        let mut packets = Self::default();
        packets.push(packet);
        packets.frame()
    }

    pub(super) fn push(&mut self, packet: &Value) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0.push_str(&packet.to_string());
    }

    pub(super) fn frame(self) -> Option<Bytes> {
        if self.0.is_empty() { None } else { Some(Bytes::from(self.0)) }
    }
}

/// Somebody came, and who is there now, in the order of coming.
pub(super) fn user_joined(style: Style, newcomer: &Participant, people: &[Participant]) -> Value {
    let (mut clients, mut usernames, mut names) = (Vec::new(), Map::new(), Map::new());
    for person in people {
        clients.push(Value::from(&*person.peer.0));
        usernames.insert(person.peer.0.to_string(), username_of(person).into());
        names.insert(person.peer.0.to_string(), Value::from(&*person.name));
    }
    let (id, name) = (&*newcomer.peer.0, &*newcomer.name);
    match style {
        // the barest clients show what stands in their one map
        Style::Bare => json!(["user-joined", id, clients, username_of(newcomer), name, names]),
        Style::Unknown | Style::Positional | Style::Object => {
            let Media { audio, video, audio_available, video_available, .. } = newcomer.media;
            json!(["user-joined", {
                "id": id,
                "clients": clients,
                "username": username_of(newcomer),
                "name": name,
                "usernamesMap": usernames,
                "namesMap": names,
                "peerAudioEnabled": audio,
                "peerAudioAvailable": audio_available,
                "peerVideoEnabled": video,
                "peerVideoAvailable": video_available,
            }])
        }
    }
}

/// Who else is there, with their flags: `["present", …]`, a packet that no client is sent as it is. The face makes a
/// `user-joined` of each where the operator wants that, and else leaves it out.
pub(super) fn present(newcomer: &Participant, people: &[Participant]) -> Value {
    let others = people.iter().filter(|person| person.peer != newcomer.peer).take(MOST_PRESENT);
    let shown = others.map(|person| {
        let Media { audio, video, audio_available, video_available, .. } = person.media;
        json!({
            "id": &*person.peer.0,
            "username": username_of(person),
            "name": &*person.name,
            "peerAudioEnabled": audio,
            "peerAudioAvailable": audio_available,
            "peerVideoEnabled": video,
            "peerVideoAvailable": video_available,
        })
    });
    json!([PRESENT, shown.collect::<Vec<_>>()])
}

pub(super) fn user_left(peer: &str, name: &str, handle: Option<&str>) -> Value {
    let username = username(handle, name);
    json!(["user-left", peer, username])
}

pub(super) fn media_update(peer: &str, media: &Media) -> Value {
    let Media { audio, video, audio_available, video_available, .. } = *media;
    json!(["user-media-update", {
        "userId": peer,
        "peerVideoEnabled": video,
        "peerVideoAvailable": video_available,
        "peerAudioEnabled": audio,
        "peerAudioAvailable": audio_available,
    }])
}

/// A chat message in each of the shapes; what a client said of itself stands before what the room knows.
pub(super) fn chat(packets: &mut Packets, message: &Message, shapes: Shapes) {
    let positional = || {
        let (sender, time) = sender_and_time(message);
        json!(["chat-message", sender, &*message.text, time, &*message.from.0])
    };
    let object = || {
        let (sender, time) = sender_and_time(message);
        let (data, id) = (&*message.text, &*message.from.0);
        json!(["chat-message", {"sender": sender, "data": data, "time": time, "socketIdSender": id}])
    };
    match shapes {
        Shapes::One(Chat::Object) => packets.push(&object()),
        Shapes::One(Chat::Positional) => packets.push(&positional()),
        Shapes::Both => {
            packets.push(&positional());
            packets.push(&object());
        }
    }
}

fn sender_and_time(message: &Message) -> (&str, i64) {
    let claim = message.claim.as_ref();
    let sender = claim.and_then(|claim| claim.name.as_deref()).unwrap_or(&message.name);
    let time = claim.and_then(|claim| claim.at).unwrap_or(message.at);
    (sender, time.0)
}

/// A signal of another system's client; `None` for what this one can't be told: that no more candidates come, and the
/// wish for a restart, which its clients answer by a new call.
pub(super) fn message_of(body: &SignalBody) -> Option<Value> {
    let message = match body {
        SignalBody::Offer { sdp, .. } => json!({"sdp": {"type": "offer", "sdp": &**sdp}}),
        SignalBody::Answer { sdp, .. } => json!({"sdp": {"type": "answer", "sdp": &**sdp}}),
        SignalBody::Candidate { candidate } => {
            let candidate: Value = serde_json::from_str(candidate).ok()?;
            json!({"ice": candidate})
        }
        SignalBody::EndOfCandidates | SignalBody::IceRestart | SignalBody::Opaque => return None,
    };
    Some(Value::String(message.to_string()))
}

/// Someone's username; who has none here is shown as this system shows its guests.
fn username_of(person: &Participant) -> String {
    username(person.handle.as_deref(), &person.name)
}

fn username(handle: Option<&str>, name: &str) -> String {
    join::username_of(handle).map_or_else(|| guest(name), str::to_owned)
}

fn guest(name: &str) -> String {
    format!("{name}{GUEST}")
}
