//! Disabled accounts: signed out at once, and unchanged when they are enabled again.

use http::StatusCode;

use serde_json::json;

use crate::harness::{
    Answer, Browser, Database, LONG_MS, PASSWORD, Person, TestApp, eventually, group_of, messages,
    on_both_databases,
};
use kith::error::KithError;
use kith::model::administration::AdminActor;
use kith::model::{Batch, Contact, Contacts, GroupId, GroupMembers, Role, SystemLine, UserId};

on_both_databases!(
    disabling_signs_out_at_once_and_enabling_restores_everything,
    disabled_accounts_are_named_only_after_the_right_password,
    concurrent_sign_in_does_not_survive_disabling,
    disabled_people_are_not_found_listed_or_online,
    disabling_an_owner_hands_the_group_over_for_good,
    groups_are_not_handed_to_disabled_members,
    system_lines_about_disabled_members_do_not_move_their_read_marks,
);

async fn sign_in(browser: &Browser, username: &str, password: &str) -> Answer {
    browser.call("sign_in", &[("username", username), ("password", password)]).await
}

impl TestApp {
    async fn disable(&self, user: &Person, disabled: bool) {
        let done = self.kith.set_disabled(AdminActor::Operator, user.id, disabled).await;
        done.expect("disabled or enabled");
    }

    async fn roles(&self, group: GroupId) -> Vec<(UserId, Role)> {
        let GroupMembers { members, .. } =
            self.kith.group_details(AdminActor::Operator, group).await.expect("a group").members;
        members.iter().map(|member| (member.person.id, member.role)).collect()
    }
}

async fn disabling_signs_out_at_once_and_enabling_restores_everything(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    bob.send(ann.contact(), "before").await;
    let held = app.hold(&bob, &bob.cursor().await, LONG_MS).await;
    app.disable(&bob, true).await;
    assert_eq!(held.answer().await.error(), KithError::Unauthorised);
    assert_eq!(bob.ask("sign_ins", json!({})).await.error(), KithError::Unauthorised);
    let refused = sign_in(&app.anonymous(), "bob", PASSWORD).await;
    assert_eq!(
        (refused.status, refused.error()),
        (StatusCode::FORBIDDEN, KithError::AccountDisabled)
    );
    assert_eq!(ann.page().await.friends.len(), 1, "still a friend");
    assert_eq!(ann.history(bob.contact()).await.messages.len(), 1);
    ann.send(bob.contact(), "for later").await;

    let app = app.restarted().await;
    assert_eq!(
        sign_in(&app.anonymous(), "bob", PASSWORD).await.error(),
        KithError::AccountDisabled
    );
    app.disable(&bob, false).await;
    let bob = bob.other_device(&app).await;
    assert_eq!(bob.unread(ann.contact()).await, 1);
    assert_eq!(bob.page().await.friends.len(), 1);
    bob.send(ann.contact(), "back").await;
}

async fn disabled_accounts_are_named_only_after_the_right_password(database: Database) {
    let app = TestApp::start(database).await;
    app.person("ann").await;
    let bob = app.person("bob").await;
    app.disable(&bob, true).await;
    let browser = app.anonymous();
    assert_eq!(sign_in(&browser, "bob", "wrong horse").await.error(), KithError::WrongPassword);
    assert_eq!(sign_in(&browser, "bob", PASSWORD).await.error(), KithError::AccountDisabled);
    app.kith.delete_user(AdminActor::Operator, bob.id).await.expect("deleted");
    assert_eq!(sign_in(&browser, "bob", PASSWORD).await.error(), KithError::WrongPassword);
    app.person("bob").await;
}

/// The account may be disabled between the check of the password and the write of the sign-in.
async fn concurrent_sign_in_does_not_survive_disabling(database: Database) {
    let app = TestApp::start(database).await;
    app.person("ann").await;
    let bob = app.person("bob").await;
    for _ in 0..5 {
        let browser = app.anonymous();
        let (signed, ()) =
            tokio::join!(sign_in(&browser, "bob", PASSWORD), app.disable(&bob, true));
        if signed.status == StatusCode::OK {
            let late = browser.signed_in_by(&signed).ask("sign_ins", &json!({})).await;
            assert_eq!(late.error(), KithError::Unauthorised);
        } else {
            assert_eq!(signed.error(), KithError::AccountDisabled);
        }
        assert_eq!(app.number("SELECT COUNT(*) FROM sign_in WHERE user_id = 2").await, 0);
        app.disable(&bob, false).await;
    }
}

