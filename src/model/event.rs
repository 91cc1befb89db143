//! What the receive loop delivers: changes, as new values and never as deltas, so that applying
//! one twice does no harm.

use serde::{Deserialize, Serialize};

use super::{Conversation, EventId, Friend, FriendRequest, Message, Person, UserId};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub id: EventId,
    #[serde(flatten)]
    pub kind: EventKind,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventKind {
    Message {
        conversation: Conversation,
        message: Message,
    },
    /// One's own read mark, set on any of one's devices.
    Read {
        conversation: Conversation,
        read_seq: i64,
        read_count: i64,
    },
    /// Somebody asked somebody; both hear of it.
    FriendRequested {
        request: FriendRequest,
    },
    /// A request was declined or taken back; both hear of it.
    FriendRequestClosed {
        from: UserId,
        to: UserId,
    },
    /// A friendship began, which also closes every request between the two.
    FriendAdded {
        friend: Friend,
    },
    /// They are not friends any more, whoever ended it.
    FriendRemoved {
        user: UserId,
    },
    /// One's own name for a friend; empty when there is none any more.
    RemarkSet {
        user: UserId,
        remark: String,
    },
    /// One has blocked somebody, or does so no longer.
    BlockSet {
        person: Person,
        blocked: bool,
    },
    /// Somebody is new, has another name, or is gone. Everybody hears it.
    PersonChanged {
        person: Person,
    },
    /// A kind that this side does not know yet: skipped.
    #[serde(other)]
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_kind_is_read_and_can_be_skipped() {
        let event: Event = serde_json::from_str(r#"{"id":7,"kind":"confetti","colour":1}"#)
            .expect("an event of a newer server");
        assert_eq!(event, Event { id: EventId(7), kind: EventKind::Unknown });
    }
}
