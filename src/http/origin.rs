//! The Origin rule: which web pages may open a socket here or act with our cookies.
use hyper::{HeaderMap, Uri, header};
use thiserror::Error;

use super::context::{ClientAddr, Scheme};

/// What the `Origin` header of a request says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// There is none: no browser, since browsers always send it with a WebSocket.
    Absent,
    /// A page of ours.
    Own,
    /// Any other page, `null`, or something unreadable.
    Foreign,
}

/// Which ports of the request's own host count as ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ports {
    /// The very port.
    Same,
    /// Any: for a dialect's own port, whose page is served from another one, and for cookies, which know no ports.
    Any,
}

/// The origins that are ours beside the request's own host.
#[derive(Clone, Debug, Default)]
pub struct Origins(Vec<Origin>);

/// A setting that isn't an origin.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("not an http or https origin: {0:?}")]
pub struct NotAnOrigin(String);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Origin {
    scheme: Scheme,
    host: String,
    port: u16,
}

impl Origins {
    /// Reads `http.public_url` and `http.allowed_origins`; a path is ignored.
    ///
    /// # Errors
    /// Names the first one that has no scheme http or https, or no host.
    pub fn parse<'a>(urls: impl IntoIterator<Item = &'a str>) -> Result<Self, NotAnOrigin> {
        let read = |url: &str| Origin::of_url(url).ok_or_else(|| NotAnOrigin(url.to_owned()));
        urls.into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// Whether a foreign page is one of the request's own host, but by `https`: then a proxy does TLS, and nobody has told us.
    #[must_use]
    pub fn is_own_behind_tls(headers: &HeaderMap, client: ClientAddr) -> bool {
        let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
        let Some(origin) = origin.and_then(Origin::of_header) else { return false };
        client.scheme == Scheme::Http && is_own_host(&origin, headers, Scheme::Https, Ports::Same)
    }

    /// Judges a request by exact comparison of scheme, host and port.
    #[must_use]
    pub fn judge(&self, headers: &HeaderMap, client: ClientAddr, ports: Ports) -> Verdict {
        let mut named = headers.get_all(header::ORIGIN).iter();
        let Some(first) = named.next() else { return Verdict::Absent };
        if named.next().is_some() {
            return Verdict::Foreign;
        }
        let Some(origin) = first.to_str().ok().and_then(Origin::of_header) else { return Verdict::Foreign };
        if self.0.contains(&origin) || is_own_host(&origin, headers, client.scheme, ports) {
            Verdict::Own
        } else {
            Verdict::Foreign
        }
    }

    /// Whether a page of another host than the request's own asks.
    #[must_use]
    pub fn is_elsewhere(headers: &HeaderMap, client: ClientAddr) -> bool {
        let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
        origin.is_some_and(|origin| {
            let origin = Origin::of_header(origin);
            !origin.is_some_and(|origin| is_own_host(&origin, headers, client.scheme, Ports::Any))
        })
    }

    /// Judges by the page that `Referer` names, for requests without an `Origin`.
    #[must_use]
    pub fn judge_referer(&self, headers: &HeaderMap, client: ClientAddr) -> Verdict {
        let Some(line) = headers.get(header::REFERER) else { return Verdict::Absent };
        let Some(origin) = line.to_str().ok().and_then(Origin::of_url) else { return Verdict::Foreign };
        if self.0.contains(&origin) || is_own_host(&origin, headers, client.scheme, Ports::Same) {
            Verdict::Own
        } else {
            Verdict::Foreign
        }
    }
}

impl Origin {
    fn of_url(url: &str) -> Option<Self> {
        let uri: Uri = url.parse().ok()?;
        let scheme = match uri.scheme_str()? {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return None, // no page comes from elsewhere
        };
        let authority = uri.authority()?;
        if authority.as_str().contains('@') {
            return None;
        }
        Self::of_authority(scheme, authority.as_str())
    }

    /// An origin as browsers write it: nothing follows the authority, not even a slash.
    fn of_header(text: &str) -> Option<Self> {
        let (_, authority) = text.split_once("://")?;
        if authority.contains(['/', '?', '#', '@', ' ']) {
            return None;
        }
        Self::of_url(text)
    }

    fn of_authority(scheme: Scheme, authority: &str) -> Option<Self> {
        let authority: hyper::http::uri::Authority = authority.parse().ok()?;
        if authority.host().is_empty() {
            return None;
        }
        let port = match authority.port() {
            Some(port) => port.as_u16(),
            None if authority.as_str().ends_with(authority.host()) => scheme.default_port(),
            None => return None, // a colon without a port, or one beyond 65535
        };
        Some(Self { scheme, host: authority.host().to_ascii_lowercase(), port })
    }
}

