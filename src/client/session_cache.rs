//! The client's memory: one set of signals for each conversation, keyed by contact, and the
//! people around them. Built from a snapshot, on the server (to render) and in the page alike.

use std::collections::HashMap;

use leptos::prelude::*;

use crate::model::{
    ClientId, Contact, Cursor, Event, EventKind, Friend, FriendRequest, Group, Hold, Message,
    Person, Relation, Snapshot, UserId,
};

use super::conversation_cache::ConversationCache;
use super::merge::Marks;

#[derive(Clone, Copy)]
pub struct SessionCache {
    me: UserId,
    people: RwSignal<HashMap<UserId, Person>>,
    friends: RwSignal<Vec<Friend>>,
    requests: RwSignal<Vec<FriendRequest>>,
    groups: RwSignal<Vec<Group>>,
    conversations: RwSignal<HashMap<Contact, ConversationCache>>,
    chat_list: Memo<Vec<Contact>>,
    /// Where the signals of later conversations live: as long as this cache, and not as long as
    /// the component that happened to open the conversation.
    owner: StoredValue<Owner>,
    cursor: StoredValue<Cursor>,
    hold_ms: StoredValue<Hold>,
    build: StoredValue<String>,
    form_client_id: StoredValue<ClientId>,
}

/// What has to follow an event outside of the cache.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The conversation that got a message.
    pub contact: Option<Contact>,
    /// A message of one's own is stored: its bubble can leave the outbox.
    pub settled: Option<ClientId>,
}

impl SessionCache {
    pub fn new(snapshot: Snapshot) -> Self {
        let conversations = RwSignal::new(HashMap::<Contact, ConversationCache>::new());
        let chat_list = Memo::new(move |_| {
            let mut list: Vec<(i64, Contact)> = conversations.with(|conversations| {
                let active = conversations.values();
                active.filter_map(|c| Some((c.activity()?, c.contact))).collect()
            });
            list.sort_unstable_by(|a, b| b.cmp(a));
            list.into_iter().map(|(_, contact)| contact).collect()
        });
        let cache = Self {
            me: snapshot.me.person.id,
            people: RwSignal::default(),
            friends: RwSignal::default(),
            requests: RwSignal::default(),
            groups: RwSignal::default(),
            conversations,
            chat_list,
            owner: StoredValue::new(Owner::new()),
            cursor: StoredValue::new(snapshot.cursor.clone()),
            hold_ms: StoredValue::new(snapshot.hold_ms),
            build: StoredValue::new(snapshot.build.clone()),
            form_client_id: StoredValue::new(snapshot.form_client_id.clone()),
        };
        cache.replace(snapshot);
        cache
    }

    pub fn me(&self) -> UserId {
        self.me
    }

    /// Conversations with something in them, the last active first.
    pub fn chat_list(&self) -> Vec<Contact> {
        self.chat_list.get()
    }

    /// How many conversations have something unread.
    pub fn unread_conversations(&self) -> usize {
        self.conversations.with(|all| all.values().filter(|c| c.unread() > 0).count())
    }

    /// How many messages wait in all conversations together.
    pub fn unread_messages(&self) -> i64 {
        self.conversations.with(|all| all.values().map(ConversationCache::unread).sum())
    }

    pub fn friends(&self) -> Vec<Friend> {
        self.friends.get()
    }

    pub fn groups(&self) -> Vec<Group> {
        self.groups.get()
    }

    /// Requests that wait for my answer.
    pub fn requests_to_me(&self) -> Vec<FriendRequest> {
        let requests = self.requests.get();
        requests.into_iter().filter(|request| request.to.id == self.me).collect()
    }

    /// Requests of mine that wait for theirs.
    pub fn requests_from_me(&self) -> Vec<FriendRequest> {
        let requests = self.requests.get();
        requests.into_iter().filter(|request| request.from.id == self.me).collect()
    }

    /// What somebody is to me.
    pub fn relation(&self, user: UserId) -> Relation {
        let is_friend = || self.friends.with(|all| all.iter().any(|f| f.person.id == user));
        let asked = |from, to| {
            self.requests.with(|all| all.iter().any(|r| r.from.id == from && r.to.id == to))
        };
        if user == self.me {
            Relation::Oneself
        } else if is_friend() {
            Relation::Friend
        } else if asked(self.me, user) {
            Relation::Asked
        } else if asked(user, self.me) {
            Relation::AskedMe
        } else {
            Relation::Stranger
        }
    }

    /// The name under which a contact is shown, or nothing for somebody unknown.
    pub fn name_of(&self, contact: Contact) -> Option<String> {
        match contact {
            Contact::User(id) => {
                self.people.with(|people| people.get(&id).map(|p| p.display_name.clone()))
            }
            Contact::Group(id) => self.groups.with(|groups| {
                groups.iter().find(|group| group.id == id).map(|group| group.name.clone())
            }),
        }
    }

