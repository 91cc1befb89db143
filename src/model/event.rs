//! Events, which the receive loop delivers: changes as new values, never as deltas. Applying an
//! event twice does no harm.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::wire::{JsonObject, Unreadable, tagged_enum};

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

tagged_enum! {
    /// "The user" is the one who receives the event.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    #[serde(tag = "kind")]
    pub enum EventKind {
        /// A message was sent, or the message with this `seq` was recalled.
        "message" => Message { conversation: Conversation, message: Message },
        /// The user deleted a message for themselves.
        "message_hidden" => MessageHidden { conversation: Conversation, seq: i64 },
        /// The user changed their own copy of a conversation.
        "chat_set" => ChatSet { conversation: Conversation, own: OwnCopy },
        /// The user read a conversation up to here, on one of their devices.
        "read" => Read { conversation: Conversation, read_seq: i64, read_count: i64 },
        /// A friend request was sent. Both people receive it.
        "friend_requested" => FriendRequested { request: FriendRequest },
        /// A friend request was declined or taken back. Both people receive it.
        "friend_request_closed" => FriendRequestClosed { from: UserId, to: UserId },
        /// A friendship began, which also closes all requests between the two.
        "friend_added" => FriendAdded { friend: Friend },
        /// A friendship ended, by either of the two.
        "friend_removed" => FriendRemoved { user: UserId },
        /// The user changed their remark for a friend. Empty means removed.
        "remark_set" => RemarkSet { user: UserId, remark: String },
        /// The user blocked or unblocked somebody.
        "block_set" => BlockSet { person: Person, blocked: bool },
        /// An account is new, has another name, or was deleted. All users receive it.
        "person_changed" => PersonChanged { person: Person },
        /// The user was invited to a group.
        "group_invited" => GroupInvited { invitation: GroupInvitation },
        /// An invitation to the user was answered or taken back.
        "group_invitation_closed" => GroupInvitationClosed { group: GroupId },
        /// The user joined a group. They may see messages after `last_seq`.
        "group_joined" => GroupJoined { group: Group, role: Role, last_seq: i64, last_count: i64 },
        /// The user is no longer a member of a group, for whatever reason.
        "group_left" => GroupLeft { group: GroupId },
        /// A group's settings or its number of join requests changed. All members receive it.
        "group_changed" => GroupChanged { group: Group },
        /// A member joined, left or has another role. All members receive it.
        "member_changed" => MemberChanged {
            group: GroupId,
            person: Person,
            /// `None` for a former member.
            role: Option<Role>,
            /// The number of members now.
            members: i64,
        },
        /// A kind that this side does not know yet. It is skipped.
        "unknown" => Unknown,
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(JsonObject::of(deserializer)?).map_err(D::Error::custom)
    }
}

impl Event {
    /// The event as `user` receives it.
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
        let name: String = fields.take("kind")?;
        let kind = EventKind::read_variant(&name, &mut fields)?.unwrap_or(EventKind::Unknown);
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
        let kinds = [
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
            EventKind::Unknown,
        ];
        let mut names = Vec::new();
        for kind in kinds {
            let event = Event { id: EventId(7), kind };
            let json = serde_json::to_string(&event).expect("JSON");
            assert_eq!(serde_json::from_str::<Event>(&json).expect("an event"), event, "{json}");
            let tree: serde_json::Value = serde_json::from_str(&json).expect("a tree");
            names.push(tree["kind"].as_str().expect("a name").to_string());
        }
        assert_eq!(names, EventKind::NAMES, "each variant needs an example above, in order");
    }

    #[test]
    fn a_kind_of_a_newer_server_is_read_as_unknown() {
        let event: Event = serde_json::from_str(r#"{"id":7,"kind":"confetti","colour":1}"#)
            .expect("an event of a newer server");
        assert_eq!(event, Event { id: EventId(7), kind: EventKind::Unknown });
    }
}
