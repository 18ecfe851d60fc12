//! Users: found by each verified way in, made, changed, disabled and removed.
mod change;
mod find;
mod make;
mod operate;
mod remove;

pub use change::{Changed, Dropped, Profile, change_profile, drop_address, rehash, set_password};
pub use find::{List, by_email, by_phone, by_username, find, list, note_failure, username_is_free};
pub use make::{Made, NewUser, make};
pub use operate::{Rank, disable, enable, set_rank};
pub use remove::{When, ask_deletion, due, forget_the_gone, remove};

pub(super) use change::{after_password, drop_resets, unchanged_since, write_password};
pub(super) use find::{address_is_taken, find_in, with_address_in};
pub(super) use make::insert;

use super::{StoreError, rows};
use crate::room::ids::{Millis, UserId};
use convene_entity::user;

/// An account as it is stored. Never printed whole.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub name: String,
    pub username: Option<String>,
    /// Confirmed.
    pub email: Option<String>,
    /// The e-mail address folded, as it is compared.
    pub email_key: Option<String>,
    /// Confirmed, E.164.
    pub phone: Option<String>,
    /// A PHC string, or bcrypt's of an imported user.
    pub password_hash: Option<String>,
    pub status: Status,
    pub is_admin: bool,
    pub locale: String,
    /// Wrong passwords in a row, the last one `failed_at`.
    pub failures: u32,
    pub failed_at: Option<Millis>,
    pub created_at: Millis,
    pub password_changed_at: Option<Millis>,
    /// When the account goes for good, if its owner has asked for that.
    pub delete_after: Option<Millis>,
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User").field("id", &self.id).field("status", &self.status).finish_non_exhaustive()
    }
}

/// Whether a user may come in at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Active,
    Disabled,
}

impl Status {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }
}

/// A username, and the key by which usernames are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username {
    pub text: String,
    pub key: String,
}

/// An address whose holder has shown, or is asked to show, that it is theirs.
#[derive(Clone, PartialEq, Eq)]
pub enum Address {
    Email {
        text: String,
        /// Folded, as addresses are compared; at most 320 bytes.
        key: String,
    },
    /// E.164, at most 20 characters.
    Phone(String),
}

impl Address {
    /// As it was given.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Email { text, .. } => text,
            Self::Phone(number) => number,
        }
    }

    /// As it is compared.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Email { key, .. } => key,
            Self::Phone(number) => number,
        }
    }

    #[must_use]
    pub fn factor(&self) -> Factor {
        match self {
            Self::Email { .. } => Factor::Email,
            Self::Phone(_) => Factor::Phone,
        }
    }
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Address({:?})", self.factor())
    }
}

/// A kind of address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factor {
    Email,
    Phone,
}

pub(super) fn user_of(row: user::Model) -> Result<User, StoreError> {
    let status = [Status::Active, Status::Disabled]
        .into_iter()
        .find(|status| status.word() == row.status)
        .ok_or_else(|| StoreError::Unreadable { table: "user", why: "no such status".to_owned() })?;
    Ok(User {
        id: rows::id("user", &row.id)?,
        name: row.name,
        username: row.username,
        email: row.email,
        email_key: row.email_key,
        phone: row.phone,
        password_hash: row.password_hash,
        status,
        is_admin: row.is_admin,
        locale: row.locale,
        failures: rows::counted(row.failures),
        failed_at: row.failed_at.map(Millis),
        created_at: Millis(row.created_at),
        password_changed_at: row.password_changed_at.map(Millis),
        delete_after: row.delete_after.map(Millis),
    })
}
