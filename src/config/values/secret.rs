//! Values that must not be seen: each shows itself redacted in `Debug` and `Serialize`, and is read out on purpose only.
use std::{
    fmt,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose};
use serde::{Deserialize, Serialize, Serializer};

/// What is shown in place of a secret.
const REDACTED: &str = "(redacted)";

/// A secret text, possibly empty.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The text itself. Never log it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The 32 bytes it spells in hex or base64; `None` when it spells none.
    #[must_use]
    pub fn master_key(&self) -> Option<MasterKey> {
        let text = self.0.trim();
        let bytes = from_hex(text).or_else(|| from_base64(text))?;
        bytes.try_into().ok().map(MasterKey)
    }

    fn shown(&self) -> &'static str {
        if self.is_empty() { "" } else { REDACTED }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.shown())
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.shown())
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    let bare = text.trim_end_matches('=');
    general_purpose::STANDARD_NO_PAD
        .decode(bare)
        .or_else(|_| general_purpose::URL_SAFE_NO_PAD.decode(bare))
        .ok()
}

/// The 32 bytes from which every server key is derived.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    /// The bytes themselves. Never log them.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

/// A database URL, whose password and options stay hidden when it is shown.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// SQLite in this file, which is made if it is missing.
    #[must_use]
    pub fn sqlite(file: &Path) -> Self {
        let path = file.display().to_string().replace('%', "%25").replace('?', "%3F");
        Self(format!("sqlite://{path}?mode=rwc"))
    }

    /// The form the drivers know: `mysql` for `mariadb`; an SQLite file is made if it is missing, unless a mode says otherwise.
    pub(in super::super) fn normalized(&self) -> Self {
        if let Some(rest) = self.0.strip_prefix("mariadb://") {
            return Self(format!("mysql://{rest}"));
        }
        if self.scheme() == Some("sqlite") && !self.0.contains("mode=") {
            let joint = if self.0.contains('?') { '&' } else { '?' };
            return Self(format!("{}{joint}mode=rwc", self.0));
        }
        self.clone()
    }

    /// The URL as the driver takes it, password included. Never log it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The file of an SQLite database; `None` for every other one.
    #[must_use]
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let rest = self.0.strip_prefix("sqlite://")?;
        let path = rest.split('?').next()?.replace("%3F", "?").replace("%25", "%");
        Some(PathBuf::from(path))
    }

    pub(in super::super) fn scheme(&self) -> Option<&str> {
        self.0.split_once(':').map(|(scheme, _)| scheme)
    }

    fn shown(&self) -> String {
        let Some((scheme, rest)) = self.0.split_once("://") else {
            return if self.is_empty() { String::new() } else { REDACTED.to_owned() };
        };
        if scheme == "sqlite" {
            return self.0.clone();
        }
        let (place, options) = rest.split_once('?').map_or((rest, ""), |(place, _)| (place, "?…"));
        match place.rsplit_once('@') {
            Some((user, host)) => {
                let name = user.split_once(':').map_or(user, |(name, _)| name);
                format!("{scheme}://{name}:***@{host}{options}")
            }
            None => format!("{scheme}://{place}{options}"),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.shown())
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.shown())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{DatabaseUrl, Secret};

    #[test]
    fn a_file_of_any_name_finds_its_way_through_the_url() {
        for name in ["data/convene.db", "/var/a b/100%.db", "what?/x%3F.db"] {
            assert_eq!(DatabaseUrl::sqlite(Path::new(name)).sqlite_file().as_deref(), Some(Path::new(name)));
        }
    }

    #[test]
    fn thirty_two_bytes_are_read_from_hex_and_from_base64() {
        let hex = Secret("07".repeat(32));
        let padded = Secret("BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=".to_owned());
        for secret in [hex, padded] {
            assert_eq!(secret.master_key().unwrap().expose(), &[7; 32]);
        }
        assert!(Secret("short".to_owned()).master_key().is_none());
    }

    #[test]
    fn a_shown_url_names_user_and_host_but_no_password() {
        let url = DatabaseUrl("postgres://ana:p@ss@db.example/convene?password=hidden".to_owned());
        assert_eq!(url.to_string(), "postgres://ana:***@db.example/convene?…");
    }
}
