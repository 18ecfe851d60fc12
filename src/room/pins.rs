//! Room PINs: eight digits, the first not 0.
use super::ids::RoomId;
use super::permissions::Role;
use crate::seal::{KeyRing, Purpose};
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

/// What is kept with a membership of the PIN that gave it: a keyed hash, by which the room tells later what the member is.
#[must_use]
pub fn proof(ring: &KeyRing, room: RoomId, pin: &Pin) -> [u8; 32] {
    ring.derive(Purpose::Membership, &[room.0.as_bytes(), &pin.0])
}

impl Pins {
    /// As what a PIN lets its holder in. Both are compared, whichever matches: the time tells nothing.
    #[must_use]
    pub fn role_of(&self, shown: &Pin) -> Option<Role> {
        let (full, view) = (self.pin.matches(shown), self.spin.matches(shown));
        if full { Some(Role::Participant) } else { view.then_some(Role::Viewer) }
    }

    /// As what a membership lets in: nothing, once its PIN was replaced.
    #[must_use]
    pub fn role_of_proof(&self, ring: &KeyRing, room: RoomId, kept: &[u8; 32]) -> Option<Role> {
        let is = |pin: &Pin| ring.is_derived(Purpose::Membership, &[room.0.as_bytes(), &pin.0], kept);
        let (full, view) = (is(&self.pin), is(&self.spin));
        if full { Some(Role::Participant) } else { view.then_some(Role::Viewer) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_membership_holds_as_long_as_its_pin_and_in_its_room() {
        let (ring, room) = (KeyRing::ephemeral(), RoomId(Uuid::from_u128(1)));
        let (pin, spin) = (Pin::from_random(1), Pin::from_random(2));
        let pins = Pins { pin: pin.clone(), spin: spin.clone() };
        let (full, view) = (proof(&ring, room, &pin), proof(&ring, room, &spin));
        assert_eq!(pins.role_of_proof(&ring, room, &full), Some(Role::Participant));
        assert_eq!(pins.role_of_proof(&ring, room, &view), Some(Role::Viewer));
        assert_eq!(pins.role_of_proof(&ring, RoomId(Uuid::from_u128(2)), &full), None);
        let rotated = Pins { pin: Pin::from_random(3), spin };
        assert_eq!(rotated.role_of_proof(&ring, room, &full), None);
        assert_eq!(rotated.role_of_proof(&ring, room, &view), Some(Role::Viewer));
        assert_eq!(rotated.role_of(&pin), None);
    }
}
