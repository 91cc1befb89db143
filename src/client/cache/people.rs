//! People: their names, friendship, blocks and presence.

use leptos::prelude::*;

use crate::client::machines::name_search::any_name_contains;
use crate::client::machines::presence::KnownPresence;
use crate::model::{
    Contact, Contacts, Friend, FriendRequest, Person, Presence, Relation, Snapshot, Typing, UserId,
};

use super::conversation::ConversationCache;
use super::session::SessionCache;

/// For the pages: every method follows the signals that it reads.
impl SessionCache {
    /// The friends, sorted by the names under which they are shown.
    pub fn friends(&self) -> Vec<Friend> {
        self.friend_list.get()
    }

    /// A person, if this page knows them: friends, people in requests, authors, search results.
    /// Only the id is left of a deleted account.
    pub fn person(&self, user: UserId) -> Option<Person> {
        self.people.with(|people| people.get(&user).cloned())
    }

    /// Whether a name of a contact contains `text`, which is in lower case. The names are the
    /// remark, the display name and the username, or the group's name.
    pub fn name_contains(&self, contact: Contact, text: &str) -> bool {
        let remark = self.name_of(contact);
        let person = match contact {
            Contact::User(user) => self.person(user),
            Contact::Group(_) => None,
        };
        let names = person.iter().flat_map(|p| [p.display_name.as_str(), p.username.as_str()]);
        any_name_contains(remark.as_deref().into_iter().chain(names), text)
    }

    /// The name under which a contact is shown; the user's remark on a friend comes first. `None`
    /// for a contact that this page does not know and for a deleted account.
    pub fn name_of(&self, contact: Contact) -> Option<String> {
        match contact {
            Contact::User(id) => {
                let remark = self.friends.with(|all| Some(all.get(&id)?.remark.clone()));
                remark.filter(|remark| !remark.is_empty()).or_else(|| {
                    let person = self.person(id).filter(|person| !person.deleted)?;
                    Some(person.display_name)
                })
            }
            Contact::Group(id) => self.group(id).map(|group| group.name).or_else(|| {
                let invitations = self.group_invitations().into_iter();
                let mut to_it = invitations.filter(|invitation| invitation.group == id);
                to_it.next().map(|invitation| invitation.group_name)
            }),
        }
    }

    /// The friendship with a person, if there is one.
    pub fn friend(&self, user: UserId) -> Option<Friend> {
        self.friends.with(|all| all.get(&user).cloned())
    }

    pub fn is_deleted(&self, contact: Contact) -> bool {
        let Contact::User(user) = contact else { return false };
        self.people.with(|people| people.get(&user).is_some_and(|person| person.deleted))
    }

    /// Whether this page knows the contact.
    pub fn is_known(&self, contact: Contact) -> bool {
        match contact {
            Contact::User(user) => self.people.with(|people| people.contains_key(&user)),
            Contact::Group(id) => self.groups.with(|all| all.contains_key(&id)),
        }
    }

    pub fn is_friend(&self, user: UserId) -> bool {
        self.friends.with(|all| all.contains_key(&user))
    }

    pub fn is_blocked(&self, user: UserId) -> bool {
        self.blocked.with(|all| all.contains(&user))
    }

    /// The people whom the user has blocked, by name.
    pub fn blocked(&self) -> Vec<Person> {
        let known = |user: &UserId| self.person(*user);
        let mut blocked: Vec<Person> =
            self.blocked.with(|all| all.iter().filter_map(known).collect());
        blocked.sort_by_cached_key(|person| (person.display_name.to_lowercase(), person.id));
        blocked
    }

    /// The rule of this Kith for who may write to whom.
    pub fn contacts(&self) -> Contacts {
        self.contacts.get()
    }

    /// Whether the user may write to a contact, as far as this page knows. The server decides: the
    /// contact may have blocked the user, and no page learns of it.
    pub fn can_write(&self, contact: Contact) -> bool {
        match contact {
            Contact::User(user) => {
                user != self.me
                    && !self.is_blocked(user)
                    && !self.is_deleted(contact)
                    && (self.is_friend(user)
                        || (self.contacts() == Contacts::Everyone && self.is_known(contact)))
            }
            Contact::Group(id) => self.role_in(id).is_some(),
        }
    }

    /// Friend requests to the user, without those of blocked people.
    pub fn requests_to_me(&self) -> Vec<FriendRequest> {
        let mut requests = self.requests.get();
        requests.retain(|r| r.to.id == self.me && !self.is_blocked(r.from.id));
        requests
    }

    /// The note of the pending friend request between a person and the user.
    pub fn request_note(self, user: UserId) -> Option<String> {
        self.requests.with(|requests| {
            let request = requests.iter().find(|r| r.from.id == user || r.to.id == user)?;
            Some(request.note.clone()).filter(|note| !note.is_empty())
        })
    }

    /// Friend requests of the user, without those to blocked people.
    pub fn requests_from_me(&self) -> Vec<FriendRequest> {
        let mut requests = self.requests.get();
        requests.retain(|r| r.from.id == self.me && !self.is_blocked(r.to.id));
        requests
    }

