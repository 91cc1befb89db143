//! Membership in a group: what a member sees from joining to leaving, and what stays afterwards.

use serde_json::json;

use crate::harness::{
    Database, LONG_MS, PASSWORD, TestApp, client_id, four_people, group_of, on_both_databases,
    said, system_lines, texts,
};
use kith::error::KithError;
use kith::model::{Batch, Contact, EventKind, Group, Role, SystemLine};

on_both_databases!(
    group_changes_write_system_lines_that_are_not_unread,
    removed_members_receive_the_removal_and_nothing_after_it,
    members_removed_while_offline_keep_their_copy_up_to_the_removal,
    members_who_join_again_see_only_later_messages,
    a_message_sent_while_leaving_is_stored_exactly_if_accepted,
    deleting_the_owners_account_hands_the_group_to_an_admin,
    disbanding_a_group_leaves_every_member_a_copy,
    a_group_message_is_stored_once_for_all_members,
);

async fn group_changes_write_system_lines_that_are_not_unread(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, _] = four_people(&app).await;
    let group = group_of(&ann, &[&bob, &cid]).await;
    let mut cursor = cid.cursor().await;
    ann.set_role(group, &bob, Role::Admin).await.done();
    ann.set_role(group, &bob, Role::Admin).await.done();
    let renamed =
        json!({ "group": group, "name": "Hikers", "description": "up", "max_members": null });
    bob.ask("set_group", renamed.clone()).await.done();
    bob.ask("set_group", renamed).await.done();
    ann.set_role(group, &bob, Role::Member).await.done();
    bob.act("leave_group", group).await.done();
    bob.act("leave_group", group).await.done();
    let events = cid.catch_up(&mut cursor).await;
    assert_eq!(
        system_lines(&events),
        [
            SystemLine::RoleSet { user: bob.id, role: Role::Admin },
            SystemLine::Renamed { name: "Hikers".into() },
            SystemLine::RoleSet { user: bob.id, role: Role::Member },
            SystemLine::Left,
        ]
    );
    assert!(events.iter().any(|event| matches!(&event.kind,
        EventKind::GroupChanged { group } if group.name == "Hikers" && group.description == "up")));
    let state = cid.conversation(Contact::Group(group)).await.expect("a conversation");
    assert_eq!(state.last_seq, 7, "each takes a seq");
    assert_eq!(cid.unread(Contact::Group(group)).await, 0, "and none waits to be read");
    let history = cid.history(Contact::Group(group)).await.messages;
    assert_eq!(history.last().and_then(|last| last.system.clone()), Some(SystemLine::Left));
}

async fn removed_members_receive_the_removal_and_nothing_after_it(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, _] = four_people(&app).await;
    let group = group_of(&ann, &[&bob, &cid]).await;
    let contact = Contact::Group(group);
    let cursor = bob.cursor().await;
    let held = app.hold(&bob, &cursor, LONG_MS).await;
    ann.remove_member(group, &bob).await.done();
    ann.send(contact, "he is gone").await;
    let batch: Batch = held.answer().await.ok();
    assert!(!batch.events.is_empty());
    let mut cursor = cursor;
    let events = bob.catch_up(&mut cursor).await;
    assert!(events.iter().any(|event| event.kind == EventKind::GroupLeft { group }));
    assert_eq!(system_lines(&events), [SystemLine::Removed { user: bob.id }]);
    assert_eq!(texts(&events), [""], "the line, and nothing after it");
    let refused = bob.try_send(contact, &client_id(), "wait").await.error();
    assert_eq!(refused, KithError::NotAContact);
    assert_eq!(bob.membership(group).await.expect("a copy").role, None);
    assert_eq!(ann.roles(group).await, [(ann.id, Role::Owner), (cid.id, Role::Member)]);
}

async fn members_removed_while_offline_keep_their_copy_up_to_the_removal(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, _] = four_people(&app).await;
    let group = group_of(&ann, &[&bob, &cid]).await;
    let contact = Contact::Group(group);
    let start = bob.cursor().await;
    let mut cursor = start.clone();
    let body = json!({ "group": group, "name": "Walkers", "description": "all welcome" });
    ann.ask("set_group", body).await.done();
    ann.send(contact, "before").await;
    ann.remove_member(group, &bob).await.done();
    ann.send(contact, "after").await;
    // The restart empties the mailbox: everything comes from the log.
    let app = app.restarted().await;
    let (ann, bob) = (ann.at(&app), bob.at(&app));
    let events = bob.catch_up(&mut cursor).await;
    assert_eq!(texts(&events), ["before", ""]);
    assert_eq!(said(&bob.history(contact).await.messages), ["before"]);
    let state = bob.conversation(contact).await.expect("a copy");
    assert_eq!(
        state.last_message.and_then(|last| last.system),
        Some(SystemLine::Removed { user: bob.id })
    );
    assert_eq!(bob.unread(contact).await, 1, "what came after is not unread for them");
    bob.mark_read(contact, 99).await.done();
    assert_eq!(bob.unread(contact).await, 0);
    assert_eq!(said(&ann.history(contact).await.messages), ["before", "after"]);

    // Later changes of the group do not reach him.
    let body = json!({ "group": group, "name": "Secret", "description": "4711" });
    ann.ask("set_group", body).await.done();
    let kept = bob.membership(group).await.expect("a copy").group;
    assert_eq!((kept.name.as_str(), kept.description.as_str(), kept.members), ("Walkers", "", 0));
    let mut cursor = start;
    let events = bob.catch_up(&mut cursor).await;
    assert!(!format!("{events:?}").contains("Secret") && !format!("{events:?}").contains("4711"));
}

