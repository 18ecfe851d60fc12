//! Media flags of a participant, the sources of media, and how many links a client can hold.

/// What is on and what could be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Media {
    pub audio: bool,
    pub video: bool,
    pub screen: bool,
    pub audio_available: bool,
    pub video_available: bool,
}

/// A change of flags; `None` leaves one alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MediaPatch {
    pub audio: Option<bool>,
    pub video: Option<bool>,
    pub screen: Option<bool>,
    pub audio_available: Option<bool>,
    pub video_available: Option<bool>,
}

impl Media {
    pub fn patched(self, patch: MediaPatch) -> Self {
        Self {
            audio: patch.audio.unwrap_or(self.audio),
            video: patch.video.unwrap_or(self.video),
            screen: patch.screen.unwrap_or(self.screen),
            audio_available: patch.audio_available.unwrap_or(self.audio_available),
            video_available: patch.video_available.unwrap_or(self.video_available),
        }
    }
}

/// Where media comes from. On the wire of negotiation: `mic`, `camera`, `screen`; of moderation: `audio`, `video`, `screen`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    Mic,
    Camera,
    Screen,
}

/// How many peer connections a client can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    Full,
    One,
    None,
}
