//! The count of open connections, in all and by network, and who is let in.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::limits::Limits;
use crate::service::network::Network;

/// The connections of one listener.
pub struct Admissions {
    places: Arc<Semaphore>,
    counts: Arc<Counts>,
    limits: Limits,
}

/// Open connections by network. A network without any has no entry.
#[derive(Default)]
struct Counts(Mutex<HashMap<Network, usize>>);

/// A connection that was let in: it counts until this is dropped.
pub struct Admission {
    counts: Arc<Counts>,
    /// `None` for a trusted proxy, which is not counted.
    network: Option<Network>,
    _place: OwnedSemaphorePermit,
}

impl Admissions {
    pub fn new(limits: Limits) -> Self {
        let places = Arc::new(Semaphore::new(limits.connections.min(Semaphore::MAX_PERMITS)));
        Self { places, counts: Arc::default(), limits }
    }

    /// Returns a place if one is free.
    pub fn free_place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }

    /// Waits for a place.
    pub async fn next_place(&self) -> OwnedSemaphorePermit {
        match Arc::clone(&self.places).acquire_owned().await {
            Ok(place) => place,
            // The semaphore is never closed.
            Err(_) => std::future::pending().await,
        }
    }

    /// Gives the place to a connection from `peer`. `None` when its network has too many.
    pub fn admit(&self, place: OwnedSemaphorePermit, peer: IpAddr) -> Option<Admission> {
        let peer = peer.to_canonical();
        let is_trusted = self.limits.trusted.iter().any(|network| network.contains(&peer));
        let network = (!is_trusted).then(|| Network::of(peer));
        if let Some(network) = network
            && !self.counts.add(network, self.limits.per_address)
        {
            return None;
        }
        Some(Admission { counts: Arc::clone(&self.counts), network, _place: place })
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        if let Some(network) = self.network {
            self.counts.remove(network);
        }
    }
}

impl Counts {
    /// Counts a connection in its network and those around it: in all of them, or in none.
    fn add(&self, network: Network, per_address: usize) -> bool {
        let mut open = self.lock();
        let has_room = |(network, share): (Network, u32)| {
            let most = per_address.saturating_mul(usize::try_from(share).unwrap_or(usize::MAX));
            open.get(&network).is_none_or(|count| *count < most)
        };
        if !network.and_wider().all(has_room) {
            return false;
        }
        for (network, _) in network.and_wider() {
            *open.entry(network).or_default() += 1;
        }
        true
    }

    fn remove(&self, network: Network) {
        let mut open = self.lock();
        for (network, _) in network.and_wider() {
            if let Entry::Occupied(mut count) = open.entry(network) {
                *count.get_mut() -= 1;
                if *count.get() == 0 {
                    count.remove();
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Network, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::config::Config;

    fn admissions(connections: usize, per_address: usize) -> Admissions {
        let trusted_proxies = vec!["10.0.0.0/8".parse().expect("a network")];
        let limits = Limits::of(&Config { trusted_proxies, ..Config::default() });
        Admissions::new(Limits { connections, per_address, ..limits })
    }

    fn admit(admissions: &Admissions, peer: &str) -> Option<Admission> {
        let place = admissions.free_place()?;
        admissions.admit(place, peer.parse().expect("an address"))
    }

    #[test]
    fn one_address_has_its_share_and_gets_it_back() {
        let admissions = admissions(100, 2);
        let [first, _second] = [(); 2].map(|()| admit(&admissions, "203.0.113.9"));
        assert!(first.is_some());
        assert!(admit(&admissions, "203.0.113.9").is_none());
        assert!(admit(&admissions, "::ffff:203.0.113.9").is_none(), "the same address");
        assert!(admit(&admissions, "203.0.113.10").is_some(), "another address is served");
        drop(first);
        assert!(admit(&admissions, "203.0.113.9").is_some());
    }

    #[test]
    fn networks_of_ipv6_have_larger_shares() {
        let admissions = admissions(1_000, 1);
        let mut open = Vec::new();
        let mut admitted = |peers: Vec<String>| {
            let before = open.len();
            open.extend(peers.iter().filter_map(|peer| admit(&admissions, peer)));
            open.len() - before
        };
        let same_64 = (0..5).map(|n| format!("2001:db8:0:1::{n}")).collect();
        assert_eq!(admitted(same_64), 1);
        let same_56 = (2..20).map(|n| format!("2001:db8:0:{n:x}::1")).collect();
        assert_eq!(admitted(same_56), 3, "four with the one before");
        let same_48 = (1..40).map(|n| format!("2001:db8:0:{n:x}00::1")).collect();
        assert_eq!(admitted(same_48), 12, "sixteen with those before");
        assert_eq!(admitted(vec!["2001:db8:1::1".into()]), 1, "another network is served");
        open.clear();
        assert!(admissions.counts.lock().is_empty(), "the counts do not grow for ever");
    }

    #[test]
    fn trusted_proxies_are_counted_in_all_only() {
        let admissions = admissions(3, 1);
        let open: Vec<_> = (0..5).filter_map(|_| admit(&admissions, "10.1.2.3")).collect();
        assert_eq!(open.len(), 3);
        assert!(admissions.free_place().is_none());
        drop(open);
        assert!(admissions.free_place().is_some());
    }
}
