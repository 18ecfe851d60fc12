//! What a room wants done: the only way it touches the world.
use super::command::{Ask, HistoryQuery};
use super::event::{Answer, Push, Whisper};
use super::footing::Ended;
use super::ids::{ConnId, MessageId, PortId, SeatId, Slot, TokenId};
use super::record::{Behind, Entry};
use crate::fault::Fault;
use std::sync::Arc;

/// The effects of one `apply`, in the order they are to be performed. Kept by the host and drained, so that it allocates once.
pub type Effects = Vec<Effect>;

#[derive(Debug)]
pub enum Effect {
    /// Exactly one per command (at once, or when its entry settles).
    Reply {
        to: ReplyTo,
        result: Result<Answer, Fault>,
    },
    /// A push of the log to those of its audience who are connected.
    Broadcast {
        push: Arc<Push>,
        to: Audience,
    },
    /// To one connection, outside the log.
    Whisper {
        slot: Slot,
        whisper: Whisper,
    },
    /// To several, encoded once (typing, PINs).
    WhisperMany {
        slots: Vec<Slot>,
        whisper: Whisper,
    },
    /// From here on this slot's frames go to that connection.
    Seated {
        slot: Slot,
        conn: ConnId,
        seat: SeatId,
        /// What may end it from outside.
        ties: Vec<Ended>,
    },
    /// From here on nothing of this room goes to that connection. It stays open.
    Unseated {
        slot: Slot,
        conn: ConnId,
    },
    /// The last frame of a connection.
    Close {
        conn: ConnId,
        close: Farewell,
    },
    Persist(Entry),
    Behind(Behind),
    /// Read a message from the store and come back with `Recalled`.
    Recall {
        message: MessageId,
        ask: Box<Ask>,
    },
    /// Read history from the store for one reader and reply.
    History {
        to: ReplyTo,
        reader: SeatId,
        query: HistoryQuery,
    },
    /// Whoever came by this room token was removed: it opens nothing any more.
    TokenSpent {
        token: TokenId,
    },
    /// A wrong PIN was tried, for the limiter of guesses; by the source of that connection.
    WrongPin {
        conn: ConnId,
    },
}

/// Why the room closes a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Farewell {
    Kicked,
    Ended,
    /// What the seat stood on was ended by somebody.
    Revoked,
    /// The account's session is over.
    Expired,
    /// Another connection took over the seat.
    Replaced,
}

/// Who hears a broadcast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    All,
    Except(Slot),
    Only(Vec<Slot>),
}

/// Where the answer of a command goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyTo {
    /// A frame with an id.
    Frame {
        conn: ConnId,
        id: u64,
    },
    /// A frame without one: only a refusal is sent, with `id: null`.
    Quiet {
        conn: ConnId,
    },
    Port(PortId),
    Nobody,
}
