//! What a receive answers, and the cursor that says how far a client has read.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::wire::read_by_field;

use super::{Contact, Event, EventId, UserId};

/// A position in the event log, written `EPOCH.ID`. A restored backup has another epoch, so that a
/// position in the old log is never taken for one in the new log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cursor {
    pub epoch: String,
    pub id: EventId,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.epoch, self.id)
    }
}

impl FromStr for Cursor {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "a cursor is written EPOCH.NUMBER";
        let (epoch, id) = text.split_once('.').ok_or(WRONG)?;
        let plain = !epoch.is_empty() && epoch.bytes().all(|b| b.is_ascii_alphanumeric());
        let id: EventId = id.parse().map_err(|_| WRONG)?;
        if plain && id.0 >= 0 { Ok(Self { epoch: epoch.to_string(), id }) } else { Err(WRONG) }
    }
}

impl TryFrom<String> for Cursor {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        cursor.to_string()
    }
}

/// How long a receive may be held, in milliseconds.
pub type HoldMs = u32;

/// The first and only message of a page over a WebSocket: the arguments of a receive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SocketOpening {
    pub for_user: UserId,
    pub cursor: Option<Cursor>,
    pub presence_version: Option<String>,
}

/// The answer of a receive. Empty fields are left out on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Batch {
    /// The cursor for the next receive.
    pub cursor: Cursor,
    /// In the order of the log. Empty when the hold ended without events.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
    /// There are more events: ask again at once.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub has_more: bool,
    /// The cursor cannot be served: load a new snapshot, and keep drafts and outbox.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub resync: bool,
    /// The server's build. If it is not the page's, the page should be reloaded. It comes with
    /// `presence`, and so with the first answer after a restart of the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build: Option<String>,
    /// Present when the client's presence version is not the current one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presence: Option<Presence>,
}

read_by_field!(Batch { cursor, build, presence } { events, has_more, resync });

/// The whole presence of a user's acquaintances, never a change of it. Never stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Presence {
    /// Names this state. A client that sends it gets presence only when it differs.
    pub version: String,
    /// Among the user's friends and the people they have a conversation with.
    pub online: Vec<UserId>,
    pub typing: Vec<Typing>,
}

read_by_field!(Presence { version, online, typing });

/// A person who is typing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Typing {
    /// The conversation, as a contact of the user who receives this.
    pub contact: Contact,
    pub user: UserId,
}

read_by_field!(Typing { contact, user });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_is_written() {
        let cursor = Cursor { epoch: "k3f9".into(), id: EventId(1234) };
        assert_eq!(cursor.to_string(), "k3f9.1234");
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
    }

    #[test]
    fn an_invalid_cursor_is_refused() {
        for text in ["", "12", ".12", "a.", "a.b", "a.-1", "a b.1"] {
            assert!(text.parse::<Cursor>().is_err(), "{text}");
        }
    }
}
