//! Creating a group, inviting people into it, and its limits.

use serde_json::json;

use crate::harness::{
    Answer, Database, Person, TestApp, client_id, four_people, group_of, on_both_databases, said,
    system_lines,
};
use kith::error::KithError;
use kith::model::limits::{GROUP_DESCRIPTION_MAX, GROUP_NAME_MAX};
use kith::model::validation::Invalid;
use kith::model::{Contact, Event, EventKind, Group, GroupMembers, Role, SystemLine};

on_both_databases!(
    creating_a_group_invites_people_who_join_by_accepting,
    group_names_are_unique_without_regard_to_case_until_the_group_ends,
    invitations_reach_only_contacts_of_the_inviter,
    declined_and_withdrawn_invitations_are_gone,
    removing_a_member_ends_the_invitations_they_sent,
    group_names_and_descriptions_are_validated,
    concurrent_accepts_do_not_exceed_the_member_limit,
    lowering_the_member_limit_removes_no_member,
);

async fn creating_a_group_invites_people_who_join_by_accepting(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let (mut at_ann, mut at_bob) = (ann.cursor().await, bob.cursor().await);
    let group: Group = ann.create_group("  Walkers ", &[&bob]).await.ok();
    assert_eq!((group.name.as_str(), group.max_members, group.members), ("Walkers", 200, 1));
    let contact = Contact::Group(group.id);

    let events = ann.catch_up(&mut at_ann).await;
    assert!(matches!(&events[0].kind, EventKind::GroupJoined { role: Role::Owner, .. }));
    assert_eq!(system_lines(&events), [SystemLine::Created]);
    let events = bob.catch_up(&mut at_bob).await;
    let [Event { kind: EventKind::GroupInvited { invitation }, .. }] = &events[..] else {
        panic!("{events:?}");
    };
    assert_eq!((invitation.group, invitation.by.id), (group.id, ann.id));
    assert_eq!(&bob.page().await.group_invitations[..], std::slice::from_ref(invitation));
    assert_eq!(bob.membership(group.id).await, None, "who was asked is no member yet");
    assert_eq!(bob.try_send(contact, &client_id(), "in?").await.error(), KithError::NotAContact);

    bob.accept_group(group.id).await.done();
    bob.accept_group(group.id).await.done();
    let events = bob.catch_up(&mut at_bob).await;
    assert!(matches!(&events[0].kind, EventKind::GroupInvitationClosed { .. }), "{events:?}");
    let EventKind::GroupJoined { group: joined, role, last_seq, .. } = &events[1].kind else {
        panic!("{events:?}");
    };
    assert_eq!((joined.id, joined.members, *role, *last_seq), (group.id, 2, Role::Member, 1));
    assert_eq!(system_lines(&events), [SystemLine::Joined { by: ann.id }]);
    assert_eq!(bob.page().await.group_invitations, []);
    let events = ann.catch_up(&mut at_ann).await;
    assert!(events.iter().any(|event| matches!(&event.kind,
        EventKind::MemberChanged { person, role: Some(Role::Member), members: 2, .. }
            if person.id == bob.id)));
    assert_eq!(ann.roles(group.id).await, [(ann.id, Role::Owner), (bob.id, Role::Member)]);

    ann.send(contact, "welcome").await;
    assert_eq!(bob.unread(contact).await, 1);
    assert_eq!(said(&bob.history(contact).await.messages), ["welcome"]);
}

async fn group_names_are_unique_without_regard_to_case_until_the_group_ends(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let group: Group = ann.create_group("Straße 群", &[]).await.ok();
    for same in ["straße 群", "STRASSE 群", " Straße  群 "] {
        assert_eq!(bob.create_group(same, &[]).await.error(), KithError::GroupNameTaken, "{same}");
    }
    let other: Group = bob.create_group("Other", &[]).await.ok();
    let body = json!({ "group": other.id, "name": "Straße 群", "description": "" });
    assert_eq!(bob.ask("set_group", body).await.error(), KithError::GroupNameTaken);
    let own = json!({ "group": group.id, "name": "STRASSE 群", "description": "" });
    ann.ask("set_group", own).await.done();
    ann.act("disband_group", group.id).await.done();
    bob.create_group("straße 群", &[]).await.ok::<Group>();
}

async fn invitations_reach_only_contacts_of_the_inviter(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, _] = four_people(&app).await;
    let group = group_of(&ann, &[&bob]).await;
    assert_eq!(ann.invite(group, &cid).await.error(), KithError::NotAContact);
    ann.befriend(&cid).await;
    cid.set_blocked(&ann, true).await.done();
    assert_eq!(ann.invite(group, &cid).await.error(), KithError::NotAContact);
    let many = json!({ "group": group, "users": [bob.id, cid.id, ann.id, 99] });
    ann.ask("invite_to_group", many).await.done();
    assert_eq!(cid.page().await.group_invitations, []);
    assert_eq!(cid.accept_group(group).await.error(), KithError::NotFound);
    let far = json!({ "group": group, "users": (0..101).collect::<Vec<_>>() });
    assert!(matches!(ann.ask("invite_to_group", far).await.error(), KithError::BadRequest(_)));
}

