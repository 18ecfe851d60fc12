//! The secrets of a seat: what its holder shows to come back, and to act over REST.
use super::event::Pass;
use super::ids::{RoomId, SeatId, SessionId};
use super::rules::EXACT_MAX;
use crate::seal::{KeyRing, Purpose};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const ACCESS_PREFIX: &str = "cva_";

/// The pass with the resume secret of number `n`.
pub(super) fn issue(ring: &KeyRing, room: RoomId, seat: SeatId, n: u64) -> Pass {
    let session = SessionId { room, seat };
    let resume =
        ring.derive(Purpose::ResumeSecret, &[room.0.as_bytes(), seat.0.as_bytes(), &n.to_be_bytes()]);
    let access = ring.derive(Purpose::SeatAccess, &[room.0.as_bytes(), seat.0.as_bytes()]);
    Pass {
        session,
        n,
        secret: format!("{n}.{}", URL_SAFE_NO_PAD.encode(resume)).into(),
        access: format!("{ACCESS_PREFIX}{session}.{}", URL_SAFE_NO_PAD.encode(access)).into(),
    }
}

/// The number of a resume secret, if it is genuine for this seat. Compared in constant time.
pub(super) fn genuine(ring: &KeyRing, room: RoomId, seat: SeatId, secret: &str) -> Option<u64> {
    let (number, mac) = secret.split_once('.')?;
    let n: u64 = number.parse().ok().filter(|n: &u64| *n <= EXACT_MAX && number == n.to_string())?;
    let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
    let parts: [&[u8]; 3] = [room.0.as_bytes(), seat.0.as_bytes(), &n.to_be_bytes()];
    ring.is_derived(Purpose::ResumeSecret, &parts, &mac).then_some(n)
}

/// The seat that a genuine access string (`cva_…`) names; whether it is still taken only its room knows.
pub fn seat_of_access(ring: &KeyRing, access: &str) -> Option<SessionId> {
    let (session, mac) = access.strip_prefix(ACCESS_PREFIX)?.split_once('.')?;
    let session: SessionId = session.parse().ok()?;
    let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
    let parts: [&[u8]; 2] = [session.room.0.as_bytes(), session.seat.0.as_bytes()];
    ring.is_derived(Purpose::SeatAccess, &parts, &mac).then_some(session)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_pass_opens_its_own_seat_only() {
        let ring = KeyRing::ephemeral();
        let (room, seat, other) =
            (RoomId(Uuid::from_u128(1)), SeatId(Uuid::from_u128(2)), SeatId(Uuid::from_u128(3)));
        let pass = issue(&ring, room, seat, 7);
        assert_eq!(genuine(&ring, room, seat, &pass.secret), Some(7));
        assert_eq!(genuine(&ring, room, other, &pass.secret), None);
        assert_eq!(genuine(&KeyRing::ephemeral(), room, seat, &pass.secret), None);
        let forged = pass.secret.replacen('7', "8", 1);
        for wrong in
            ["", "7", "7.", "x.y", &forged, &format!("0{}", pass.secret), &format!("+{}", pass.secret)]
        {
            assert_eq!(genuine(&ring, room, seat, wrong), None, "{wrong}");
        }
        assert_eq!(seat_of_access(&ring, &pass.access), Some(pass.session));
        assert_eq!(seat_of_access(&ring, &pass.secret), None);
        let moved = pass.access.replace(&seat.to_string(), &other.to_string());
        assert_eq!(seat_of_access(&ring, &moved), None);
    }
}
