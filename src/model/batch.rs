//! The answer of the receive loop, and the cursor that says how far one has read.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::wire::read_by_field;

use super::{Contact, Event, EventId, UserId};

/// A place in the event log, written `EPOCH.ID`. The epoch changes when the log is another one
/// (a restored backup), so that an old place is never taken for one in the new log.
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
pub type Hold = u32;

/// What a page says first over a WebSocket, and all that it says: what a receive is asked with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    pub for_user: UserId,
    pub cursor: Option<Cursor>,
    pub presence_version: Option<String>,
}

/// What one receive answers. What says nothing is left out on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Batch {
    /// Where to ask from next time.
    pub cursor: Cursor,
    /// In the order of the log. Empty when the hold ended quietly.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
    /// There is more: ask again at once.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub has_more: bool,
    /// The cursor cannot be served: take a new snapshot, keep drafts and outbox.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub resync: bool,
    /// The server's build; another one than the page's means that a reload is due. It comes along
    /// with `presence`, and so with the first answer of a server that was started anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build: Option<String>,
    /// Who is there, when it is not what the asker knows already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presence: Option<Presence>,
}

read_by_field!(Batch { cursor, build, presence } { events, has_more, resync });

/// Who is there just now, as a whole and not as a change. Never stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Presence {
    /// Names this state: who asks with it is told only of another one.
    pub version: String,
    /// Of the caller's friends and of those they have a conversation with.
    pub online: Vec<UserId>,
    pub typing: Vec<Typing>,
}

read_by_field!(Presence { version, online, typing });

/// Somebody writes at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Typing {
    /// The conversation, as the reader sees it.
    pub contact: Contact,
    pub user: UserId,
}

read_by_field!(Typing { contact, user });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_writing_and_reading() {
        let cursor = Cursor { epoch: "k3f9".into(), id: EventId(1234) };
        assert_eq!(cursor.to_string(), "k3f9.1234");
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
    }

    #[test]
    fn a_broken_cursor_is_refused() {
        for text in ["", "12", ".12", "a.", "a.b", "a.-1", "a b.1"] {
            assert!(text.parse::<Cursor>().is_err(), "{text}");
        }
    }
}
