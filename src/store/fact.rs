//! What the log stores of an event: ids and new values. People's names and texts are looked up when
//! the event is read, so that neither a rename nor a recall leaves an old copy behind. What a group
//! is called is stored: who was removed from it since must not learn what it is called now.

use serde::{Deserialize, Serialize};

use crate::model::{Conversation, Group, GroupId, OwnCopy, Role, Timestamp, UserId};

/// Everything but messages, whose events hold only their place.
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
    /// The people whose names are shown with it.
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

/// Who hears of an event, as the log stores it.
pub const AUDIENCE_USER: i64 = 1;
pub const AUDIENCE_CONVERSATION: i64 = 2;
/// Its `audience_id` is 0.
pub const AUDIENCE_EVERYBODY: i64 = 3;