async fn members_who_join_again_see_only_later_messages(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, _, _] = four_people(&app).await;
    let group = group_of(&ann, &[&bob]).await;
    let contact = Contact::Group(group);
    ann.send(contact, "one").await;
    bob.act("leave_group", group).await.done();
    ann.send(contact, "two").await;
    ann.invite(group, &bob).await.done();
    let mut cursor = bob.cursor().await;
    bob.accept_group(group).await.done();
    ann.send(contact, "three").await;
    assert_eq!(said(&bob.history(contact).await.messages), ["three"]);
    assert_eq!(bob.unread(contact).await, 1);
    let events = bob.catch_up(&mut cursor).await;
    assert_eq!(texts(&events), ["", "three"]);
    assert_eq!(bob.membership(group).await.expect("a member").role, Some(Role::Member));
}

async fn a_message_sent_while_leaving_is_stored_exactly_if_accepted(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let group: Group = ann.create_group("Walkers", &[&bob]).await.ok();
    bob.accept_group(group.id).await.done();
    let contact = Contact::Group(group.id);
    let id = client_id();
    let (sent, left) =
        tokio::join!(bob.try_send(contact, &id, "bye"), bob.act("leave_group", group.id));
    left.done();
    let stored = said(&ann.history(contact).await.messages).len();
    assert_eq!(stored, usize::from(sent.status.is_success()));
}

async fn deleting_the_owners_account_hands_the_group_to_an_admin(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, dan] = four_people(&app).await;
    let group = group_of(&dan, &[&bob, &cid]).await;
    dan.set_role(group, &cid, Role::Admin).await.done();
    dan.befriend(&ann).await;
    dan.invite(group, &ann).await.done();
    let alone: Group = dan.create_group("Alone", &[&bob]).await.ok();
    let mut cursor = bob.cursor().await;
    dan.call("delete_account", &[("password", PASSWORD)]).await.done();
    assert_eq!(bob.roles(group).await, [(bob.id, Role::Member), (cid.id, Role::Owner)]);
    let events = bob.catch_up(&mut cursor).await;
    assert_eq!(system_lines(&events), [SystemLine::Left, SystemLine::Inherited { user: cid.id }]);
    assert_eq!(ann.page().await.group_invitations, [], "nobody knows any more who asks");
    assert_eq!(bob.accept_group(alone.id).await.error(), KithError::NotFound);
    ann.create_group("alone", &[]).await.ok::<Group>();
    cid.act("disband_group", group).await.done();
}

async fn disbanding_a_group_leaves_every_member_a_copy(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, _] = four_people(&app).await;
    let group = group_of(&ann, &[&bob]).await;
    let contact = Contact::Group(group);
    ann.befriend(&cid).await;
    ann.invite(group, &cid).await.done();
    ann.send(contact, "the last word").await;
    let mut cursor = bob.cursor().await;
    ann.act("disband_group", group).await.done();
    let events = bob.catch_up(&mut cursor).await;
    assert_eq!(system_lines(&events), [SystemLine::Disbanded]);
    assert!(events.iter().any(|event| event.kind == EventKind::GroupLeft { group }));
    for person in [&ann, &bob] {
        assert_eq!(said(&person.history(contact).await.messages), ["the last word"]);
        let refused = person.try_send(contact, &client_id(), "more").await.error();
        assert_eq!(refused, KithError::NotAContact);
        assert_eq!(person.membership(group).await.expect("a copy").role, None);
    }
    assert_eq!(cid.page().await.group_invitations, []);
    assert_eq!(cid.accept_group(group).await.error(), KithError::NotFound);
}

async fn a_group_message_is_stored_once_for_all_members(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, dan] = four_people(&app).await;
    let group = group_of(&ann, &[&bob, &cid, &dan]).await;
    let count = async |table: &str| app.number(&format!("SELECT COUNT(*) FROM {table}")).await;
    let marks = async || app.number("SELECT CAST(SUM(read_seq) AS BIGINT) FROM member").await;
    let before = (count("message").await, count("event").await, marks().await);
    let said = ann.send(Contact::Group(group), "hello").await;
    let after = (count("message").await, count("event").await, marks().await);
    assert_eq!((after.0, after.1), (before.0 + 1, before.1 + 1));
    let own = "SELECT COUNT(*) FROM member WHERE read_seq =";
    assert_eq!(
        app.number(&format!("{own} {}", said.seq)).await,
        1,
        "nobody's mark but the sender's"
    );
    assert!(after.2 > before.2);
    for person in [&bob, &cid, &dan] {
        assert_eq!(person.unread(Contact::Group(group)).await, 1);
    }
}
