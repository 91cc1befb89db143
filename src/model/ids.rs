//! Ids and times as types of their own: a user's id cannot be mistaken for a group's.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::limits::CLIENT_ID_MAX;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize,
            Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

id! {
    /// A user. Never reused, not even after the account was deleted.
    UserId
}
id! {
    /// A group; equal to the id of its conversation, and unrelated to any user's id.
    GroupId
}
id! {
    /// A signed-in device.
    SignInId
}
id! {
    /// An event's id in the log. Ids grow with each commit and may have gaps.
    EventId
}
id! {
    /// Milliseconds since 1970, UTC, by the server's clock.
    Timestamp
}

impl Timestamp {
    /// The end of muting for good: the last second of the year 9999, in UTC.
    pub const FOREVER: Self = Self(253_402_300_799_000);
}

/// Maximum time for which a receive is held, in milliseconds.
pub type HoldMs = u32;

/// The sender's own id for a message, chosen before it is sent: the server recognises a repeated
/// send by it. 1 to 64 letters, digits or `-`. Lists of messages are keyed by it, so cloning is
/// cheap.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientId(Arc<str>);

impl ClientId {
    /// Returns a random one.
    pub fn random() -> Self {
        Self(uuid::Uuid::new_v4().to_string().into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ClientId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let fits = (1..=CLIENT_ID_MAX).contains(&text.len());
        if fits && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            Ok(Self(text.into()))
        } else {
            Err("a client id has 1 to 64 letters, digits or hyphens")
        }
    }
}

impl From<ClientId> for String {
    fn from(id: ClientId) -> Self {
        id.0.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_is_1_to_64_letters_digits_or_hyphens() {
        assert!(ClientId::try_from("0a-Z".to_string()).is_ok());
        assert!(ClientId::try_from(String::new()).is_err());
        assert!(ClientId::try_from("a b".to_string()).is_err());
        assert!(ClientId::try_from("x".repeat(CLIENT_ID_MAX)).is_ok());
        assert!(ClientId::try_from("x".repeat(CLIENT_ID_MAX + 1)).is_err());
    }
}
