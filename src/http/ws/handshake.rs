//! The opening handshake of a WebSocket, judged from the headers alone (RFC 6455, 4.2).
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use hyper::{
    HeaderMap, StatusCode,
    header::{self, HeaderName, HeaderValue},
};
use sha1::{Digest, Sha1};

const VERSION: &str = "13";
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Why a handshake is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Not an upgrade to WebSocket at all.
    NotAnUpgrade,
    /// Another version than 13.
    Version,
    /// No key, several, or not 16 bytes in base64.
    Key,
    /// A subprotocol that isn't text.
    Subprotocol,
    /// A web page that isn't ours.
    Origin,
}

impl Refusal {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::NotAnUpgrade | Self::Version => StatusCode::UPGRADE_REQUIRED,
            Self::Key | Self::Subprotocol => StatusCode::BAD_REQUEST,
            Self::Origin => StatusCode::FORBIDDEN,
        }
    }

    /// The stable code of docs/PROTOCOL.md.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::NotAnUpgrade | Self::Version => "unsupported",
            Self::Key | Self::Subprotocol => "malformed",
            Self::Origin => "bad_origin",
        }
    }

    pub(super) fn detail(self) -> &'static str {
        match self {
            Self::NotAnUpgrade => "open a websocket here",
            Self::Version => "only version 13 of the websocket protocol is spoken",
            Self::Key => "sec-websocket-key must be one value of 16 bytes in base64",
            Self::Subprotocol => "sec-websocket-protocol is not text",
            Self::Origin => "this origin may not connect here",
        }
    }

    /// What an answer of status 426 says it would take.
    pub(super) fn wants(self) -> Option<(HeaderName, HeaderValue)> {
        match self {
            Self::NotAnUpgrade => Some((header::UPGRADE, HeaderValue::from_static("websocket"))),
            Self::Version => Some((header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static(VERSION))),
            Self::Key | Self::Subprotocol | Self::Origin => None,
        }
    }
}

/// Whether the request asks for a WebSocket, well or badly.
pub(super) fn is_asked(headers: &HeaderMap) -> bool {
    lists(headers, &header::UPGRADE, "websocket")
}

/// Checks everything but the origin; answers the value of `Sec-WebSocket-Accept`.
pub(super) fn accept(headers: &HeaderMap) -> Result<HeaderValue, Refusal> {
    if !is_asked(headers) || !lists(headers, &header::CONNECTION, "upgrade") {
        return Err(Refusal::NotAnUpgrade);
    }
    if only(headers, &header::SEC_WEBSOCKET_VERSION) != Some(VERSION) {
        return Err(Refusal::Version);
    }
    if headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().any(|offered| offered.to_str().is_err()) {
        return Err(Refusal::Subprotocol);
    }
    let key = only(headers, &header::SEC_WEBSOCKET_KEY).ok_or(Refusal::Key)?;
    if BASE64.decode(key).map_or(0, |nonce| nonce.len()) != 16 {
        return Err(Refusal::Key);
    }
    let digest = Sha1::new().chain_update(key).chain_update(GUID).finalize();
    HeaderValue::try_from(BASE64.encode(digest)).map_err(|_| Refusal::Key)
}

/// Whether a comma-separated header names `word`, whatever its case.
fn lists(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    let mut words =
        headers.get_all(name).iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(','));
    words.any(|listed| listed.trim().eq_ignore_ascii_case(word))
}

/// The text of a header that must come once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut lines = headers.get_all(name).iter();
    match (lines.next(), lines.next()) {
        (Some(line), None) => line.to_str().ok().map(str::trim),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [(&str, &str); 4] = [
        ("upgrade", "WebSocket"),
        ("connection", "keep-alive, Upgrade"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let line = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap())
        };
        let mut headers = HeaderMap::new();
        pairs.iter().map(line).for_each(|(name, value)| {
            headers.append(name, value);
        });
        headers
    }

    fn changed(name: &'static str, value: &'static str) -> HeaderMap {
        headers(&GOOD.map(|(key, old)| if key == name { (key, value) } else { (key, old) }))
    }

    #[test]
    fn the_example_of_the_rfc_is_accepted() {
        assert_eq!(accept(&headers(&GOOD)).unwrap(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn each_broken_part_has_its_refusal() {
        for (name, value, refusal) in [
            ("upgrade", "h2c", Refusal::NotAnUpgrade),
            ("connection", "keep-alive", Refusal::NotAnUpgrade),
            ("sec-websocket-version", "8", Refusal::Version),
            ("sec-websocket-key", "c2hvcnQ=", Refusal::Key),
            ("sec-websocket-key", "not base64 at all!!!", Refusal::Key),
        ] {
            assert_eq!(accept(&changed(name, value)), Err(refusal), "{name}: {value}");
        }
        let twice = headers(&[&GOOD[..], &[("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")]].concat());
        assert_eq!(accept(&twice), Err(Refusal::Key));
        assert_eq!(accept(&headers(&GOOD[..3])), Err(Refusal::Key));
        assert_eq!(accept(&HeaderMap::new()), Err(Refusal::NotAnUpgrade));
        let odd = headers(&[&GOOD[..], &[("sec-websocket-protocol", "chät")]].concat());
        assert_eq!(accept(&odd), Err(Refusal::Subprotocol));
    }
}