    /// The client id of the message form that works without JavaScript.
    pub fn form_client_id(&self) -> ClientId {
        self.form_client_id.get_value()
    }

    /// The conversation with `contact`, made if there is none yet.
    pub fn conversation(&self, contact: Contact) -> ConversationCache {
        let known = self.conversations.with_untracked(|all| all.get(&contact).copied());
        known.unwrap_or_else(|| {
            let made =
                self.owner.with_value(|owner| owner.with(|| ConversationCache::new(contact)));
            self.conversations.update(|all| {
                all.insert(contact, made);
            });
            made
        })
    }
}

/// What the driver writes.
impl SessionCache {
    pub(super) fn cursor(&self) -> Cursor {
        self.cursor.get_value()
    }

    pub(super) fn hold_ms(&self) -> Hold {
        self.hold_ms.get_value()
    }

    pub(super) fn conversations_untracked(&self) -> Vec<ConversationCache> {
        self.conversations.with_untracked(|all| all.values().copied().collect())
    }

    pub(super) fn is_build(&self, build: &str) -> bool {
        self.build.with_value(|mine| mine == build)
    }

    /// Begins anew from a snapshot. Drafts and outbox stay.
    pub(super) fn replace(&self, snapshot: Snapshot) {
        self.cursor.set_value(snapshot.cursor);
        self.hold_ms.set_value(snapshot.hold_ms);
        let mut people: HashMap<UserId, Person> = HashMap::new();
        let friends = snapshot.friends.iter().map(|friend| &friend.person);
        let asking = snapshot.requests.iter().flat_map(|request| [&request.from, &request.to]);
        let talking = snapshot.conversations.iter().filter_map(|state| state.person.as_ref());
        for person in talking.chain(asking).chain(friends).chain([&snapshot.me.person]) {
            people.insert(person.id, person.clone());
        }
        self.people.set(people);
        self.friends.set(by_name(snapshot.friends));
        self.requests.set(snapshot.requests);
        self.groups.set(snapshot.groups);

        for conversation in self.conversations_untracked() {
            conversation.replace(Marks::default(), None);
        }
        for state in snapshot.conversations {
            let marks = Marks::from(&state);
            self.conversation(state.contact).replace(marks, state.last_message);
        }
        if let Some(open) = snapshot.open {
            self.conversation(open.contact).join(open.history);
        }
    }

    /// Applies one event; applying it twice does no harm.
    pub(super) fn apply(&self, event: Event) -> Applied {
        match event.kind {
            EventKind::Message { conversation, message } => {
                let contact = conversation.contact_of(self.me);
                return self.add(contact, message);
            }
            EventKind::Read { conversation, read_seq, read_count } => {
                let contact = conversation.contact_of(self.me);
                self.conversation(contact).read(read_seq, read_count);
            }
            EventKind::FriendRequested { request } => {
                self.meet(&request.from);
                self.meet(&request.to);
                self.close_requests(request.from.id, request.to.id);
                self.requests.update(|requests| requests.push(request));
            }
            EventKind::FriendRequestClosed { from, to } => self.close_requests(from, to),
            EventKind::FriendAdded { friend } => {
                let id = friend.person.id;
                self.meet(&friend.person);
                self.close_requests(id, self.me);
                self.close_requests(self.me, id);
                self.friends.update(|friends| {
                    friends.retain(|known| known.person.id != id);
                    friends.push(friend);
                    *friends = by_name(std::mem::take(friends));
                });
            }
            EventKind::FriendRemoved { .. }
            | EventKind::RemarkSet { .. }
            | EventKind::BlockSet { .. }
            | EventKind::PersonChanged { .. }
            | EventKind::Unknown => {}
        }
        Applied::default()
    }

    /// Puts a stored message in its place.
    pub(super) fn add(&self, contact: Contact, message: Message) -> Applied {
        let by_me = message.sender == self.me;
        let settled = by_me.then(|| message.client_id.clone());
        self.conversation(contact).add(message, by_me);
        Applied { contact: Some(contact), settled }
    }

    fn meet(&self, person: &Person) {
        let known = self.people.with_untracked(|people| people.get(&person.id) == Some(person));
        if !known {
            self.people.update(|people| {
                people.insert(person.id, person.clone());
            });
        }
    }

    fn close_requests(&self, from: UserId, to: UserId) {
        self.requests.update(|requests| {
            requests.retain(|request| (request.from.id, request.to.id) != (from, to));
        });
    }
}

/// The order of the list of friends. It is made here alone: a database sorts by rules that the
/// page does not know, and a new friend would not come where the next snapshot has them.
fn by_name(mut friends: Vec<Friend>) -> Vec<Friend> {
    friends.sort_by_cached_key(|f| (f.person.display_name.to_lowercase(), f.person.id));
    friends
}
