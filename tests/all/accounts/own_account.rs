//! The user's own account: profile, password and deletion.

use http::StatusCode;

use serde_json::json;

use crate::harness::{
    Answer, Browser, Database, LONG_MS, PASSWORD, Person, TestApp, client_id, four_people,
    group_of, on_both_databases, texts,
};
use kith::error::KithError;
use kith::model::validation::Invalid;
use kith::model::{Batch, Event, EventKind, Person as Known, Profile};

on_both_databases!(
    new_display_name_is_announced_and_new_bio_is_not,
    new_name_is_told_only_to_those_who_know_the_person,
    profile_rejects_fields_outside_their_limits,
    changing_the_password_ends_all_other_sign_ins,
    changing_the_password_requires_the_present_one,
    password_guesses_by_a_signed_in_device_are_limited,
    failed_sign_ins_of_others_do_not_block_a_password_change,
    concurrent_sign_in_does_not_survive_a_password_change,
    deleted_account_loses_its_name_and_keeps_its_messages,
    deleted_account_cannot_be_used_found_befriended_or_written_to,
    deleting_an_account_frees_its_username,
    last_administrator_cannot_delete_their_account,
    deleting_an_account_requires_its_password,
    announcements_are_read_from_the_log,
);

async fn set_profile(person: &Person, display_name: &str, bio: &str) -> Answer {
    person.call("set_profile", &[("display_name", display_name), ("bio", bio)]).await
}

async fn change_password(person: &Person, password: &str, new: &str) -> Answer {
    person.call("change_password", &[("password", password), ("new_password", new)]).await
}

async fn delete(person: &Person, password: &str) -> Answer {
    person.call("delete_account", &[("password", password)]).await
}

async fn sign_in(browser: &Browser, username: &str, password: &str) -> Answer {
    browser.call("sign_in", &[("username", username), ("password", password)]).await
}

fn changed(events: &[Event]) -> Vec<Known> {
    let person = |event: &Event| match &event.kind {
        EventKind::PersonChanged { person } => Some(person.clone()),
        _ => None,
    };
    events.iter().filter_map(person).collect()
}

async fn new_display_name_is_announced_and_new_bio_is_not(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cid = app.person("cid").await;
    cid.befriend(&bob).await;
    let mut at_ann = ann.cursor().await;
    let held = app.hold(&cid, &cid.cursor().await, LONG_MS).await;
    set_profile(&bob, " Robert ", "I am Bob").await.done();
    let batch: Batch = held.answer().await.ok();
    for events in [batch.events, ann.catch_up(&mut at_ann).await] {
        let [person] = &changed(&events)[..] else { panic!("{events:?}") };
        assert_eq!((person.id, person.display_name.as_str()), (bob.id, "Robert"));
    }
    set_profile(&bob, "Robert", "I am Robert").await.done();
    set_profile(&bob, "Robert", "I am Robert").await.done();
    assert_eq!(ann.catch_up(&mut at_ann).await, []);
    let profile: Profile = ann.profile(bob.id).await.ok();
    assert_eq!((&*profile.person.display_name, &*profile.bio), ("Robert", "I am Robert"));
    assert_eq!(ann.page().await.friends[0].person.display_name, "Robert");
    assert_eq!(ann.find("rob").await.people.len(), 1);
    assert_eq!(ann.find("bob").await.people.len(), 1, "by the username");
}

async fn new_name_is_told_only_to_those_who_know_the_person(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, dan] = four_people(&app).await;
    let (eve, fay) = (app.person("eve").await, app.person("fay").await);
    // Bob is a friend, in a group and in a conversation; cid is in the group, dan was; eve wrote
    // once; fay is a stranger.
    let group = group_of(&bob, &[&ann, &cid, &dan]).await;
    bob.remove_member(group, &dan).await.done();
    ann.send(bob.contact(), "hello").await;
    ann.befriend(&eve).await;
    eve.send(ann.contact(), "hello").await;
    ann.remove_friend(&eve).await.done();
    let tablet = ann.other_device(&app).await;
    let people = [&tablet, &bob, &cid, &eve, &dan, &fay];
    let mut cursors = Vec::new();
    for person in people {
        cursors.push(person.cursor().await);
    }
    let before = app.number("SELECT COUNT(*) FROM event").await;
    set_profile(&ann, "Anna", "").await.done();
    let rows = app.number("SELECT COUNT(*) FROM event").await - before;
    assert_eq!(rows, 3, "one for each of her conversations: with bob, with eve, and the group");

    // From memory, and from the log after a restart.
    let hears = async |app: &TestApp| {
        let mut heard = Vec::new();
        for (person, cursor) in people.into_iter().zip(&cursors) {
            let events = person.at(app).catch_up(&mut cursor.clone()).await;
            heard.push(!changed(&events).is_empty());
        }
        heard
    };
    let who = [true, true, true, true, false, false];
    assert_eq!(hears(&app).await, who);
    assert_eq!(hears(&app.restarted().await).await, who);
}

