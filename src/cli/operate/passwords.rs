//! New passwords from the operator: read from standard input, never from the command line; or made, and shown once.
use std::io::Read;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use prometheus_client::metrics::counter::Counter;

use super::Refused;
use crate::auth::password::{Hasher, MOST_CHARS, Password, Settings};
use crate::auth::strength;
use crate::config::Config;
use crate::seal::random_bytes;

/// A password with its hash.
pub(super) struct NewPassword {
    pub(super) hash: String,
    /// What is to be shown: a password that was made here.
    pub(super) made: Option<String>,
}

/// The one on standard input, judged as a user's own choice would be.
pub(super) async fn given(config: &Config, known: &[&str]) -> Result<NewPassword, Refused> {
    let mut text = String::new();
    let most = (4 * MOST_CHARS + 2) as u64;
    std::io::stdin()
        .take(most)
        .read_to_string(&mut text)
        .map_err(|error| Refused::because(format!("no password came from standard input: {error}")))?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let password = Password::parse(line.strip_suffix('\r').unwrap_or(line))?;
    strength::judge(&password, config.auth.password_min_length.usize(), known)?;
    Ok(NewPassword { hash: hash(password).await?, made: None })
}

/// A random one of 120 bits.
pub(super) async fn made() -> Result<NewPassword, Refused> {
    let text = URL_SAFE_NO_PAD.encode(random_bytes::<15>());
    Ok(NewPassword { hash: hash(Password::parse(&text)?).await?, made: Some(text) })
}

async fn hash(password: Password) -> Result<String, Refused> {
    Ok(Hasher::new(Settings::default(), Counter::default()).hash(password).await?)
}
