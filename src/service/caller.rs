//! Who asks by REST: nobody, a room's owner or seat by what they show, a signed-in user, or a server by its key.
use super::scopes::{Scope, Scopes};
use crate::fault::Fault;
use crate::room::command::Asker;
use crate::room::ids::{KeyId, LoginId, Millis, RoomId, SessionId, UserId};
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
    /// Somebody signed in.
    User(SignedIn),
    /// A server with an API key.
    Key(KeyHolder),
}

/// A user on one of their devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedIn {
    pub user: UserId,
    pub login: LoginId,
    /// When a password or code was last shown on this device.
    pub proven_at: Millis,
}

/// Who acts by an API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyHolder {
    pub key: KeyId,
    /// Whose rooms it reaches; `None`: the operator's key, which reaches all.
    pub owner: Option<UserId>,
    pub scopes: Scopes,
}

impl Caller {
    /// Reads an owner secret or a seat's access string. One text for every kind of bad token.
    ///
    /// # Errors
    /// [`Fault::TokenInvalid`]
    pub fn read(token: &str, ring: &KeyRing) -> Result<Self, Fault> {
        if let Some(secret) = token.strip_prefix(OWNER_PREFIX) {
            return if is_whole(secret) {
                Ok(Self::Owner(sha256(token.as_bytes())))
            } else {
                Err(Fault::TokenInvalid)
            };
        }
        pass::seat_of_access(ring, token).map(Self::Seat).ok_or(Fault::TokenInvalid)
    }

    /// The API key that was shown.
    pub(super) fn key(self) -> Option<KeyId> {
        match self {
            Self::Key(holder) => Some(holder.key),
            Self::Nobody | Self::Owner(_) | Self::Seat(_) | Self::User(_) => None,
        }
    }

    /// The signed-in user.
    ///
    /// # Errors
    /// [`Fault::Unauthenticated`] for everyone else.
    pub fn signed_in(self) -> Result<SignedIn, Fault> {
        match self {
            Self::User(user) => Ok(user),
            Self::Nobody | Self::Owner(_) | Self::Seat(_) | Self::Key(_) => Err(Fault::Unauthenticated),
        }
    }

    /// Whether this caller may do what needs the scope; only keys are held to one.
    pub fn has(self, scope: Scope) -> bool {
        match self {
            Self::Key(key) => key.scopes.has(scope),
            Self::Nobody | Self::Owner(_) | Self::Seat(_) | Self::User(_) => true,
        }
    }

    /// As the room of that id knows them: a seat of another room is nobody here.
    pub(super) fn asker(self, room: RoomId) -> Asker {
        match self {
            Self::Owner(hash) => Asker::OwnerSecret(hash),
            Self::Seat(session) if session.room == room => Asker::Seat(session.seat),
            Self::User(SignedIn { user, .. }) | Self::Key(KeyHolder { owner: Some(user), .. }) => {
                Asker::User(user)
            }
            Self::Key(KeyHolder { owner: None, .. }) => Asker::Operator,
            Self::Seat(_) | Self::Nobody => Asker::Anyone,
        }
    }
}

/// Whether a secret is 256 bits in base64url: anything else needs no look-up.
pub(super) fn is_whole(secret: &str) -> bool {
    URL_SAFE_NO_PAD.decode(secret).is_ok_and(|bytes| bytes.len() == 32)
}
