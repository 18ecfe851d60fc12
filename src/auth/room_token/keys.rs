//! The keys of room tokens: one for each key of the ring, named by its id.
use super::Algorithm;
use crate::seal::{KeyRing, Purpose};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{DecodingKey, EncodingKey};

/// What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410, section 7).
const PKCS8_ED25519: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

pub(super) struct Key {
    /// What a header calls it.
    pub(super) kid: String,
    pub(super) sign: EncodingKey,
    pub(super) verify: DecodingKey,
}

impl Key {
    /// `None` if the ring has no such key.
    pub(super) fn of(ring: &KeyRing, id: u8, algorithm: Algorithm) -> Option<Self> {
        let (sign, verify) = match algorithm {
            Algorithm::Hs256 => {
                let secret = ring.derive_by(id, Purpose::RoomToken, &[b"HS256"])?;
                (EncodingKey::from_secret(&secret), DecodingKey::from_secret(&secret))
            }
            Algorithm::EdDsa => {
                let seed = ring.derive_by(id, Purpose::RoomToken, &[b"EdDSA"])?;
                let sign = EncodingKey::from_ed_der(&[&PKCS8_ED25519[..], &seed].concat());
                let public = Jwk::from_encoding_key(&sign, algorithm.jwt()).ok()?;
                (sign, DecodingKey::from_jwk(&public).ok()?)
            }
        };
        Some(Self { kid: id.to_string(), sign, verify })
    }
}