fn is_own_host(origin: &Origin, headers: &HeaderMap, scheme: Scheme, ports: Ports) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let Some(own) = host.and_then(|host| Origin::of_authority(scheme, host)) else { return false };
    match ports {
        Ports::Same => *origin == own,
        Ports::Any => origin.host == own.host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(origin: &str, host: &str, scheme: Scheme, ports: Ports) -> Verdict {
        let own = Origins::parse(["https://ok.example/meet", "https://also.example:8443"]).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(header::ORIGIN, origin.parse().unwrap());
        headers.insert(header::HOST, host.parse().unwrap());
        let peer = "192.0.2.1:9".parse().unwrap();
        own.judge(&headers, ClientAddr { peer, ip: peer.ip(), scheme }, ports)
    }

    #[test]
    fn configured_origins_and_the_own_host_are_ours() {
        for (origin, host, scheme) in [
            ("https://ok.example", "inner:8080", Scheme::Http),
            ("https://OK.example:443", "inner:8080", Scheme::Http),
            ("https://also.example:8443", "inner:8080", Scheme::Http),
            ("http://inner:8080", "inner:8080", Scheme::Http),
            ("http://inner", "inner:80", Scheme::Http),
            ("https://inner", "inner", Scheme::Https),
            ("http://[::1]:8080", "[::1]:8080", Scheme::Http),
        ] {
            assert_eq!(judge(origin, host, scheme, Ports::Same), Verdict::Own, "{origin} at {host}");
        }
    }

    #[test]
    fn a_proxy_that_nobody_named_is_noticed() {
        for (origin, host, scheme, noticed) in [
            ("https://inner", "inner", Scheme::Http, true),
            ("https://inner:8443", "inner:8443", Scheme::Http, true),
            ("https://inner", "inner", Scheme::Https, false),
            ("http://inner", "inner", Scheme::Http, false),
            ("https://evil.example", "inner", Scheme::Http, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ORIGIN, origin.parse().unwrap());
            headers.insert(header::HOST, host.parse().unwrap());
            let peer = "192.0.2.1:9".parse().unwrap();
            let client = ClientAddr { peer, ip: peer.ip(), scheme };
            assert_eq!(Origins::is_own_behind_tls(&headers, client), noticed, "{origin} at {host}");
        }
    }

    #[test]
    fn tricks_are_foreign() {
        for origin in [
            "null",
            "",
            "https://evil.example",
            "https://ok.example.evil",
            "https://evil-ok.example",
            "https://sub.ok.example",
            "https://ok.example.",
            "http://ok.example",
            "https://ok.example:444",
            "https://ok.example:",
            "https://ok.example:99999",
            "https://also.example",
            "https://ok.example/",
            "https://ok.example/x",
            "https://ok.example@evil.example",
            "https://user@ok.example",
            "https://ok.example https://evil.example",
            "ok.example",
            "file://",
            "chrome-extension://ok.example",
            "https://inner:8080",
            "http://inner:8081",
        ] {
            assert_eq!(
                judge(origin, "inner:8080", Scheme::Http, Ports::Same),
                Verdict::Foreign,
                "{origin:?}"
            );
        }
    }

    #[test]
    fn a_dialects_own_port_takes_its_host_with_any_port() {
        assert_eq!(judge("https://inner", "inner:4000", Scheme::Http, Ports::Any), Verdict::Own);
        assert_eq!(judge("http://inner.evil:4000", "inner:4000", Scheme::Http, Ports::Any), Verdict::Foreign);
    }

    #[test]
    fn two_origins_are_foreign_and_none_is_absent() {
        let peer = "192.0.2.1:9".parse().unwrap();
        let client = ClientAddr { peer, ip: peer.ip(), scheme: Scheme::Https };
        let own = Origins::parse(["https://ok.example"]).unwrap();
        let mut headers = HeaderMap::new();
        assert_eq!(own.judge(&headers, client, Ports::Same), Verdict::Absent);
        headers.append(header::ORIGIN, "https://ok.example".parse().unwrap());
        assert_eq!(own.judge(&headers, client, Ports::Same), Verdict::Own);
        headers.append(header::ORIGIN, "https://evil.example".parse().unwrap());
        assert_eq!(own.judge(&headers, client, Ports::Same), Verdict::Foreign);
    }

    #[test]
    fn a_setting_that_is_no_origin_is_named() {
        assert_eq!(Origins::parse(["ok.example"]).unwrap_err(), NotAnOrigin("ok.example".to_owned()));
        assert!(Origins::parse(["ftp://ok.example"]).is_err());
    }
}
