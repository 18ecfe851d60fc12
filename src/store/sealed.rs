//! Secrets at rest: a room's PINs, sealed for their room and opened only for whoever loads it; hashes as hex.
use super::error::StoreError;
use crate::room::ids::RoomId;
use crate::room::pins::{Pin, Pins};
use crate::seal::{KeyRing, Purpose};

pub(super) fn seal_pins(keys: &KeyRing, room: RoomId, pins: &Pins) -> Vec<u8> {
    let plain = [pins.pin.reveal(), pins.spin.reveal()].concat();
    keys.seal(Purpose::RoomPin, room.0.as_bytes(), plain.as_bytes())
}

pub(super) fn open_pins(keys: &KeyRing, room: RoomId, sealed: &[u8]) -> Result<Pins, StoreError> {
    let unreadable = |why: &str| StoreError::Unreadable { table: "room", why: why.to_owned() };
    let plain = keys
        .open(Purpose::RoomPin, room.0.as_bytes(), sealed)
        .map_err(|_| unreadable("its PINs don't open: is the server key the one they were sealed with?"))?;
    let both = std::str::from_utf8(&plain).ok().and_then(|text| text.split_at_checked(8));
    let (pin, spin) = both.ok_or_else(|| unreadable("its PINs are no digits"))?;
    match (Pin::parse(pin), Pin::parse(spin)) {
        (Some(pin), Some(spin)) => Ok(Pins { pin, spin }),
        _ => Err(unreadable("its PINs are no digits")),
    }
}

/// Lowercase hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes all");
        text
    })
}
