//! Facts: what the log stores of an event, as ids and new values.
//!
//! People's names and messages are looked up when the event is read: a stored copy would survive a
//! rename or a recall. A group's name is stored: a member who was removed since must not learn its
//! new name.

use serde::{Deserialize, Serialize};

use crate::model::{Conversation, Group, GroupId, OwnCopy, Role, Timestamp, UserId};

/// All events but those of messages, which hold the `seq` alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fact {
    MessageHidden { conversation: Conversation, seq: i64 },
    ChatSet { conversation: Conversation, own: OwnCopy },
    Read { conversation: Conversation, read_seq: i64, read_count: i64 },
    FriendRequested { from: UserId, to: UserId, note: String, at: Timestamp },
    FriendRequestClosed { from: UserId, to: UserId },
    FriendAdded { friend: UserId, since: Timestamp },
    FriendRemoved { user: UserId },
    RemarkSet { user: UserId, remark: String },
    BlockSet { user: UserId, blocked: bool },
    PersonChanged { user: UserId },
    GroupInvited { group: GroupId, group_name: String, user: UserId, by: UserId, at: Timestamp },
    GroupInvitationClosed { group: GroupId },
    GroupJoined { group: Group, role: Role, last_seq: i64, last_count: i64 },
    GroupLeft { group: GroupId },
    GroupChanged { group: Group },
    MemberChanged { group: GroupId, user: UserId, role: Option<Role>, members: i64 },
}

impl Fact {
    /// The people whose names an event of this fact carries.
    pub fn people(&self) -> Vec<UserId> {
        match self {
            Self::FriendRequested { from, to, .. } => vec![*from, *to],
            Self::FriendAdded { friend, .. } => vec![*friend],
            Self::GroupInvited { user, by, .. } => vec![*user, *by],
            Self::BlockSet { user, .. }
            | Self::PersonChanged { user }
            | Self::MemberChanged { user, .. } => vec![*user],
            Self::MessageHidden { .. }
            | Self::ChatSet { .. }
            | Self::Read { .. }
            | Self::FriendRequestClosed { .. }
            | Self::FriendRemoved { .. }
            | Self::RemarkSet { .. }
            | Self::GroupInvitationClosed { .. }
            | Self::GroupJoined { .. }
            | Self::GroupLeft { .. }
            | Self::GroupChanged { .. } => Vec::new(),
        }
    }
}

/// Values of `event.audience`. The migration names only the first two.
pub const AUDIENCE_USER: i64 = 1;
pub const AUDIENCE_CONVERSATION: i64 = 2;
/// The `audience_id` is 0.
pub const AUDIENCE_EVERYBODY: i64 = 3;
