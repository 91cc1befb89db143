//! Limits on how often something may be done: one table of limits, counted for each address,
//! account or user.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::Policy;
use crate::error::{KithError, Result};
use crate::model::UserId;

/// An action that is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Attempts to sign in or register from an address.
    AttemptsFromAddress,
    /// Attempts to sign in to an account, from anywhere.
    AttemptsOnAccount,
    /// Attempts of a signed-in user to prove their password. Not counted with those to sign in:
    /// strangers make these, and could keep the owner from changing the password.
    PasswordChecks,
    /// Messages, and changes to the user's own copy of a conversation.
    Messages,
    /// Searches for people, profiles, members of a group. A look-up by ids counts each id, because
    /// anybody can guess ids.
    DirectoryLookups,
    /// Friend requests, friendships, remarks, blocks, groups and their members.
    RelationshipChanges,
    ProfileChanges,
    Typing,
}

impl Limit {
    /// All limits, in the order of the enum.
    const ALL: [Self; 8] = [
        Self::AttemptsFromAddress,
        Self::AttemptsOnAccount,
        Self::PasswordChecks,
        Self::Messages,
        Self::DirectoryLookups,
        Self::RelationshipChanges,
        Self::ProfileChanges,
        Self::Typing,
    ];

    /// Maximum number in a minute; 0 is no limit.
    fn per_minute(self, policy: &Policy) -> u32 {
        match self {
            Self::AttemptsFromAddress | Self::AttemptsOnAccount | Self::PasswordChecks => {
                policy.attempts_per_minute
            }
            Self::Messages => policy.messages_per_minute,
            // More than anybody types into a search, and too few to copy a large directory quickly.
            Self::DirectoryLookups => 120,
            // More than anybody means to change, and too few to keep other people's pages busy.
            Self::RelationshipChanges => 60,
            // Each change of a name is an event for everybody.
            Self::ProfileChanges => 20,
            // A page reports typing every few seconds, and again after each message.
            Self::Typing => 120,
        }
    }
}

/// The address, account or user for whom an action is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    Address(IpAddr),
    /// By the username's key.
    Account(String),
    User(UserId),
}

impl From<IpAddr> for Key {
    /// One household has a whole /64 of IPv6 addresses: they count as one.
    fn from(address: IpAddr) -> Self {
        Self::Address(match address.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

impl From<&str> for Key {
    fn from(username_key: &str) -> Self {
        Self::Account(username_key.to_string())
    }
}

impl From<UserId> for Key {
    fn from(user: UserId) -> Self {
        Self::User(user)
    }
}

/// The counts of all limits.
pub struct Throttle {
    /// By `Limit as usize`.
    counters: [Counter; Limit::ALL.len()],
}

impl Throttle {
    pub fn new(policy: &Policy) -> Self {
        Self { counters: Limit::ALL.map(|limit| Counter::new(limit.per_minute(policy))) }
    }

    /// Counts one. `TooMany` beyond the limit.
    pub fn count(&self, limit: Limit, key: impl Into<Key>) -> Result<()> {
        self.count_many(limit, key, 1)
    }

    /// Counts `many` at once, at least one: all of them, or none when they exceed the limit.
    pub fn count_many(&self, limit: Limit, key: impl Into<Key>, many: usize) -> Result<()> {
        self.counters[limit as usize].count(&key.into(), many)
    }

    /// Drops the keys that have counted nothing for a while.
    pub fn sweep(&self) {
        for counter in &self.counters {
            counter.sweep();
        }
    }
}

/// The counts of one limit, by key; `None` without a limit.
struct Counter(Option<DefaultKeyedRateLimiter<Key>>);

impl Counter {
    fn new(per_minute: u32) -> Self {
        Self(NonZeroU32::new(per_minute).map(|n| RateLimiter::keyed(Quota::per_minute(n))))
    }

    fn count(&self, key: &Key, many: usize) -> Result<()> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        let many = u32::try_from(many).unwrap_or(u32::MAX);
        let many = NonZeroU32::new(many).unwrap_or(NonZeroU32::MIN);
        // More than the limit of a whole minute never fits: no wait would help.
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

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: UserId = UserId(1);
    const BOB: UserId = UserId(2);

    #[test]
    fn every_limit_has_its_own_counter() {
        for (index, limit) in Limit::ALL.into_iter().enumerate() {
            assert_eq!(limit as usize, index, "{limit:?}");
        }
    }

    #[test]
    fn addresses_of_one_household_count_as_one() {
        let key = |text: &str| Key::from(text.parse::<IpAddr>().expect("an address"));
        assert_eq!(key("2001:db8::1"), key("2001:db8::ffff"));
        assert_ne!(key("2001:db8::1"), key("2001:db8:0:1::1"));
        assert_eq!(key("::ffff:10.0.0.1"), key("10.0.0.1"));
    }

    #[test]
    fn beyond_the_limit_the_error_says_when_to_retry() {
        let counter = Counter::new(2);
        assert_eq!(counter.count(&ANN.into(), 1), Ok(()));
        assert_eq!(counter.count(&ANN.into(), 1), Ok(()));
        assert!(matches!(counter.count(&ANN.into(), 1), Err(KithError::TooMany(1..=31))));
        assert_eq!(counter.count(&BOB.into(), 1), Ok(()));
    }

    #[test]
    fn many_at_once_count_all_or_nothing() {
        let counter = Counter::new(5);
        let too_many = |counted| matches!(counted, Err(KithError::TooMany(_)));
        assert_eq!(counter.count(&ANN.into(), 3), Ok(()));
        assert!(too_many(counter.count(&ANN.into(), 3)));
        assert_eq!(counter.count(&ANN.into(), 2), Ok(()), "the refused three were not counted");
        assert!(too_many(counter.count(&ANN.into(), 0)), "zero counts as one");
        assert!(too_many(counter.count(&BOB.into(), 6)));
    }
}
