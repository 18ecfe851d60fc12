//! The key ring: derives secrets, seals what must be read again, and keeps old keys good while they rotate out.
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use rand::RngExt;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// One root key and its id, 1 and up.
#[derive(Clone)]
pub struct RootKey {
    pub id: u8,
    pub bytes: [u8; 32],
}

/// The keys of this installation, the newest first. Never printed.
#[derive(Clone)]
pub struct KeyRing {
    keys: Vec<RootKey>,
}

/// What a derived or sealed thing is for: keys of one purpose open nothing of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    ResumeSecret,
    SeatAccess,
    RoomPin,
    IdempotencyRow,
    OutboxRow,
    OneTimeCode,
    RoomToken,
    /// Tokens as a 100ms backend signs them, where no secret is configured; and what else such an app has.
    AppToken,
    /// An address or source, where only how often it came is kept.
    Target,
    /// Which PIN of a room a member has shown.
    Membership,
    /// What stands for somebody's e-mail address where others see it.
    Alias,
    /// In which folder somebody's pictures lie.
    Pictures,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::ResumeSecret => b"convene resume secret v1",
            Self::SeatAccess => b"convene seat access v1",
            Self::RoomPin => b"convene room pin v1",
            Self::IdempotencyRow => b"convene idempotency row v1",
            Self::OutboxRow => b"convene outbox row v1",
            Self::OneTimeCode => b"convene one-time code v1",
            Self::RoomToken => b"convene room token v1",
            Self::AppToken => b"convene app token v1",
            Self::Target => b"convene counted target v1",
            Self::Membership => b"convene membership v1",
            Self::Alias => b"convene alias v1",
            Self::Pictures => b"convene pictures v1",
        }
    }
}

/// A sealed text that no key of the ring opens, or not for this purpose and owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this was not sealed here, or its key is gone")]
pub struct NotOpened;

impl KeyRing {
    /// `keys` must not be empty; the first signs and seals, all of them verify and open.
    pub fn new(keys: Vec<RootKey>) -> Option<Self> {
        (!keys.is_empty()).then_some(Self { keys })
    }

    /// A ring for one random key, that ends with the process.
    pub fn ephemeral() -> Self {
        Self { keys: vec![RootKey { id: 1, bytes: random_bytes() }] }
    }

    /// A keyed hash (HMAC-SHA-256) over the parts, each with its length before it.
    pub fn derive(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        derive_with(&self.keys[0], purpose, parts)
    }

    /// Whether `shown` is what any key of the ring derives from the parts; compared in constant time.
    pub fn is_derived(&self, purpose: Purpose, parts: &[&[u8]], shown: &[u8]) -> bool {
        self.keys.iter().any(|key| derive_with(key, purpose, parts).ct_eq(shown).into())
    }

    /// The ids of the keys, the newest first: that one signs, the others verify.
    pub fn ids(&self) -> impl Iterator<Item = u8> {
        self.keys.iter().map(|key| key.id)
    }

    /// As [`Self::derive`], by the key of that id; `None` if the ring has none.
    pub fn derive_by(&self, id: u8, purpose: Purpose, parts: &[&[u8]]) -> Option<[u8; 32]> {
        let key = self.keys.iter().find(|key| key.id == id)?;
        Some(derive_with(key, purpose, parts))
    }

    /// Encrypts for `purpose` and `owner` (a row's id: a sealed text moved to another row opens nothing).
    /// Gives the key's id, the nonce and XChaCha20-Poly1305's output.
    pub fn seal(&self, purpose: Purpose, owner: &[u8], plain: &[u8]) -> Vec<u8> {
        let key = &self.keys[0];
        let nonce: [u8; 24] = random_bytes();
        let sealed = cipher(key, purpose)
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: owner })
            .expect("sealing fails only beyond 256 GiB");
        [&[key.id][..], &nonce, &sealed].concat()
    }

    /// The plain bytes of what `seal` gave for the same purpose and owner.
    pub fn open(&self, purpose: Purpose, owner: &[u8], sealed: &[u8]) -> Result<Vec<u8>, NotOpened> {
        let (&id, rest) = sealed.split_first().ok_or(NotOpened)?;
        let (nonce, body) = rest.split_at_checked(24).ok_or(NotOpened)?;
        let nonce: [u8; 24] = nonce.try_into().map_err(|_| NotOpened)?;
        let key = self.keys.iter().find(|key| key.id == id).ok_or(NotOpened)?;
        cipher(key, purpose)
            .decrypt(&XNonce::from(nonce), Payload { msg: body, aad: owner })
            .map_err(|_| NotOpened)
    }
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyRing({} keys)", self.keys.len())
    }
}

/// SHA-256, for random tokens at rest (not for passwords or PINs).
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Bytes of the system's generator.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill(&mut bytes);
    bytes
}

fn derive_with(key: &RootKey, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key.bytes).expect("HMAC takes keys of any length");
    mac.update(purpose.label());
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn cipher(key: &RootKey, purpose: Purpose) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&derive_with(key, purpose, &[b"cipher"]).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(ids: &[u8]) -> KeyRing {
        KeyRing::new(ids.iter().map(|&id| RootKey { id, bytes: [id; 32] }).collect()).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_for_its_purpose_and_owner_only() {
        let ring = ring(&[1]);
        let sealed = ring.seal(Purpose::RoomPin, b"room 1", b"12345678");
        assert_eq!(ring.open(Purpose::RoomPin, b"room 1", &sealed).unwrap(), b"12345678");
        assert_eq!(ring.open(Purpose::RoomPin, b"room 2", &sealed), Err(NotOpened));
        assert_eq!(ring.open(Purpose::IdempotencyRow, b"room 1", &sealed), Err(NotOpened));
        for end in 0..sealed.len() {
            assert_eq!(ring.open(Purpose::RoomPin, b"room 1", &sealed[..end]), Err(NotOpened));
        }
    }

    #[test]
    fn an_old_key_still_opens_and_verifies_while_it_is_in_the_ring() {
        let (old, both, new) = (ring(&[1]), ring(&[2, 1]), ring(&[2]));
        let sealed = old.seal(Purpose::RoomPin, b"r", b"x");
        let mac = old.derive(Purpose::SeatAccess, &[b"s"]);
        assert!(
            both.open(Purpose::RoomPin, b"r", &sealed).is_ok()
                && both.is_derived(Purpose::SeatAccess, &[b"s"], &mac)
        );
        assert!(
            new.open(Purpose::RoomPin, b"r", &sealed).is_err()
                && !new.is_derived(Purpose::SeatAccess, &[b"s"], &mac)
        );
    }

    #[test]
    fn parts_cannot_be_shifted() {
        let ring = ring(&[1]);
        assert_ne!(
            ring.derive(Purpose::ResumeSecret, &[b"ab", b"c"]),
            ring.derive(Purpose::ResumeSecret, &[b"a", b"bc"])
        );
    }

    #[test]
    fn a_ring_prints_no_key() {
        assert_eq!(format!("{:?}", ring(&[1, 2])), "KeyRing(2 keys)");
    }
}