async fn profile_rejects_fields_outside_their_limits(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    for (name, bio, why) in [
        (" ".to_string(), String::new(), Invalid::DisplayNameLength),
        ("名".repeat(33), String::new(), Invalid::DisplayNameLength),
        ("a\u{202E}b".into(), String::new(), Invalid::DisplayNameCharacters),
        ("a\u{0}b".into(), String::new(), Invalid::DisplayNameCharacters),
        ("Ann".into(), "字".repeat(201), Invalid::BioTooLong),
        ("Ann".into(), "a\u{0}b".into(), Invalid::BioCharacters),
    ] {
        let answer = set_profile(&ann, &name, &bio).await;
        assert_eq!(answer.error(), KithError::Invalid(why), "{name:?} {bio:?}");
    }
    set_profile(&ann, &"名".repeat(32), &"字".repeat(200)).await.done();
    let mut changes = 0;
    while set_profile(&ann, &format!("Ann {changes}"), "").await.status == StatusCode::OK {
        changes += 1;
        assert!(changes < 100, "nobody stops who wakes everybody");
    }
}

async fn changing_the_password_ends_all_other_sign_ins(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let lost = bob.other_device(&app).await;
    let cursor = bob.cursor().await;
    let at_lost = app.hold(&lost, &cursor, LONG_MS).await;
    let at_bob = app.hold(&bob, &cursor, LONG_MS).await;
    change_password(&bob, PASSWORD, "another horse").await.done();
    assert_eq!(at_lost.answer().await.error(), KithError::Unauthorised);
    assert_eq!(lost.ask("sign_ins", json!({})).await.error(), KithError::Unauthorised);
    assert!(at_bob.is_still_held().await);
    ann.send(bob.contact(), "still there?").await;
    assert_eq!(texts(&at_bob.answer().await.ok::<Batch>().events), ["still there?"]);
    let browser = app.anonymous();
    assert_eq!(sign_in(&browser, "bob", PASSWORD).await.error(), KithError::WrongPassword);
    sign_in(&browser, "bob", "another horse").await.done();
}

async fn changing_the_password_requires_the_present_one(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    let long = "x".repeat(129);
    for wrong in ["", "wrong horse", &long] {
        let answer = change_password(&ann, wrong, "another horse").await;
        assert_eq!(answer.error(), KithError::WrongPassword);
    }
    for new in ["1234567", &long] {
        let answer = change_password(&ann, PASSWORD, new).await;
        assert_eq!(answer.error(), KithError::Invalid(Invalid::PasswordLength));
    }
    sign_in(&app.anonymous(), "ann", PASSWORD).await.done();
}

async fn password_guesses_by_a_signed_in_device_are_limited(database: Database) {
    let app = TestApp::with(database, |setup| setup.policy.attempts_per_minute = 5).await;
    let ann = app.person("ann").await;
    let mut tries = 0;
    loop {
        match change_password(&ann, "a guess", "another horse").await.error() {
            KithError::WrongPassword => tries += 1,
            error => break assert!(matches!(error, KithError::TooMany(_)), "{error:?}"),
        }
        assert!(tries < 20);
    }
    assert!(matches!(delete(&ann, "a guess").await.error(), KithError::TooMany(_)));
}

