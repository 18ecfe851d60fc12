//! Usernames: what a person may be called to sign in, and the folded key by which two are the same.
use crate::fault::Fault;
use precis_profiles::UsernameCaseMapped;
use precis_profiles::precis_core::profile::PrecisFastInvocation;
use std::fmt;

/// Characters of a username.
pub const LENGTHS: std::ops::RangeInclusive<usize> = 3..=32;

/// A username as its owner writes it. Its key is folded by the PRECIS profile `UsernameCaseMapped` (RFC 8265) and then
/// ASCII letters, digits and `._-` only: what looks alike in another alphabet is refused, so no two usernames can be confused.
/// At least one letter, and letter or digit at both ends, so that none looks like an e-mail address or a phone number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username {
    shown: String,
    key: String,
}

impl Username {
    /// # Errors
    /// [`Fault::InvalidField`] for `username`.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let refused = || Fault::field("username", "3 to 32 letters a to z, digits or . _ - between them");
        let key = Self::key_of(text).ok_or_else(refused)?;
        let shown = if text.is_ascii() { text.to_owned() } else { key.clone() };
        Ok(Self { shown, key })
    }

    /// The key of what someone typed to sign in; `None` if no username can be written like that.
    pub fn key_of(text: &str) -> Option<String> {
        if text.len() > 4 * LENGTHS.end() {
            return None;
        }
        let key = UsernameCaseMapped::enforce(text).ok()?.into_owned();
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let bytes = key.as_bytes();
        let is_good = LENGTHS.contains(&bytes.len())
            && bytes.iter().all(|&byte| is_plain(byte) || b"._-".contains(&byte))
            && bytes.iter().any(u8::is_ascii_lowercase)
            && bytes.first().copied().is_some_and(is_plain)
            && bytes.last().copied().is_some_and(is_plain);
        is_good.then_some(key)
    }

    /// As its owner writes it, in plain ASCII.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// What must be unique.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_and_width_make_no_other_name() {
        let key = |text| Username::parse(text).unwrap().key().to_owned();
        assert_eq!(key("Ada.Lovelace"), "ada.lovelace");
        assert_eq!(key("ａｄａ.Lovelace"), "ada.lovelace", "full-width letters");
        assert_eq!(Username::parse("Ada").unwrap().as_str(), "Ada");
        assert_eq!(Username::parse("ＡＤＡ").unwrap().as_str(), "ada");
    }

    #[test]
    fn what_could_be_mistaken_for_another_is_refused() {
        for text in [
            "",
            "ab",
            "аda", // a Cyrillic first letter
            "ada\u{200b}",
            "ada lovelace",
            "ada\n",
            "ada\0",
            "ada@example.org",
            "+4930123456",
            "4930123456",
            ".ada",
            "ada-",
            "ⓐda",
            &"a".repeat(33),
            &"a".repeat(1 << 20),
        ] {
            assert!(Username::parse(text).is_err(), "{text:?}");
        }
        assert!(Username::parse(&"a".repeat(32)).is_ok());
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_or_refused(text in "[a-zA-Z0-9._-]{0,34}|\\PC{0,40}") {
            if let Ok(username) = Username::parse(&text) {
                prop_assert_eq!(Username::key_of(username.as_str()), Some(username.key().to_owned()));
                prop_assert_eq!(Username::key_of(username.key()), Some(username.key().to_owned()));
            }
        }

        #[test]
        fn plain_names_are_taken(text in "[a-zA-Z][a-zA-Z0-9._-]{1,30}[a-z0-9]") {
            let username = Username::parse(&text).unwrap();
            prop_assert_eq!(username.key(), text.to_lowercase());
        }
    }
}
