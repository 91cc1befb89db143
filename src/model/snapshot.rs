//! Everything a page needs to begin: read once, then kept up to date by the receive loop.

use serde::{Deserialize, Serialize};

use super::{
    ClientId, Contact, Contacts, Cursor, Friend, FriendRequest, GroupInvitation, History, Hold, Me,
    Membership, Message, Person,
};

/// What the chat page starts from. The cursor was read before everything else in here, so that
/// what happens meanwhile is delivered again rather than missed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    pub cursor: Cursor,
    pub build: String,
    /// For how long a receive may be held, in milliseconds.
    pub hold_ms: Hold,
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

/// Where a conversation stands for the one who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationState {
    pub contact: Contact,
    /// The other person of a direct conversation, also when they are no longer a friend.
    pub person: Option<Person>,
    pub last_seq: i64,
    pub last_count: i64,
    pub read_seq: i64,
    pub read_count: i64,
    pub last_message: Option<Message>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenConversation {
    pub contact: Contact,
    /// The other person of a direct conversation.
    pub person: Option<Person>,
    /// The newest page.
    pub history: History,
}
