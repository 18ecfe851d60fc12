//! What one brings to enter a room, or to come back to a seat.
use super::command::Position;
use super::ids::{CallId, ConnId, PeerId, SeatId};
use super::media::{Link, MediaPatch};
use super::pins::Pin;
use std::sync::Arc;

/// A first entry. The ids are fresh and random, made by the caller.
#[derive(Debug, Clone)]
pub struct Join {
    pub conn: ConnId,
    pub seat: SeatId,
    pub peer: PeerId,
    /// Taken if this seat opens a call.
    pub call: CallId,
    pub face: Face,
    pub name: Arc<str>,
    pub avatar: Option<Arc<str>>,
    pub media: MediaPatch,
    pub pin: PinTry,
    /// SHA-256 of the owner secret that was shown, if one was.
    pub owner: Option<[u8; 32]>,
}

/// A PIN on its way in.
#[derive(Debug, Clone)]
pub enum PinTry {
    None,
    Shown(Pin),
    /// One was shown, but it isn't eight digits.
    Garbled,
    /// The source has used up its guesses: answered without a look at the PIN.
    OutOfGuesses {
        retry_after_ms: u64,
    },
}

/// What the room needs to know of a dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Face {
    /// A stable word, kept with the seat: `native`, `animo`, `meet`, `hundredms`.
    pub word: &'static str,
    /// How many peer connections its clients can hold.
    pub link: Link,
    /// How long a lost connection keeps its seat, in ms; 0 leaves at once.
    pub grace_ms: i64,
}

/// Coming back to a seat.
#[derive(Debug, Clone)]
pub struct Resume {
    pub conn: ConnId,
    pub seat: SeatId,
    /// As it came, `<n>.<mac>`; the room judges it.
    pub secret: Arc<str>,
    pub seen: Option<Position>,
}
