//! Every secret that was used, and the search for it: as it is, and as the bytes it spells.
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// Secrets of the configuration.
pub(super) const CONFIGURED: [(&str, &str); 2] = [
    ("CONVENE__ICE__TURN_SECRET", "secret-of-the-turn-server"),
    ("CONVENE__SMS__SECRET", "secret-of-the-sms-gateway"),
];

struct Kept {
    what: String,
    text: String,
    /// What is random in it, as bytes: a table could hold those.
    bytes: Option<Vec<u8>>,
    place: Place,
}

/// Where a secret has no place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Nowhere outside the mailbox.
    Anywhere,
    /// In logs, errors and metrics; the tables keep it on purpose: addresses, chat.
    Told,
}

pub(super) struct Vault(Vec<Kept>);

impl Default for Vault {
    fn default() -> Self {
        let mut vault = Self(Vec::new());
        for (what, text) in CONFIGURED {
            vault.keep(what, text);
        }
        vault
    }
}

impl Vault {
    /// Remembers something that may be found nowhere; gives it back.
    pub(super) fn keep(&mut self, what: &str, text: &str) -> String {
        self.add(what, text, Place::Anywhere)
    }

    /// Remembers something that the tables hold on purpose.
    pub(super) fn keep_told(&mut self, what: &str, text: &str) -> String {
        self.add(what, text, Place::Told)
    }

    fn add(&mut self, what: &str, text: &str, place: Place) -> String {
        assert!(text.len() >= 4, "{what} is too short to be searched for: {text:?}");
        let random = text.split_once('_').map_or(text, |(_, random)| random);
        let bytes = from_hex(random).or_else(|| URL_SAFE_NO_PAD.decode(random).ok());
        let bytes = bytes.filter(|bytes| bytes.len() >= 16);
        self.0.push(Kept { what: what.to_owned(), text: text.to_owned(), bytes, place });
        text.to_owned()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// What is found in something that people or operators read.
    pub(super) fn hits(&self, place: &str, searched: &[u8]) -> Vec<String> {
        let found = self.0.iter().filter(|kept| kept.is_in(searched));
        found.map(|kept| format!("{} in {place}", kept.what)).collect()
    }

    /// What is found in a table.
    pub(super) fn stored_hits(&self, place: &str, searched: &[u8]) -> Vec<String> {
        let found = self.0.iter().filter(|kept| kept.place == Place::Anywhere && kept.is_in(searched));
        found.map(|kept| format!("{} in {place}", kept.what)).collect()
    }
}

impl Kept {
    fn is_in(&self, searched: &[u8]) -> bool {
        let text = self.text.as_bytes();
        let digits = text.iter().all(u8::is_ascii_digit);
        let as_text = places(searched, text).any(|at| !digits || stands_alone(searched, at, text.len()));
        as_text || self.bytes.as_ref().is_some_and(|bytes| places(searched, bytes).next().is_some())
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

fn places<'a>(searched: &'a [u8], wanted: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let first = wanted[0];
    let candidates = searched.iter().enumerate().filter(move |(_, byte)| **byte == first);
    candidates.map(|(at, _)| at).filter(move |at| searched[*at..].starts_with(wanted))
}

/// Six digits turn up by chance inside ids and instants; a code or PIN stands between other things than letters, digits, dots.
fn stands_alone(searched: &[u8], at: usize, length: usize) -> bool {
    let part_of_more = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    let before = at.checked_sub(1).and_then(|before| searched.get(before));
    !before.is_some_and(part_of_more) && !searched.get(at + length).is_some_and(part_of_more)
}

#[test]
fn a_code_is_found_as_a_word_and_a_token_as_text_or_bytes() {
    let mut vault = Vault::default();
    vault.keep("code", "123456");
    vault.keep("token", "cvs_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
    let count = |text: &[u8]| vault.hits("x", text).len();
    assert_eq!([count(b"is 123456."), count(b"is \"123456\""), count(b"123456")], [0, 1, 1]);
    assert_eq!([count(b"12:00:00.123456Z"), count(b"a0123456ff"), count(b"1234567")], [0, 0, 0]);
    assert_eq!(count(b"..cvs_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8.."), 1);
    let bytes: Vec<u8> = (0..32).collect();
    assert_eq!(count(&bytes), 1);
    let mut vault = Vault::default();
    vault.keep("token", "00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff");
    assert_eq!(vault.hits("x", &[0, 255].repeat(10)).len(), 1);
}
