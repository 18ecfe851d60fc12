//! What people type about themselves, brought into the one form that is kept; no control character comes past here.
use crate::auth::email::Email;
use crate::auth::password::Password;
use crate::auth::phone::Phone;
use crate::auth::username;
use crate::fault::Fault;
use crate::post::{Hidden, To};
use crate::room::command::SettingsPatch;
use crate::room::settings;
use crate::store::users::{Address, Username};

/// The language of those who name none.
const LOCALE: &str = "en";
/// Bytes of a language tag.
const LOCALE_BYTES: usize = 16;

/// A name, by the same rule as in rooms: 1 to 64 characters, none of them a control or direction override.
pub(super) fn name(text: &str) -> Result<String, Fault> {
    let mut patch = SettingsPatch { name: Some(text.into()), ..SettingsPatch::default() };
    settings::check(&mut patch, u32::MAX)?;
    Ok(patch.name.map(|name| name.to_string()).unwrap_or_default())
}

pub(super) fn username(text: &str) -> Result<Username, Fault> {
    let name = username::Username::parse(text)?;
    Ok(Username { text: name.as_str().to_owned(), key: name.key().to_owned() })
}

pub(super) fn email(text: &str) -> Result<Address, Fault> {
    let email = Email::parse(text)?;
    Ok(Address::Email { text: email.as_str().to_owned(), key: email.key().to_owned() })
}

pub(super) fn phone(text: &str) -> Result<Address, Fault> {
    Phone::parse(text).map(|phone| Address::Phone(phone.as_str().to_owned()))
}

/// Exactly one of the two.
pub(super) fn address(email: Option<&str>, phone: Option<&str>) -> Result<Address, Fault> {
    match (email, phone) {
        (Some(text), None) => self::email(text),
        (None, Some(text)) => self::phone(text),
        (None, None) => Err(Fault::field("email", "give an e-mail address or a phone number")),
        (Some(_), Some(_)) => Err(Fault::field("phone", "give one of e-mail address and phone number")),
    }
}

/// A language tag such as `en` or `de-AT` (BCP 47: letters and digits in groups of 1 to 8).
pub(super) fn locale(text: Option<&str>) -> Result<String, Fault> {
    let Some(text) = text else { return Ok(LOCALE.to_owned()) };
    let is_group =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_tag = text.len() <= LOCALE_BYTES
        && text.split('-').all(is_group)
        && text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    if is_tag {
        Ok(text.to_owned())
    } else {
        Err(Fault::field("locale", "a language tag such as en or de-AT"))
    }
}

/// Refused without any work if it can be nobody's.
pub(super) fn password(text: &str) -> Result<Password, Fault> {
    Password::parse(text)
}

/// Where mail or a text message to it goes.
pub(super) fn receiver(address: &Address) -> To {
    match address {
        Address::Email { text, .. } => To::Mail(Hidden::new(text.as_str())),
        Address::Phone(number) => To::Sms(Hidden::new(number.as_str())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_tags_are_plain_and_short() {
        assert_eq!(locale(None).unwrap(), "en");
        for good in ["de", "de-AT", "zh-Hant-TW"] {
            assert_eq!(locale(Some(good)).unwrap(), good);
        }
        for wrong in ["", "-", "de_AT", "de\r\nBcc: x", "1a", "de-", "abcdefghi", "en-aaaaaaaa-bbbbbbbb"] {
            assert!(locale(Some(wrong)).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn names_are_trimmed_and_hold_nothing_that_breaks_a_line() {
        assert_eq!(name(" Ana ").unwrap(), "Ana");
        for wrong in ["", "  ", "a\r\nb", "a\0b", "a\u{202e}b", &"x".repeat(65)] {
            assert!(name(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn one_address_is_asked_for() {
        assert!(address(None, None).is_err() && address(Some("a@b.example"), Some("+49 30 901820")).is_err());
        assert_eq!(address(Some("Ana@Example.org"), None).unwrap().key(), "ana@example.org");
        assert_eq!(address(None, Some("+49 30 901820")).unwrap().key(), "+4930901820");
    }
}
