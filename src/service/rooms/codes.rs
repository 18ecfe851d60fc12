//! Keys, PINs and owner secrets, drawn from the system's generator; and which keys can be guessed.
use crate::fault::Fault;
use crate::room::join::is_guessable;
use crate::room::pins::{Pin, Pins};
use crate::room::record::Keys;
use crate::seal::random_bytes;
use crate::service::caller::OWNER_PREFIX;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::sync::Arc;

/// mesibo's gids: 1,000 to 2^31−1.
const LEAST_GID: u64 = 1_000;
const MOST_GID: u64 = i32::MAX as u64;

/// A key for each system.
#[must_use]
pub fn keys() -> Keys {
    Keys { native: native(), meet: hex::<8>(), mesibo: gid(), hundredms: hex::<12>() }
}

/// A code that a client brings: 1 to 64 characters that stand in a path as they are, and nothing that looks like another
/// system's key.
///
/// # Errors
/// [`Fault::InvalidField`]
pub(super) fn brought(code: &str) -> Result<Arc<str>, Fault> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let is_hex = code.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_a_path = code.bytes().all(|byte| byte == b'.');
    let looks_foreign = is_guessable(code) || (is_hex && matches!(code.len(), 16 | 24 | 32));
    if (1..=64).contains(&code.len()) && code.bytes().all(is_plain) && !is_a_path && !looks_foreign {
        Ok(code.into())
    } else {
        Err(Fault::field(
            "code",
            "1 to 64 letters, digits, '-', '_', '.' or '~', unlike the keys of other systems",
        ))
    }
}

/// An id that a 100ms API has given: 24 hex digits.
///
/// # Errors
/// [`Fault::InvalidField`]
pub(super) fn given(id: &str) -> Result<Arc<str>, Fault> {
    let is_hex = id.len() == 24 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if is_hex { Ok(id.into()) } else { Err(Fault::field("id", "24 lowercase hex digits")) }
}

pub(super) fn pins() -> Pins {
    let pin = pin();
    let spin = std::iter::repeat_with(self::pin).find(|spin| *spin != pin).expect("the iterator never ends");
    Pins { pin, spin }
}

pub(super) fn pin() -> Pin {
    Pin::from_random(random_below(90_000_000))
}

/// `cvo_` and 256 random bits in base64url.
pub(super) fn owner_secret() -> String {
    format!("{OWNER_PREFIX}{}", URL_SAFE_NO_PAD.encode(random_bytes::<32>()))
}

/// `abc-defg-hij`: ten letters, 47 bits.
fn native() -> Arc<str> {
    let letters: Vec<char> = (0..10).map(|_| char::from(b'a' + random_below(26) as u8)).collect();
    let text = |range: std::ops::Range<usize>| letters[range].iter().collect::<String>();
    format!("{}-{}-{}", text(0..3), text(3..7), text(7..10)).into()
}

fn gid() -> u32 {
    (LEAST_GID + random_below(MOST_GID - LEAST_GID + 1)) as u32
}

fn hex<const N: usize>() -> Arc<str> {
    let digits: String = random_bytes::<N>().iter().map(|byte| format!("{byte:02x}")).collect();
    digits.into()
}

/// Evenly from 0 to below `bound`: draws that would favour the low numbers are drawn again.
fn random_below(bound: u64) -> u64 {
    let fair = u64::MAX - u64::MAX % bound;
    std::iter::repeat_with(|| u64::from_be_bytes(random_bytes()))
        .find(|drawn| *drawn < fair)
        .expect("the iterator never ends")
        % bound
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn keys_have_the_shapes_of_their_systems() {
        for _ in 0..1000 {
            let keys = keys();
            let parts: Vec<_> = keys.native.split('-').map(str::len).collect();
            assert_eq!(parts, [3, 4, 3]);
            assert!(keys.native.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
            assert!(keys.meet.len() == 16 && keys.hundredms.len() == 24);
            assert!((1_000..=2_147_483_647).contains(&keys.mesibo));
            assert!(is_guessable(&keys.mesibo.to_string()) && !is_guessable(&keys.native));
        }
    }

    #[test]
    fn a_brought_code_looks_like_no_other_systems_key() {
        for good in ["abc-defg-hij", "My.Room_1~", "0123456789abcdeg", &"z".repeat(64)] {
            assert_eq!(brought(good).unwrap().as_ref(), good);
        }
        let (long, hex) = ("z".repeat(65), "0123456789abcdef");
        for bad in ["", "1234", "a/b", "a b", "ä", "..", "$ne", &long, hex, "0123456789ABCDEF01234567"] {
            assert!(brought(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn letters_and_digits_are_drawn_evenly() {
        let mut seen = [0_u32; 26];
        for _ in 0..26_000 {
            seen[random_below(26) as usize] += 1;
        }
        assert!(seen.iter().all(|count| (800..1200).contains(count)), "{seen:?}");
    }

    #[test]
    fn secrets_and_pins_differ() {
        let secrets: HashSet<_> = (0..100).map(|_| owner_secret()).collect();
        assert!(secrets.len() == 100 && secrets.iter().all(|secret| secret.len() == 47));
        for _ in 0..100 {
            let pins = pins();
            assert!(pins.pin != pins.spin && !pins.pin.reveal().starts_with('0'));
        }
    }
}