    /// The relationship of a person to the user.
    pub fn relation(&self, user: UserId) -> Relation {
        let asked = |from, to| {
            self.requests.with(|all| all.iter().any(|r| r.from.id == from && r.to.id == to))
        };
        if user == self.me {
            Relation::Oneself
        } else if self.is_friend(user) {
            Relation::Friend
        } else if asked(self.me, user) {
            Relation::Asked
        } else if asked(user, self.me) {
            Relation::AskedMe
        } else {
            Relation::Stranger
        }
    }

    /// Whether a person is online. Nobody is while the server cannot be reached.
    pub fn is_online(&self, user: UserId) -> bool {
        self.reachable.get() && self.present.with(|present| present.is_online(user))
    }

    /// Whether another person is typing in this conversation.
    pub fn is_typing(&self, contact: Contact) -> bool {
        !self.typing_in(contact).is_empty()
    }

    /// The other people who are typing in this conversation.
    pub fn typing_in(&self, contact: Contact) -> Vec<UserId> {
        if !self.reachable.get() {
            return vec![];
        }
        let others = |user: &UserId| *user != self.me;
        self.present.with(|present| present.typing_in(contact).filter(others).collect())
    }

    /// Adds people from search results and from the server, or updates them.
    pub fn add_people(&self, people: impl IntoIterator<Item = Person>) {
        self.people.maybe_update(|known| {
            let mut changed = false;
            for person in people {
                if known.get(&person.id) != Some(&person) {
                    known.insert(person.id, person);
                    changed = true;
                }
            }
            changed
        });
    }
}

/// For the driver and for events.
impl SessionCache {
    /// People whom the conversations name and whom this page does not know.
    pub(in crate::client) fn unknown_people(&self) -> Vec<UserId> {
        let all = self.all_conversations().into_iter();
        all.flat_map(|conversation| self.unknown_people_in(conversation)).collect()
    }

    /// People whom one conversation names and whom this page does not know.
    pub(in crate::client) fn unknown_people_in(
        &self,
        conversation: ConversationCache,
    ) -> Vec<UserId> {
        let mut named = conversation.people_untracked();
        if let Contact::User(user) = conversation.contact {
            named.push(user);
        }
        named.sort_unstable();
        named.dedup();
        self.keep_unknown(named)
    }

    /// Returns the people whom this page does not know.
    pub(super) fn keep_unknown(&self, mut users: Vec<UserId>) -> Vec<UserId> {
        self.people.with_untracked(|people| users.retain(|user| !people.contains_key(user)));
        users
    }

    /// Adds everybody whom the snapshot names.
    pub(super) fn add_people_of(&self, snapshot: &Snapshot) {
        let friends = snapshot.friends.iter().map(|friend| &friend.person);
        let asking = snapshot.requests.iter().flat_map(|request| [&request.from, &request.to]);
        let talking = snapshot.conversations.iter().filter_map(|state| state.person.as_ref());
        let open = snapshot.open.iter().filter_map(|open| open.person.as_ref());
        let inviting = snapshot.group_invitations.iter().map(|invitation| &invitation.by);
        let everybody = talking.chain(open).chain(&snapshot.people).chain(inviting);
        let everybody = everybody.chain(&snapshot.blocked).chain(asking).chain(friends);
        self.add_people(everybody.chain([&snapshot.me.person]).cloned());
    }

    /// Updates a person's name, or marks their account as deleted. Where everyone may write to
    /// everyone, the server also sends people who have just registered.
    pub(super) fn person_changed(&self, person: Person) {
        if person.deleted {
            self.friends.maybe_update(|friends| friends.remove(&person.id).is_some());
            self.close_requests(person.id, self.me);
            self.close_requests(self.me, person.id);
        }
        let everyone = self.contacts.get_untracked() == Contacts::Everyone;
        if everyone || self.keep_unknown(vec![person.id]).is_empty() {
            self.add_people([person]);
        }
    }

    pub(super) fn close_requests(&self, from: UserId, to: UserId) {
        self.requests.maybe_update(|requests| {
            let before = requests.len();
            requests.retain(|request| (request.from.id, request.to.id) != (from, to));
            requests.len() < before
        });
    }

    pub(in crate::client) fn presence_version(&self) -> Option<String> {
        self.present.with_untracked(KnownPresence::version)
    }

    /// Sets the new presence. Returns whether anybody is typing, which the caller has to expire.
    pub(in crate::client) fn set_presence(&self, presence: Presence, now_ms: f64) -> bool {
        self.present.update(|present| present.replace(presence, now_ms));
        self.present.with_untracked(KnownPresence::is_anybody_typing)
    }

    pub(in crate::client) fn set_members_online(&self, members: Vec<UserId>) {
        self.present.maybe_update(|present| present.set_members_online(members));
    }

    pub(in crate::client) fn expire_typing(&self, now_ms: f64) {
        self.present.maybe_update(|present| present.expire(now_ms));
    }

    pub(super) fn stopped_typing(&self, typing: Typing) {
        self.present.maybe_update(|present| present.stopped_typing(typing.contact, typing.user));
    }

    pub(in crate::client) fn set_reachable(&self, reachable: bool) {
        if self.reachable.get_untracked() != reachable {
            self.reachable.set(reachable);
        }
    }
}