async fn failed_sign_ins_of_others_do_not_block_a_password_change(database: Database) {
    let app = TestApp::with(database, |setup| {
        setup.policy.attempts_per_minute = 2;
        setup.trusted_proxies = vec!["127.0.0.1/32".parse().expect("a network")];
    })
    .await;
    let ann = app.person("ann").await;
    for (n, tried) in [(1, true), (2, true), (3, false)] {
        let stranger = app.anonymous().with("x-forwarded-for", &format!("203.0.113.{n}"));
        let error = sign_in(&stranger, "ann", "a guess").await.error();
        assert_eq!(error == KithError::WrongPassword, tried, "{error:?}");
    }
    change_password(&ann, PASSWORD, "another horse").await.done();
}

/// The password may change between its check and the write of the sign-in.
async fn concurrent_sign_in_does_not_survive_a_password_change(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    let mut password = PASSWORD.to_string();
    for round in 0..5 {
        let new = format!("horse number {round}");
        let browser = app.anonymous();
        let (signed, changed) = tokio::join!(
            sign_in(&browser, "ann", &password),
            change_password(&ann, &password, &new)
        );
        changed.done();
        if signed.status == StatusCode::OK {
            let late = browser.signed_in_by(&signed).ask("sign_ins", &json!({})).await;
            assert_eq!(late.error(), KithError::Unauthorised);
        }
        password = new;
    }
}

