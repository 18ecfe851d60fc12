//! The claims of an app's tokens: ten are written; those that a 100ms backend leaves out may be missing when read.
use super::{AppToken, ROLE_CHARS, USER_CHARS, id_of};
use crate::room::ids::Millis;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const APP: &str = "app";
const MANAGEMENT: &str = "management";
const VERSION: u8 = 2;
/// Bytes of a room's key.
const ROOM_BYTES: usize = 64;
/// How long a management token is good, in seconds.
const MANAGEMENT_SECONDS: i64 = 3_600;
/// Beyond this no sum of milliseconds overflows.
const MOST_SECONDS: i64 = i64::MAX / 4_000;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Claims {
    access_key: String,
    #[serde(rename = "type")]
    kind: String,
    version: u8,
    room_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
    iat: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    exp: i64,
    /// The API key behind it: ours, no claim of 100ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

impl Claims {
    pub(super) fn of(token: &AppToken, access_key: &str) -> Self {
        let issued = token.issued.0.div_euclid(1_000);
        Self {
            access_key: access_key.to_owned(),
            kind: APP.to_owned(),
            version: VERSION,
            room_id: token.room.clone(),
            user_id: Some(token.user.clone()),
            role: token.role.clone(),
            jti: Some(token.jti.0.to_string()),
            iat: issued,
            nbf: Some(issued),
            exp: token.until.0.div_euclid(1_000),
            key: token.key.map(|key| key.to_string()),
        }
    }

    /// `None` if a claim says nothing that such a backend writes. `text` is the whole token: it names one without a `jti`.
    pub(super) fn into_token(self, access_key: &str, text: &str) -> Option<AppToken> {
        let times = [self.iat, self.nbf.unwrap_or(self.iat), self.exp];
        let is_app = self.kind == APP && self.version == VERSION && self.access_key == access_key;
        let is_short = (1..=ROOM_BYTES).contains(&self.room_id.len())
            && self.user_id.as_ref().is_none_or(|user| user.chars().count() <= USER_CHARS)
            && self.role.as_ref().is_none_or(|role| role.len() <= ROLE_CHARS);
        if !is_app || !is_short || !times.iter().all(|seconds| (0..=MOST_SECONDS).contains(seconds)) {
            return None;
        }
        let issued = Millis(times[0].max(times[1]) * 1_000);
        Some(AppToken {
            jti: id_of(self.jti.as_deref(), text, Millis(self.iat * 1_000)),
            room: self.room_id,
            user: self.user_id.unwrap_or_default(),
            role: self.role,
            key: match self.key {
                Some(key) => Some(key.parse().ok()?),
                None => None,
            },
            issued,
            until: Millis(self.exp * 1_000),
        })
    }
}

/// What 100ms' own API asks of a server that speaks to it.
#[derive(Debug, Serialize)]
pub(super) struct Management<'a> {
    access_key: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    version: u8,
    jti: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

impl<'a> Management<'a> {
    pub(super) fn of(access_key: &'a str, now: Millis) -> Self {
        let iat = now.0.div_euclid(1_000);
        Self {
            access_key,
            kind: MANAGEMENT,
            version: VERSION,
            jti: Uuid::new_v4().to_string(),
            iat,
            nbf: iat,
            exp: iat + MANAGEMENT_SECONDS,
        }
    }
}
