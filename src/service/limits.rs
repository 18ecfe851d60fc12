//! How often one address may ask, make rooms and join; lifted for trusted sources.
use super::sockets::Sockets;
use crate::actors::gate::Held;
use crate::auth::limiter::{Limiter, Rate, TooFast};
use crate::fault::Fault;
use crate::room::ids::UserId;
use ipnet::IpNet;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Addresses remembered per rate; 100,000 cost about 5 MB.
const ADDRESSES: usize = 100_000;

/// What an address may do, from `limits.*`.
#[derive(Debug, Clone)]
pub struct Settings {
    pub requests_per_second: u32,
    pub requests_burst: u32,
    pub rooms_per_hour: u32,
    pub rooms_per_hour_per_account: u32,
    pub signups_per_hour: u32,
    pub joins_per_minute: u32,
    /// Live sockets of one account at once.
    pub connections_per_account: usize,
    /// Networks to which no rate applies.
    pub trusted_sources: Vec<IpNet>,
}

/// The rates per address.
#[derive(Debug)]
pub struct Limits {
    trusted: Vec<IpNet>,
    requests: Mutex<Limiter<Source>>,
    rooms: Mutex<Limiter<Source>>,
    rooms_of: Mutex<Limiter<UserId>>,
    signups: Mutex<Limiter<Source>>,
    joins: Mutex<Limiter<Source>>,
    sockets: Arc<Sockets>,
}

/// Where someone comes from: an IPv4 address, or the /64 of an IPv6 one (a household or host is given that much).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Source(IpAddr);

impl Source {
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(six) => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() & !u128::from(u64::MAX))),
            four => four,
        })
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Limits {
    pub fn new(settings: Settings) -> Self {
        let Settings {
            requests_per_second,
            requests_burst,
            rooms_per_hour,
            rooms_per_hour_per_account,
            signups_per_hour,
            joins_per_minute,
            connections_per_account,
            trusted_sources,
        } = settings;
        let limiter = |count, per, burst| Mutex::new(Limiter::new(Rate::new(count, per, burst), ADDRESSES));
        let hourly = |count| Rate::new(count, Duration::from_secs(3600), count);
        Self {
            trusted: trusted_sources,
            requests: limiter(requests_per_second, Duration::from_secs(1), requests_burst),
            rooms: Mutex::new(Limiter::new(hourly(rooms_per_hour), ADDRESSES)),
            rooms_of: Mutex::new(Limiter::new(hourly(rooms_per_hour_per_account), ADDRESSES)),
            signups: Mutex::new(Limiter::new(hourly(signups_per_hour), ADDRESSES)),
            joins: limiter(joins_per_minute, Duration::from_secs(60), joins_per_minute),
            sockets: Sockets::new(connections_per_account),
        }
    }

    /// Whether no rate applies to this address.
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|net| net.contains(&address.to_canonical()))
    }

    /// # Errors
    /// [`Fault::RateLimited`]
    pub fn request(&self, from: IpAddr) -> Result<(), Fault> {
        self.take(&self.requests, from)
    }

    /// # Errors
    /// [`Fault::RateLimited`]
    pub fn new_room(&self, from: IpAddr) -> Result<(), Fault> {
        self.take(&self.rooms, from)
    }

    /// A further room of this account.
    ///
    /// # Errors
    /// [`Fault::RateLimited`]
    pub fn new_room_of(&self, user: UserId, from: IpAddr) -> Result<(), Fault> {
        if self.trusts(from) { Ok(()) } else { take(&self.rooms_of, &user) }
    }

    /// # Errors
    /// [`Fault::RateLimited`]
    pub fn signup(&self, from: IpAddr) -> Result<(), Fault> {
        self.take(&self.signups, from)
    }

    /// # Errors
    /// [`Fault::RateLimited`]
    pub fn join(&self, from: IpAddr) -> Result<(), Fault> {
        self.take(&self.joins, from)
    }

    /// A further live socket of this account, counted for as long as the answer lives.
    ///
    /// # Errors
    /// [`Fault::Quota`]
    pub fn socket_of(&self, user: UserId, from: IpAddr) -> Result<Held, Fault> {
        if self.trusts(from) {
            return Ok(Held::new(|| {}));
        }
        self.sockets.enter(user)
    }

    fn take(&self, limiter: &Mutex<Limiter<Source>>, from: IpAddr) -> Result<(), Fault> {
        if self.trusts(from) { Ok(()) } else { take(limiter, &Source::of(from)) }
    }
}

fn take<K: Hash + Eq + Clone>(limiter: &Mutex<Limiter<K>>, key: &K) -> Result<(), Fault> {
    let mut limiter = limiter.lock().unwrap_or_else(PoisonError::into_inner);
    let taken = limiter.take(key, Instant::now());
    taken.map_err(|TooFast { retry_after }| too_fast(retry_after))
}

/// Come again after that time, to the millisecond.
pub(super) fn too_fast(retry_after: Duration) -> Fault {
    Fault::RateLimited { retry_after_ms: u64::try_from(retry_after.as_millis()).unwrap_or(u64::MAX).max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits::new(Settings {
            requests_per_second: 50,
            requests_burst: 200,
            rooms_per_hour: 2,
            rooms_per_hour_per_account: 200,
            signups_per_hour: 300,
            joins_per_minute: 300,
            connections_per_account: 20,
            trusted_sources: vec!["10.0.0.0/8".parse().unwrap()],
        })
    }

    #[test]
    fn each_address_has_its_rate_and_trusted_ones_none() {
        let limits = limits();
        let from = |text: &str| limits.new_room(text.parse().unwrap());
        assert!(from("192.0.2.1").is_ok() && from("::ffff:192.0.2.1").is_ok());
        let Err(Fault::RateLimited { retry_after_ms }) = from("192.0.2.1") else {
            panic!("the third was let through")
        };
        assert!((1_700_000..=1_800_000).contains(&retry_after_ms));
        assert!(from("192.0.2.2").is_ok());
        assert!((0..10).all(|_| from("10.1.2.3").is_ok()));
    }

    #[test]
    fn a_household_of_ipv6_is_one_source() {
        let limits = limits();
        let from = |text: &str| limits.new_room(text.parse().unwrap());
        assert!(from("2001:db8:1:2::1").is_ok() && from("2001:db8:1:2:ffff::2").is_ok());
        assert!(from("2001:db8:1:2::3").is_err());
        assert!(from("2001:db8:1:3::1").is_ok());
    }
}
