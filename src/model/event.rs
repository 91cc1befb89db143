//! What the receive loop delivers: changes, as new values and never as deltas, so that applying
//! one twice does no harm.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::wire::{Tree, Unreadable};

use super::{Conversation, EventId, Friend, FriendRequest, Message, Person, UserId};

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    pub id: EventId,
    #[serde(flatten)]
    pub kind: EventKind,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
    Unknown,
}

/// Written by hand: the derived reader of a tagged and flattened type would bring a second reader
/// of every type in here into the WASM.
impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Fields(Map::deserialize(deserializer)?);
        fields.event().map_err(D::Error::custom)
    }
}

/// The fields of an event: those of its kind stand beside its id.
struct Fields(Map<String, Value>);

impl Fields {
    fn event(mut self) -> Result<Event, Unreadable> {
        let kind: String = self.take("kind")?;
        let kind = match kind.as_str() {
            "message" => EventKind::Message {
                conversation: self.take("conversation")?,
                message: self.take("message")?,
            },
            "read" => EventKind::Read {
                conversation: self.take("conversation")?,
                read_seq: self.take("read_seq")?,
                read_count: self.take("read_count")?,
            },
            "friend_requested" => EventKind::FriendRequested { request: self.take("request")? },
            "friend_request_closed" => {
                EventKind::FriendRequestClosed { from: self.take("from")?, to: self.take("to")? }
            }
            "friend_added" => EventKind::FriendAdded { friend: self.take("friend")? },
            "friend_removed" => EventKind::FriendRemoved { user: self.take("user")? },
            "remark_set" => {
                EventKind::RemarkSet { user: self.take("user")?, remark: self.take("remark")? }
            }
            "block_set" => {
                EventKind::BlockSet { person: self.take("person")?, blocked: self.take("blocked")? }
            }
            "person_changed" => EventKind::PersonChanged { person: self.take("person")? },
            _ => EventKind::Unknown,
        };
        Ok(Event { id: self.take("id")?, kind })
    }

    /// Reads a field; one that is missing counts as `null`.
    fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Unreadable> {
        T::deserialize(Tree(self.0.remove(name).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClientId, Timestamp};

    #[test]
    fn every_kind_is_read_as_it_is_written() {
        let person = |id| Person {
            id: UserId(id),
            username: format!("person-{id}"),
            display_name: "名".into(),
            deleted: false,
        };
        let conversation = Conversation::direct(UserId(1), UserId(2));
        let client_id = ClientId::try_from("c-1".to_string()).expect("plain");
        let message = Message {
            seq: 3,
            count: 2,
            sender: UserId(1),
            client_id,
            text: "hello".into(),
            sent: Timestamp(4),
        };
        let at = Timestamp(5);
        let request = FriendRequest { from: person(1), to: person(2), note: "hi".into(), at };
        let friend = Friend { person: person(2), since: at, remark: String::new() };
        for kind in [
            EventKind::Message { conversation, message },
            EventKind::Read { conversation, read_seq: 3, read_count: 2 },
            EventKind::FriendRequested { request },
            EventKind::FriendRequestClosed { from: UserId(1), to: UserId(2) },
            EventKind::FriendAdded { friend },
            EventKind::FriendRemoved { user: UserId(2) },
            EventKind::RemarkSet { user: UserId(2), remark: "Bo".into() },
            EventKind::BlockSet { person: person(2), blocked: true },
            EventKind::PersonChanged { person: person(2) },
        ] {
            let event = Event { id: EventId(7), kind };
            let json = serde_json::to_string(&event).expect("JSON");
            assert_eq!(serde_json::from_str::<Event>(&json).expect("an event"), event, "{json}");
        }
    }

    #[test]
    fn an_unknown_kind_is_read_and_can_be_skipped() {
        let event: Event = serde_json::from_str(r#"{"id":7,"kind":"confetti","colour":1}"#)
            .expect("an event of a newer server");
        assert_eq!(event, Event { id: EventId(7), kind: EventKind::Unknown });
    }
}
