//! What people are told: pushes of the live log, whispers outside it, and the answers to commands.
use super::chat::Message;
use super::command::{On, Position, RawJson};
use super::ids::{Epoch, MessageId, Millis, No, PeerId, RoomId, Seq, SessionId};
use super::media::{Link, Media, Source};
use super::permissions::{Rights, Role};
use super::pins::Pins;
use super::record::{ChatKind, Keys, Settings};
use super::signal::{SignalBody, Wire};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One entry of the live log: what was shown, and where it stands in the one order.
#[derive(Debug, Clone, PartialEq)]
pub struct Push {
    pub epoch: Epoch,
    pub seq: Seq,
    pub event: Event,
}

/// A visible change.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// `polite` is how the newcomer stands to all who hear this: it joined last, so it yields.
    ParticipantJoined(Box<Participant>),
    ParticipantLeft {
        peer: PeerId,
        reason: Left,
        /// As it was known here, for dialects that say so once more.
        name: Arc<str>,
        handle: Option<Arc<str>>,
    },
    StateChanged {
        peer: PeerId,
        state: Presence,
    },
    MediaChanged {
        peer: PeerId,
        media: Media,
    },
    ProfileChanged {
        peer: PeerId,
        name: Arc<str>,
        avatar: Option<Arc<str>>,
    },
    AttributesChanged {
        peer: PeerId,
        attributes: BTreeMap<Arc<str>, Arc<str>>,
    },
    HandRaised {
        peer: PeerId,
        rank: u32,
        since: Millis,
    },
    HandLowered {
        peer: PeerId,
        by: By,
    },
    Reaction {
        peer: PeerId,
        emoji: Arc<str>,
    },
    RoomChanged {
        room: Box<RoomView>,
        by: By,
    },
    RoomEnded {
        by: By,
    },
    RightsChanged {
        peer: PeerId,
        rights: Rights,
        by: By,
    },
    RoleChanged {
        peer: PeerId,
        role: Role,
        rights: Rights,
        by: By,
    },
    Muted {
        peer: PeerId,
        source: Source,
        by: By,
    },
    ChatMessage(Arc<Message>),
    ChatEdited {
        message: MessageId,
        text: Arc<str>,
        edited_at: Millis,
        no: No,
    },
    ChatDeleted {
        message: MessageId,
        by: By,
        no: No,
    },
    ChatReaction {
        message: MessageId,
        peer: PeerId,
        emoji: Arc<str>,
        on: On,
        no: No,
    },
    ChatRead {
        peer: PeerId,
        no: No,
    },
    Broadcast {
        from: PeerId,
        topic: Arc<str>,
        body: RawJson,
    },
}

/// Who did it: a participant, or the owner by REST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    Peer(PeerId),
    Owner,
    Engine,
}

/// Told to one connection, outside the log.
#[derive(Debug, Clone, PartialEq)]
pub enum Whisper {
    Signal {
        from: PeerId,
        generation: u64,
        n: u64,
        body: SignalBody,
        /// The frame it came in, if it came by another dialect than the native one.
        wire: Option<Wire>,
    },
    Message {
        from: PeerId,
        body: RawJson,
    },
    Typing {
        peer: PeerId,
        on: On,
    },
    UnmuteAsked {
        source: Source,
        by: By,
    },
    PeerCut {
        peer: PeerId,
        sources: Vec<Source>,
        mids: Vec<Arc<str>>,
    },
    Pins(Pins),
    /// The room was rebuilt: a new epoch, everything anew, keep every peer connection.
    Restarted(Box<Snapshot>),
}

/// Why a participant is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    Left,
    Lost,
    Kicked,
    Replaced,
    Ended,
    /// The session or token it stood on has ended.
    Revoked,
}

/// Whether a participant's connection is there; an away one keeps its seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    Here,
    Away,
}

/// A participant as others see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Participant {
    pub peer: PeerId,
    pub name: Arc<str>,
    /// A user name, for dialects that show one.
    pub handle: Option<Arc<str>>,
    pub avatar: Option<Arc<str>>,
    pub role: Role,
    /// In force: role, grants and policy together.
    pub rights: Rights,
    pub link: Link,
    pub state: Presence,
    pub media: Media,
    pub hand: Option<Hand>,
    pub attributes: BTreeMap<Arc<str>, Arc<str>>,
    pub joined_at: Millis,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hand {
    /// 1 and up, in the order of raising.
    pub rank: u32,
    pub since: Millis,
}

/// A room as someone may see it.
#[derive(Debug, Clone, PartialEq)]
pub struct RoomView {
    pub id: RoomId,
    pub code: Arc<str>,
    pub settings: Settings,
    pub chat: ChatKind,
    pub version: No,
    pub created_at: Millis,
    pub needs_pin: bool,
    /// For owner and cohosts.
    pub keys: Option<Keys>,
    /// For the owner.
    pub pins: Option<Pins>,
}

/// Everything someone needs to show a room.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    pub me: Participant,
    pub room: RoomView,
    /// All others in join order, and who of the two of you yields in a glare.
    pub others: Vec<(Participant, Polite)>,
    pub messages: Vec<Arc<Message>>,
    pub more: bool,
    pub at: Position,
}

/// Whether I yield to that peer in a glare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Polite {
    Polite,
    Impolite,
}

/// What a seat's holder needs to come back.
#[derive(Debug, Clone, PartialEq)]
pub struct Pass {
    pub session: SessionId,
    pub n: u64,
    /// `<n>.<mac>`.
    pub secret: Arc<str>,
    /// For REST as this seat, `cva_…`.
    pub access: Arc<str>,
}

/// The `ok` of a command.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    Done,
    Joined {
        pass: Pass,
        snapshot: Box<Snapshot>,
    },
    Resumed {
        pass: Pass,
        caught_up: CaughtUp,
    },
    Hand(Hand),
    /// A durable change that is committed.
    Kept {
        no: No,
    },
    /// Settings that are committed.
    Settings {
        version: No,
    },
    Pins(Pins),
    Said {
        message: MessageId,
        no: No,
        seq: Seq,
        at: Millis,
    },
    Shown {
        no: No,
        seq: Seq,
    },
    History {
        messages: Vec<Arc<Message>>,
        more: bool,
    },
    // by REST
    Room {
        room: Box<RoomView>,
        people: u32,
    },
    Participants(Vec<Participant>),
}

/// How a resumed client catches up.
#[derive(Debug, Clone, PartialEq)]
pub enum CaughtUp {
    Delta { events: Vec<Arc<Push>>, at: Position },
    Snapshot(Box<Snapshot>),
}
