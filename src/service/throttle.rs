//! Limits on how often something may be done: one table of limits, counted for each address,
//! account or user.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::Policy;
use super::network::{LARGEST_SHARE, Network};
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
    /// Searches for people, profiles, members of a group.
    DirectoryLookups,
    /// Ids of strangers that a page looks up. Each id counts, because anybody can guess ids. Not
    /// counted with the other look-ups: a message can name any ids, and its readers' pages look
    /// them up.
    StrangersById,
    /// Friend requests, friendships, remarks, blocks, groups and their members.
    RelationshipChanges,
    ProfileChanges,
    Typing,
}

impl Limit {
    /// All limits, in the order of the enum.
    const ALL: [Self; 9] = [
        Self::AttemptsFromAddress,
        Self::AttemptsOnAccount,
        Self::PasswordChecks,
        Self::Messages,
        Self::DirectoryLookups,
        Self::StrangersById,
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
            Self::DirectoryLookups | Self::StrangersById => 120,
            // More than anybody means to change, and too few to keep other people's pages busy.
            Self::RelationshipChanges => 60,
            // Each change of a name is an event for all who know the person.
            Self::ProfileChanges => 20,
            // A page reports typing every few seconds, and again after each message.
            Self::Typing => 120,
        }
    }
}

/// The address, account or user for whom an action is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// By the network of the address.
    Network(Network),
    /// By the username's key.
    Account(String),
    User(UserId),
}

impl From<IpAddr> for Key {
    fn from(address: IpAddr) -> Self {
        Self::Network(Network::of(address))
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

    /// Counts `many` at once, at least one: all of them, or none when they exceed the limit. What a
    /// wider network refuses is counted in the narrower ones.
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

/// The counts of one limit, by key; `None` without a limit. One action is [`LARGEST_SHARE`] cells
/// of the limiter, and fewer for a wide network: so one quota holds for all keys.
struct Counter(Option<DefaultKeyedRateLimiter<Key>>);

impl Counter {
    fn new(per_minute: u32) -> Self {
        let cells = NonZeroU32::new(per_minute.saturating_mul(LARGEST_SHARE));
        Self(cells.map(|cells| RateLimiter::keyed(Quota::per_minute(cells))))
    }

    fn count(&self, key: &Key, many: usize) -> Result<()> {
        // The narrowest network first: what it refuses takes nothing from its neighbours.
        let Key::Network(network) = key else { return self.count_shared(key, many, 1) };
        network
            .and_wider()
            .try_for_each(|(network, share)| self.count_shared(&Key::Network(network), many, share))
    }

    /// Counts for a key with `share` times the limit.
    fn count_shared(&self, key: &Key, many: usize, share: u32) -> Result<()> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        let many = u32::try_from(many.max(1)).unwrap_or(u32::MAX);
        let cells = many.saturating_mul(LARGEST_SHARE / share);
        let cells = NonZeroU32::new(cells).unwrap_or(NonZeroU32::MIN);
        // More than the limit of a whole minute never fits: no wait would help.
        let counted = limiter.check_key_n(key, cells).map_err(|_| KithError::TooMany(u32::MAX))?;
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
    fn wider_networks_have_a_multiple_of_the_limit() {
        let counter = Counter::new(2);
        let counted = |addresses: Vec<String>| {
            let keys = addresses.iter().map(|text| text.parse::<IpAddr>().expect("an address"));
            keys.filter(|key| counter.count(&Key::from(*key), 1).is_ok()).count()
        };
        let same_64 = (0..20).map(|n| format!("2001:db8:0:1::{n}")).collect();
        assert_eq!(counted(same_64), 2);
        // What the narrow network was refused took nothing from the wider ones.
        let same_56 = (0..40).map(|n| format!("2001:db8:0:{:x}::1", n / 2 + 2)).collect();
        assert_eq!(counted(same_56), 2 * 4 - 2);
        let same_48 = (0..80).map(|n| format!("2001:db8:0:{:x}00::1", n / 2 + 1)).collect();
        assert_eq!(counted(same_48), 2 * 16 - 2 * 4);
        assert_eq!(counted(vec!["2001:db8:1::1".into()]), 1, "another network is not limited");
        assert_eq!(counted(vec!["203.0.113.9".into(), "::ffff:203.0.113.9".into()]), 2);
        assert_eq!(counted(vec!["203.0.113.9".into(), "203.0.113.10".into()]), 1);
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
