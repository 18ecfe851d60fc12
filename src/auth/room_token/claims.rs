//! The claims of a room token as they are written and read: every one required has its one type.
use super::{AUDIENCE, Grant, ISSUER, SUBJECT_BYTES};
use crate::room::ids::Millis;
use crate::room::permissions::{Right, Rights, Role};
use serde::{Deserialize, Serialize};

/// A second and more is a thousand milliseconds: beyond this no sum overflows.
const MOST_SECONDS: i64 = i64::MAX / 2_000;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Claims {
    iss: String,
    aud: String,
    sub: String,
    room: String,
    jti: String,
    iat: i64,
    pub(super) nbf: i64,
    pub(super) exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    role: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rights: Option<Vec<String>>,
}

impl From<&Grant> for Claims {
    fn from(grant: &Grant) -> Self {
        let issued = grant.issued.0.div_euclid(1_000);
        Self {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: grant.subject.clone(),
            room: grant.room.to_string(),
            jti: grant.jti.to_string(),
            iat: issued,
            nbf: issued,
            exp: grant.until.0.div_euclid(1_000),
            name: grant.name.clone(),
            role: grant.role.word().to_owned(),
            key: grant.key.map(|key| key.to_string()),
            rights: grant.rights.map(|rights| rights.iter().map(|right| right.word().to_owned()).collect()),
        }
    }
}

impl Claims {
    /// `None` if a claim says nothing we would have written.
    pub(super) fn into_grant(self) -> Option<Grant> {
        let is_time = |seconds: i64| (0..=MOST_SECONDS).contains(&seconds);
        let is_whole = is_time(self.iat) && is_time(self.nbf) && is_time(self.exp);
        if !is_whole || self.sub.is_empty() || self.sub.len() > SUBJECT_BYTES {
            return None;
        }
        Some(Grant {
            room: self.room.parse().ok()?,
            jti: self.jti.parse().ok()?,
            subject: self.sub,
            name: self.name,
            role: Role::from_word(&self.role)?,
            key: match self.key {
                Some(key) => Some(key.parse().ok()?),
                None => None,
            },
            rights: match self.rights {
                Some(words) => Some(rights(&words)?),
                None => None,
            },
            issued: Millis(self.iat * 1_000),
            until: Millis(self.exp * 1_000),
        })
    }
}

/// `None` for a word that is no right.
fn rights(words: &[String]) -> Option<Rights> {
    words.iter().try_fold(Rights::NONE, |sum, word| Right::from_word(word).map(|right| sum.with(right)))
}
