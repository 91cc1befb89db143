//! Limits on how often: tries to sign in or register, messages, looks at people, changes to what
//! people are to one another.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::Policy;
use crate::error::{KithError, Result};
use crate::model::UserId;

/// More than anybody types into a search, and too few to copy a large directory in passing.
const LOOKS_PER_MINUTE: u32 = 120;

/// More than anybody means to change, and too few to keep somebody's pages busy.
const TIES_PER_MINUTE: u32 = 60;

/// Everybody hears of each new name.
const PROFILES_PER_MINUTE: u32 = 20;

/// A page says it every few seconds, and begins anew with each message.
const TYPING_PER_MINUTE: u32 = 120;

/// What is counted for whom.
pub struct Throttle {
    addresses: Keyed<IpAddr>,
    accounts: Keyed<String>,
    provers: Keyed<UserId>,
    senders: Keyed<UserId>,
    lookers: Keyed<UserId>,
    tiers: Keyed<UserId>,
    profiles: Keyed<UserId>,
    typists: Keyed<UserId>,
}

impl Throttle {
    pub fn new(policy: &Policy) -> Self {
        Self {
            addresses: Keyed::new(policy.attempts_per_minute),
            accounts: Keyed::new(policy.attempts_per_minute),
            provers: Keyed::new(policy.attempts_per_minute),
            senders: Keyed::new(policy.messages_per_minute),
            lookers: Keyed::new(LOOKS_PER_MINUTE),
            tiers: Keyed::new(TIES_PER_MINUTE),
            profiles: Keyed::new(PROFILES_PER_MINUTE),
            typists: Keyed::new(TYPING_PER_MINUTE),
        }
    }

    /// Counts a try to sign in or register from this address.
    pub fn attempt_from(&self, address: IpAddr) -> Result<()> {
        self.addresses.count(&network(address))
    }

    /// Counts a try to sign in to this account, whoever tries.
    pub fn attempt_at(&self, username_key: &str) -> Result<()> {
        self.accounts.count(&username_key.to_string())
    }

    /// Counts a try by somebody signed in to say their password. Not with those to sign in, which
    /// strangers make: they could keep the owner from changing it.
    pub fn proof_of(&self, user: UserId) -> Result<()> {
        self.provers.count(&user)
    }

    /// Counts a message.
    pub fn message_of(&self, user: UserId) -> Result<()> {
        self.senders.count(&user)
    }

    /// Counts a search for people, or a look at somebody's profile.
    pub fn look_of(&self, user: UserId) -> Result<()> {
        self.lookers.count(&user)
    }

    /// Counts a look at so many people by their ids, which anybody can guess: each is one.
    pub fn looks_of(&self, user: UserId, people: usize) -> Result<()> {
        self.lookers.count_many(&user, people)
    }

    /// Counts a change to what somebody is to others: asked, declined, removed, named, blocked.
    pub fn tie_of(&self, user: UserId) -> Result<()> {
        self.tiers.count(&user)
    }

    /// Counts a change of one's own profile.
    pub fn profile_of(&self, user: UserId) -> Result<()> {
        self.profiles.count(&user)
    }

    /// Counts a word that somebody is writing.
    pub fn typing_of(&self, user: UserId) -> Result<()> {
        self.typists.count(&user)
    }

    /// Forgets those who have done nothing for a while.
    pub fn sweep(&self) {
        self.addresses.sweep();
        self.accounts.sweep();
        self.provers.sweep();
        self.senders.sweep();
        self.lookers.sweep();
        self.tiers.sweep();
        self.profiles.sweep();
        self.typists.sweep();
    }
}

/// A limiter for each key; zero a minute means no limit.
struct Keyed<K: Hash + Eq + Clone>(Option<DefaultKeyedRateLimiter<K>>);

impl<K: Hash + Eq + Clone> Keyed<K> {
    fn new(per_minute: u32) -> Self {
        Self(NonZeroU32::new(per_minute).map(|n| RateLimiter::keyed(Quota::per_minute(n))))
    }

    fn count(&self, key: &K) -> Result<()> {
        self.count_many(key, 1)
    }

    /// Counts so many at once, and at least one: all of them or, when they do not fit, none.
    fn count_many(&self, key: &K, many: usize) -> Result<()> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        let many = u32::try_from(many).unwrap_or(u32::MAX);
        let many = NonZeroU32::new(many).unwrap_or(NonZeroU32::MIN);
        // More than fit into a minute never fit.
        let counted = limiter.check_key_n(key, many).map_err(|_| KithError::TooMany(u32::MAX))?;
        counted.map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            KithError::TooMany(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1))
        })
    }

    fn sweep(&self) {
        if let Some(limiter) = &self.0 {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// One household has a whole /64 of IPv6 addresses: they count as one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_counts_as_one_address() {
        let address = |text: &str| text.parse::<IpAddr>().expect("an address");
        assert_eq!(network(address("2001:db8::1")), network(address("2001:db8::ffff")));
        assert_ne!(network(address("2001:db8::1")), network(address("2001:db8:0:1::1")));
        assert_eq!(network(address("::ffff:10.0.0.1")), address("10.0.0.1"));
    }

    #[test]
    fn beyond_the_limit_one_is_told_when_to_come_back() {
        let keyed = Keyed::new(2);
        assert_eq!(keyed.count(&1), Ok(()));
        assert_eq!(keyed.count(&1), Ok(()));
        assert!(matches!(keyed.count(&1), Err(KithError::TooMany(1..=31))));
        assert_eq!(keyed.count(&2), Ok(()));
    }

    #[test]
    fn many_at_once_count_as_many() {
        let keyed = Keyed::new(5);
        assert_eq!(keyed.count_many(&1, 3), Ok(()));
        assert!(matches!(keyed.count_many(&1, 3), Err(KithError::TooMany(_))));
        assert_eq!(keyed.count_many(&1, 2), Ok(()), "what did not fit was not counted");
        assert!(matches!(keyed.count_many(&1, 0), Err(KithError::TooMany(_))), "none is one");
        assert!(matches!(keyed.count_many(&2, 6), Err(KithError::TooMany(_))));
    }
}