async fn declined_and_withdrawn_invitations_are_gone(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, dan] = four_people(&app).await;
    let group = group_of(&ann, &[&bob]).await;
    let close = async |by: &Person, user: &Person| {
        let body = json!({ "group": group, "user": user.id });
        by.ask("close_group_invitation", body).await
    };
    for person in [&cid, &dan] {
        bob.befriend(person).await;
        bob.invite(group, person).await.done();
    }
    let mut cursor = cid.cursor().await;
    // Neither answer tells a stranger who was invited.
    assert_eq!(close(&dan, &cid).await.error(), KithError::NotAContact);
    assert_eq!(close(&dan, &ann).await.error(), KithError::NotAContact);
    close(&cid, &cid).await.done();
    close(&cid, &cid).await.done();
    close(&bob, &dan).await.done();
    for person in [&cid, &dan] {
        assert_eq!(person.page().await.group_invitations, []);
        assert_eq!(person.accept_group(group).await.error(), KithError::NotFound);
    }
    let events = cid.catch_up(&mut cursor).await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].kind, EventKind::GroupInvitationClosed { group });
}

async fn removing_a_member_ends_the_invitations_they_sent(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, _] = four_people(&app).await;
    let group = group_of(&ann, &[&bob]).await;
    bob.befriend(&cid).await;
    bob.invite(group, &cid).await.done();
    ann.remove_member(group, &bob).await.done();
    assert_eq!(cid.page().await.group_invitations, []);
    assert_eq!(cid.accept_group(group).await.error(), KithError::NotFound);
}

async fn group_names_and_descriptions_are_validated(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    let long_name = "群".repeat(GROUP_NAME_MAX + 1);
    for (name, invalid) in [
        ("", Invalid::GroupNameLength),
        (" \u{200b} ", Invalid::GroupNameLength),
        (long_name.as_str(), Invalid::GroupNameLength),
        ("a\nb", Invalid::GroupNameCharacters),
        ("a\u{202e}b", Invalid::GroupNameCharacters),
    ] {
        let refused = ann.create_group(name, &[]).await.error();
        assert_eq!(refused, KithError::Invalid(invalid), "{name:?}");
    }
    let long = "x".repeat(GROUP_DESCRIPTION_MAX + 1);
    let body = json!({ "name": "Fine", "description": long, "invited": [] });
    let refused = ann.ask("create_group", body).await.error();
    assert_eq!(refused, KithError::Invalid(Invalid::GroupDescriptionTooLong));
    let body = json!({ "name": "Fine", "description": " two\r\nlines ", "invited": [] });
    let group: Group = ann.ask("create_group", body).await.ok();
    assert_eq!(group.description, "two\nlines");
    ann.create_group(&"群".repeat(GROUP_NAME_MAX), &[]).await.ok::<Group>();
}

async fn concurrent_accepts_do_not_exceed_the_member_limit(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, dan] = four_people(&app).await;
    let group = group_of(&ann, &[&bob]).await;
    for person in [&cid, &dan] {
        ann.befriend(person).await;
        ann.invite(group, person).await.done();
    }
    ann.set_ceiling(group, "Walkers", 3).await.done();
    let (one, other) = tokio::join!(cid.accept_group(group), dan.accept_group(group));
    let refused: Vec<KithError> = [&one, &other]
        .into_iter()
        .filter(|answer| !answer.status.is_success())
        .map(Answer::error)
        .collect();
    assert_eq!(refused, [KithError::GroupFull]);
    assert_eq!(ann.roles(group).await.len(), 3);
    let waiting: GroupMembers = ann.act("group_members", group).await.ok();
    assert_eq!(waiting.invited.len(), 1, "who found no room may try again later");
}

async fn lowering_the_member_limit_removes_no_member(database: Database) {
    let app = TestApp::start(database).await;
    let [ann, bob, cid, dan] = four_people(&app).await;
    let group = group_of(&ann, &[&bob, &cid]).await;
    ann.set_ceiling(group, "Walkers", 2).await.done();
    assert_eq!(ann.roles(group).await.len(), 3);
    ann.befriend(&dan).await;
    ann.invite(group, &dan).await.done();
    assert_eq!(dan.accept_group(group).await.error(), KithError::GroupFull);
    cid.act("leave_group", group).await.done();
    bob.act("leave_group", group).await.done();
    dan.accept_group(group).await.done();
    for wrong in [0, -1, 501] {
        let refused = ann.set_ceiling(group, "Walkers", wrong).await.error();
        assert_eq!(refused, KithError::Invalid(Invalid::GroupCeiling), "{wrong}");
    }
}
