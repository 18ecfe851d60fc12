//! `[dialects.hundredms]`.
use serde::{Deserialize, Serialize};

use crate::config::Invalid;
use crate::config::validate::wrong;
use crate::config::values::{Secret, Within};

/// A backend for apps made for 100ms.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HundredMs {
    pub enabled: bool,
    pub prefix: String,
    pub mode: HundredMsMode,
    /// Empty: one is derived.
    pub access_key: String,
    /// Empty: one is derived.
    pub app_secret: Secret,
    pub token_hours: Within<1, 24>,
    pub default_role: String,
    pub host_roles: Vec<String>,
    pub viewer_roles: Vec<String>,
    pub update_scope: UpdateScope,
    pub errors: bool,
    pub list: ListScope,
    pub listed_rooms: Within<1, 10_000>,
    /// Empty: rooms are made here alone. Hidden when shown: it may hold a key.
    pub upstream: Secret,
}

/// Who gets which token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HundredMsMode {
    Open,
    Role,
    Strict,
}

/// What the list shows whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ListScope {
    All,
    Own,
}

/// Who hears of a coming or going.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum UpdateScope {
    Sender,
    Room,
}

pub(super) fn check(app: &HundredMs) -> Result<(), Invalid> {
    let is_prefix = |prefix: &str| {
        let parts = prefix.strip_prefix('/').into_iter().flat_map(|rest| rest.split('/'));
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let mut parts = parts.peekable();
        parts.peek().is_some() && parts.all(|part| !part.is_empty() && part.chars().all(plain))
    };
    if !app.prefix.is_empty() && !is_prefix(&app.prefix) {
        return wrong("dialects.hundredms.prefix", "must be like /backend, or empty");
    }
    let is_role = |role: &String| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        (1..=64).contains(&role.len()) && role.chars().all(plain)
    };
    for (key, roles) in [
        ("dialects.hundredms.default_role", std::slice::from_ref(&app.default_role)),
        ("dialects.hundredms.host_roles", &app.host_roles),
        ("dialects.hundredms.viewer_roles", &app.viewer_roles),
    ] {
        if let Some(role) = roles.iter().find(|role| !is_role(role)) {
            return wrong(key, format!("{role:?} is not 1 to 64 letters, digits, '-' or '_'"));
        }
    }
    if app.host_roles.iter().any(|role| role.eq_ignore_ascii_case(&app.default_role)) {
        return wrong("dialects.hundredms.default_role", "must not be one of dialects.hundredms.host_roles");
    }
    if !app.app_secret.is_empty() && app.app_secret.expose().len() < 16 {
        return wrong("dialects.hundredms.app_secret", "needs at least 16 characters");
    }
    if app.access_key.chars().any(|c| !c.is_ascii_alphanumeric()) || app.access_key.len() > 64 {
        return wrong("dialects.hundredms.access_key", "must be at most 64 letters and digits");
    }
    if app.upstream.is_empty() {
        return Ok(());
    }
    if !["http://", "https://"].iter().any(|scheme| app.upstream.expose().starts_with(scheme)) {
        return wrong("dialects.hundredms.upstream", "must begin with https:// or http:// and name a host");
    }
    if app.access_key.is_empty() || app.app_secret.is_empty() {
        return wrong(
            "dialects.hundredms.upstream",
            "needs the app's own dialects.hundredms.access_key and dialects.hundredms.app_secret",
        );
    }
    Ok(())
}
