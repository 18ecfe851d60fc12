//! The session ids that clients show. The library gives a socket the id of its session, and everybody in a room knows the
//! socket's: so over HTTP a session is known by that id *and* a proof that only its own client was told.
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Hex digits of the proof: 128 bits.
const PROOF: usize = 32;

/// Writes and reads them; the key lives as long as the sessions do, with this process.
#[derive(Clone)]
pub(super) struct Sessions {
    key: [u8; 32],
}

impl Sessions {
    pub(super) fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// What a client is told.
    pub(super) fn told(&self, sid: &str) -> String {
        let proof = self.mac(sid).finalize().into_bytes();
        let proof: String = proof[..PROOF / 2].iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{sid}.{proof}")
    }

    /// The session whose own client asks; `None` for everyone else.
    pub(super) fn shown<'a>(&self, text: &'a str) -> Option<&'a str> {
        let (sid, proof) = text.split_once('.')?;
        if proof.len() != PROOF || !proof.is_ascii() {
            return None;
        }
        let mut bytes = [0; PROOF / 2];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&proof[2 * at..2 * at + 2], 16).ok()?;
        }
        self.mac(sid).verify_truncated_left(&bytes).ok().map(|()| sid)
    }

    /// The first packet of a session by polling, `0{"sid":"…",…}`, with the id as its client shall show it.
    pub(super) fn open_packet(&self, packet: &str) -> Option<String> {
        let (before, rest) = packet.split_once("\"sid\":\"")?;
        let (sid, after) = rest.split_once('"')?;
        Some(format!("{before}\"sid\":\"{}\"{after}", self.told(sid)))
    }

    fn mac(&self, sid: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("any length of key will do");
        mac.update(sid.as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_alone_opens_nothing() {
        let sessions = Sessions::new([7; 32]);
        let told = sessions.told("AAAAAAAAAAAAAAHs");
        assert_eq!(sessions.shown(&told), Some("AAAAAAAAAAAAAAHs"));
        let other = Sessions::new([8; 32]).told("AAAAAAAAAAAAAAHs");
        for forged in
            ["AAAAAAAAAAAAAAHs", "AAAAAAAAAAAAAAHs.", &told[1..], &told[..told.len() - 1], &other, "é.é", ""]
        {
            assert_eq!(sessions.shown(forged), None, "{forged}");
        }
    }

    #[test]
    fn only_the_id_in_the_first_packet_changes() {
        let sessions = Sessions::new([7; 32]);
        let packet = r#"0{"sid":"abc","upgrades":["websocket"],"pingInterval":25000}"#;
        let told = sessions.told("abc");
        let expected = format!(r#"0{{"sid":"{told}","upgrades":["websocket"],"pingInterval":25000}}"#);
        assert_eq!(sessions.open_packet(packet), Some(expected));
        assert_eq!(sessions.open_packet("0{}"), None);
    }
}
