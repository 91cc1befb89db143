//! Everything a page needs to begin: read once, then kept up to date by the receive loop.

use serde::Serialize;

use crate::wire::read_by_field;

use super::{
    ClientId, Contact, Contacts, Cursor, Friend, FriendRequest, GroupInvitation, History, Hold, Me,
    Membership, Message, Person, Timestamp,
};

/// What the chat page starts from. The cursor was read before everything else in here, so that
/// what happens meanwhile is delivered again rather than missed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    pub cursor: Cursor,
    pub build: String,
    /// For how long a receive may be held, in milliseconds.
    pub hold_ms: Hold,
    /// Whether the page may receive over a WebSocket.
    pub websocket: bool,
    pub me: Me,
    pub contacts: Contacts,
    /// By display name.
    pub friends: Vec<Friend>,
    /// Requests to me and from me that wait for an answer.
    pub requests: Vec<FriendRequest>,
    /// People whom the caller has blocked.
    pub blocked: Vec<Person>,
    /// Groups that the caller is in, or was, by name.
    pub groups: Vec<Membership>,
    /// Groups that the caller was asked to join.
    pub group_invitations: Vec<GroupInvitation>,
    /// Who else is named in what follows.
    pub people: Vec<Person>,
    /// Every conversation with a history, newest first.
    pub conversations: Vec<ConversationState>,
    /// The conversation that the address names, if the caller may see it.
    pub open: Option<OpenConversation>,
    /// For the message form of a page without JavaScript: makes sending it twice harmless.
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

/// Where a conversation stands for the one who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConversationState {
    pub contact: Contact,
    /// The other person of a direct conversation, also when they are no longer a friend.
    pub person: Option<Person>,
    pub last_seq: i64,
    pub last_count: i64,
    pub read_seq: i64,
    pub read_count: i64,
    /// The newest message that speaks to one by name and was not read; 0 is none.
    pub mention_seq: i64,
    /// When something happened last, whether one keeps it or not.
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

/// What somebody keeps of a conversation, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OwnCopy {
    /// Nothing up to this place is kept.
    pub cleared_seq: i64,
    /// It is not in the list of chats until its count is greater.
    pub hidden_count: i64,
    /// Since when it stands above the others.
    pub pinned: Option<Timestamp>,
    /// Until when it rings no more.
    pub muted_until: Option<Timestamp>,
    /// It counts as unread, although it was read.
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
