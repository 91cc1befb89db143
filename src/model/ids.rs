//! Ids and times as types of their own, so that a user's id is never taken for a group's.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::limits::CLIENT_ID_MAX;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
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
    /// A user, for as long as Kith lives: never given to somebody else.
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
    /// A place in the event log. Grows with every commit; holes are allowed.
    EventId
}
id! {
    /// Milliseconds since 1970, UTC, by the server's clock.
    Timestamp
}

/// The sender's own name for a message, chosen before it is sent, so that a repeated send is
/// recognised: 1 to 64 letters, digits or `-`. Lists of messages are keyed by it: a copy is cheap.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientId(Arc<str>);

impl ClientId {
    /// A new one, which nobody else has.
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
    fn a_client_id_is_short_and_plain() {
        assert!(ClientId::try_from("0a-Z".to_string()).is_ok());
        assert!(ClientId::try_from(String::new()).is_err());
        assert!(ClientId::try_from("a b".to_string()).is_err());
        assert!(ClientId::try_from("x".repeat(CLIENT_ID_MAX)).is_ok());
        assert!(ClientId::try_from("x".repeat(CLIENT_ID_MAX + 1)).is_err());
    }
}
