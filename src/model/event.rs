//! What the receive loop delivers: changes, as new values and never as deltas, so that applying
//! one twice does no harm.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::wire::{Tree, Unreadable};

use super::{
    Conversation, EventId, Friend, FriendRequest, Group, GroupId, GroupInvitation, Message, Person,
    Role, UserId,
};

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
    /// One was asked to join a group.
    GroupInvited {
        invitation: GroupInvitation,
    },
    /// An invitation of one's own was answered or taken back.
    GroupInvitationClosed {
        group: GroupId,
    },
    /// One is a member from here on: what is said after `last_seq` is for one to see.
    GroupJoined {
        group: Group,
        role: Role,
        last_seq: i64,
        last_count: i64,
    },
    /// One is no member any more, for whatever reason.
    GroupLeft {
        group: GroupId,
    },
    /// Another name, description or ceiling; every member hears it.
    GroupChanged {
        group: Group,
    },
    /// Somebody came, went or has another role; every member hears it.
    MemberChanged {
        group: GroupId,
        person: Person,
        /// Nothing when they are no member any more.
        role: Option<Role>,
        /// How many there are now.
        members: i64,
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

/// The fields of something whose kind is one of them: of an event, a system line, an error.
pub struct Fields(pub Map<String, Value>);

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
            "group_invited" => EventKind::GroupInvited { invitation: self.take("invitation")? },
            "group_invitation_closed" => {
                EventKind::GroupInvitationClosed { group: self.take("group")? }
            }
            "group_joined" => EventKind::GroupJoined {
                group: self.take("group")?,
                role: self.take("role")?,
                last_seq: self.take("last_seq")?,
                last_count: self.take("last_count")?,
            },
            "group_left" => EventKind::GroupLeft { group: self.take("group")? },
            "group_changed" => EventKind::GroupChanged { group: self.take("group")? },
            "member_changed" => EventKind::MemberChanged {
                group: self.take("group")?,
                person: self.take("person")?,
                role: self.take("role")?,
                members: self.take("members")?,
            },
            _ => EventKind::Unknown,
        };
        Ok(Event { id: self.take("id")?, kind })
    }

    /// Reads a field; one that is missing counts as `null`.
    pub fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Unreadable> {
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
            system: None,
            sent: Timestamp(4),
        };
        let at = Timestamp(5);
        let group = GroupId(6);
        let whole_group = Group {
            id: group,
            name: "Walkers".into(),
            description: String::new(),
            max_members: 200,
            members: 2,
        };
        let invitation = GroupInvitation {
            group,
            group_name: "Walkers".into(),
            person: person(2),
            by: person(1),
            at,
        };
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
            EventKind::GroupInvited { invitation },
            EventKind::GroupInvitationClosed { group },
            EventKind::GroupJoined {
                group: whole_group.clone(),
                role: Role::Owner,
                last_seq: 3,
                last_count: 2,
            },
            EventKind::GroupLeft { group },
            EventKind::GroupChanged { group: whole_group },
            EventKind::MemberChanged { group, person: person(2), role: None, members: 1 },
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
