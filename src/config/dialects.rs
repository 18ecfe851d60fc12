//! The sections of the systems whose clients are served: `[dialects.<name>]`.
use std::{net::SocketAddr, path::PathBuf};

use serde::{Deserialize, Serialize};

use url::Url;

use super::validate::wrong;
use super::values::{Secret, Within};
use super::{Config, Invalid};

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Dialects {
    pub animo: Animo,
    pub meet: Meet,
    pub mesibo: Mesibo,
}

/// Animo Meet.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Animo {
    pub enabled: bool,
    pub expire_days: Within<1, 365>,
    pub open_check_host: bool,
    pub synthetic_joins: bool,
    /// Empty when its page lies elsewhere.
    pub static_dir: PathBuf,
}

/// Meet (PHP).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Meet {
    pub enabled: bool,
    /// `None` when empty: its sockets come in on `http.bind` alone.
    #[serde(with = "super::values::maybe_address")]
    pub bind: Option<SocketAddr>,
    /// Empty: there is none.
    pub static_dir: PathBuf,
    pub tell_unknown_email: bool,
    pub tell_known_email: bool,
    pub require_session: bool,
    pub open_hours: Within<1, 8760>,
}

/// mesibo's conferencing and private API.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Mesibo {
    pub enabled: bool,
    pub token_days: Within<1, 365>,
    /// Empty: no captcha is asked for.
    pub captcha_secret: Secret,
    pub captcha_url: String,
    pub upload_bytes: Within<1024, 33_554_432>,
    pub contacts_per_day: Within<0, 1_000_000>,
    pub google_key: String,
}

impl Mesibo {
    /// Where solved puzzles are checked.
    fn captcha(&self) -> Option<Url> {
        let url = (!self.captcha_secret.is_empty()).then(|| Url::parse(&self.captcha_url).ok())?;
        url.filter(|url| matches!(url.scheme(), "http" | "https"))
    }
}

pub(super) fn check(config: &Config) -> Result<(), Invalid> {
    let mesibo = &config.dialects.mesibo;
    if !mesibo.captcha_secret.is_empty() && mesibo.captcha().is_none() {
        return wrong(
            "dialects.mesibo.captcha_url",
            "must begin with https:// or http:// when dialects.mesibo.captcha_secret is set",
        );
    }
    Ok(())
}
