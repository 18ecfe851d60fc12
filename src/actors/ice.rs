//! What browsers are told about STUN and TURN, with credentials that end by themselves (coturn's shared-secret form).
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use crate::dialect::native::{IceServer, IceServers};
use crate::room::ids::{ConnId, Millis};

/// Which servers there are.
#[derive(Clone, Default)]
pub struct IceSettings {
    pub stun_urls: Vec<String>,
    pub turn_urls: Vec<String>,
    /// Shared with the TURN server (coturn: `static-auth-secret`). Never printed.
    pub turn_secret: String,
    /// How long a credential is good, in ms.
    pub turn_ttl_ms: i64,
    pub relay_only: bool,
}

impl std::fmt::Debug for IceSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IceSettings({} STUN, {} TURN)", self.stun_urls.len(), self.turn_urls.len())
    }
}

impl IceSettings {
    /// Servers for one connection. The user name is `<end in seconds since 1970>:<connection>`, the credential
    /// the base64 of HMAC-SHA-1 over it (draft-uberti-behave-turn-rest).
    #[must_use]
    pub fn issue(&self, now: Millis, conn: ConnId) -> IceServers {
        let mut servers = Vec::new();
        if !self.stun_urls.is_empty() {
            servers.push(IceServer { urls: self.stun_urls.clone(), username: None, credential: None });
        }
        let mut expires = None;
        if !self.turn_urls.is_empty() {
            let ends = now.plus(self.turn_ttl_ms);
            let username = format!("{}:{}", ends.0 / 1_000, conn.0);
            let credential = self.credential(&username);
            servers.push(IceServer {
                urls: self.turn_urls.clone(),
                username: Some(username),
                credential: Some(credential),
            });
            expires = Some(ends);
        }
        IceServers { servers, relay_only: self.relay_only, expires }
    }

    /// When the credentials that end at `expires` are to be replaced: a third of their life before.
    #[must_use]
    pub fn renew_at(&self, expires: Millis) -> Millis {
        expires.plus(-self.turn_ttl_ms / 3)
    }

    fn credential(&self, username: &str) -> String {
        let mut mac =
            Hmac::<Sha1>::new_from_slice(self.turn_secret.as_bytes()).expect("HMAC takes keys of any length");
        mac.update(username.as_bytes());
        BASE64.encode(mac.finalize().into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_is_what_coturn_computes() {
        let settings = IceSettings { turn_secret: "north".to_owned(), ..IceSettings::default() };
        // printf %s 1433895918:7 | openssl dgst -sha1 -hmac north -binary | base64
        assert_eq!(settings.credential("1433895918:7"), "/S7cxlFY9Lt98mSttaBpZXA7AQg=");
    }

    #[test]
    fn credentials_end_and_are_renewed_before() {
        let settings = IceSettings {
            stun_urls: vec!["stun:s".to_owned()],
            turn_urls: vec!["turn:t".to_owned()],
            turn_secret: "north".to_owned(),
            turn_ttl_ms: 3_600_000,
            relay_only: true,
        };
        let issued = settings.issue(Millis(1_000_000), ConnId(7));
        assert_eq!(issued.servers[1].username.as_deref(), Some("4600:7"));
        assert_eq!(issued.expires, Some(Millis(4_600_000)));
        assert_eq!(settings.renew_at(Millis(4_600_000)), Millis(3_400_000));
        assert!(issued.relay_only);
        let none = IceSettings::default().issue(Millis(0), ConnId(7));
        assert!(none.servers.is_empty() && none.expires.is_none());
    }
}
