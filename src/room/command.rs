//! What a room can be asked: every command, with all it needs riding in it (ids, secrets, PINs are made outside).
use super::chat::Claim;
use super::effect::ReplyTo;
use super::footing::{Cause, Ended};
use super::ids::{ClientId, ConnId, Epoch, LoginId, MessageId, No, PeerId, SeatId, Seq, UserId};
use super::join::{Join, Reattach, Resume};
use super::media::{MediaPatch, Source};
use super::permissions::{Rights, Role};
use super::pins::Pin;
use super::record::Outcome;
use super::signal::{Relay, Signal};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One command on its way to a room.
#[derive(Debug, Clone)]
pub struct Ask {
    pub from: Asker,
    pub reply: ReplyTo,
    pub command: Command,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// A socket; the room knows which seat it holds, if any.
    Connection(ConnId),
    /// Someone by REST who showed the owner secret: its SHA-256. The room compares.
    OwnerSecret([u8; 32]),
    /// Someone by REST who showed a seat's genuine access string.
    Seat(SeatId),
    /// Someone signed in, or a key that acts for them. The room compares with its owner.
    User(UserId),
    /// A key of the operator's: may what owners may, in every room.
    Operator,
    /// Someone by REST who showed nothing.
    Anyone,
    /// The engine itself: timers, commits, look-ups.
    Host,
}

#[derive(Debug, Clone)]
pub enum Command {
    // session
    Join(Box<Join>),
    Resume(Box<Resume>),
    /// The host's: answered by `Done` and a whispered snapshot, or by `unknown_session`.
    Reattach(Reattach),
    ResumedOk {
        n: u64,
    },
    Leave,
    /// The socket is gone; the seat is kept for its grace.
    Detach,
    // room
    Update(SettingsPatch),
    RotatePins {
        pin: Option<Pin>,
        spin: Option<Pin>,
    },
    /// Whoever shows the owner secret makes the room an account's; the secret opens nothing from then on.
    Claim {
        user: UserId,
    },
    End,
    // people
    SetProfile {
        name: Option<Arc<str>>,
        avatar: Option<Option<Arc<str>>>,
    },
    SetMedia(MediaPatch),
    SetAttributes(BTreeMap<Arc<str>, Option<Arc<str>>>),
    RaiseHand,
    /// `None` is one's own.
    LowerHand {
        peer: Option<PeerId>,
    },
    React {
        emoji: Arc<str>,
    },
    // moderation
    Grant {
        peer: PeerId,
        rights: Rights,
    },
    Revoke {
        peer: PeerId,
        rights: Rights,
    },
    SetRole {
        peer: PeerId,
        role: Role,
    },
    Mute {
        peer: PeerId,
        source: Source,
    },
    MuteAll {
        source: Source,
    },
    AskUnmute {
        peer: PeerId,
        source: Source,
    },
    Kick {
        peer: PeerId,
    },
    // negotiation and data
    Signal(Box<Signal>),
    Relay(Box<Relay>),
    Message {
        to: PeerId,
        body: RawJson,
    },
    Broadcast {
        topic: Arc<str>,
        body: RawJson,
    },
    // chat
    ChatSend(Box<ChatSend>),
    ChatEdit {
        message: MessageId,
        text: Arc<str>,
    },
    ChatDelete {
        message: MessageId,
    },
    ChatReact {
        message: MessageId,
        emoji: Arc<str>,
        on: On,
    },
    ChatHistory(HistoryQuery),
    ChatRead {
        no: No,
    },
    Typing {
        on: On,
        to: Option<PeerId>,
    },
    // reads by REST
    Describe,
    Participants,
    /// Made by the connection itself, never off a wire: the account that sits here has a newer session.
    Renew {
        user: UserId,
        login: LoginId,
    },
    /// The host's: what some seats stood on has ended, and so do they.
    Dismiss {
        ended: Ended,
        cause: Cause,
    },
    /// The host's: the journal's answers, one per entry, in the order they were persisted.
    Settled {
        epoch: Epoch,
        outcomes: Vec<(No, Outcome)>,
    },
    /// The host's: an entry has waited 5 s for its commit; whoever asked hears `storage_unavailable`.
    Overdue,
    /// The host's: a message that wasn't in memory was read from the store (or isn't there); the command that needs it is applied anew.
    Recalled {
        message: Option<Box<super::chat::Message>>,
        ask: Box<Ask>,
    },
    /// The host's: the shared tick; grace windows and other deadlines are looked at.
    Tick,
}

/// A JSON value that passes byte for byte, already checked to be one.
pub type RawJson = Arc<str>;

/// On or off, said in words where a bare bool would not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    On,
    Off,
}

impl From<bool> for On {
    fn from(on: bool) -> Self {
        if on { Self::On } else { Self::Off }
    }
}

/// A new chat message. The text is 1 to 4,096 bytes, checked by `apply`.
#[derive(Debug, Clone)]
pub struct ChatSend {
    pub id: MessageId,
    pub client_id: ClientId,
    pub text: Arc<str>,
    pub to: Option<PeerId>,
    pub reply_to: Option<MessageId>,
    pub claim: Option<Claim>,
}

/// What to change of the settings; `None` leaves a field alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SettingsPatch {
    /// The version the asker saw: refused with `stale_version` if it is not the current one, committed plus pending.
    pub version: Option<No>,
    pub name: Option<Arc<str>>,
    pub capacity: Option<u32>,
    pub max_video: Option<u32>,
    pub locked: Option<bool>,
    pub audio: Option<bool>,
    pub video: Option<bool>,
    pub screen: Option<bool>,
    pub chat: Option<bool>,
    pub spotlight: Option<Option<PeerId>>,
}

/// Which part of the history; both bounds are exclusive, `limit` is 1 to 100.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryQuery {
    pub before: Option<No>,
    pub after: Option<No>,
    pub limit: u32,
    /// Messages whose text holds this, compared without case.
    pub search: Option<Arc<str>>,
}

/// The last position a client saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    pub epoch: Epoch,
    pub seq: Seq,
    pub no: No,
}
