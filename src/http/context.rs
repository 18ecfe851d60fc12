//! Who really asks: the client's address and scheme behind the proxies that we trust.
use std::net::{IpAddr, SocketAddr};

use hyper::{HeaderMap, header::HeaderName};
use ipnet::IpNet;
use warp::Filter;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The scheme by which the client reached us or the proxy before us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    Http,
    Https,
}

impl Scheme {
    /// The port that a URL of this scheme needn't name.
    #[must_use]
    pub fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// An extension on every request: where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddr {
    /// The other end of the TCP connection.
    pub peer: SocketAddr,
    /// The client: the peer, or what a trusted proxy says of it. IPv4 is never dressed as IPv6.
    pub ip: IpAddr,
    pub scheme: Scheme,
}

/// The proxies whose forwarding headers are believed.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Vec<IpNet>);

impl Proxies {
    #[must_use]
    pub fn new(trusted: Vec<IpNet>) -> Self {
        Self(trusted)
    }

    /// Whether `ip` is one of them.
    #[must_use]
    pub fn trust(&self, ip: IpAddr) -> bool {
        self.0.iter().any(|net| net.contains(&ip.to_canonical()))
    }

    /// The client of a request: of a trusted peer the rightmost address in X-Forwarded-For that isn't trusted
    /// itself, since everything left of that may be invented.
    #[must_use]
    pub fn client(&self, peer: SocketAddr, headers: &HeaderMap) -> ClientAddr {
        let mut ip = peer.ip().to_canonical();
        if !self.trust(ip) {
            return ClientAddr { peer, ip, scheme: Scheme::Http };
        }
        for hop in hops_from_the_right(headers) {
            let Some(address) = address(hop) else { break };
            ip = address;
            if !self.trust(ip) {
                break;
            }
        }
        ClientAddr { peer, ip, scheme: forwarded_scheme(headers) }
    }
}

/// The client of the request at hand. Every request that came through [`super::serve`] has one.
pub fn client_addr() -> impl Filter<Extract = (ClientAddr,), Error = warp::Rejection> + Copy {
    warp::ext::get::<ClientAddr>()
}

fn hops_from_the_right(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lines: Vec<_> =
        headers.get_all(FORWARDED_FOR).iter().map(|line| line.to_str().unwrap_or_default()).collect();
    lines.into_iter().rev().flat_map(|line| line.rsplit(',')).map(str::trim)
}

/// An address with or without a port, IPv6 with or without brackets.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']')).unwrap_or(hop);
    let ip =
        bare.parse::<IpAddr>().or_else(|_| hop.parse::<SocketAddr>().map(|address| address.ip())).ok()?;
    Some(ip.to_canonical())
}

/// What the nearest proxy says, which is the rightmost word.
fn forwarded_scheme(headers: &HeaderMap) -> Scheme {
    let line = headers.get_all(FORWARDED_PROTO).iter().next_back().and_then(|line| line.to_str().ok());
    match line.and_then(|line| line.rsplit(',').next()).map(str::trim) {
        Some(scheme) if scheme.eq_ignore_ascii_case("https") => Scheme::Https,
        _ => Scheme::Http, // absent, or a scheme we don't speak
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let proxies = Proxies::new(vec!["127.0.0.0/8".parse().unwrap(), "10.0.0.0/8".parse().unwrap()]);
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        proxies.client(peer.parse().unwrap(), &headers).ip.to_string()
    }

    #[test]
    fn a_stranger_cannot_forward_for_anyone() {
        assert_eq!(client("198.51.100.7:4000", &["203.0.113.9"]), "198.51.100.7");
    }

    #[test]
    fn the_rightmost_untrusted_hop_is_the_client() {
        assert_eq!(client("127.0.0.1:4000", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(client("127.0.0.1:4000", &["1.1.1.1, 203.0.113.9, 10.1.2.3"]), "203.0.113.9");
        assert_eq!(client("127.0.0.1:4000", &["1.1.1.1", "203.0.113.9", "10.1.2.3"]), "203.0.113.9");
        assert_eq!(client("127.0.0.1:4000", &["10.9.9.9, 10.1.2.3"]), "10.9.9.9");
        assert_eq!(client("127.0.0.1:4000", &[]), "127.0.0.1");
    }

    #[test]
    fn nonsense_ends_the_search() {
        assert_eq!(client("127.0.0.1:4000", &["203.0.113.9, unknown"]), "127.0.0.1");
        assert_eq!(client("127.0.0.1:4000", &["203.0.113.9, _hidden, 10.1.2.3"]), "10.1.2.3");
        assert_eq!(client("127.0.0.1:4000", &[""]), "127.0.0.1");
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_read() {
        assert_eq!(client("127.0.0.1:4000", &["203.0.113.9:5555"]), "203.0.113.9");
        assert_eq!(client("127.0.0.1:4000", &["[2001:db8::1]:5555"]), "2001:db8::1");
        assert_eq!(client("127.0.0.1:4000", &["[2001:db8::1]"]), "2001:db8::1");
        assert_eq!(client("[::ffff:127.0.0.1]:4000", &["::ffff:203.0.113.9"]), "203.0.113.9");
    }

    #[test]
    fn the_scheme_is_believed_only_from_a_proxy() {
        let proxies = Proxies::new(vec!["127.0.0.1/32".parse().unwrap()]);
        let scheme = |peer: &str, forwarded: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(FORWARDED_PROTO, forwarded.parse().unwrap());
            proxies.client(peer.parse().unwrap(), &headers).scheme
        };
        assert_eq!(scheme("127.0.0.1:1", "https"), Scheme::Https);
        assert_eq!(scheme("127.0.0.1:1", "https, http"), Scheme::Http);
        assert_eq!(scheme("127.0.0.1:1", "gopher"), Scheme::Http);
        assert_eq!(scheme("127.0.0.2:1", "https"), Scheme::Http);
    }
}
