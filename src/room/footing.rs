//! What a seat stands on besides its own secret: an account's session or a room token. When that ends, the seat does.
use super::Room;
use super::effect::{Effect, Effects, Farewell};
use super::event::Left;
use super::ids::{KeyId, LoginId, Millis, RoomId, Slot, TokenId, UserId};
use super::permissions::{Rights, Role};
use super::turn::{DONE, Ruling, Turn};
use crate::fault::Fault;
use std::sync::Arc;

/// By what someone came in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Footing {
    /// As a guest.
    #[default]
    Guest,
    /// Signed in, by this session.
    Account { user: UserId, login: LoginId },
    /// By a room token made for `subject`, if by an API key then by this one.
    Token { token: TokenId, subject: Arc<str>, key: Option<KeyId> },
}

/// What a room token grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// The only room it opens.
    pub room: RoomId,
    pub role: Role,
    /// These instead of the role's.
    pub rights: Option<Rights>,
}

/// What has ended, and with it every seat that stands on it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Ended {
    User(UserId),
    Login(LoginId),
    /// An API key, and the tokens it made.
    Key(KeyId),
    Token(TokenId),
    /// The tokens of a subject in this room.
    Subject(Arc<str>),
    /// All tokens of this room.
    Tokens,
}

/// Why it has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Somebody ended it: logout, disabling, another password, revocation.
    Revoked,
    /// Its time was over.
    Expired,
}

impl Footing {
    /// Whether it goes with what has ended.
    pub fn falls_with(&self, ended: &Ended) -> bool {
        match (self, ended) {
            (Self::Account { user, .. }, Ended::User(ended)) => user == ended,
            (Self::Account { login, .. }, Ended::Login(ended)) => login == ended,
            (Self::Token { key, .. }, Ended::Key(ended)) => *key == Some(*ended),
            (Self::Token { token, .. }, Ended::Token(ended)) => token == ended,
            (Self::Token { subject, .. }, Ended::Subject(ended)) => subject == ended,
            (Self::Token { .. }, Ended::Tokens) => true,
            _ => false, // another kind of footing than the one that ended
        }
    }

    /// What may end it from outside of its room.
    pub fn ties(&self) -> impl Iterator<Item = Ended> + use<> {
        let (first, second) = match *self {
            Self::Guest => (None, None),
            Self::Account { user, login } => (Some(Ended::User(user)), Some(Ended::Login(login))),
            Self::Token { key, .. } => (key.map(Ended::Key), None),
        };
        first.into_iter().chain(second)
    }

    /// The account, if one came in.
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::Account { user, .. } => Some(*user),
            Self::Guest | Self::Token { .. } => None,
        }
    }
}

impl Room {
    /// Removes everyone who stands on what has ended, away or here.
    pub(super) fn dismiss(&mut self, now: Millis, ended: &Ended, cause: Cause, fx: &mut Effects) {
        let falls = |slot: &Slot| self.roster.at(*slot).footing.falls_with(ended);
        let slots: Vec<Slot> = self.roster.slots().iter().copied().filter(falls).collect();
        let close = match cause {
            Cause::Revoked => Farewell::Revoked,
            Cause::Expired => Farewell::Expired,
        };
        for slot in slots {
            if let Some(conn) = self.unseat(slot, fx) {
                fx.push(Effect::Close { conn, close });
            }
            self.release(now, slot, Left::Revoked, fx);
        }
    }

    /// A seat of the same account stands on its newer session from now on.
    pub(super) fn renew(&mut self, turn: Turn, user: UserId, login: LoginId, fx: &mut Effects) -> Ruling {
        let slot = turn.slot()?;
        if self.roster.at(slot).footing.user() != Some(user) {
            return Err(Fault::TokenInvalid);
        }
        self.roster.at_mut(slot).footing = Footing::Account { user, login };
        self.write_behind(slot, fx);
        DONE
    }

    /// What everyone in it stands on.
    pub fn footings(&self) -> impl Iterator<Item = &Footing> {
        self.roster.iter().map(|(_, seat)| &seat.footing)
    }
}
