//! The answer of a receive, and the opening of a WebSocket.

use serde::{Deserialize, Serialize};

use crate::wire::read_by_field;

use super::{Contact, Cursor, Event, UserId};

/// The path of the WebSocket.
pub const SOCKET_PATH: &str = "/api/socket";

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
    /// Among the user's friends and, where everyone may write to everyone, the people with whom
    /// they have a direct conversation.
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
