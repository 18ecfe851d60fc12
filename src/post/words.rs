//! What a message says, in each language: words only; how they are laid out stands in `templates/`.
mod de;
mod en;

use super::{Locale, Notice, ResetPage};

/// Where a mail leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) label: &'static str,
    pub(super) url: String,
}

/// The parts of one message, in the order in which they are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    /// The language's tag.
    pub(super) language: &'static str,
    pub(super) subject: String,
    pub(super) lead: String,
    pub(super) code: Option<String>,
    pub(super) link: Option<Link>,
    pub(super) notes: Vec<String>,
    /// All of it in one short line, for a text message.
    pub(super) short: String,
}

/// Who writes, and where links lead.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) operator: &'a str,
    /// Scheme and host without a slash at the end.
    pub(super) base: &'a str,
}

impl Setting<'_> {
    fn link(self, label: &'static str, path: &str) -> Option<Link> {
        Some(Link { label, url: format!("{}{path}", self.base) })
    }
}

pub(super) fn of(locale: Locale, notice: &Notice, setting: Setting<'_>) -> Words {
    match locale {
        Locale::En => en::words(notice, setting),
        Locale::De => de::words(notice, setting),
    }
}

/// The page's path for a reset token. Behind the `#`, it is sent to no server and stands in no log; a Meet client's page
/// reads it from the query.
fn reset_path(page: ResetPage, token: &str) -> String {
    match page {
        ResetPage::Own => format!("/reset#token={token}"),
        ResetPage::Meet => format!("/client/verify/forgot.php?token={token}"),
    }
}
