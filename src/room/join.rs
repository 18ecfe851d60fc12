//! What one brings to enter a room, or to come back to a seat.
use super::command::Position;
use super::footing::{Footing, Grant};
use super::ids::{CallId, ConnId, PeerId, SeatId};
use super::media::{Link, MediaPatch};
use super::pins::Pin;
use super::text;
use crate::fault::Fault;
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
    /// A user name, where the dialect has them beside names; the face has checked it.
    pub handle: Option<Arc<str>>,
    pub avatar: Option<Arc<str>>,
    pub media: MediaPatch,
    pub pin: PinTry,
    /// What is kept of the PIN that this account has shown here before, if it has.
    pub member: Option<[u8; 32]>,
    /// SHA-256 of the owner secret that was shown, if one was.
    pub owner: Option<[u8; 32]>,
    pub footing: Footing,
    /// What a room token grants, if one was shown.
    pub grant: Option<Grant>,
    pub trusted: Trusted,
}

/// What stands in a handle before the id by which another app knows a user: no user name has a space in it.
const APP_USER: &str = "100ms ";

/// The handle of somebody whom an app of the 100ms system knows by that id.
pub fn handle_of_app(user: &str) -> Arc<str> {
    format!("{APP_USER}{user}").into()
}

/// The username that a handle is: the id by which an app knows a person is none.
pub fn username_of(handle: Option<&str>) -> Option<&str> {
    handle.filter(|handle| !handle.starts_with(APP_USER))
}

/// By what such apps know a person: the id that one of them gave, else the address.
pub fn user_of_app<'a>(handle: Option<&'a str>, peer: &'a PeerId) -> &'a str {
    handle.and_then(|handle| handle.strip_prefix(APP_USER)).unwrap_or(&peer.0)
}

/// A name as someone may enter with it, without the space around it.
///
/// # Errors
/// [`Fault::InvalidField`]
pub fn checked_name(name: &str) -> Result<Arc<str>, Fault> {
    text::name(&Arc::from(name))
}

/// Whether a key of a room is a short number, so that it can be found by trying.
#[must_use]
pub fn is_guessable(key: &str) -> bool {
    key.len() <= 10 && key.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a connection comes from a trusted source: no rate holds it back (sizes, queues and capacity still do).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trusted {
    Yes,
    No,
}

/// A PIN on its way in.
#[derive(Debug, Clone)]
pub enum PinTry {
    None,
    /// None, by a key that can be found by trying: such a key opens nothing by itself.
    NoneByNumber,
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
    /// A stable word, kept with the seat.
    pub word: &'static str,
    /// How many peer connections its clients can hold.
    pub link: Link,
    /// How long a lost connection keeps its seat, in ms; 0 leaves at once.
    pub grace_ms: i64,
    pub again: Again,
}

/// What a join does to a seat that the same session of an account holds by the same face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// Nothing: both sit.
    Beside,
    /// It takes its place: the page was loaded anew and knows of no resuming.
    TakesOver,
}

impl Face {
    pub const NATIVE: Self =
        Self { word: "native", link: Link::Full, grace_ms: 120_000, again: Again::Beside };
    pub const ANIMO: Self = Self { word: "animo", grace_ms: 0, ..Self::NATIVE };
    pub const MEET: Self = Self { word: "meet", link: Link::One, grace_ms: 0, again: Again::TakesOver };
    pub const HUNDREDMS: Self = Self { word: "hundredms", link: Link::None, ..Self::ANIMO };
    pub const ALL: [Self; 4] = [Self::NATIVE, Self::ANIMO, Self::MEET, Self::HUNDREDMS];

    /// Whether its clients number their negotiations. Those that don't take any new offer, so they yield to those that do.
    pub(super) fn numbers(self) -> bool {
        self.word == Self::NATIVE.word
    }

    /// The face a stored seat came by.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|face| face.word == word)
    }
}

/// Coming back to a seat.
#[derive(Debug, Clone)]
pub struct Resume {
    pub conn: ConnId,
    pub seat: SeatId,
    /// As it came, `<n>.<mac>`; the room judges it.
    pub secret: Arc<str>,
    pub seen: Option<Position>,
    pub trusted: Trusted,
}

/// A connection that outlived its room's memory takes its seat again in the rebuilt room. No secret is asked, for the
/// host knows which seat it held: so it comes from the host, be it in the connection's name, and never off a wire.
#[derive(Debug, Clone, Copy)]
pub struct Reattach {
    pub conn: ConnId,
    pub seat: SeatId,
    pub seen: Option<Position>,
    pub trusted: Trusted,
}
