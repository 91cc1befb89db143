//! Friends: requests, remarks and removal, and the events that each sends.

use crate::harness::{Database, LONG_MS, Person, TestApp, client_id, on_both_databases};
use kith::error::KithError;
use kith::model::limits::{REMARK_MAX, REQUESTS_WAITING_MAX};
use kith::model::validation::Invalid;
use kith::model::{Batch, Cursor, Event, EventKind, UserId};

on_both_databases!(
    accepted_request_makes_friends_and_reaches_both,
    declined_request_is_removed_and_reaches_both,
    friend_request_can_be_withdrawn,
    repeated_friend_request_changes_nothing,
    repeated_accept_changes_nothing,
    mutual_requests_make_friends,
    concurrent_mutual_requests_make_friends,
    friend_request_rejects_unknown_people_and_oneself,
    accept_is_rejected_without_a_request,
    request_note_is_limited_to_one_short_line,
    number_of_waiting_requests_is_limited,
    relationship_changes_are_limited,
    friend_request_wakes_a_held_receive,
    removing_a_friend_reaches_both,
    history_survives_removing_and_befriending_again,
    remark_reaches_only_the_pages_of_its_author,
    remark_is_limited_to_one_short_line_for_friends,
    missed_relationship_events_are_read_from_the_log,
);

async fn friends(person: &Person) -> Vec<UserId> {
    person.page().await.friends.iter().map(|friend| friend.person.id).collect()
}

fn kinds(events: &[Event]) -> Vec<&EventKind> {
    events.iter().map(|event| &event.kind).collect()
}

async fn accepted_request_makes_friends_and_reaches_both(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let (mut at_ann, mut at_bob) = (ann.cursor().await, bob.cursor().await);

    ann.request_friend(&bob, " hello ").await.done();
    for events in [ann.catch_up(&mut at_ann).await, bob.catch_up(&mut at_bob).await] {
        let [EventKind::FriendRequested { request }] = kinds(&events)[..] else {
            panic!("{events:?}");
        };
        assert_eq!((request.from.id, request.to.id), (ann.id, bob.id));
        assert_eq!((request.from.display_name.as_str(), request.note.as_str()), ("Ann", "hello"));
    }
    let waiting = bob.page().await.requests;
    assert_eq!(waiting.len(), 1);
    assert_eq!((waiting[0].from.id, waiting[0].note.as_str()), (ann.id, "hello"));
    assert_eq!(friends(&bob).await, [], "asking makes no friends yet");

    bob.accept_friend(&ann).await.done();
    for (person, other, cursor) in [(&ann, &bob, &mut at_ann), (&bob, &ann, &mut at_bob)] {
        let events = person.catch_up(cursor).await;
        let [EventKind::FriendAdded { friend }] = kinds(&events)[..] else {
            panic!("{events:?}");
        };
        assert_eq!((friend.person.id, &friend.person.username), (other.id, &other.username));
        assert_eq!(friends(person).await, [other.id]);
        assert_eq!(person.page().await.requests, []);
    }
}

async fn declined_request_is_removed_and_reaches_both(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    ann.request_friend(&bob, "").await.done();
    let (mut at_ann, mut at_bob) = (ann.cursor().await, bob.cursor().await);
    bob.decline_friend(&ann).await.done();
    for events in [ann.catch_up(&mut at_ann).await, bob.catch_up(&mut at_bob).await] {
        let closed = EventKind::FriendRequestClosed { from: ann.id, to: bob.id };
        assert_eq!(kinds(&events), [&closed]);
    }
    assert_eq!(bob.page().await.requests, []);
    assert_eq!(friends(&ann).await, []);
    bob.decline_friend(&ann).await.done();
    assert_eq!(bob.catch_up(&mut at_bob).await, [], "declining again says nothing new");
    assert_eq!(bob.accept_friend(&ann).await.error(), KithError::NotFound);
    ann.request_friend(&bob, "").await.done();
    assert_eq!(bob.page().await.requests.len(), 1, "one may ask again");
}

async fn friend_request_can_be_withdrawn(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    ann.request_friend(&bob, "").await.done();
    let mut at_bob = bob.cursor().await;
    ann.decline_friend(&bob).await.done();
    let closed = EventKind::FriendRequestClosed { from: ann.id, to: bob.id };
    assert_eq!(kinds(&bob.catch_up(&mut at_bob).await), [&closed]);
    assert_eq!(bob.page().await.requests, []);
    assert_eq!(bob.accept_friend(&ann).await.error(), KithError::NotFound);
}

async fn repeated_friend_request_changes_nothing(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    ann.request_friend(&bob, "first").await.done();
    let mut at_bob = bob.cursor().await;
    ann.request_friend(&bob, "second").await.done();
    assert_eq!(bob.catch_up(&mut at_bob).await, []);
    let waiting = bob.page().await.requests;
    assert_eq!((waiting.len(), waiting[0].note.as_str()), (1, "first"));

    bob.accept_friend(&ann).await.done();
    at_bob = bob.cursor().await;
    ann.request_friend(&bob, "third").await.done();
    assert_eq!(bob.catch_up(&mut at_bob).await, [], "friends have nothing to ask");
    assert_eq!(bob.page().await.requests, []);
}

