//! Applies events to the cache. Each event carries the new values, so applying it twice, or after a
//! snapshot that includes it, changes nothing.

use std::sync::Arc;

use leptos::prelude::*;

use crate::model::{
    ClientId, Contact, Event, EventKind, Message, Role, SystemLine, Timestamp, Typing, UserId,
    mention,
};

use super::session::SessionCache;

/// Consequences of an event outside of the cache.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The conversation that got a message. It may have a gap now.
    pub added_to: Option<Contact>,
    /// The server has stored this message of the user: the outbox can drop it.
    pub confirmed: Option<ClientId>,
    /// A message of another person that this page did not have.
    pub new_message: Option<(Contact, Arc<Message>)>,
    /// People whom the event names and whom this page does not know.
    pub unknown_people: Vec<UserId>,
    /// The conversation is muted until this time.
    pub muted_until: Option<(Contact, Timestamp)>,
}

impl SessionCache {
    /// Applies one event.
    pub(in crate::client) fn apply(&self, event: Event) -> Applied {
        match event.kind {
            EventKind::Message { conversation, message } => {
                let contact = conversation.contact_of(self.me);
                if message.system.is_none() {
                    self.stopped_typing(Typing { contact, user: message.sender });
                }
                return self.add(contact, message);
            }
            EventKind::MessageHidden { conversation, seq } => {
                self.conversation(conversation.contact_of(self.me)).hide(seq);
            }
            EventKind::ChatSet { conversation, own } => {
                let contact = conversation.contact_of(self.me);
                self.conversation(contact).set_own(own);
                let muted_until = own.muted_until.map(|until| (contact, until));
                return Applied { muted_until, ..Applied::default() };
            }
            EventKind::Read { conversation, read_seq, read_count } => {
                let contact = conversation.contact_of(self.me);
                self.conversation(contact).read(read_seq, read_count);
            }
            EventKind::FriendRequested { request } => {
                let (from, to) = (request.from.id, request.to.id);
                self.add_people([request.from.clone(), request.to.clone()]);
                self.requests.update(|requests| {
                    requests.retain(|known| (known.from.id, known.to.id) != (from, to));
                    requests.push(request);
                });
            }
            EventKind::FriendRequestClosed { from, to } => self.close_requests(from, to),
            EventKind::FriendAdded { friend } => {
                let id = friend.person.id;
                self.add_people([friend.person.clone()]);
                self.close_requests(id, self.me);
                self.close_requests(self.me, id);
                self.friends.update(|friends| {
                    friends.insert(id, friend);
                });
            }
            EventKind::FriendRemoved { user } => {
                self.friends.maybe_update(|friends| friends.remove(&user).is_some());
            }
            EventKind::RemarkSet { user, remark } => self.friends.update(|friends| {
                if let Some(friend) = friends.get_mut(&user) {
                    friend.remark = remark;
                }
            }),
            EventKind::BlockSet { person, blocked } => {
                let id = person.id;
                self.add_people([person]);
                self.blocked.maybe_update(|all| match blocked {
                    true => all.insert(id),
                    false => all.remove(&id),
                });
            }
            EventKind::PersonChanged { person } => self.person_changed(person),
            EventKind::GroupInvited { invitation } => self.group_invited(invitation),
            EventKind::GroupInvitationClosed { group } => self.group_invitation_closed(group),
            EventKind::GroupJoined { group, role, last_seq, last_count } => {
                self.group_joined(group, role, last_seq, last_count);
            }
            EventKind::GroupLeft { group } => self.group_left(group),
            EventKind::GroupChanged { group } => self.group_changed(group),
            EventKind::MemberChanged { group, person, role, members } => {
                self.member_changed(group, person, role, members);
            }
            EventKind::Unknown => {}
        }
        Applied::default()
    }

    /// Adds a message that the server has stored.
    pub(in crate::client) fn add(&self, contact: Contact, message: Message) -> Applied {
        let by_me = message.sender == self.me;
        let confirmed = message.client_id.clone().filter(|_| by_me);
        let conversation = self.conversation(contact);
        let is_new = message.seq > conversation.marks_untracked().last_seq;
        let mut named: Vec<UserId> = message.people().collect();
        if let Contact::User(user) = contact {
            named.push(user);
        }
        let in_group = matches!(contact, Contact::Group(_));
        let mentions_me = in_group && !by_me && mention::is_mentioned(&message.text, self.me);
        if matches!(message.system, Some(SystemLine::Recalled { .. })) {
            conversation.not_replying_to(message.seq);
        }
        if let (
            Contact::Group(group),
            Some(SystemLine::Removed { .. } | SystemLine::RoleSet { role: Role::Member, .. }),
        ) = (contact, &message.system)
        {
            self.join_link_ended(group);
        }
        let message = Arc::new(message);
        conversation.add(&message, by_me, mentions_me);
        Applied {
            added_to: Some(contact),
            confirmed,
            new_message: (is_new && !by_me && message.system.is_none())
                .then_some((contact, message)),
            unknown_people: self.keep_unknown(named),
            muted_until: None,
        }
    }
}
