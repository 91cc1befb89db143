//! The network of an address. A household with IPv6 has so many addresses that limits by address
//! count whole networks.

use std::net::{IpAddr, Ipv6Addr};

/// The networks of IPv6 that are counted: the length of the prefix, and how many times the
/// allowance of one address the network has. A household has a /64 or a /56, a tunnel a /48.
const IPV6: [(u32, u32); 3] = [(64, 1), (56, 4), (48, LARGEST_SHARE)];

/// An address of IPv4 is counted by itself.
const IPV4: [(u32, u32); 1] = [(32, 1)];

/// The allowance of the widest network, in allowances of one address. A multiple of the others.
pub const LARGEST_SHARE: u32 = 16;

/// Addresses that are counted as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    /// The first address.
    first: IpAddr,
    /// The length of the prefix that all addresses share, in bits.
    prefix: u32,
}

impl Network {
    /// Returns the narrowest network of an address.
    pub fn of(address: IpAddr) -> Self {
        let first = address.to_canonical();
        let prefix = if first.is_ipv4() { 32 } else { 64 };
        Self { first, prefix }.with_prefix(prefix)
    }

    /// Returns this network and those around it, the narrowest first, each with its allowance in
    /// allowances of one address.
    pub fn and_wider(self) -> impl Iterator<Item = (Self, u32)> {
        let shares: &'static [(u32, u32)] = if self.first.is_ipv4() { &IPV4 } else { &IPV6 };
        shares.iter().map(move |&(prefix, share)| (self.with_prefix(prefix), share))
    }

    fn with_prefix(self, prefix: u32) -> Self {
        let first = match self.first {
            IpAddr::V6(v6) => {
                IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << (128 - prefix))))
            }
            v4 @ IpAddr::V4(_) => v4,
        };
        Self { first, prefix }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        Network::of(text.parse().expect("an address"))
    }

    #[test]
    fn addresses_of_one_household_are_one_network() {
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("::ffff:10.0.0.1"), network("10.0.0.1"));
        assert_ne!(network("10.0.0.1"), network("10.0.0.2"));
    }

    #[test]
    fn wider_networks_have_larger_allowances() {
        let around = |text: &str| network(text).and_wider().collect::<Vec<_>>();
        let shares = |text: &str| around(text).into_iter().map(|(_, share)| share);
        assert!(shares("2001:db8::1").eq([1, 4, 16]));
        assert!(shares("203.0.113.9").eq([1]));
        let shared = |a: &str, b: &str| {
            let pairs = around(a).into_iter().zip(around(b));
            pairs.filter(|(a, b)| a == b).map(|((_, share), _)| share).collect::<Vec<_>>()
        };
        assert_eq!(shared("2001:db8:0:1::1", "2001:db8:0:2::1"), [4, 16]);
        assert_eq!(shared("2001:db8:0:100::1", "2001:db8:0:200::1"), [16]);
        assert!(shared("2001:db8:1::1", "2001:db8:2::1").is_empty());
    }

    #[test]
    fn the_largest_share_is_a_multiple_of_all() {
        assert!(IPV6.iter().chain(&IPV4).all(|(_, share)| LARGEST_SHARE.is_multiple_of(*share)));
    }
}
