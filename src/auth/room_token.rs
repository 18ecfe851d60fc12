//! Room tokens: short-lived JWTs by which someone enters one room with given rights. Signed here, verified here.
mod claims;
mod keys;

use crate::fault::Fault;
use crate::room::ids::{KeyId, Millis, RoomId, TokenId};
use crate::room::permissions::{Rights, Role};
use crate::seal::KeyRing;
use claims::Claims;
use jsonwebtoken::{Header, Validation, decode, decode_header, encode};
use keys::Key;
use std::fmt;
use uuid::{NoContext, Timestamp, Uuid};

/// `typ` of the header: no other JWT passes for a room token (RFC 8725, 3.11).
const TYP: &str = "convene-room+jwt";
/// Who issues them and whom they are for.
const ISSUER: &str = "convene";
const AUDIENCE: &str = "convene-room";
/// Bytes of a token; longer ones aren't looked at.
pub const MOST_BYTES: usize = 8 << 10;
/// How far clocks may differ, in seconds.
const LEEWAY: i64 = 30;
/// The same in milliseconds.
pub const LEEWAY_MS: i64 = LEEWAY * 1_000;
/// Bytes of a subject.
pub const SUBJECT_BYTES: usize = 128;

/// The one algorithm of this installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// HMAC with SHA-256, by a key of the ring.
    Hs256,
    /// Ed25519, by a key derived from the ring.
    EdDsa,
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub room: RoomId,
    /// Names this token, so that it can be revoked.
    pub jti: TokenId,
    /// Whom it was made for, in the issuer's own words, 1 to 128 bytes.
    pub subject: String,
    /// The name to enter with, if the issuer fixed one.
    pub name: Option<String>,
    pub role: Role,
    /// Exactly these rights, instead of the role's.
    pub rights: Option<Rights>,
    /// The API key that made it, if one did.
    pub key: Option<KeyId>,
    /// When it was made; in whole seconds.
    pub issued: Millis,
    /// Until when it lets someone enter; in whole seconds.
    pub until: Millis,
}

/// A new token's id.
pub fn new_id(at: Millis) -> TokenId {
    let ms = u64::try_from(at.0).unwrap_or_default();
    let nanos = u32::try_from(ms % 1_000).unwrap_or_default() * 1_000_000;
    TokenId(Uuid::new_v7(Timestamp::from_unix(NoContext, ms / 1_000, nanos)))
}

/// When a token was made, to the millisecond: its id says so (UUID version 7).
pub fn made_at(jti: TokenId) -> Millis {
    let (seconds, nanos) = jti.0.get_timestamp().map_or((0, 0), |time| time.to_unix());
    let ms = seconds.saturating_mul(1_000).saturating_add(u64::from(nanos) / 1_000_000);
    Millis(i64::try_from(ms).unwrap_or(i64::MAX))
}

/// Signs and verifies. The newest key of the ring signs; all of them verify.
pub struct RoomTokens {
    algorithm: Algorithm,
    keys: Vec<Key>,
}

impl RoomTokens {
    pub fn new(ring: &KeyRing, algorithm: Algorithm) -> Self {
        let keys = ring.ids().filter_map(|id| Key::of(ring, id, algorithm)).collect();
        Self { algorithm, keys }
    }

    /// # Errors
    /// [`Fault::Internal`] if the signing library refuses its own key.
    pub fn sign(&self, grant: &Grant) -> Result<String, Fault> {
        let key = self.keys.first().ok_or(Fault::Internal)?;
        let mut header = Header::new(self.algorithm.jwt());
        header.typ = Some(TYP.to_owned());
        header.kid = Some(key.kid.clone());
        encode(&header, &Claims::from(grant), &key.sign).map_err(|error| {
            tracing::error!(%error, "a room token could not be signed");
            Fault::Internal
        })
    }

    /// What a token says, if it is one of ours and its time is now.
    ///
    /// # Errors
    /// [`Fault::TokenInvalid`], whatever is wrong with it.
    pub fn verify(&self, token: &str, now: Millis) -> Result<Grant, Fault> {
        self.read(token, now).ok_or(Fault::TokenInvalid)
    }

    fn read(&self, token: &str, now: Millis) -> Option<Grant> {
        if token.len() > MOST_BYTES || !token.is_ascii() {
            return None;
        }
        let header = decode_header(token).ok()?;
        if header.typ.as_deref() != Some(TYP) || header.alg != self.algorithm.jwt() || asks_more(&header) {
            return None;
        }
        let kid = header.kid?;
        let key = self.keys.iter().find(|key| key.kid == kid)?;
        let mut rules = Validation::new(self.algorithm.jwt());
        rules.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[AUDIENCE]);
        rules.validate_exp = false; // judged below, by the server's clock and as strict numbers
        let claims = decode::<Claims>(token, &key.verify, &rules).ok()?.claims;
        let seconds = now.0.div_euclid(1_000);
        let is_now =
            claims.nbf <= seconds.saturating_add(LEEWAY) && seconds < claims.exp.saturating_add(LEEWAY);
        is_now.then_some(claims)?.into_grant()
    }
}

impl Algorithm {
    fn jwt(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::Hs256 => jsonwebtoken::Algorithm::HS256,
            Self::EdDsa => jsonwebtoken::Algorithm::EdDSA,
        }
    }
}

impl fmt::Debug for RoomTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RoomTokens({:?}, {} keys)", self.algorithm, self.keys.len())
    }
}

/// Whether a header brings a key of its own, or wants something we never write.
fn asks_more(header: &Header) -> bool {
    header.jwk.is_some()
        || header.jku.is_some()
        || header.x5u.is_some()
        || header.x5c.is_some()
        || header.crit.is_some()
        || header.enc.is_some()
        || header.zip.is_some()
}

#[cfg(test)]
mod tests;
