//! How many sockets may be open: in all, and per client address.
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ipnet::IpNet;

/// Counts open sockets, before and after an upgrade.
pub struct Admission {
    most: usize,
    most_per_address: usize,
    uncounted: Vec<IpNet>,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// Why a socket isn't let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// The server has as many as it may.
    Server,
    /// This address has as many as it may.
    Address,
}

/// The place of one socket; given back when dropped.
pub struct Admitted {
    admission: Arc<Admission>,
    address: Option<IpAddr>,
}

impl Admission {
    /// `uncounted` addresses may have any number within `most`.
    pub(super) fn new(most: usize, most_per_address: usize, uncounted: Vec<IpNet>) -> Arc<Self> {
        Arc::new(Self { most, most_per_address, uncounted, open: Mutex::default() })
    }

    /// Sockets open now.
    #[must_use]
    pub fn open(&self) -> usize {
        self.lock().all
    }

    /// Lets a socket in. One from a trusted proxy comes without an address: whom it serves is known later, if ever.
    pub(super) fn enter(self: &Arc<Self>, address: Option<IpAddr>) -> Result<Admitted, Full> {
        let mut open = self.lock();
        if open.all >= self.most {
            return Err(Full::Server);
        }
        let address = address.and_then(|address| self.counted_as(address));
        if let Some(address) = address {
            open.take(address, self.most_per_address)?;
        }
        open.all += 1;
        Ok(Admitted { admission: self.clone(), address })
    }

    /// IPv4 counts by address, IPv6 by the /64 that one customer has to himself.
    fn counted_as(&self, address: IpAddr) -> Option<IpAddr> {
        let address = address.to_canonical();
        if self.uncounted.iter().any(|net| net.contains(&address)) {
            return None;
        }
        Some(match address {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn take(&mut self, address: IpAddr, most: usize) -> Result<(), Full> {
        let count = self.by_address.get(&address).copied().unwrap_or(0);
        if count >= most {
            return Err(Full::Address);
        }
        self.by_address.insert(address, count + 1);
        Ok(())
    }

    fn give_back(&mut self, address: IpAddr) {
        match self.by_address.get_mut(&address) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                self.by_address.remove(&address);
            }
        }
    }
}

impl Admitted {
    /// Counts the socket for `address` if it isn't counted for one yet: for a client that came through a proxy.
    ///
    /// # Errors
    /// [`Full::Address`] when that client has as many as it may.
    pub fn count_for(&mut self, address: IpAddr) -> Result<(), Full> {
        if self.address.is_some() {
            return Ok(());
        }
        if let Some(address) = self.admission.counted_as(address) {
            self.admission.lock().take(address, self.admission.most_per_address)?;
            self.address = Some(address);
        }
        Ok(())
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        let mut open = self.admission.lock();
        open.all -= 1;
        if let Some(address) = self.address {
            open.give_back(address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn places_are_limited_and_given_back() {
        let admission = Admission::new(3, 2, Vec::new());
        let ana = admission.enter(ip("192.0.2.1")).unwrap();
        let _ana_again = admission.enter(ip("192.0.2.1")).unwrap();
        assert_eq!(admission.enter(ip("::ffff:192.0.2.1")).err(), Some(Full::Address));
        let _bob = admission.enter(ip("192.0.2.2")).unwrap();
        assert_eq!(admission.enter(ip("192.0.2.3")).err(), Some(Full::Server));
        drop(ana);
        assert_eq!(admission.open(), 2);
        assert!(admission.enter(ip("192.0.2.1")).is_ok());
    }

    #[test]
    fn nothing_is_remembered_of_those_who_left() {
        let admission = Admission::new(9, 9, Vec::new());
        drop([admission.enter(ip("192.0.2.1")).unwrap(), admission.enter(ip("192.0.2.1")).unwrap()]);
        let open = admission.lock();
        assert_eq!((open.all, open.by_address.len()), (0, 0));
    }

    #[test]
    fn one_ipv6_customer_is_one_address() {
        let admission = Admission::new(9, 1, Vec::new());
        let _first = admission.enter(ip("2001:db8:0:1::5")).unwrap();
        assert_eq!(admission.enter(ip("2001:db8:0:1:ffff::9")).err(), Some(Full::Address));
        assert!(admission.enter(ip("2001:db8:0:2::5")).is_ok());
    }

    #[test]
    fn who_is_trusted_is_not_counted() {
        let admission = Admission::new(3, 1, vec!["192.0.2.0/24".parse().unwrap()]);
        let mut all: Vec<_> = (0..3).map(|_| admission.enter(ip("192.0.2.1")).unwrap()).collect();
        assert_eq!(admission.enter(ip("192.0.2.1")).err(), Some(Full::Server), "that limit is for everybody");
        all.clear();
        let mut proxied = [admission.enter(None).unwrap(), admission.enter(None).unwrap()];
        assert!(proxied.iter_mut().all(|place| place.count_for("192.0.2.2".parse().unwrap()).is_ok()));
        assert_eq!(admission.lock().by_address.len(), 0);
    }

    #[test]
    fn who_comes_through_a_proxy_is_counted_once_known() {
        let admission = Admission::new(9, 1, Vec::new());
        let mut first = admission.enter(None).unwrap();
        let mut second = admission.enter(None).unwrap();
        let ana = "192.0.2.1".parse().unwrap();
        assert_eq!(first.count_for(ana), Ok(()));
        assert_eq!(first.count_for(ana), Ok(()), "only once");
        assert_eq!(second.count_for(ana), Err(Full::Address));
        drop(first);
        assert_eq!(second.count_for(ana), Ok(()));
    }
}
