//! The cache after events: an event twice counts once, names stay current, and two hundred
//! conversations are no more work than two.

use std::time::Instant;

use leptos::prelude::*;

use crate::model::{
    ClientId, Contact, Contacts, Conversation, Cursor, Event, EventId, EventKind, Friend,
    FriendRequest, Me, Message, Person, Relation, Snapshot, Timestamp, UserId,
};

use super::session::SessionCache;

const ME: UserId = UserId(1);
const BOB: UserId = UserId(2);
const EVE: UserId = UserId(3);

fn person(user: UserId, name: &str) -> Person {
    Person { id: user, username: name.into(), display_name: name.into(), deleted: false }
}

fn friend(user: UserId, name: &str) -> Friend {
    Friend { person: person(user, name), since: Timestamp(0), remark: String::new() }
}

fn cache(contacts: Contacts, friends: Vec<Friend>) -> SessionCache {
    SessionCache::new(Snapshot {
        cursor: Cursor { epoch: "e".into(), id: EventId(0) },
        build: "1".into(),
        hold_ms: 25_000,
        websocket: true,
        me: Me { person: person(ME, "me"), bio: String::new(), administrator: false },
        contacts,
        friends,
        requests: vec![],
        blocked: vec![],
        groups: vec![],
        group_invitations: vec![],
        people: vec![],
        conversations: vec![],
        open: None,
        form_client_id: ClientId::random(),
    })
}

/// Applies an event twice: an event may arrive twice.
fn apply(cache: SessionCache, kind: &EventKind) {
    for _ in 0..2 {
        cache.apply(Event { id: EventId(1), kind: kind.clone() });
    }
}

fn written(other: UserId, sender: UserId, seq: i64) -> EventKind {
    EventKind::Message {
        conversation: Conversation::direct(ME, other),
        message: Message { sender, ..Message::example(seq) },
    }
}

fn names(cache: SessionCache) -> Vec<Option<String>> {
    let friends = cache.friends().into_iter();
    friends.map(|friend| cache.name_of(Contact::User(friend.person.id))).collect()
}

#[test]
fn friends_come_and_go_and_are_sorted_by_the_name_that_is_shown() {
    let owner = Owner::new();
    owner.set();
    let cache = cache(Contacts::Friends, vec![friend(BOB, "Bob")]);
    apply(cache, &EventKind::FriendAdded { friend: friend(EVE, "Eve") });
    assert_eq!(names(cache), [Some("Bob".into()), Some("Eve".into())]);
    apply(cache, &EventKind::RemarkSet { user: EVE, remark: "Aunt".into() });
    assert_eq!(names(cache), [Some("Aunt".into()), Some("Bob".into())]);
    apply(cache, &EventKind::PersonChanged { person: person(BOB, "aaron") });
    assert_eq!(names(cache), [Some("aaron".into()), Some("Aunt".into())]);
    apply(cache, &EventKind::FriendRemoved { user: EVE });
    assert_eq!(names(cache), [Some("aaron".into())]);
    assert_eq!(cache.name_of(Contact::User(EVE)), Some("Eve".into()), "the remark is removed too");
    assert_eq!(cache.relation(EVE), Relation::Stranger);
    assert!(!cache.can_write(Contact::User(EVE)) && cache.can_write(Contact::User(BOB)));
}

#[test]
fn a_deleted_account_has_no_name_and_gets_no_message() {
    let owner = Owner::new();
    owner.set();
    let cache = cache(Contacts::Everyone, vec![friend(BOB, "Bob")]);
    let bob = Contact::User(BOB);
    let gone = Person { deleted: true, ..person(BOB, "") };
    apply(cache, &EventKind::PersonChanged { person: gone });
    assert!(cache.is_deleted(bob) && cache.is_known(bob) && !cache.can_write(bob));
    assert_eq!((cache.name_of(bob), cache.friends()), (None, vec![]));
}

#[test]
fn blocked_people_get_no_messages_and_their_requests_are_hidden() {
    let owner = Owner::new();
    owner.set();
    let cache = cache(Contacts::Everyone, vec![]);
    let request = FriendRequest {
        from: person(EVE, "Eve"),
        to: person(ME, "me"),
        note: String::new(),
        at: Timestamp(0),
    };
    apply(cache, &EventKind::FriendRequested { request });
    assert_eq!(cache.requests_to_me().len(), 1);
    assert!(cache.can_write(Contact::User(EVE)), "everyone may write to everyone here");
    apply(cache, &EventKind::BlockSet { person: person(EVE, "Eve"), blocked: true });
    assert_eq!((cache.requests_to_me().len(), cache.blocked().len()), (0, 1));
    assert!(!cache.can_write(Contact::User(EVE)));
    apply(cache, &EventKind::BlockSet { person: person(EVE, "Eve"), blocked: false });
    assert_eq!((cache.requests_to_me().len(), cache.blocked().len()), (1, 0));
}

#[test]
fn a_message_that_arrives_twice_is_new_once_and_its_unknown_people_are_wanted() {
    let owner = Owner::new();
    owner.set();
    let cache = cache(Contacts::Everyone, vec![]);
    let event = Event { id: EventId(1), kind: written(EVE, EVE, 1) };
    let first = cache.apply(event.clone());
    assert_eq!((first.new_message.is_some(), first.unknown_people), (true, vec![EVE, EVE]));
    assert!(cache.apply(event).new_message.is_none());
    assert_eq!(cache.unread_messages(), 1);
    cache.add_people([person(EVE, "Eve")]);
    assert!(cache.unknown_people().is_empty());
    assert!(cache.apply(Event { id: EventId(2), kind: written(EVE, ME, 2) }).new_message.is_none());
    assert_eq!(cache.unread_messages(), 0);
}

#[test]
fn a_message_among_two_hundred_conversations_updates_one_table() {
    let owner = Owner::new();
    owner.set();
    let cache = cache(Contacts::Everyone, vec![]);
    let people = 200;
    for other in 0..people {
        for seq in 1..=100 {
            let kind = written(UserId(10 + other), UserId(10 + other), seq);
            cache.apply(Event { id: EventId(1), kind });
        }
    }
    assert_eq!(cache.chat_list().len(), 200);
    let rounds = 1_000;
    let start = Instant::now();
    for round in 0..rounds {
        let other = UserId(10 + round % people);
        let kind = written(other, other, 101 + round);
        cache.apply(Event { id: EventId(1), kind });
        assert_eq!(cache.chat_list()[0], Contact::User(other));
        assert!(cache.unread_messages() > 0 && cache.unread_conversations() == 200);
    }
    println!("a message among 200 conversations: {:?}", start.elapsed() / rounds as u32);
}
