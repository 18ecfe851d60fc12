//! Room PINs: eight digits, the first not 0.
use std::fmt;
use subtle::ConstantTimeEq;

/// A participant's or viewer's PIN. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin([u8; 8]);

impl Pin {
    /// From a number drawn at random in 10,000,000 to 99,999,999; others are folded into that range.
    pub fn from_random(number: u64) -> Self {
        let text = (10_000_000 + number % 90_000_000).to_string();
        Self(text.as_bytes().try_into().expect("a number of that range has eight digits"))
    }

    pub fn parse(text: &str) -> Option<Self> {
        let digits: [u8; 8] = text.as_bytes().try_into().ok()?;
        (digits.iter().all(u8::is_ascii_digit) && digits[0] != b'0').then_some(Self(digits))
    }

    /// For its owner's eyes, and for sealing.
    pub fn reveal(&self) -> &str {
        std::str::from_utf8(&self.0).expect("digits are ASCII")
    }

    /// Compared in constant time.
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// A room's two PINs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pins {
    /// Enters as participant.
    pub pin: Pin,
    /// Enters as viewer.
    pub spin: Pin,
}
