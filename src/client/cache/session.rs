//! The signals of the session cache, and how a snapshot fills them.

use std::collections::{HashMap, HashSet};

use leptos::prelude::*;

use crate::client::machines::marks::Marks;
use crate::client::machines::overview::ChatOverview;
use crate::client::machines::presence::KnownPresence;
use crate::model::{
    ClientId, Contact, Contacts, Cursor, Friend, FriendRequest, GroupId, GroupInvitation,
    GroupMembers, HoldMs, Membership, Person, Snapshot, UserId,
};

use super::conversation::ConversationCache;
use super::sorting::{friends_by_name, groups_by_name};

/// Everything that the pages know of one sign-in; a copy costs nothing.
#[derive(Clone, Copy)]
pub struct SessionCache {
    pub(super) me: UserId,
    /// Whether this page links to the administration. The server checks again there.
    pub(super) administrator: bool,
    /// The user's own profile text.
    pub(super) bio: RwSignal<String>,
    pub(super) people: RwSignal<HashMap<UserId, Person>>,
    pub(super) friends: RwSignal<HashMap<UserId, Friend>>,
    pub(super) friend_list: Memo<Vec<Friend>>,
    pub(super) requests: RwSignal<Vec<FriendRequest>>,
    pub(super) blocked: RwSignal<HashSet<UserId>>,
    pub(super) contacts: RwSignal<Contacts>,
    pub(super) groups: RwSignal<HashMap<GroupId, Membership>>,
    pub(super) group_list: Memo<Vec<GroupId>>,
    pub(super) group_invitations: RwSignal<Vec<GroupInvitation>>,
    /// Members of the groups for which they were fetched.
    pub(super) group_members: RwSignal<HashMap<GroupId, GroupMembers>>,
    pub(super) conversations: StoredValue<HashMap<Contact, ConversationCache>>,
    pub(super) overview: RwSignal<ChatOverview>,
    pub(super) chat_list: Memo<Vec<Contact>>,
    pub(super) present: RwSignal<KnownPresence>,
    /// Whether the server can be reached. While it cannot, everybody counts as offline.
    pub(super) reachable: RwSignal<bool>,
    /// Owner of the signals of later conversations. Without it they would belong to the component
    /// that opens a conversation, and be disposed with it.
    pub(super) owner: StoredValue<Owner>,
    pub(super) cursor: StoredValue<Cursor>,
    pub(super) hold_ms: StoredValue<HoldMs>,
    pub(super) websocket: bool,
    pub(super) build: StoredValue<String>,
    pub(super) form_client_id: StoredValue<ClientId>,
}

impl SessionCache {
    pub fn new(snapshot: Snapshot) -> Self {
        let overview = RwSignal::new(ChatOverview::default());
        let people = RwSignal::default();
        let friends = RwSignal::default();
        let groups = RwSignal::default();
        let cache = Self {
            me: snapshot.me.person.id,
            administrator: snapshot.me.administrator,
            bio: RwSignal::default(),
            people,
            friends,
            friend_list: Memo::new(move |_| friends_by_name(people, friends)),
            requests: RwSignal::default(),
            blocked: RwSignal::default(),
            contacts: RwSignal::new(snapshot.contacts),
            groups,
            group_list: Memo::new(move |_| groups_by_name(groups)),
            group_invitations: RwSignal::default(),
            group_members: RwSignal::default(),
            conversations: StoredValue::default(),
            overview,
            chat_list: Memo::new(move |_| overview.with(ChatOverview::chat_list)),
            present: RwSignal::default(),
            reachable: RwSignal::new(true),
            owner: StoredValue::new(Owner::new()),
            cursor: StoredValue::new(snapshot.cursor.clone()),
            hold_ms: StoredValue::new(snapshot.hold_ms),
            websocket: snapshot.websocket,
            build: StoredValue::new(snapshot.build.clone()),
            form_client_id: StoredValue::new(snapshot.form_client_id.clone()),
        };
        cache.replace(snapshot);
        cache
    }

    pub fn me(&self) -> UserId {
        self.me
    }

    pub fn is_administrator(&self) -> bool {
        self.administrator
    }

    /// Conversations with a history or a draft: the pinned ones first, then the last active
    /// first.
    pub fn chat_list(&self) -> Vec<Contact> {
        self.chat_list.get()
    }

    /// Number of conversations that count as unread.
    pub fn unread_conversations(&self) -> usize {
        self.overview.with(ChatOverview::unread_conversations)
    }

    /// Number of unread messages in all conversations that are not muted.
    pub fn unread_messages(&self) -> i64 {
        self.overview.with(ChatOverview::unread_messages)
    }

    /// Number of the user's own messages that wait to be sent.
    pub fn waiting(&self) -> usize {
        self.overview.with(ChatOverview::waiting)
    }

    /// The user's own profile text, as far as this page knows.
    pub fn bio(&self) -> RwSignal<String> {
        self.bio
    }

    /// The client id in the message form, which works without JavaScript.
    pub fn form_client_id(&self) -> ClientId {
        self.form_client_id.get_value()
    }

    /// The conversation with `contact`; it is created if there is none yet.
    pub fn conversation(&self, contact: Contact) -> ConversationCache {
        let known = self.conversations.with_value(|all| all.get(&contact).copied());
        known.unwrap_or_else(|| {
            let make = || ConversationCache::new(contact, self.overview);
            let made = self.owner.with_value(|owner| owner.with(make));
            self.conversations.update_value(|all| {
                all.insert(contact, made);
            });
            made
        })
    }
}

/// For the driver.
impl SessionCache {
    pub(in crate::client) fn cursor(&self) -> Cursor {
        self.cursor.get_value()
    }

    pub(in crate::client) fn set_cursor(&self, cursor: &Cursor) {
        self.cursor.set_value(cursor.clone());
    }

    pub(in crate::client) fn offers_websocket(&self) -> bool {
        self.websocket
    }

    pub(in crate::client) fn hold_ms(&self) -> HoldMs {
        self.hold_ms.get_value()
    }

    pub(in crate::client) fn all_conversations(&self) -> Vec<ConversationCache> {
        self.conversations.with_value(|all| all.values().copied().collect())
    }

    pub(in crate::client) fn is_build(&self, build: &str) -> bool {
        self.build.with_value(|mine| mine == build)
    }

    /// Replaces everything but drafts and outbox by a snapshot.
    pub(in crate::client) fn replace(&self, snapshot: Snapshot) {
        self.cursor.set_value(snapshot.cursor.clone());
        self.hold_ms.set_value(snapshot.hold_ms);
        self.present.set(KnownPresence::default());
        self.add_people_of(&snapshot);
        self.contacts.set(snapshot.contacts);
        self.bio.set(snapshot.me.bio);
        self.blocked.set(snapshot.blocked.iter().map(|person| person.id).collect());
        let friends = snapshot.friends.into_iter();
        self.friends.set(friends.map(|friend| (friend.person.id, friend)).collect());
        self.requests.set(snapshot.requests);
        let groups = snapshot.groups.into_iter();
        self.groups.set(groups.map(|membership| (membership.group.id, membership)).collect());
        self.group_invitations.set(snapshot.group_invitations);
        self.group_members.set(HashMap::new());

        for conversation in self.all_conversations() {
            conversation.replace(Marks::default(), None);
        }
        for state in snapshot.conversations {
            let marks = Marks::from(&state);
            self.conversation(state.contact).replace(marks, state.last_message);
        }
        if let Some(open) = snapshot.open {
            self.conversation(open.contact).add_page(open.history);
        }
    }
}