async fn disabled_people_are_not_found_listed_or_online(database: Database) {
    let app = TestApp::with(database, |setup| setup.policy.contacts = Contacts::Everyone).await;
    let (ann, bob) = app.two_friends().await;
    let held = app.hold(&bob, &bob.cursor().await, LONG_MS).await;
    eventually("bob is there", async || ann.presence().await.online == [bob.id]).await;
    app.disable(&bob, true).await;
    held.answer().await.error();
    eventually("bob is gone", async || ann.presence().await.online.is_empty()).await;
    for text in ["bob", ""] {
        assert_eq!(ann.find(text).await.people, [], "{text:?}");
    }
    let held = app.hold(&ann, &ann.cursor().await, LONG_MS).await;
    app.disable(&bob, false).await;
    let events = held.answer().await.ok::<Batch>().events;
    assert_eq!(events.len(), 1, "who is back is told like who is new: {events:?}");
    assert_eq!(ann.find("").await.people.len(), 1);
}

async fn disabling_an_owner_hands_the_group_over_for_good(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let (cid, dan) = (app.person("cid").await, app.person("dan").await);
    let group = group_of(&bob, &[&cid, &dan, &ann]).await;
    let by = ann.by();
    app.kith.admin_set_role(by, group, dan.id, Role::Admin).await.expect("an admin");
    let alone = app.kith.create_group_for(by, bob.id, "Alone", "").await.expect("a group");
    let mut cursor = cid.cursor().await;
    app.disable(&bob, true).await;
    let roles = [
        (bob.id, Role::Admin),
        (cid.id, Role::Member),
        (dan.id, Role::Owner),
        (ann.id, Role::Member),
    ];
    assert_eq!(app.roles(group).await, roles, "the admin, although cid is in it for longer");
    assert_eq!(app.roles(alone).await, [(bob.id, Role::Owner)], "there is nobody else");
    let events = cid.catch_up(&mut cursor).await;
    let lines = messages(&events);
    let [line] = &lines[..] else { panic!("{lines:?}") };
    assert_eq!(line.system, Some(SystemLine::Inherited { user: dan.id }));
    app.disable(&bob, false).await;
    assert_eq!(app.roles(group).await, roles);
}

async fn groups_are_not_handed_to_disabled_members(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let cid = app.person("cid").await;
    let group = group_of(&bob, &[&cid, &ann]).await;
    app.disable(&cid, true).await;
    let body = json!({ "group": group, "user": cid.id, "role": Role::Owner });
    assert_eq!(bob.ask("set_role", body).await.error(), KithError::AccountDisabled);
    let refused = app.kith.admin_set_role(ann.by(), group, cid.id, Role::Owner).await;
    assert_eq!(refused, Err(KithError::AccountDisabled));
    app.disable(&bob, true).await;
    assert_eq!(app.roles(group).await[2], (ann.id, Role::Owner), "the others are disabled");
    app.kith.admin_remove_member(ann.by(), group, bob.id).await.expect("removed");
    app.kith.delete_user(AdminActor::Operator, cid.id).await.expect("deleted");
    assert_eq!(app.roles(group).await, [(ann.id, Role::Owner)]);

    // A disabled owner, who may return, is better than the end of the group.
    let dan = app.person("dan").await;
    let other = app.kith.create_group_for(ann.by(), dan.id, "Other", "").await.expect("a group");
    app.kith.set_disabled(ann.by(), bob.id, false).await.expect("enabled");
    app.kith.add_member(ann.by(), other, bob.id).await.expect("a member");
    app.disable(&bob, true).await;
    app.disable(&dan, true).await;
    assert_eq!(app.roles(other).await[0], (dan.id, Role::Owner), "nobody is there to take it");
    app.kith.delete_user(AdminActor::Operator, dan.id).await.expect("deleted");
    assert_eq!(app.roles(other).await, [(bob.id, Role::Owner)]);
}

async fn system_lines_about_disabled_members_do_not_move_their_read_marks(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let group = group_of(&bob, &[&ann]).await;
    let contact = Contact::Group(group);
    ann.send(contact, "one").await;
    ann.send(contact, "two").await;
    assert_eq!(bob.unread(contact).await, 2);
    app.disable(&bob, true).await;
    app.disable(&bob, false).await;
    let bob = bob.other_device(&app).await;
    assert_eq!(bob.unread(contact).await, 2);
}
