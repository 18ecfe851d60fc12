//! What is kept of a password: argon2id in the PHC form, or bcrypt that another system brought along.
use super::{Password, Verdict};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use precis_profiles::OpaqueString;
use precis_profiles::precis_core::profile::PrecisFastInvocation;
use std::borrow::Cow;

/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// What is kept may ask for so much work and no more: bcrypt's cost, and argon2's memory and passes.
const MOST_BCRYPT: u32 = 15;
const MOST_MEMORY_KIB: u32 = 262_144;
const MOST_PASSES: u32 = 10;

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("these are within argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

pub(super) fn hash(password: &Password) -> String {
    let made = argon2().hash_password(normal(password).as_bytes());
    made.expect("a salt of the system's generator and these lengths always do").to_string()
}

/// A hash that no password opens but by chance.
pub(super) fn dummy() -> String {
    hash(&Password("nobody has this password".to_owned() + &rand::random::<u128>().to_string()))
}

pub(super) fn verify(password: &Password, kept: &str) -> Verdict {
    let is_right = match bcrypt_cost(kept) {
        Some(cost) => cost <= MOST_BCRYPT && bcrypt::verify(password.expose(), kept).unwrap_or(false),
        None => is_affordable(kept) && argon2().verify_password(normal(password).as_bytes(), kept).is_ok(),
    };
    match is_right {
        false => Verdict::Wrong,
        true if is_outdated(kept) => Verdict::RightButOutdated,
        true => Verdict::Right,
    }
}

/// Whether it is kept in another way than a new one would be.
pub fn is_outdated(kept: &str) -> bool {
    let current = argon2();
    let params = PasswordHash::new(kept).ok().filter(|hash| hash.algorithm.as_str() == "argon2id");
    let params = params.and_then(|hash| Params::try_from(&hash).ok());
    params.is_none_or(|params| {
        (params.m_cost(), params.t_cost(), params.p_cost())
            != (current.params().m_cost(), current.params().t_cost(), current.params().p_cost())
    })
}

fn bcrypt_cost(kept: &str) -> Option<u32> {
    let rest = kept.strip_prefix("$2y$").or_else(|| kept.strip_prefix("$2b$"));
    let rest = rest.or_else(|| kept.strip_prefix("$2a$"))?;
    rest.get(..2).and_then(|cost| cost.parse().ok())
}

fn is_affordable(kept: &str) -> bool {
    let params = PasswordHash::new(kept).ok().and_then(|hash| Params::try_from(&hash).ok());
    params.is_some_and(|params| params.m_cost() <= MOST_MEMORY_KIB && params.t_cost() <= MOST_PASSES)
}

/// One form for what different keyboards send for the same signs (PRECIS `OpaqueString`, RFC 8265); what that profile
/// doesn't know, such as newer emoji, stays as it is.
fn normal(password: &Password) -> Cow<'_, str> {
    OpaqueString::enforce(password.expose()).unwrap_or(Cow::Borrowed(password.expose()))
}
