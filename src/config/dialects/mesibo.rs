//! `[dialects.mesibo]`.
use serde::{Deserialize, Serialize};
use url::Url;

use crate::config::Invalid;
use crate::config::validate::wrong;
use crate::config::values::{Secret, Within};

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

pub(super) fn check(mesibo: &Mesibo) -> Result<(), Invalid> {
    if !mesibo.captcha_secret.is_empty() && mesibo.captcha().is_none() {
        return wrong(
            "dialects.mesibo.captcha_url",
            "must begin with https:// or http:// when dialects.mesibo.captcha_secret is set",
        );
    }
    Ok(())
}