async fn repeated_accept_changes_nothing(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    ann.request_friend(&bob, "").await.done();
    let mut at_ann = ann.cursor().await;
    let answers = tokio::join!(bob.accept_friend(&ann), bob.accept_friend(&ann));
    answers.0.done();
    answers.1.done();
    bob.accept_friend(&ann).await.done();
    assert_eq!(ann.catch_up(&mut at_ann).await.len(), 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM friendship").await, 2);
}

async fn mutual_requests_make_friends(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    ann.request_friend(&bob, "").await.done();
    let mut at_ann = ann.cursor().await;
    bob.request_friend(&ann, "me too").await.done();
    let events = ann.catch_up(&mut at_ann).await;
    assert!(matches!(kinds(&events)[..], [EventKind::FriendAdded { .. }]), "{events:?}");
    assert_eq!(friends(&bob).await, [ann.id]);
    assert_eq!(ann.page().await.requests, []);
}

async fn concurrent_mutual_requests_make_friends(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let answers = tokio::join!(ann.request_friend(&bob, ""), bob.request_friend(&ann, ""));
    answers.0.done();
    answers.1.done();
    assert_eq!((friends(&ann).await, friends(&bob).await), (vec![bob.id], vec![ann.id]));
    assert_eq!(app.number("SELECT COUNT(*) FROM friend_request").await, 0);
}

async fn friend_request_rejects_unknown_people_and_oneself(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    for id in [ann.id.to_string().as_str(), "99", "0", "-1"] {
        for call in ["request_friend", "accept_friend"] {
            let answer = ann.call(call, &[("user", id), ("note", "")]).await;
            assert_eq!(answer.error(), KithError::NotFound, "{call} {id}");
        }
        ann.call("decline_friend", &[("user", id)]).await.done();
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM event").await, 0);
}

async fn accept_is_rejected_without_a_request(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    assert_eq!(ann.accept_friend(&bob).await.error(), KithError::NotFound);
    ann.request_friend(&bob, "").await.done();
    assert_eq!(ann.accept_friend(&bob).await.error(), KithError::NotFound, "nor one's own");
    assert_eq!(friends(&ann).await, []);
}

async fn request_note_is_limited_to_one_short_line(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    for (note, why) in
        [("字".repeat(101), Invalid::NoteTooLong), ("a\nb".to_string(), Invalid::NoteCharacters)]
    {
        assert_eq!(ann.request_friend(&bob, &note).await.error(), KithError::Invalid(why));
    }
    ann.request_friend(&bob, &"字".repeat(100)).await.done();
}

async fn number_of_waiting_requests_is_limited(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    // The maximum number of people with a waiting request of Ann's.
    let pool = app.sql().await;
    for id in 1_000..1_000 + REQUESTS_WAITING_MAX {
        for statement in [
            format!(
                "INSERT INTO users (id, username, username_key, display_name, password_hash, \
                 administrator, created) VALUES ({id}, 'user{id}', 'user{id}', 'User', '', 0, 0)"
            ),
            format!("INSERT INTO friend_request VALUES ({}, {id}, '', 0)", ann.id),
        ] {
            sqlx::query(&statement).execute(&pool).await.expect("a row");
        }
    }
    let refused = ann.request_friend(&bob, "").await;
    assert_eq!(refused.error(), KithError::TooManyRequestsWaiting);
    bob.request_friend(&ann, "").await.done();
    ann.request_friend(&bob, "").await.done();
    assert_eq!(friends(&ann).await, [bob.id], "who has asked may still be asked");
}

async fn friend_request_wakes_a_held_receive(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let held = app.hold(&bob, &bob.cursor().await, 50_000).await;
    ann.request_friend(&bob, "").await.done();
    let batch: Batch = held.answer().await.ok();
    assert!(matches!(kinds(&batch.events)[..], [EventKind::FriendRequested { .. }]), "{batch:?}");
}

async fn removing_a_friend_reaches_both(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let (mut at_ann, mut at_bob) = (ann.cursor().await, bob.cursor().await);
    let held = app.hold(&bob, &at_bob, LONG_MS).await;
    ann.remove_friend(&bob).await.done();
    let batch: Batch = held.answer().await.ok();
    assert_eq!(kinds(&batch.events), [&EventKind::FriendRemoved { user: ann.id }]);
    let events = ann.catch_up(&mut at_ann).await;
    assert_eq!(kinds(&events), [&EventKind::FriendRemoved { user: bob.id }]);
    assert_eq!((friends(&ann).await, friends(&bob).await), (vec![], vec![]));
    bob.catch_up(&mut at_bob).await;

    for (person, other) in [(&ann, &bob), (&bob, &ann)] {
        person.remove_friend(other).await.done();
        let sent = person.try_send(other.contact(), &client_id(), "hello").await;
        assert_eq!(sent.error(), KithError::NotAContact);
    }
    for id in [ann.id.to_string().as_str(), "99", "0", "-1"] {
        ann.call("remove_friend", &[("user", id)]).await.done();
    }
    assert_eq!(ann.catch_up(&mut at_ann).await, [], "again is nothing new");
    assert_eq!(bob.catch_up(&mut at_bob).await, []);
}

async fn history_survives_removing_and_befriending_again(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let said = ann.send(bob.contact(), "before").await;
    ann.set_remark(&bob, "Bobby").await.done();
    bob.remove_friend(&ann).await.done();
    for (person, other) in [(&ann, &bob), (&bob, &ann)] {
        let said = said.clone().seen_by(person.id);
        assert_eq!(person.history(other.contact()).await.messages, [said]);
        let state = person.conversation(other.contact()).await.expect("the conversation");
        assert_eq!(state.person.map(|person| person.id), Some(other.id));
    }
    ann.befriend(&bob).await;
    assert_eq!(ann.page().await.friends[0].remark, "", "a new friend has no remark yet");
    assert_eq!(ann.send(bob.contact(), "after").await.seq, 2);
}

async fn remark_reaches_only_the_pages_of_its_author(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let tablet = ann.other_device(&app).await;
    let (mut at_ann, mut at_tablet) = (ann.cursor().await, tablet.cursor().await);
    let mut at_bob = bob.cursor().await;
    ann.set_remark(&bob, " 小李 ").await.done();
    ann.set_remark(&bob, "小李").await.done();
    let set = EventKind::RemarkSet { user: bob.id, remark: "小李".into() };
    assert_eq!(kinds(&ann.catch_up(&mut at_ann).await), [&set], "set again is nothing new");
    assert_eq!(kinds(&tablet.catch_up(&mut at_tablet).await), [&set]);
    assert_eq!(bob.catch_up(&mut at_bob).await, []);
    assert_eq!(ann.page().await.friends[0].remark, "小李");
    assert_eq!(bob.page().await.friends[0].remark, "");
    ann.set_remark(&bob, " \u{200B} ").await.done();
    let gone = EventKind::RemarkSet { user: bob.id, remark: String::new() };
    assert_eq!(kinds(&ann.catch_up(&mut at_ann).await), [&gone]);
    assert_eq!(ann.page().await.friends[0].remark, "");
}

async fn remark_is_limited_to_one_short_line_for_friends(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cid = app.person("cid").await;
    for (remark, why) in [
        ("名".repeat(REMARK_MAX + 1), Invalid::RemarkTooLong),
        ("a\nb".to_string(), Invalid::RemarkCharacters),
        ("a\u{0}b".to_string(), Invalid::RemarkCharacters),
        ("a\u{202E}b".to_string(), Invalid::RemarkCharacters),
    ] {
        assert_eq!(ann.set_remark(&bob, &remark).await.error(), KithError::Invalid(why));
    }
    ann.set_remark(&bob, &"名".repeat(REMARK_MAX)).await.done();
    assert_eq!(ann.set_remark(&cid, "Cid").await.error(), KithError::NotFound);
    for id in [ann.id.to_string().as_str(), "99", "0", "-1"] {
        let answer = ann.call("set_remark", &[("user", id), ("remark", "x")]).await;
        assert_eq!(answer.error(), KithError::NotFound, "{id}");
    }
}

async fn missed_relationship_events_are_read_from_the_log(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let mut old: Cursor = ann.cursor().await;
    ann.set_remark(&bob, "Bobby").await.done();
    ann.set_blocked(&bob, true).await.done();
    ann.remove_friend(&bob).await.done();
    let app = app.restarted().await;
    let events = ann.at(&app).catch_up(&mut old).await;
    let [
        EventKind::RemarkSet { user, remark },
        EventKind::BlockSet { person, blocked: true },
        EventKind::FriendRemoved { user: removed },
    ] = kinds(&events)[..]
    else {
        panic!("{events:?}");
    };
    assert_eq!((*user, remark.as_str(), *removed), (bob.id, "Bobby", bob.id));
    assert_eq!((person.id, person.display_name.as_str()), (bob.id, "Bob"));
}

async fn relationship_changes_are_limited(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let (cid, dan) = (app.person("cid").await, app.person("dan").await);
    dan.request_friend(&ann, "").await.done();
    let mut changes = 0;
    while ann.set_blocked(&bob, changes % 2 == 0).await.status == 200 {
        changes += 1;
        assert!(changes < 1_000, "nobody stops who keeps others busy");
    }
    assert!(changes >= 50, "{changes}");
    // The limit allows one more each second, and the machine may be slow.
    for change in 0..5 {
        let mut tries = 0;
        loop {
            let answer = match change {
                0 => ann.set_blocked(&bob, true).await,
                1 => ann.request_friend(&cid, "").await,
                2 => ann.decline_friend(&cid).await,
                3 => ann.set_remark(&bob, "Bobby").await,
                _ => ann.remove_friend(&bob).await,
            };
            if answer.status == 429 {
                break;
            }
            tries += 1;
            assert!(tries < 20, "nobody stops change {change}");
        }
    }
    ann.accept_friend(&dan).await.done();
    bob.set_blocked(&ann, true).await.done();
}
