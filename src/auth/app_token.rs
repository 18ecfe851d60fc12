//! Tokens as a 100ms backend signs them (JWT, HS256): by them somebody enters one room in a role. Signed here, or by whoever has the app's secret.
mod claims;

use super::room_token::{LEEWAY_MS, MOST_BYTES};
use crate::fault::Fault;
use crate::room::ids::{KeyId, Millis, PeerId, TokenId};
use crate::seal::{KeyRing, Purpose, random_bytes, sha256};
use claims::{Claims, Management};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::Serialize;
use std::fmt;
use uuid::{Builder, Uuid};

/// How long a token may let someone enter: 24 hours, in milliseconds.
pub const LONGEST_MS: i64 = 24 * 60 * 60 * 1_000;
/// Characters of a user's id in a token.
pub const USER_CHARS: usize = 128;
/// Characters of a role.
pub const ROLE_CHARS: usize = 64;

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppToken {
    /// A key of the room.
    pub room: String,
    /// The app's own name of whoever holds it; empty if the app gave none.
    pub user: String,
    /// A word of the app's template, if one was given.
    pub role: Option<String>,
    /// Names this token, so that it can be ended.
    pub jti: TokenId,
    /// The API key that asked for it, if one did.
    pub key: Option<KeyId>,
    pub issued: Millis,
    pub until: Millis,
}

/// Signs and verifies for one app. With a configured secret that alone does both; else the newest key of the ring signs,
/// and all of them verify.
pub struct AppTokens {
    access_key: String,
    keys: Vec<Key>,
}

struct Key {
    sign: EncodingKey,
    verify: DecodingKey,
}

impl AppTokens {
    /// An empty secret is derived from the ring, an empty access key too.
    pub fn new(ring: &KeyRing, access_key: &str, secret: &str) -> Self {
        let keys = if secret.is_empty() {
            let derived = ring.ids().filter_map(|id| ring.derive_by(id, Purpose::AppToken, &[b"HS256"]));
            derived.map(|secret| Key::of(&secret)).collect()
        } else {
            vec![Key::of(secret.as_bytes())]
        };
        let access_key =
            if access_key.is_empty() { app_id(ring, "access key") } else { access_key.to_owned() };
        Self { access_key, keys }
    }

    /// Signs with all claims that 100ms writes.
    ///
    /// # Errors
    /// [`Fault::Internal`] if the signing library refuses its own key.
    pub fn sign(&self, token: &AppToken) -> Result<String, Fault> {
        self.signed(&Claims::of(token, &self.access_key))
    }

    /// For the server's own use of a 100ms-compatible API, for an hour.
    ///
    /// # Errors
    /// As [`Self::sign`].
    pub fn sign_management(&self, now: Millis) -> Result<String, Fault> {
        self.signed(&Management::of(&self.access_key, now))
    }

    fn signed(&self, claims: &impl Serialize) -> Result<String, Fault> {
        let key = self.keys.first().ok_or(Fault::Internal)?;
        encode(&Header::new(Algorithm::HS256), claims, &key.sign).map_err(|error| {
            tracing::error!(%error, "an app token could not be signed");
            Fault::Internal
        })
    }

    /// What a token says, if it is this app's and its time is now.
    ///
    /// # Errors
    /// [`Fault::TokenInvalid`], whatever is wrong with it.
    pub fn verify(&self, token: &str, now: Millis) -> Result<AppToken, Fault> {
        self.read(token, now).ok_or(Fault::TokenInvalid)
    }

    fn read(&self, token: &str, now: Millis) -> Option<AppToken> {
        if token.len() > MOST_BYTES || !token.is_ascii() {
            return None;
        }
        let header = decode_header(token).ok()?;
        if header.alg != Algorithm::HS256 || header.typ.as_deref().is_some_and(|typ| typ != "JWT") {
            return None;
        }
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_required_spec_claims(&["exp"]);
        rules.validate_exp = false; // judged below, by the server's clock
        rules.validate_nbf = false;
        rules.validate_aud = false; // such tokens have none
        let claims =
            self.keys.iter().find_map(|key| decode::<Claims>(token, &key.verify, &rules).ok())?.claims;
        let token = claims.into_token(&self.access_key, token)?;
        let lasts = token.until.0 - token.issued.0;
        let is_now =
            token.issued.0 <= now.0.saturating_add(LEEWAY_MS) && now.0 < token.until.plus(LEEWAY_MS).0;
        (is_now && (0..=LONGEST_MS).contains(&lasts)).then_some(token)
    }
}

impl Key {
    fn of(secret: &[u8]) -> Self {
        Self { sign: EncodingKey::from_secret(secret), verify: DecodingKey::from_secret(secret) }
    }
}

impl fmt::Debug for AppTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AppTokens({} keys)", self.keys.len())
    }
}

/// 24 hex digits that this installation has for itself as long as its oldest key stays.
pub fn app_id(ring: &KeyRing, what: &str) -> String {
    let oldest = ring.ids().last().and_then(|id| ring.derive_by(id, Purpose::AppToken, &[what.as_bytes()]));
    let bytes = oldest.unwrap_or_else(|| ring.derive(Purpose::AppToken, &[what.as_bytes()]));
    bytes.iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

/// A new token's id: it says when it was made, so that it ends with all made before a moment.
pub fn new_id(at: Millis) -> TokenId {
    dated(at, random_bytes())
}

/// Whether a text may be a role: 1 to 64 letters, digits, `-` or `_`.
pub fn is_role(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    (1..=ROLE_CHARS).contains(&text.len()) && text.bytes().all(is_plain)
}

/// Whether a text may be a user's id in a token: 1 to 128 printable ASCII characters, but for the three that base64 turns
/// into the letters `-` and `_`, which 100ms' own clients don't read; and not like a peer's id, by which others are told.
pub fn is_user(text: &str) -> bool {
    let is_plain = |byte: u8| (b' '..=b'}').contains(&byte) && !b">?".contains(&byte);
    (1..=USER_CHARS).contains(&text.len()) && text.bytes().all(is_plain) && !PeerId::is_like(text)
}

/// The id in a `jti`: its own, if it tells its time as ours do; for every other one that follows from it and the time.
fn id_of(jti: Option<&str>, token: &str, issued: Millis) -> TokenId {
    let own = jti.and_then(|jti| Uuid::try_parse(jti).ok()).filter(|id| id.get_version_num() == 7);
    own.map(TokenId).unwrap_or_else(|| {
        let hash = sha256(jti.unwrap_or(token).as_bytes());
        dated(issued, std::array::from_fn(|at| hash[at]))
    })
}

fn dated(at: Millis, rest: [u8; 10]) -> TokenId {
    let ms = u64::try_from(at.0).unwrap_or_default();
    TokenId(Builder::from_unix_timestamp_millis(ms, &rest).into_uuid())
}

#[cfg(test)]
mod tests;