async fn deleted_account_loses_its_name_and_keeps_its_messages(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let (cid, dan, eve) =
        (app.person("cid").await, app.person("dan").await, app.person("eve").await);
    bob.request_friend(&cid, "").await.done();
    dan.request_friend(&bob, "").await.done();
    eve.set_blocked(&bob, true).await.done();
    ann.set_remark(&bob, "Bobby").await.done();
    set_profile(&bob, "Bob", "A secret").await.done();
    bob.send(ann.contact(), "remember me").await;
    let mut cursors = Vec::new();
    for person in [&ann, &cid, &dan, &eve] {
        cursors.push(person.cursor().await);
    }
    let tablet = bob.other_device(&app).await;
    let held = app.hold(&tablet, &tablet.cursor().await, LONG_MS).await;

    delete(&bob, PASSWORD).await.done();
    assert_eq!(held.answer().await.error(), KithError::Unauthorised);
    let told = [
        EventKind::FriendRemoved { user: bob.id },
        EventKind::FriendRequestClosed { from: bob.id, to: cid.id },
        EventKind::FriendRequestClosed { from: dan.id, to: bob.id },
    ];
    let gone =
        Known { id: bob.id, username: String::new(), display_name: String::new(), deleted: true };
    let told =
        told.into_iter().chain([EventKind::BlockSet { person: gone.clone(), blocked: false }]);
    let people = [&ann, &cid, &dan, &eve].into_iter().zip(&mut cursors);
    for ((person, cursor), told) in people.zip(told) {
        let kinds: Vec<EventKind> =
            person.catch_up(cursor).await.into_iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [told, EventKind::PersonChanged { person: gone.clone() }]);
        let page = person.page().await;
        assert_eq!((page.friends, page.requests, page.blocked), (vec![], vec![], vec![]));
    }

    let page = ann.ask("load_page", json!({ "contact": bob.contact() })).await;
    let page: kith::model::Snapshot = page.ok();
    let open = page.open.expect("the conversation still opens");
    assert_eq!(open.history.messages[0].text, "remember me");
    assert_eq!(
        (open.person, page.conversations[0].person.clone()),
        (Some(gone.clone()), Some(gone.clone()))
    );
    let profile: Profile = ann.profile(bob.id).await.ok();
    assert_eq!((profile.person, profile.bio.as_str()), (gone.clone(), ""));
    let by_id: Vec<Known> = ann.ask("people_by_id", json!({ "ids": [bob.id] })).await.ok();
    assert_eq!(by_id, [gone]);

    let app = app.restarted().await;
    assert_eq!(ann.at(&app).history(bob.contact()).await.messages.len(), 1);
    for table in [
        "users WHERE bio <> '' OR username = 'bob' OR display_name = 'Bob'",
        "friendship",
        "friend_request",
        "block",
        &format!("event WHERE audience = 1 AND audience_id = {}", bob.id),
        &format!("users WHERE id = {} AND password_hash <> ''", bob.id),
    ] {
        assert_eq!(app.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
}

async fn deleted_account_cannot_be_used_found_befriended_or_written_to(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    ann.send(bob.contact(), "hello").await;
    let cid = app.person("cid").await;
    delete(&bob, PASSWORD).await.done();
    for person in [&ann, &cid] {
        assert_eq!(person.find("bob").await.people, []);
        assert_eq!(person.find("del").await.people, []);
        assert_eq!(person.request_friend(&bob, "").await.error(), KithError::NotFound);
        assert_eq!(person.set_blocked(&bob, true).await.error(), KithError::NotFound);
        assert_eq!(person.set_remark(&bob, "x").await.error(), KithError::NotFound);
        let sent = person.try_send(bob.contact(), &client_id(), "hello?").await;
        assert_eq!(sent.error(), KithError::NotAContact);
    }
    assert_eq!(cid.try_history(bob.contact(), None).await.error(), KithError::NotAContact);
    let browser = app.anonymous();
    let key = format!("deleted {}", bob.id);
    for (username, password) in [("bob", PASSWORD), (&*key, ""), (&*key, PASSWORD), ("", "")] {
        let answer = sign_in(&browser, username, password).await;
        assert_eq!(answer.error(), KithError::WrongPassword, "{username:?}");
    }
    assert_eq!(bob.ask("sign_ins", json!({})).await.error(), KithError::Unauthorised);
}

async fn deleting_an_account_frees_its_username(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    ann.send(bob.contact(), "for the old Bob").await;
    delete(&bob, PASSWORD).await.done();
    let again = app.person("bob").await;
    assert_ne!(again.id, bob.id);
    assert_eq!(again.page().await.conversations, []);
    assert_eq!(again.try_history(ann.contact(), None).await.error(), KithError::NotAContact);
    delete(&again, PASSWORD).await.done();
    app.person("bob").await;
}

async fn last_administrator_cannot_delete_their_account(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let refused = delete(&ann, PASSWORD).await;
    assert_eq!(
        (refused.status, refused.error()),
        (StatusCode::CONFLICT, KithError::LastAdministrator)
    );
    assert_eq!(ann.page().await.friends.len(), 1, "nothing was deleted");
    app.execute(&format!("UPDATE users SET administrator = 1 WHERE id = {}", bob.id)).await;
    let (one, other) = tokio::join!(delete(&ann, PASSWORD), delete(&bob, PASSWORD));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort();
    assert_eq!(statuses, [200, 409], "one of them stays");
    let left = "SELECT COUNT(*) FROM users WHERE administrator = 1 AND deleted = 0";
    assert_eq!(app.number(left).await, 1);
}

async fn deleting_an_account_requires_its_password(database: Database) {
    let app = TestApp::start(database).await;
    let (_, bob) = app.two_friends().await;
    for wrong in ["", "wrong horse", &"x".repeat(129)] {
        assert_eq!(delete(&bob, wrong).await.error(), KithError::WrongPassword);
    }
    assert_eq!(bob.page().await.friends.len(), 1);
    let me = bob.id.to_string();
    let fields = [("for_user", &*me), ("password", PASSWORD)];
    let answer = bob.browser.submit("delete_account", &fields, "/settings").await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::FOUND, "/sign-in"));
    assert!(answer.cookie().is_some_and(|cookie| cookie.contains("Max-Age=0")));
}

async fn announcements_are_read_from_the_log(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let cid = app.person("cid").await;
    cid.befriend(&ann).await;
    let mut old = cid.cursor().await;
    set_profile(&ann, "Anna", "").await.done();
    set_profile(&ann, "Annabel", "").await.done();
    delete(&bob, PASSWORD).await.done();
    let app = app.restarted().await;
    let events = cid.at(&app).catch_up(&mut old).await;
    let names: Vec<(String, bool)> =
        changed(&events).into_iter().map(|person| (person.display_name, person.deleted)).collect();
    let anna = ("Annabel".to_string(), false);
    assert_eq!(names, [anna.clone(), anna, (String::new(), true)], "the present names");
    let told = app.text("SELECT fact FROM event WHERE audience = 3 ORDER BY id LIMIT 1").await;
    let gone = format!(r#"{{"kind":"person_changed","user":{}}}"#, bob.id);
    assert_eq!(told, gone, "everybody hears of a deletion alone");
}
