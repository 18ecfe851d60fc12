//! E-mail addresses: which ones mail can go to, and the folded key by which two are the same.
use crate::fault::Fault;
use email_address::{EmailAddress, Options};
use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use std::fmt;

/// Bytes of an address (RFC 5321, 4.5.3.1.3: a path of 256 less its brackets).
pub const MOST_BYTES: usize = 254;

/// One address: an ASCII local part without quotes, and a domain of at least two labels in its ASCII form (UTS 46).
/// Nothing in it means anything to a mail header, a log line or SQL.
#[derive(Clone, PartialEq, Eq)]
pub struct Email {
    address: String,
    key: String,
}

impl Email {
    /// # Errors
    /// [`Fault::InvalidEmail`]
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::read(text.trim_matches(' ')).ok_or(Fault::InvalidEmail)
    }

    fn read(text: &str) -> Option<Self> {
        if text.len() > MOST_BYTES {
            return None;
        }
        let (local, domain) = text.rsplit_once('@')?;
        let is_atom = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-.".contains(&byte);
        if !local.bytes().all(is_atom) || domain.split('.').any(mixes_lookalikes) {
            return None;
        }
        let domain =
            Uts46::new().to_ascii(domain.as_bytes(), AsciiDenyList::STD3, Hyphens::Check, DnsLength::Verify);
        let address = format!("{local}@{}", domain.ok()?);
        let judge = Options::default().without_display_text().without_domain_literal().with_required_tld();
        if address.len() > MOST_BYTES || EmailAddress::parse_with_options(&address, judge).is_err() {
            return None;
        }
        let key = address.to_ascii_lowercase();
        Some(Self { address, key })
    }

    /// As mail is sent to it.
    pub fn as_str(&self) -> &str {
        &self.address
    }

    /// What must be unique: lowercase, for no provider of today tells two people apart by case.
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// Addresses are personal: they are never printed by accident.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

/// Whether a label puts Latin letters beside those of an alphabet that has the same shapes (a Cyrillic `а` in `example`).
fn mixes_lookalikes(label: &str) -> bool {
    let is_lookalike =
        |c: char| matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{58f}' | '\u{13a0}'..='\u{13ff}');
    label.chars().any(|c| c.is_ascii_alphabetic()) && label.chars().any(is_lookalike)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_mailbox_has_one_key() {
        let key = |text| Email::parse(text).unwrap().key().to_owned();
        assert_eq!(key("Ada.Lovelace+calls@Example.ORG"), "ada.lovelace+calls@example.org");
        assert_eq!(key(" ada@bücher.example "), "ada@xn--bcher-kva.example");
        assert_eq!(key("ada@BÜCHER.example"), key("ada@bu\u{308}cher.example"), "composed or not");
        assert_eq!(key("ada@xn--bcher-kva.example"), key("ada@bücher.example"));
        assert_ne!(key("ada@раура.example"), key("ada@paypa.example"));
    }

    #[test]
    fn whatever_could_mean_more_than_an_address_is_refused() {
        let long = format!("{}@{}.org", "a".repeat(64), "b.".repeat(100));
        for text in [
            "",
            "@",
            "ada",
            "ada@",
            "@example.org",
            "ada@example.org\r\nBcc: eve@example.org",
            "ada\0@example.org",
            "ada@example.org,eve@example.org",
            "ada@example.org;eve@example.org",
            "\"ada\"@example.org",
            "\"a\r\nBcc: eve@b.org\"@example.org",
            "Ada <ada@example.org>",
            "<ada@example.org>",
            "ada@[127.0.0.1]",
            "ada@localhost",
            "a@b@example.org",
            "ada..l@example.org",
            ".ada@example.org",
            "ada@example..org",
            "ada@-example.org",
            "ada@exаmple.org", // a Cyrillic letter
            "аda@example.org",
            "ada(comment)@example.org",
            "ada lovelace@example.org",
            "ada@example.org\u{2028}",
            &long,
            &format!("{}@example.org", "a".repeat(1 << 20)),
        ] {
            assert_eq!(Email::parse(text), Err(Fault::InvalidEmail), "{text:?}");
        }
    }

    #[test]
    fn an_address_is_not_printed() {
        assert!(!format!("{:?}", Email::parse("ada@example.org").unwrap()).contains("ada"));
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_or_refused(text in any::<String>()) {
            let _ = Email::parse(&text);
        }

        /// What we take, the mail library takes as one mailbox; and it stays what it is.
        #[test]
        fn what_is_taken_can_be_sent_to(text in "[!-~]{1,8}@[!-~äаü.]{1,12}\\.[a-zé]{1,4}") {
            if let Ok(email) = Email::parse(&text) {
                let address: lettre::Address = email.as_str().parse().unwrap();
                prop_assert_eq!(address.to_string(), email.as_str());
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email.clone()));
                let again = Email::parse(email.key()).unwrap();
                prop_assert_eq!(again.key(), email.key());
            }
        }
    }
}
