//! The snapshot with which a page begins. The receive loop keeps it up to date.

use serde::Serialize;

use crate::wire::read_by_field;

use super::{
    ClientId, Contact, Contacts, Cursor, Friend, FriendRequest, GroupInvitation, History, HoldMs,
    Me, Membership, Message, Person, Timestamp,
};

/// The data with which the chat page begins. The cursor was read before everything else: events
/// that happen in between are delivered again instead of missed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    pub cursor: Cursor,
    pub build: String,
    /// Maximum hold of a receive, in milliseconds.
    pub hold_ms: HoldMs,
    /// Whether the page may receive over a WebSocket.
    pub websocket: bool,
    pub me: Me,
    pub contacts: Contacts,
    /// By display name.
    pub friends: Vec<Friend>,
    /// Unanswered friend requests to and from the user.
    pub requests: Vec<FriendRequest>,
    /// People whom the user blocks.
    pub blocked: Vec<Person>,
    /// Groups of which the user is or was a member, by name.
    pub groups: Vec<Membership>,
    /// Unanswered invitations of the user.
    pub group_invitations: Vec<GroupInvitation>,
    /// The other people whose names the fields below need.
    pub people: Vec<Person>,
    /// All conversations that have messages, newest first.
    pub conversations: Vec<ConversationState>,
    /// The conversation in the page's URL, if the user may see it.
    pub open: Option<OpenConversation>,
    /// For the message form without JavaScript: submitting it twice sends one message.
    pub form_client_id: ClientId,
}

read_by_field!(Snapshot {
    cursor,
    build,
    hold_ms,
    websocket,
    me,
    contacts,
    friends,
    requests,
    blocked,
    groups,
    group_invitations,
    people,
    conversations,
    open,
    form_client_id
});

/// The state of a conversation for one user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConversationState {
    pub contact: Contact,
    /// The other person of a direct conversation, friend or not.
    pub person: Option<Person>,
    pub last_seq: i64,
    pub last_count: i64,
    pub read_seq: i64,
    pub read_count: i64,
    /// The newest unread message that mentions the user; 0 without one.
    pub mention_seq: i64,
    /// Time of the last message, even when the user has cleared it.
    pub activity: Timestamp,
    pub own: OwnCopy,
    pub last_message: Option<Message>,
}

read_by_field!(ConversationState {
    contact,
    person,
    last_seq,
    last_count,
    read_seq,
    read_count,
    mention_seq,
    activity,
    own,
    last_message
});

/// How one user keeps a conversation. Other members do not see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OwnCopy {
    /// Messages up to this `seq` were cleared.
    pub cleared_seq: i64,
    /// The conversation stays out of the chat list until its `count` is greater. It compares
    /// `count`, not `seq`, so that system lines do not bring it back. -1 is not hidden.
    pub hidden_count: i64,
    /// When it was pinned.
    pub pinned: Option<Timestamp>,
    /// The end of muting.
    pub muted_until: Option<Timestamp>,
    /// Shown as unread by the user's wish.
    pub marked_unread: bool,
}

read_by_field!(OwnCopy { cleared_seq, hidden_count, pinned, muted_until, marked_unread });

impl Default for OwnCopy {
    fn default() -> Self {
        Self {
            cleared_seq: 0,
            hidden_count: -1,
            pinned: None,
            muted_until: None,
            marked_unread: false,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenConversation {
    pub contact: Contact,
    /// The other person of a direct conversation.
    pub person: Option<Person>,
    /// The newest page.
    pub history: History,
}

read_by_field!(OpenConversation { contact, person, history });
