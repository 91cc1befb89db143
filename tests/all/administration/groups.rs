//! Groups that an administrator changes without being a member.

use serde_json::json;

use crate::harness::{
    Database, LONG_MS, Person, TestApp, group_of, messages, on_both_databases, texts,
};
use kith::error::KithError;
use kith::model::administration::{AdminActor, AuditedAction};
use kith::model::validation::Invalid;
use kith::model::{
    Batch, Contact, EventKind, Group, GroupId, JoinLink, Message, Person as Known, Role, SystemLine,
};

on_both_databases!(
    administrator_creates_edits_and_disbands_a_group_without_joining_it,
    adding_a_member_joins_them_at_once_and_closes_their_invitation,
    concurrent_additions_do_not_exceed_the_member_limit,
    adding_and_removing_reject_people_who_cannot_be_members,
    member_removed_by_an_administrator_receives_nothing_after_it,
    administrator_who_left_a_group_keeps_only_their_old_copy,
    administrator_sets_approval_and_ends_the_join_link,
    administrative_group_forms_are_validated,
);

fn lines(said: &[Message]) -> Vec<SystemLine> {
    said.iter().filter_map(|message| message.system.clone()).collect()
}

async fn group(person: &Person, id: GroupId) -> Option<(Group, Option<Role>)> {
    let groups = person.page().await.groups.into_iter();
    groups.map(|part| (part.group, part.role)).find(|(group, _)| group.id == id)
}

async fn administrator_creates_edits_and_disbands_a_group_without_joining_it(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let cid = app.person("cid").await;
    let (kith, by) = (&app.kith, ann.by());
    let mut cursor = bob.cursor().await;
    let id = kith.create_group_for(by, bob.id, " Walkers ", "slow").await.expect("a group");
    kith.add_member(by, id, cid.id).await.expect("a member");
    kith.edit_group(by, id, "Runners", "fast", 12, false).await.expect("edited");
    kith.admin_set_role(by, id, cid.id, Role::Owner).await.expect("handed over");
    let (seen, role) = group(&bob, id).await.expect("a group of bob's");
    assert_eq!((&*seen.name, &*seen.description, seen.max_members), ("Runners", "fast", 12));
    assert_eq!((seen.members, role), (2, Some(Role::Admin)));
    let events = bob.catch_up(&mut cursor).await;
    let said = messages(&events);
    let told = [
        SystemLine::Created,
        SystemLine::Admitted { user: cid.id },
        SystemLine::Renamed { name: "Runners".into() },
        SystemLine::RoleSet { user: cid.id, role: Role::Owner },
    ];
    assert_eq!(lines(&said), told);
    let senders: Vec<_> = said.iter().map(|message| message.sender).collect();
    assert_eq!(senders, [ann.id; 4]);
    let names: Vec<Known> = bob.ask("people_by_id", json!({ "ids": [ann.id] })).await.ok();
    assert_eq!(names[0].username, "ann", "who did it has a name for those who read it");
    let parts = format!("SELECT COUNT(*) FROM member WHERE user_id = {}", ann.id);
    assert_eq!(app.number(&parts).await, 0, "she is not in it");
    let contact = Contact::Group(id);
    assert_eq!(ann.try_history(contact, None).await.error(), KithError::NotAContact);

    bob.send(contact, "the last word").await;
    kith.admin_disband_group(by, id).await.expect("ended");
    assert_eq!(group(&bob, id).await.expect("a copy").1, None);
    let said = bob.history(contact).await.messages;
    assert_eq!(lines(&said).last(), Some(&SystemLine::Disbanded));
    kith.create_group_for(by, cid.id, "runners", "").await.expect("the name is free again");
}

async fn adding_a_member_joins_them_at_once_and_closes_their_invitation(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let cid = app.person("cid").await;
    let id = group_of(&bob, &[]).await;
    bob.befriend(&cid).await;
    bob.ask("invite_to_group", json!({ "group": id, "users": [cid.id] })).await.done();
    assert_eq!(cid.page().await.group_invitations.len(), 1);
    let held = app.hold(&cid, &cid.cursor().await, LONG_MS).await;
    app.kith.add_member(ann.by(), id, cid.id).await.expect("a member");
    let events = held.answer().await.ok::<Batch>().events;
    assert_eq!(events[0].kind, EventKind::GroupInvitationClosed { group: id });
    assert!(matches!(&events[1].kind, EventKind::GroupJoined { role: Role::Member, .. }));
    assert_eq!(lines(&messages(&events)), [SystemLine::Admitted { user: cid.id }]);
    assert_eq!(cid.page().await.group_invitations, []);
    cid.send(Contact::Group(id), "hello").await;
}

async fn concurrent_additions_do_not_exceed_the_member_limit(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let (cid, dan) = (app.person("cid").await, app.person("dan").await);
    let beside = app.beside().await;
    let id = group_of(&bob, &[]).await;
    app.kith.edit_group(ann.by(), id, "Walkers", "", 2, false).await.expect("a ceiling");
    bob.befriend(&dan).await;
    bob.ask("invite_to_group", json!({ "group": id, "users": [dan.id] })).await.done();
    let (added, accepted) = tokio::join!(
        app.kith.add_member(ann.by(), id, cid.id),
        beside.kith.add_member(ann.by(), id, dan.id)
    );
    assert!(added.is_ok() != accepted.is_ok(), "{added:?} {accepted:?}");
    assert_eq!(added.err().or(accepted.err()), Some(KithError::GroupFull));
    assert_eq!(group(&bob, id).await.expect("the group").0.members, 2);
}

