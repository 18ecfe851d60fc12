//! Who asks by REST, from the bearer token they show.
use crate::fault::Fault;
use crate::room::command::Asker;
use crate::room::ids::{RoomId, SessionId};
use crate::room::pass;
use crate::seal::{KeyRing, sha256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// What an owner secret begins with; 256 bits in base64url follow.
pub const OWNER_PREFIX: &str = "cvo_";

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Nothing was shown.
    Nobody,
    /// An owner secret, by its SHA-256; which room's is for the room to say.
    Owner([u8; 32]),
    /// A genuine access string of a seat; whether the seat is still held is for the room to say.
    Seat(SessionId),
}

impl Caller {
    /// Reads a bearer token. One text for every kind of bad token.
    ///
    /// # Errors
    /// [`Fault::TokenInvalid`]
    pub fn read(token: &str, ring: &KeyRing) -> Result<Self, Fault> {
        if let Some(secret) = token.strip_prefix(OWNER_PREFIX) {
            let is_whole = URL_SAFE_NO_PAD.decode(secret).is_ok_and(|bytes| bytes.len() == 32);
            return if is_whole {
                Ok(Self::Owner(sha256(token.as_bytes())))
            } else {
                Err(Fault::TokenInvalid)
            };
        }
        pass::seat_of_access(ring, token).map(Self::Seat).ok_or(Fault::TokenInvalid)
    }

    /// As the room of that id knows them: a seat of another room is nobody here.
    pub(super) fn asker(self, room: RoomId) -> Asker {
        match self {
            Self::Owner(hash) => Asker::OwnerSecret(hash),
            Self::Seat(session) if session.room == room => Asker::Seat(session.seat),
            Self::Seat(_) | Self::Nobody => Asker::Anyone,
        }
    }
}
