//! What Convene writes to people: to whom, in which language, and what happened; how that reads stands in templates.
pub mod folder;
mod words;
mod writer;

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use writer::{Letter, Line, Writer, Written};

/// One message to one person. Its id stays the same over all tries, so that a receiver can tell a second delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PostId(pub Uuid);

impl PostId {
    /// A new one, later ones behind earlier ones.
    #[must_use]
    pub fn fresh() -> Self {
        Self(Uuid::now_v7())
    }
}

impl fmt::Display for PostId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_simple().fmt(f)
    }
}

impl FromStr for PostId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        Uuid::try_parse(text).map(Self)
    }
}

/// A text that is for its receiver only: an address, a code, a token. Never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hidden(String);

impl Hidden {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself. Never log it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    Mail,
    Sms,
}

impl Channel {
    /// All there are.
    pub const ALL: [Self; 2] = [Self::Mail, Self::Sms];

    /// The word for it in rows, logs and metrics.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Sms => "sms",
        }
    }
}

/// The one receiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum To {
    /// An e-mail address.
    Mail(Hidden),
    /// A phone number in E.164.
    Sms(Hidden),
}

impl To {
    #[must_use]
    pub fn channel(&self) -> Channel {
        match self {
            Self::Mail(_) => Channel::Mail,
            Self::Sms(_) => Channel::Sms,
        }
    }
}

/// The languages that there are templates for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Locale {
    #[default]
    En,
    De,
}

impl Locale {
    /// The one for a language tag such as `de-AT`; English for all others.
    #[must_use]
    pub fn of(tag: &str) -> Self {
        match tag.split(['-', '_']).next().map(str::to_ascii_lowercase).as_deref() {
            Some("de") => Self::De,
            _ => Self::En, // whoever speaks neither reads the one more people read
        }
    }
}

/// What a one-time code opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeFor {
    /// A new account.
    SignUp,
    /// An account that there is.
    SignIn,
    /// A further or changed address or number of an account.
    NewAddress,
}

/// Where a new password is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResetPage {
    #[default]
    Own,
    /// The page of a Meet client that is served from its own folder.
    Meet,
}

/// What the receiver is told. Nothing that a stranger typed in is ever part of it, for it goes to addresses that strangers name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// A one-time code and how many minutes it is good.
    Code { opens: CodeFor, code: Hidden, minutes: u32 },
    /// Somebody wanted to sign up with an address that has an account already.
    AccountExists,
    /// The way to a new password, and how many minutes it is open.
    ResetLink {
        token: Hidden,
        minutes: u32,
        #[serde(default)]
        page: ResetPage,
    },
    /// The password is another one now.
    PasswordChanged,
    /// An address or number was taken from the account or put in the place of this one; goes to the old one.
    AddressRemoved,
}

impl Notice {
    /// The word for its kind in rows, logs and metrics.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Code { opens: CodeFor::SignUp, .. } => "signup_code",
            Self::Code { opens: CodeFor::SignIn, .. } => "signin_code",
            Self::Code { opens: CodeFor::NewAddress, .. } => "address_code",
            Self::AccountExists => "account_exists",
            Self::ResetLink { .. } => "reset_link",
            Self::PasswordChanged => "password_changed",
            Self::AddressRemoved => "address_removed",
        }
    }
}

impl Notice {
    /// How many minutes from its making it is of use; `None` for what stays true.
    #[must_use]
    pub fn minutes(&self) -> Option<u32> {
        match self {
            Self::Code { minutes, .. } | Self::ResetLink { minutes, .. } => Some(*minutes),
            Self::AccountExists | Self::PasswordChanged | Self::AddressRemoved => None,
        }
    }
}

/// All that is needed to write to somebody; the outbox keeps it sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    pub to: To,
    pub locale: Locale,
    pub notice: Notice,
}

/// What became of a message that was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// Somebody took it over.
    Over,
    /// It lies in this file.
    To(PathBuf),
}

/// Why a message was not handed over, in a few words for the log: without address, without content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The same may work later.
    #[error("{0}")]
    Later(String),
    /// It will never work.
    #[error("{0}")]
    Never(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_post_shows_neither_address_nor_code() {
        let notice = Notice::Code { opens: CodeFor::SignUp, code: Hidden::new("123456"), minutes: 5 };
        let post = Post { to: To::Mail(Hidden::new("ana@example.org")), locale: Locale::En, notice };
        let shown = format!("{post:?}");
        assert!(!shown.contains("123456") && !shown.contains("ana"), "{shown}");
    }

    #[test]
    fn a_language_tag_leads_to_a_language_there_are_templates_for() {
        let of = |tag| Locale::of(tag);
        assert_eq!([of("de"), of("de-AT"), of("DE_ch")], [Locale::De; 3]);
        assert_eq!([of("en-GB"), of("fr"), of(""), of("deu")], [Locale::En; 4]);
    }
}
