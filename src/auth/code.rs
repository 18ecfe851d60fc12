//! One-time codes: a few digits, bound to a flow and an address; only a keyed hash is kept.
use super::session::hex;
use crate::room::ids::FlowId;
use crate::seal::{KeyRing, Purpose};
use rand::RngExt;
use std::fmt;

/// Digits of a code on our own page (just under 20 bits).
pub const DIGITS: u32 = 6;
/// Digits a dialect may ask for.
pub const LENGTHS: std::ops::RangeInclusive<u32> = 4..=8;

/// A code, in digits. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// A new one of so many digits (brought within [`LENGTHS`]), from the system's generator.
    pub fn random(digits: u32) -> Self {
        let digits = digits.clamp(*LENGTHS.start(), *LENGTHS.end());
        let number = rand::rng().random_range(0..10_u32.pow(digits));
        Self(format!("{number:0width$}", width = digits as usize))
    }

    /// A new one of [`DIGITS`] digits that begins with none of 0, for systems whose clients read a code as a number.
    pub fn random_number() -> Self {
        let least = 10_u32.pow(DIGITS - 1);
        Self(rand::rng().random_range(least..10 * least).to_string())
    }

    /// What someone typed or pasted, spaces and hyphens left out.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > 24 {
            return None;
        }
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{a0}')).collect();
        let length = u32::try_from(digits.len()).ok()?;
        let is_code = LENGTHS.contains(&length) && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_code.then_some(Self(digits))
    }

    /// For the message that carries it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is kept of it, 64 hex digits: a code of another flow or address never matches, nor does one without our key.
    pub fn hash(&self, ring: &KeyRing, flow: FlowId, target: &str) -> String {
        hex(&ring.derive(Purpose::OneTimeCode, &[flow.0.as_bytes(), target.as_bytes(), self.0.as_bytes()]))
    }

    /// Whether it is the one that was kept, compared in constant time; under an older key too.
    pub fn is(&self, ring: &KeyRing, flow: FlowId, target: &str, kept: &str) -> bool {
        let parts: [&[u8]; 3] = [flow.0.as_bytes(), target.as_bytes(), self.0.as_bytes()];
        from_hex(kept).is_some_and(|kept| ring.is_derived(Purpose::OneTimeCode, &parts, &kept))
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    #[test]
    fn a_code_is_good_for_its_flow_and_address_only() {
        let (ring, flow) = (KeyRing::ephemeral(), FlowId(Uuid::from_u128(1)));
        let code = Code::random(DIGITS);
        let kept = code.hash(&ring, flow, "ada@example.org");
        assert!(code.is(&ring, flow, "ada@example.org", &kept));
        assert!(!code.is(&ring, FlowId(Uuid::from_u128(2)), "ada@example.org", &kept));
        assert!(!code.is(&ring, flow, "eve@example.org", &kept));
        assert!(!code.is(&KeyRing::ephemeral(), flow, "ada@example.org", &kept));
        assert!(!kept.contains(code.as_str()) || kept.len() == 64, "a hash, not the code");
        assert!(!format!("{code:?}").contains(code.as_str()));
    }

    #[test]
    fn codes_have_the_digits_asked_for_and_differ() {
        for (asked, given) in [(4, 4), (6, 6), (8, 8), (0, 4), (99, 8)] {
            assert_eq!(Code::random(asked).as_str().len(), given);
        }
        let drawn: std::collections::HashSet<_> =
            (0..100).map(|_| Code::random(6).as_str().to_owned()).collect();
        assert!(drawn.len() > 90, "{} of 100 differ", drawn.len());
    }

    #[test]
    fn codes_as_numbers_lose_no_digit() {
        for _ in 0..1000 {
            let code = Code::random_number();
            assert!(code.as_str().len() == 6 && !code.as_str().starts_with('0'), "{}", code.as_str());
        }
    }

    #[test]
    fn codes_are_read_as_people_paste_them() {
        let code = |text| Code::parse(text).map(|code| code.as_str().to_owned());
        assert_eq!(code(" 123 456 "), Some("123456".to_owned()));
        assert_eq!(code("123-456"), Some("123456".to_owned()));
        for text in ["", "123", "123456789", "12345a", "１２３４５６", "123456\n", &"1 ".repeat(1 << 19)]
        {
            assert_eq!(code(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_or_refused(text in "[0-9 -]{0,12}|\\PC{0,24}", kept in any::<String>()) {
            let (ring, flow) = (KeyRing::ephemeral(), FlowId(Uuid::nil()));
            if let Some(code) = Code::parse(&text) {
                prop_assert!(!code.is(&ring, flow, "t", &kept));
            }
        }
    }
}
