//! Random secrets that stand for someone: sessions, API keys, password resets. 256 bits; only their SHA-256 is kept.
use crate::seal::{random_bytes, sha256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fmt;

/// What a secret stands for, told by how it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    Session,
    ApiKey,
    Reset,
}

impl TokenKind {
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Session => "cvs_",
            Self::ApiKey => "cvk_",
            Self::Reset => "cvr_",
        }
    }
}

/// How a session's token is spelt: each system's clients know their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `cvs_…`, as everywhere on our own wire.
    Native,
    /// 40 lowercase hex digits: 160 bits.
    Hex40,
    /// 32 letters and digits: 190 bits. They pass through URLs and cookies as they are.
    Alnum32,
}

const ALNUM: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A whole secret: its prefix and 256 bits in base64url. Shown to its owner once, never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    pub fn random(kind: TokenKind) -> Self {
        Self(format!("{}{}", kind.prefix(), URL_SAFE_NO_PAD.encode(random_bytes::<32>())))
    }

    /// What was shown, if it is a whole secret of that kind.
    pub fn parse(kind: TokenKind, text: &str) -> Option<Self> {
        let mut bytes = [0; 33];
        let secret = text.strip_prefix(kind.prefix()).filter(|secret| secret.len() == 43)?;
        let length = URL_SAFE_NO_PAD.decode_slice(secret, &mut bytes).ok()?;
        (length == 32).then(|| Self(text.to_owned()))
    }

    /// A session's token in the spelling of some face.
    pub fn random_session(form: Form) -> Self {
        match form {
            Form::Native => Self::random(TokenKind::Session),
            Form::Hex40 => Self(hex(&random_bytes::<20>())),
            Form::Alnum32 => {
                // bytes from 248 on would favour the first letters: they are thrown away
                let even = std::iter::repeat_with(random_bytes::<1>).filter(|[byte]| *byte < 248);
                Self(even.take(32).map(|[byte]| char::from(ALNUM[usize::from(byte % 62)])).collect())
            }
        }
    }

    /// What was shown, if it may be a session's token in any spelling.
    pub fn parse_session(text: &str) -> Option<Self> {
        let is_hex = || text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let is_alnum = || text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        match text.len() {
            40 if is_hex() => Some(Self(text.to_owned())),
            32 if is_alnum() => Some(Self(text.to_owned())),
            _ => Self::parse(TokenKind::Session, text),
        }
    }

    /// A reset's token in 64 lowercase hex digits, as Meet's clients expect it.
    pub fn random_reset_in_hex() -> Self {
        Self(hex(&random_bytes::<32>()))
    }

    /// What was shown, if it may be a reset's token in any spelling.
    pub fn parse_reset(text: &str) -> Option<Self> {
        let is_hex = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if is_hex { Some(Self(text.to_owned())) } else { Self::parse(TokenKind::Reset, text) }
    }

    /// For whoever it is made for.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Prefix and first four characters after it: enough to tell keys apart in a list, 24 of 256 bits.
    pub fn beginning(&self) -> &str {
        &self.0[..8]
    }

    /// The SHA-256 under which it is kept, as 64 hex digits.
    pub fn hash(&self) -> String {
        hex(&sha256(self.0.as_bytes()))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Lowercase hex digits, as hashes are kept.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KINDS: [TokenKind; 3] = [TokenKind::Session, TokenKind::ApiKey, TokenKind::Reset];

    #[test]
    fn a_secret_is_of_one_kind_only() {
        for kind in KINDS {
            let token = Token::random(kind);
            for other in KINDS {
                assert_eq!(Token::parse(other, token.as_str()).is_some(), kind == other);
            }
            assert_ne!(Token::random(kind), token);
            assert_eq!(token.hash().len(), 64);
            assert!(!format!("{token:?}").contains(&token.as_str()[8..]));
        }
    }

    #[test]
    fn a_session_reads_back_in_every_spelling() {
        for form in [Form::Native, Form::Hex40, Form::Alnum32] {
            let token = Token::random_session(form);
            assert_eq!(Token::parse_session(token.as_str()), Some(token.clone()), "{form:?}");
            let longer = format!("{}a", token.as_str());
            assert_eq!(Token::parse_session(&longer), None, "{form:?}");
            assert_ne!(Token::random_session(form), token);
        }
        for none in ["", "null", "undefined", &"A".repeat(40), &"-".repeat(32), &"é".repeat(16)] {
            assert_eq!(Token::parse_session(none), None, "{none}");
        }
    }

    #[test]
    fn a_reset_reads_back_in_both_spellings() {
        for token in [Token::random(TokenKind::Reset), Token::random_reset_in_hex()] {
            assert_eq!(Token::parse_reset(token.as_str()), Some(token.clone()));
            assert_eq!(Token::parse_reset(&token.as_str()[1..]), None);
            assert_eq!(Token::parse_reset(&token.as_str().to_uppercase()), None);
        }
    }

    #[test]
    fn cut_or_lengthened_secrets_are_none() {
        let token = Token::random(TokenKind::Session);
        for end in 0..token.as_str().len() {
            assert_eq!(Token::parse(TokenKind::Session, &token.as_str()[..end]), None);
        }
        assert_eq!(Token::parse(TokenKind::Session, &format!("{}A", token.as_str())), None);
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_or_refused(text in "(cv[skr]_)?\\PC{0,60}") {
            let _ = Token::parse(TokenKind::Session, &text);
        }
    }
}
