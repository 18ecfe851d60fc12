//! What of a room outlives its memory: the rows it loads from, and the entries it asks to be kept.
use super::chat::Message;
use super::footing::Footing;
use super::ids::{CallId, Epoch, MessageId, Millis, No, PeerId, RoomId, SeatId, UserId};
use super::media::Media;
use super::permissions::{Rights, Role};
use super::pins::Pins;
use crate::fault::Fault;
use std::sync::Arc;

/// The settings everyone may see. A change gives a new `version`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub name: Arc<str>,
    pub capacity: u32,
    pub max_video: u32,
    pub locked: bool,
    pub audio: bool,
    pub video: bool,
    pub screen: bool,
    pub chat: bool,
    pub spotlight: Option<PeerId>,
}

/// Whether chat is kept by the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatKind {
    Durable,
    /// Lives in the room's memory only, the last 200.
    Ephemeral,
}

/// A room's keys, one per system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// `abc-defg-hij`, also Animo's meeting code.
    pub native: Arc<str>,
    /// 16 hex digits.
    pub meet: Arc<str>,
    /// mesibo's gid, 1,000 to 2^31−1.
    pub mesibo: u32,
    /// 24 hex digits.
    pub hundredms: Arc<str>,
}

/// A system whose clients are served: where a room was made, or a session opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum System {
    #[default]
    Native,
    Animo,
    Meet,
    Mesibo,
    HundredMs,
}

impl System {
    /// Its stable word, in rows and lists.
    pub fn word(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Animo => "animo",
            Self::Meet => "meet",
            Self::Mesibo => "mesibo",
            Self::HundredMs => "hundredms",
        }
    }
}

/// Who owns a room: whoever has its secret, or an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Owner {
    /// SHA-256 of the owner secret. A room that belongs to an account has none.
    pub secret: Option<[u8; 32]>,
    pub account: Option<UserId>,
}

impl From<[u8; 32]> for Owner {
    fn from(secret: [u8; 32]) -> Self {
        Self { secret: Some(secret), account: None }
    }
}

impl From<UserId> for Owner {
    fn from(account: UserId) -> Self {
        Self { secret: None, account: Some(account) }
    }
}

/// A room as it is stored.
#[derive(Debug, Clone)]
pub struct RoomRecord {
    pub id: RoomId,
    pub keys: Keys,
    pub owner: Owner,
    /// Accounts that enter as cohosts.
    pub cohosts: Vec<UserId>,
    pub settings: Settings,
    pub version: No,
    pub chat: ChatKind,
    pub pins: Pins,
    /// Whether everyone but owners must show a PIN.
    pub needs_pin: bool,
    pub created_at: Millis,
    pub ended_at: Option<Millis>,
}

/// A seat as it is stored (written behind: presence never waits for a disk).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatRecord {
    pub seat: SeatId,
    pub peer: PeerId,
    pub face: Arc<str>,
    pub name: Arc<str>,
    pub avatar: Option<Arc<str>>,
    pub role: Role,
    pub rights: Rights,
    pub media: Media,
    /// The lowest resume number that is still good.
    pub resume_n: u64,
    pub joined_at: Millis,
    pub released_at: Option<Millis>,
    pub footing: Footing,
}

/// Everything a sleeping room wakes up with.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub room: RoomRecord,
    /// Unreleased seats in join order; empty if the server was down for longer than their grace.
    pub seats: Vec<SeatRecord>,
    /// The last messages, oldest first, at most 200.
    pub messages: Vec<Message>,
    /// The last durable change of those among them that were edited, deleted or reacted to.
    pub changed: Vec<(MessageId, No)>,
    /// Whether older ones exist.
    pub more: bool,
    pub last_no: No,
    /// The call that was open when the server went, if any.
    pub call: Option<CallRecord>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallRecord {
    pub id: CallId,
    pub started_at: Millis,
    /// When two were present for the first time.
    pub paired_at: Option<Millis>,
    pub ended_at: Option<Millis>,
    /// The most seats taken at once.
    pub peak: u32,
}

/// One durable change of one room, to be committed with its event row in one transaction.
#[derive(Debug, Clone)]
pub struct Entry {
    pub room: RoomId,
    pub epoch: Epoch,
    pub no: No,
    pub at: Millis,
    /// Who did it, if it was a seat.
    pub by: Option<SeatId>,
    pub change: Change,
}

/// What is to be kept.
#[derive(Debug, Clone)]
pub enum Change {
    Said(Arc<Message>),
    Edited {
        message: MessageId,
        text: Arc<str>,
        at: Millis,
    },
    Deleted {
        message: MessageId,
    },
    Reacted {
        message: MessageId,
        emoji: Arc<str>,
        seat: SeatId,
        peer: PeerId,
    },
    Unreacted {
        message: MessageId,
        emoji: Arc<str>,
        seat: SeatId,
    },
    /// All settings as they are after this change and those before it.
    Settings(Settings),
    /// Role and granted rights of a seat.
    Standing {
        seat: SeatId,
        role: Role,
        rights: Rights,
    },
    /// A mute: kept as an event only.
    Muted {
        seats: Vec<SeatId>,
        source: super::media::Source,
    },
    Kicked {
        seat: SeatId,
    },
    Pins(Pins),
    /// From now on the room belongs to this account, and its secret opens nothing.
    Claimed {
        user: UserId,
    },
    Ended,
}

/// What became of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Committed,
    /// The same author had sent this `client_id` before: this is the message that stands.
    Duplicate {
        message: MessageId,
        no: No,
        at: Millis,
    },
    /// Not kept and never will be.
    Refused(Fault),
}

/// Written behind, collapsed per seat and call, never waited for.
#[derive(Debug, Clone)]
pub enum Behind {
    Seat {
        room: RoomId,
        seat: SeatRecord,
    },
    Call {
        room: RoomId,
        call: CallRecord,
    },
    /// When the room was last used, for expiry.
    Touched {
        room: RoomId,
        at: Millis,
    },
}
