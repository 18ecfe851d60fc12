//! Phone numbers: what people type, as one E.164 number.
use crate::fault::Fault;
use rlibphonenumber::{PhoneNumber, PhoneNumberFormat};
use std::fmt;

/// The longest text that is looked at, in bytes; the longest number has 15 digits.
const MOST_BYTES: usize = 40;

/// A number that exists in its country's plan, with `+` and country code (ITU-T E.164).
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(String);

impl Phone {
    /// # Errors
    /// [`Fault::InvalidPhone`], also without a country code: nobody's country is guessed.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::read(text).ok_or(Fault::InvalidPhone)
    }

    fn read(text: &str) -> Option<Self> {
        let is_typed = |c: char| c.is_ascii_digit() || "+ -.()/\u{a0}".contains(c);
        if text.len() > MOST_BYTES || !text.chars().all(is_typed) {
            return None; // the library would read words as digits, and take extensions
        }
        let text = text.trim();
        let text = text.strip_prefix("00").map_or_else(|| text.to_owned(), |rest| format!("+{rest}"));
        let number = text.starts_with('+').then(|| PhoneNumber::parse(&text, None))?.ok()?;
        number.is_valid().then(|| Self(number.format_as(PhoneNumberFormat::E164).into_owned()))
    }

    /// The digits of the country code of a number in that form: `91`.
    pub fn country_code(e164: &str) -> Option<String> {
        let number = PhoneNumber::parse(e164, None).ok()?;
        Some(number.country_code.to_string())
    }

    /// `+` and digits, at most 16 bytes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Numbers are personal: they are never printed by accident.
impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_number_has_one_form() {
        for text in ["+49 1512 3456789", "+49 (0)1512/3456789", "+49-1512-345.6789", " 004915123456789"] {
            assert_eq!(Phone::parse(text).unwrap().as_str(), "+4915123456789", "{text}");
        }
        assert_eq!(Phone::parse("+1 (202) 555-0123").unwrap().as_str(), "+12025550123");
        assert_eq!(Phone::parse("+91 98765 43210").unwrap().as_str(), "+919876543210");
    }

    #[test]
    fn what_is_no_number_with_its_country_is_refused() {
        for text in [
            "",
            "+",
            "15123456789",
            "+4915",
            "+49 1512 3456789 ext. 5",
            "+49 1512 3456789;ext=5",
            "+1 800 FLOWERS",
            "+999 123456789",
            "+49\r\n15123456789",
            "+49\u{0}15123456789",
            "tel:+4915123456789",
            &"+".repeat(41),
            &"1".repeat(1 << 20),
        ] {
            assert_eq!(Phone::parse(text), Err(Fault::InvalidPhone), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_or_refused(text in any::<String>()) {
            let _ = Phone::parse(&text);
        }

        #[test]
        fn any_digits_are_parsed_or_refused(text in "\\+?[0-9 ()./-]{0,24}") {
            if let Ok(phone) = Phone::parse(&text) {
                prop_assert!(phone.as_str().len() <= 16);
                prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone.clone()));
            }
        }
    }
}