async fn adding_and_removing_reject_people_who_cannot_be_members(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let (cid, dan) = (app.person("cid").await, app.person("dan").await);
    let (kith, by) = (&app.kith, ann.by());
    let id = group_of(&bob, &[]).await;
    kith.set_disabled(by, cid.id, true).await.expect("disabled");
    kith.delete_user(by, dan.id).await.expect("deleted");
    assert_eq!(kith.add_member(by, id, cid.id).await, Err(KithError::AccountDisabled));
    assert_eq!(kith.add_member(by, id, dan.id).await, Err(KithError::NotFound));
    let owned = kith.create_group_for(by, cid.id, "New", "").await;
    assert_eq!(owned, Err(KithError::AccountDisabled));
    assert_eq!(kith.admin_remove_member(by, id, bob.id).await, Err(KithError::NotAllowed));
    assert_eq!(kith.admin_set_role(by, id, bob.id, Role::Member).await, Err(KithError::NotAllowed));
    assert_eq!(kith.admin_set_role(by, id, cid.id, Role::Admin).await, Err(KithError::NotFound));
    assert_eq!(kith.add_member(AdminActor::Operator, id, ann.id).await, Err(KithError::NotAllowed));
    assert_eq!(group(&bob, id).await.expect("the group").0.members, 1);
}

async fn member_removed_by_an_administrator_receives_nothing_after_it(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let cid = app.person("cid").await;
    let id = group_of(&bob, &[&cid]).await;
    let contact = Contact::Group(id);
    let mut cursor = cid.cursor().await;
    let held = app.hold(&cid, &cursor, LONG_MS).await;
    app.kith.admin_remove_member(ann.by(), id, cid.id).await.expect("removed");
    bob.send(contact, "without cid").await;
    let events = held.answer().await.ok::<Batch>().events;
    assert!(events.iter().any(|event| event.kind == EventKind::GroupLeft { group: id }));
    let events = cid.catch_up(&mut cursor).await;
    assert_eq!(lines(&messages(&events)), [SystemLine::Removed { user: cid.id }]);
    assert!(!texts(&events).contains(&"without cid".to_string()));
}

async fn administrator_who_left_a_group_keeps_only_their_old_copy(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let id = group_of(&bob, &[&ann]).await;
    let contact = Contact::Group(id);
    bob.send(contact, "unread").await;
    bob.ask("remove_member", json!({ "group": id, "user": ann.id })).await.done();
    let before = ann.conversation(contact).await.expect("a copy");
    bob.send(contact, "not for ann").await;
    app.kith.edit_group(ann.by(), id, "Runners", "", 9, false).await.expect("edited");
    assert_eq!(ann.conversation(contact).await, Some(before), "what waits for her still waits");
    assert_eq!(group(&ann, id).await.expect("a copy").0.name, "Walkers", "as it was then");
}

async fn administrator_sets_approval_and_ends_the_join_link(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let cid = app.person("cid").await;
    let (kith, by) = (&app.kith, ann.by());
    let id = group_of(&bob, &[]).await;
    let link: JoinLink = bob.ask("make_join_link", json!({ "group": id, "days": 3 })).await.ok();
    assert_eq!(kith.group_details(by, id).await.expect("a group").link_until, Some(link.until));
    kith.edit_group(by, id, "Walkers", "", 200, true).await.expect("one by one");
    cid.call("join_by_link", &[("token", &link.token)]).await.done();
    let details = kith.group_details(by, id).await.expect("a group");
    assert_eq!((details.group.approve, details.group.asking, details.group.members), (true, 1, 1));
    kith.end_join_link(by, id).await.expect("ended");
    assert_eq!(kith.group_details(by, id).await.expect("a group").link_until, None);
    let noted = kith.audit_log(AdminActor::Operator, 1).await.expect("the audit log").rows;
    assert_eq!(noted[0].act, AuditedAction::EndJoinLink { group: id, name: "Walkers".into() });
    let refused = cid.call("join_by_link", &[("token", &link.token)]).await.error();
    assert_eq!(refused, KithError::NotFound);
}

async fn administrative_group_forms_are_validated(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let (kith, by) = (&app.kith, ann.by());
    let id = group_of(&bob, &[]).await;
    kith.create_group_for(by, bob.id, "Taken", "").await.expect("a group");
    for (name, description, max_members, why) in [
        (" ", "", 9, KithError::Invalid(Invalid::GroupNameLength)),
        ("a\nb", "", 9, KithError::Invalid(Invalid::GroupNameCharacters)),
        ("Walkers", &*"x".repeat(256), 9, KithError::Invalid(Invalid::GroupDescriptionTooLong)),
        ("Walkers", "", 0, KithError::Invalid(Invalid::GroupCeiling)),
        ("Walkers", "", 501, KithError::Invalid(Invalid::GroupCeiling)),
        ("TAKEN", "", 200, KithError::GroupNameTaken),
    ] {
        let refused = kith.edit_group(by, id, name, description, max_members, false).await;
        assert_eq!(refused, Err(why), "{name:?} {max_members}");
    }
    let made = kith.create_group_for(by, bob.id, "walkers", "").await;
    assert_eq!(made, Err(KithError::GroupNameTaken));
    kith.edit_group(by, id, "Walkers", "", 500, false).await.expect("up to the ceiling");
}
