//! What stands in a frame of each type, field by field.
use crate::room::media::MediaPatch;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::sync::Arc;

macro_rules! wire {
    ($($name:ident { $($(#[$meta:meta])* $field:ident : $type:ty),* $(,)? })*) => {
        $(#[derive(Deserialize)] pub(super) struct $name { $($(#[$meta])* pub(super) $field: $type),* })*
    };
}

wire! {
    HelloWire { protocol: u32, token: Option<String> }
    JoinWire {
        room: String,
        profile: ProfileWire,
        #[serde(default)] media: MediaWire,
        pin: Option<String>,
        owner_secret: Option<String>,
    }
    ProfileWire { name: Arc<str>, avatar: Option<Arc<str>> }
    ResumeWire { session: String, secret: Arc<str>, epoch: String, seq: u64, last_no: i64 }
    Rotate { #[serde(default)] pin: bool, #[serde(default)] spin: bool }
    N { n: u64 }
    Token { token: String }
    Update {
        name: Option<Arc<str>>,
        capacity: Option<u32>,
        max_video: Option<u32>,
        #[serde(default)] policy: PolicyWire,
        version: Option<i64>,
    }
    Lock { locked: bool }
    SetProfile {
        name: Option<Arc<str>>,
        #[serde(default, deserialize_with = "present")] avatar: Option<Option<Arc<str>>>,
    }
    Attributes { attributes: BTreeMap<Arc<str>, Option<Arc<str>>> }
    MaybePeer { peer: Option<Arc<str>> }
    Peer { peer: Arc<str> }
    To { to: Arc<str> }
    React { emoji: Arc<str> }
    Grant { peer: Arc<str>, rights: Vec<String> }
    SetRole { peer: Arc<str>, role: String }
    Mute { peer: Arc<str>, source: String }
    MuteAll { source: String }
    Described { to: Arc<str>, #[serde(rename = "gen")] generation: u64, sdp: Arc<str>, #[serde(default)] sources: BTreeMap<Arc<str>, String> }
    CandidateWire { to: Arc<str>, #[serde(rename = "gen")] generation: u64, candidate: Box<RawValue> }
    Candidates { to: Arc<str>, #[serde(rename = "gen")] generation: u64 }
    Message { to: Arc<str>, body: Box<RawValue> }
    BroadcastWire { topic: Arc<str>, body: Box<RawValue> }
    ChatSendWire { client_id: Arc<str>, text: Arc<str>, to: Option<Arc<str>>, reply_to: Option<String> }
    Edit { message: String, text: Arc<str> }
    Delete { message: String }
    ChatReact { message: String, emoji: Arc<str>, on: bool }
    History { before: Option<i64>, after: Option<i64>, limit: Option<u32>, search: Option<Arc<str>> }
    Read { no: i64 }
    Typing { on: bool, to: Option<Arc<str>> }
}

#[derive(Deserialize, Default)]
pub(super) struct PolicyWire {
    pub(super) audio: Option<bool>,
    pub(super) video: Option<bool>,
    pub(super) screen: Option<bool>,
    pub(super) chat: Option<bool>,
}

#[derive(Deserialize, Default)]
pub(super) struct MediaWire {
    pub(super) audio: Option<bool>,
    pub(super) video: Option<bool>,
    pub(super) screen: Option<bool>,
    pub(super) audio_available: Option<bool>,
    pub(super) video_available: Option<bool>,
}

impl MediaWire {
    pub(super) fn patch(self) -> MediaPatch {
        let Self { audio, video, screen, audio_available, video_available } = self;
        MediaPatch { audio, video, screen, audio_available, video_available }
    }
}

/// Tells a null from an absent field.
fn present<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}
