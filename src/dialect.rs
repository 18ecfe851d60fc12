//! Dialects: pure translators between a wire protocol and what a room says and hears.
pub mod animo;
pub mod close;
pub mod frame;
pub mod hundredms;
pub mod meet;
pub mod native;

use crate::fault::Fault;
use crate::room::Room;
use crate::room::command::{Command, Position};
use crate::room::effect::Farewell;
use crate::room::event::{Answer, Push, Whisper};
use crate::room::ids::{Millis, PeerId};
use crate::room::join::Face;
use crate::room::media::MediaPatch;
use bytes::Bytes;
use close::Close;
use native::IceServers;
use std::sync::Arc;

/// The wire protocol of a connection; every method dispatches statically. What comes out is ready for the socket; `None`
/// is what this wire can't say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Native,
    Animo(animo::Style),
    Meet,
    HundredMs,
}

/// The frame number under which the answer to an [`Entry`] comes, on wires that number no frames.
pub const ENTRY: u64 = 0;

/// What an encoder may look at beside what it encodes: the room as it is right after the change, and who listens.
pub struct Company<'a> {
    pub room: &'a Room,
    pub heard: &'a dyn Heard,
}

/// Which dialects are connected to a room.
pub trait Heard {
    fn speaks(&self, dialect: Dialect) -> bool;
}

/// What goes with an answer.
#[derive(Clone, Copy)]
pub struct Beside<'a> {
    pub ice: &'a IceServers,
    /// The room that answers, if one does.
    pub company: Option<&'a Company<'a>>,
}

impl Beside<'static> {
    /// An answer that carries no servers, and is no room's.
    pub const NOTHING: Self = Self { ice: &native::NO_ICE, company: None };
}

/// What a client of a foreign dialect asks, decoded.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// To sit in a room; in the one it sits in already this does nothing, and another one it leaves first.
    Enter(Box<Entry>),
    Leave,
    Ask(Box<Command>),
    /// From here on it is spoken to in this way.
    Speaks(Dialect),
}

/// A first entry by a foreign dialect.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Any key of the room.
    pub room: Arc<str>,
    /// The address the client knows for itself; drawn if it knows none.
    pub peer: Option<PeerId>,
    pub name: Arc<str>,
    pub handle: Option<Arc<str>>,
    pub media: MediaPatch,
}

impl Dialect {
    pub const ALL: [Self; 7] = [
        Self::Native,
        Self::Animo(animo::Style::Unknown),
        Self::Animo(animo::Style::Bare),
        Self::Animo(animo::Style::Positional),
        Self::Animo(animo::Style::Object),
        Self::Meet,
        Self::HundredMs,
    ];

    /// Its place in [`Self::ALL`], and in tables of one entry per dialect.
    pub fn index(self) -> usize {
        match self {
            Self::Native => 0,
            Self::Animo(style) => 1 + style as usize,
            Self::Meet => 5,
            Self::HundredMs => 6,
        }
    }

    /// A push of the log, encoded once for all of this dialect.
    pub fn push(self, push: &Push, company: &Company<'_>) -> Option<Bytes> {
        match self {
            Self::Native => Some(native::push(push)),
            Self::Animo(style) => animo::push(style, push, company),
            Self::Meet => None,
            Self::HundredMs => hundredms::push(push, company),
        }
    }

    pub fn whisper(self, whisper: &Whisper, company: &Company<'_>) -> Option<Bytes> {
        match self {
            Self::Native => native::whisper(whisper),
            Self::Animo(_) => animo::whisper(whisper),
            Self::Meet => meet::whisper(whisper, company),
            Self::HundredMs => None,
        }
    }

    /// The answer to a frame; `None` is the id of a frame that had none.
    pub fn reply(self, id: Option<u64>, result: &Result<Answer, Fault>, beside: Beside<'_>) -> Option<Bytes> {
        match self {
            Self::Native if id.is_none() && result.is_ok() => None,
            Self::Native => Some(native::reply(id, result, beside.ice)),
            Self::Animo(style) => {
                (id == Some(ENTRY)).then(|| animo::entered(style, result, beside.company))?
            }
            Self::Meet => None,
            Self::HundredMs if id == Some(ENTRY) => hundredms::entered(result),
            Self::HundredMs => None,
        }
    }

    /// What the rooms know of its clients; `grace_ms` is the operator's word on how long a seat is kept.
    pub fn face(self, grace_ms: i64) -> Face {
        match self {
            Self::Native => native::face(grace_ms),
            Self::Animo(_) => Face::ANIMO,
            Self::Meet => Face::MEET,
            Self::HundredMs => Face::HUNDREDMS,
        }
    }

    /// The last position sent to a seat, beside each ping.
    pub fn heartbeat(self, at: Position) -> Option<Bytes> {
        self.is_native().then(|| native::heartbeat(at))
    }

    /// The same for a connection without a seat.
    pub fn idle_heartbeat(self) -> Option<Bytes> {
        self.is_native().then(native::idle_heartbeat)
    }

    /// Fresh ICE servers, before the old credentials end.
    pub fn ice_servers(self, ice: &IceServers) -> Option<Bytes> {
        self.is_native().then(|| native::ice_servers(ice))
    }

    /// The account's session ends at that time.
    pub fn token_expiring(self, at: Millis) -> Option<Bytes> {
        self.is_native().then(|| native::token_expiring(at))
    }

    /// The server is about to go.
    pub fn going_away(self, after_ms: u64) -> Option<Bytes> {
        self.is_native().then(|| native::going_away(after_ms))
    }

    pub fn farewell(self, farewell: Farewell) -> Close {
        match farewell {
            Farewell::Kicked => Close::Kicked,
            Farewell::Ended => Close::RoomEnded,
            Farewell::Replaced => Close::Replaced,
            Farewell::Revoked => Close::Revoked,
            Farewell::Expired => Close::AccountExpired,
        }
    }

    fn is_native(self) -> bool {
        self == Self::Native
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_has_a_place_of_its_own() {
        for (place, dialect) in Dialect::ALL.into_iter().enumerate() {
            assert_eq!(dialect.index(), place);
        }
    }
}
