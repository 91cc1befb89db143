//! What the receive loop delivers: changes, as new values and never as deltas, so that applying
//! one twice does no harm.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::wire::{JsonObject, Unreadable};

use super::{
    Conversation, EventId, Friend, FriendRequest, Group, GroupId, GroupInvitation, Message,
    OwnCopy, Person, Role, UserId,
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
    /// Something was said; or what was said there was recalled.
    Message { conversation: Conversation, message: Message },
    /// One deleted a message for oneself.
    MessageHidden { conversation: Conversation, seq: i64 },
    /// What one keeps of a conversation, and how.
    ChatSet { conversation: Conversation, own: OwnCopy },
    /// One's own read mark, set on any of one's devices.
    Read { conversation: Conversation, read_seq: i64, read_count: i64 },
    /// Somebody asked somebody; both hear of it.
    FriendRequested { request: FriendRequest },
    /// A request was declined or taken back; both hear of it.
    FriendRequestClosed { from: UserId, to: UserId },
    /// A friendship began, which also closes every request between the two.
    FriendAdded { friend: Friend },
    /// They are not friends any more, whoever ended it.
    FriendRemoved { user: UserId },
    /// One's own name for a friend; empty when there is none any more.
    RemarkSet { user: UserId, remark: String },
    /// One has blocked somebody, or does so no longer.
    BlockSet { person: Person, blocked: bool },
    /// Somebody is new, has another name, or is gone. Everybody hears it.
    PersonChanged { person: Person },
    /// One was asked to join a group.
    GroupInvited { invitation: GroupInvitation },
    /// An invitation of one's own was answered or taken back.
    GroupInvitationClosed { group: GroupId },
    /// One is a member from here on: what is said after `last_seq` is for one to see.
    GroupJoined { group: Group, role: Role, last_seq: i64, last_count: i64 },
    /// One is no member any more, for whatever reason.
    GroupLeft { group: GroupId },
    /// Another name, description or ceiling; every member hears it.
    GroupChanged { group: Group },
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
        Self::read(JsonObject::of(deserializer)?).map_err(D::Error::custom)
    }
}

impl Event {
    /// The event as `user` is told of it.
    pub fn seen_by(self, user: UserId) -> Self {
        let kind = match self.kind {
            EventKind::Message { conversation, message } => {
                EventKind::Message { conversation, message: message.seen_by(user) }
            }
            kind => kind,
        };
        Self { kind, ..self }
    }

    fn read(mut fields: JsonObject) -> Result<Self, Unreadable> {
        let kind: String = fields.take("kind")?;
        let kind = match kind.as_str() {
            "message" => EventKind::Message {
                conversation: fields.take("conversation")?,
                message: fields.take("message")?,
            },
            "message_hidden" => EventKind::MessageHidden {
                conversation: fields.take("conversation")?,
                seq: fields.take("seq")?,
            },
            "chat_set" => EventKind::ChatSet {
                conversation: fields.take("conversation")?,
                own: fields.take("own")?,
            },
            "read" => EventKind::Read {
                conversation: fields.take("conversation")?,
                read_seq: fields.take("read_seq")?,
                read_count: fields.take("read_count")?,
            },
            "friend_requested" => EventKind::FriendRequested { request: fields.take("request")? },
            "friend_request_closed" => EventKind::FriendRequestClosed {
                from: fields.take("from")?,
                to: fields.take("to")?,
            },
            "friend_added" => EventKind::FriendAdded { friend: fields.take("friend")? },
            "friend_removed" => EventKind::FriendRemoved { user: fields.take("user")? },
            "remark_set" => {
                EventKind::RemarkSet { user: fields.take("user")?, remark: fields.take("remark")? }
            }
            "block_set" => EventKind::BlockSet {
                person: fields.take("person")?,
                blocked: fields.take("blocked")?,
            },
            "person_changed" => EventKind::PersonChanged { person: fields.take("person")? },
            "group_invited" => EventKind::GroupInvited { invitation: fields.take("invitation")? },
            "group_invitation_closed" => {
                EventKind::GroupInvitationClosed { group: fields.take("group")? }
            }
            "group_joined" => EventKind::GroupJoined {
                group: fields.take("group")?,
                role: fields.take("role")?,
                last_seq: fields.take("last_seq")?,
                last_count: fields.take("last_count")?,
            },
            "group_left" => EventKind::GroupLeft { group: fields.take("group")? },
            "group_changed" => EventKind::GroupChanged { group: fields.take("group")? },
            "member_changed" => EventKind::MemberChanged {
                group: fields.take("group")?,
                person: fields.take("person")?,
                role: fields.take("role")?,
                members: fields.take("members")?,
            },
            _ => EventKind::Unknown,
        };
        Ok(Self { id: fields.take("id")?, kind })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClientId, Quote, Timestamp};

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
            client_id: Some(client_id),
            text: "hello".into(),
            reply: Some(Quote::new(2, UserId(2), "hi")),
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
            approve: true,
            asking: 2,
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
            EventKind::MessageHidden { conversation, seq: 3 },
            EventKind::ChatSet { conversation, own: OwnCopy::default() },
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
