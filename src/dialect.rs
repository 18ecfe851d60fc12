//! Dialects: pure translators between a wire protocol and what a room says and hears.
pub mod close;
pub mod frame;
pub mod native;

use crate::fault::Fault;
use crate::room::command::Position;
use crate::room::effect::Farewell;
use crate::room::event::{Answer, Push, Whisper};
use crate::room::ids::Millis;
use crate::room::join::Face;
use bytes::Bytes;
use close::Close;
use native::IceServers;

/// The wire protocol of a connection; every method dispatches statically. What comes out is ready for the socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Native,
}

impl Dialect {
    pub const ALL: [Self; 1] = [Self::Native];

    /// Its place in tables of one entry per dialect.
    pub fn index(self) -> usize {
        self as usize
    }

    /// A push of the log, encoded once for all of this dialect.
    pub fn push(self, push: &Push) -> Bytes {
        match self {
            Self::Native => native::push(push),
        }
    }

    pub fn whisper(self, whisper: &Whisper) -> Bytes {
        match self {
            Self::Native => native::whisper(whisper),
        }
    }

    /// The answer to a frame; `None` is the id of a frame that had none.
    pub fn reply(self, id: Option<u64>, result: &Result<Answer, Fault>, ice: &IceServers) -> Bytes {
        match self {
            Self::Native => native::reply(id, result, ice),
        }
    }

    /// What the rooms know of its clients; `grace_ms` is the operator's word on how long a seat is kept.
    pub fn face(self, grace_ms: i64) -> Face {
        match self {
            Self::Native => native::face(grace_ms),
        }
    }

    /// The last position sent to a seat, beside each ping.
    pub fn heartbeat(self, at: Position) -> Bytes {
        match self {
            Self::Native => native::heartbeat(at),
        }
    }

    /// The same for a connection without a seat.
    pub fn idle_heartbeat(self) -> Bytes {
        match self {
            Self::Native => native::idle_heartbeat(),
        }
    }

    /// Fresh ICE servers, before the old credentials end.
    pub fn ice_servers(self, ice: &IceServers) -> Bytes {
        match self {
            Self::Native => native::ice_servers(ice),
        }
    }

    /// The account's session ends at that time.
    pub fn token_expiring(self, at: Millis) -> Bytes {
        match self {
            Self::Native => native::token_expiring(at),
        }
    }

    /// The server is about to go.
    pub fn going_away(self, after_ms: u64) -> Bytes {
        match self {
            Self::Native => native::going_away(after_ms),
        }
    }

    pub fn farewell(self, farewell: Farewell) -> Close {
        match (self, farewell) {
            (Self::Native, Farewell::Kicked) => Close::Kicked,
            (Self::Native, Farewell::Ended) => Close::RoomEnded,
            (Self::Native, Farewell::Replaced) => Close::Replaced,
            (Self::Native, Farewell::Revoked) => Close::Revoked,
            (Self::Native, Farewell::Expired) => Close::AccountExpired,
        }
    }
}
