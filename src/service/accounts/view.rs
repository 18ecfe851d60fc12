//! What the use cases give back: accounts, devices, events and keys as their owner may see them.
use crate::auth::session::Token;
use crate::room::ids::{FlowId, KeyId, LoginId, Millis, UserId};
use crate::service::scopes::Scopes;
use crate::store::audit::Event;
use crate::store::keys::Key;
use crate::store::sessions::Session;
use crate::store::users::User;

/// An account, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: UserId,
    pub name: String,
    pub username: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub has_password: bool,
    pub locale: String,
    pub is_admin: bool,
    pub created_at: Millis,
    pub delete_after: Option<Millis>,
}

impl From<User> for Account {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            name: user.name,
            username: user.username,
            email: user.email,
            phone: user.phone,
            has_password: user.password_hash.is_some(),
            locale: user.locale,
            is_admin: user.is_admin,
            created_at: user.created_at,
            delete_after: user.delete_after,
        }
    }
}

/// A code is on its way, or would be if the address were somebody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    pub flow: FlowId,
    pub expires_at: Millis,
}

/// Signed in.
#[derive(Debug, Clone)]
pub struct Entered {
    pub account: Account,
    pub login: LoginId,
    pub expires_at: Millis,
    /// How long that is.
    pub lasts_seconds: i64,
    /// Shown this once.
    pub token: Token,
}

/// Where one is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    pub id: LoginId,
    pub device: String,
    pub face: String,
    pub source: Option<String>,
    pub created_at: Millis,
    pub last_used_at: Millis,
    pub expires_at: Millis,
    pub is_current: bool,
}

impl Device {
    pub(super) fn of(session: Session, current: LoginId) -> Self {
        Self {
            id: session.id,
            device: session.device,
            face: session.face,
            source: session.source,
            created_at: session.created_at,
            last_used_at: session.last_used_at,
            expires_at: session.expires_at,
            is_current: session.id == current,
        }
    }
}

/// Something that happened to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    pub at: Millis,
    pub action: String,
    pub actor: String,
    pub source: Option<String>,
}

impl From<Event> for Happened {
    fn from(event: Event) -> Self {
        Self { at: event.at, action: event.action, actor: event.actor, source: event.source }
    }
}

/// An API key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyInfo {
    pub id: KeyId,
    pub name: String,
    pub scopes: Scopes,
    /// How its secret begins.
    pub prefix: String,
    pub created_at: Millis,
    pub last_used_at: Option<Millis>,
    pub expires_at: Option<Millis>,
}

impl From<Key> for KeyInfo {
    fn from(key: Key) -> Self {
        Self {
            id: key.id,
            name: key.name,
            scopes: Scopes::read(&key.scopes),
            prefix: key.prefix,
            created_at: key.created_at,
            last_used_at: key.last_used_at,
            expires_at: key.expires_at,
        }
    }
}
