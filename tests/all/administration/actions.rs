//! Administrative actions: their effects, their entries in the audit log, and their permissions.

use crate::harness::{
    Database, LONG_MS, PASSWORD, TestApp, account, audit, group_of, on_both_databases,
};
use kith::error::{KithError, Result};
use kith::model::administration::{AccountQuery, AdminActor, AuditedAction, RegistrationMode};
use kith::model::{GroupId, Role, UserId};

on_both_databases!(
    every_administrative_action_is_done_and_in_the_audit_log,
    actions_that_change_nothing_are_not_in_the_audit_log,
    administration_is_not_found_by_plain_users,
    last_administrator_cannot_be_removed_disabled_or_deleted,
    concurrent_demotions_leave_one_administrator,
    renamed_accounts_are_announced_and_usernames_stay_unique,
    signing_a_user_out_ends_all_their_sign_ins_and_receives,
);

async fn every_administrative_action_is_done_and_in_the_audit_log(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let (kith, by) = (&app.kith, ann.by());
    let cid = kith.create_user(by, account("cid"), false, true).await.expect("an account");
    kith.edit_user(by, cid, "cyd", "Cyd", "sings").await.expect("edited");
    kith.set_password(by, cid, "a secret of cyd".into(), false).await.expect("a password");
    kith.set_disabled(by, cid, true).await.expect("disabled");
    kith.set_disabled(by, cid, false).await.expect("enabled");
    kith.set_administrator(by, cid, true).await.expect("an administrator");
    kith.sign_out_user(by, bob.id).await.expect("signed out");
    kith.end_friendship(by, bob.id, ann.id).await.expect("no friends any more");
    let group = kith.create_group_for(by, bob.id, "Walkers", "").await.expect("a group");
    kith.edit_group(by, group, "Runners", "fast", 3, false).await.expect("edited");
    kith.add_member(by, group, cid).await.expect("a member");
    kith.admin_set_role(by, group, cid, Role::Owner).await.expect("the owner");
    kith.admin_remove_member(by, group, bob.id).await.expect("removed");
    kith.admin_disband_group(by, group).await.expect("disbanded");
    kith.set_registration(by, RegistrationMode::ByLink).await.expect("by link");
    let link = kith.create_registration_link(by, 5, 2).await.expect("a link");
    kith.revoke_registration_link(by, &link.token).await.expect("revoked");
    kith.delete_user(AdminActor::Operator, cid).await.expect("deleted");

    let (bob, bobs) = (bob.id, || "bob".to_string());
    let (cyd, walkers, runners) =
        (|| "cyd".to_string(), || "Walkers".to_string(), || "Runners".to_string());
    let done = [
        AuditedAction::CreateUser { user: cid, username: "cid".into(), administrator: false },
        AuditedAction::EditUser {
            user: cid,
            username: cyd(),
            display_name: "Cyd".into(),
            was: Some("cid".into()),
        },
        AuditedAction::SetPassword { user: cid, username: cyd() },
        AuditedAction::DisableUser { user: cid, username: cyd() },
        AuditedAction::EnableUser { user: cid, username: cyd() },
        AuditedAction::SetAdministrator { user: cid, username: cyd(), administrator: true },
        AuditedAction::SignOutUser { user: bob, username: bobs() },
        AuditedAction::EndFriendship {
            user: bob,
            username: bobs(),
            friend: ann.id,
            friend_username: "ann".into(),
        },
        AuditedAction::CreateGroup { group, name: walkers() },
        AuditedAction::EditGroup { group, name: runners(), was: Some(walkers()) },
        AuditedAction::AddMember { group, name: runners(), user: cid, username: cyd() },
        AuditedAction::SetRole {
            group,
            name: runners(),
            user: cid,
            username: cyd(),
            role: Role::Owner,
        },
        AuditedAction::RemoveMember { group, name: runners(), user: bob, username: bobs() },
        AuditedAction::DisbandGroup { group, name: runners() },
        AuditedAction::SetRegistration { mode: RegistrationMode::ByLink },
        AuditedAction::CreateRegistrationLink { uses: 5, until: link.until },
        AuditedAction::RevokeRegistrationLink,
        AuditedAction::DeleteUser { user: cid, username: cyd() },
    ];
    let mut log = audit(&app).await;
    assert_eq!(log[0].by, None, "the operator has no name");
    assert!(log[1..].iter().all(|entry| entry.by.as_deref() == Some("ann")), "{log:#?}");
    assert!(log.iter().is_sorted_by(|one, next| one.id > next.id), "the newest first");
    log.reverse();
    assert_eq!(log.into_iter().map(|entry| entry.act).collect::<Vec<_>>(), done);
    let told = format!(
        "SELECT COUNT(*) FROM audit WHERE act LIKE '%secret%' OR act LIKE '%argon2%' \
         OR act LIKE '%{}%' OR act LIKE '%{PASSWORD}%'",
        link.token
    );
    assert_eq!(app.number(&told).await, 0, "neither passwords nor tokens");
}

async fn actions_that_change_nothing_are_not_in_the_audit_log(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let (kith, by) = (&app.kith, ann.by());
    let group = kith.create_group_for(by, bob.id, "Walkers", "").await.expect("a group");
    let noted = audit(&app).await.len();
    kith.edit_user(by, bob.id, "bob", "Bob", "").await.expect("the same");
    kith.set_disabled(by, bob.id, false).await.expect("he is not");
    kith.set_administrator(by, bob.id, false).await.expect("nor is he that");
    kith.end_friendship(by, bob.id, ann.id).await.expect("there is none");
    kith.edit_group(by, group, "Walkers", "", 200, false).await.expect("the same");
    kith.end_join_link(by, group).await.expect("there is none");
    kith.add_member(by, group, bob.id).await.expect("he is in it");
    kith.admin_remove_member(by, group, ann.id).await.expect("she is not");
    kith.admin_set_role(by, group, bob.id, Role::Owner).await.expect("he is");
    kith.sign_out_user(by, bob.id).await.expect("signed out");
    kith.sign_out_user(by, bob.id).await.expect("signed out already");
    kith.set_registration(by, RegistrationMode::Open).await.expect("decided");
    kith.set_registration(by, RegistrationMode::Open).await.expect("decided already");
    assert_eq!(audit(&app).await.len(), noted + 2, "one sign-out, one decision");
    for nobody in [UserId(99), UserId(-1), UserId(0)] {
        let refused = [
            kith.edit_user(by, nobody, "new", "New", "").await,
            kith.set_disabled(by, nobody, true).await,
            kith.set_password(by, nobody, PASSWORD.into(), false).await,
            kith.sign_out_user(by, nobody).await,
            kith.set_administrator(by, nobody, true).await,
            kith.set_administrator(by, nobody, false).await,
            kith.delete_user(by, nobody).await,
            kith.end_friendship(by, nobody, bob.id).await,
            kith.end_friendship(by, bob.id, nobody).await,
            kith.create_group_for(by, nobody, "New", "").await.map(drop),
            kith.add_member(by, group, nobody).await,
            kith.add_member(by, GroupId(nobody.0), bob.id).await,
            kith.edit_group(by, GroupId(nobody.0), "New", "", 9, false).await,
            kith.end_join_link(by, GroupId(nobody.0)).await,
            kith.admin_disband_group(by, GroupId(nobody.0)).await,
            kith.account(by, nobody).await.map(drop),
            kith.group_details(by, GroupId(nobody.0)).await.map(drop),
        ];
        assert_eq!(refused, std::array::from_fn(|_| Err(KithError::NotFound)));
    }
    assert_eq!(audit(&app).await.len(), noted + 2);
}

/// The results of all administrative actions by `by` on `user` and `group`.
async fn everything(
    app: &TestApp,
    by: AdminActor,
    user: UserId,
    group: GroupId,
) -> Vec<Result<()>> {
    let kith = &app.kith;
    let page = AccountQuery::default();
    vec![
        kith.overview(by).await.map(drop),
        kith.accounts(by, page).await.map(drop),
        kith.account(by, user).await.map(drop),
        kith.user_named(by, "eve").await.map(drop),
        kith.create_user(by, account("new"), true, false).await.map(drop),
        kith.edit_user(by, user, "other", "Other", "other").await,
        kith.set_disabled(by, user, true).await,
        kith.set_password(by, user, "another horse".into(), true).await,
        kith.sign_out_user(by, user).await,
        kith.set_administrator(by, user, true).await,
        kith.end_friendship(by, user, UserId(1)).await,
        kith.delete_user(by, user).await,
        kith.groups_table(by, "", 1).await.map(drop),
        kith.group_details(by, group).await.map(drop),
        kith.create_group_for(by, user, "New", "").await.map(drop),
        kith.edit_group(by, group, "Other", "other", 7, false).await,
        kith.add_member(by, group, user).await,
        kith.admin_remove_member(by, group, UserId(2)).await,
        kith.admin_set_role(by, group, UserId(2), Role::Owner).await,
        kith.end_join_link(by, group).await,
        kith.admin_disband_group(by, group).await,
        kith.registration_state(by).await.map(drop),
        kith.set_registration(by, RegistrationMode::Closed).await,
        kith.create_registration_link(by, 1, 1).await.map(drop),
        kith.revoke_registration_link(by, "none").await,
        kith.audit_log(by, 1).await.map(drop),
    ]
}

async fn administration_is_not_found_by_plain_users(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let (cid, dan, eve) =
        (app.person("cid").await, app.person("dan").await, app.person("eve").await);
    let fay = app.person("fay").await;
    let group = group_of(&ann, &[&bob]).await;
    eve.befriend(&ann).await;
    let kith = &app.kith;
    for person in [&cid, &dan, &fay] {
        kith.set_administrator(ann.by(), person.id, true).await.expect("an administrator");
    }
    kith.set_administrator(ann.by(), cid.id, false).await.expect("unmade meanwhile");
    kith.set_disabled(ann.by(), dan.id, true).await.expect("disabled");
    kith.delete_user(ann.by(), fay.id).await.expect("gone");
    let state = async || {
        let of = async |columns: &str, table: &str| {
            let sum = format!("CAST(COALESCE(SUM({columns}), 0) AS BIGINT)");
            app.number(&format!("SELECT {sum} FROM {table}")).await
        };
        [
            of("id * (administrator + 2 * disabled + 4 * deleted + LENGTH(username))", "users")
                .await,
            of("LENGTH(password_hash) + LENGTH(bio)", "users").await,
            of("user_id", "sign_in").await,
            of("user_id", "friendship").await,
            of("max_members + owner_id + 2 * disbanded + LENGTH(name)", "chat_group").await,
            of("user_id * role * COALESCE(left_seq, 1)", "member").await,
            of("1", "registration WHERE mode IS NOT NULL").await,
            of("uses_left", "registration_link").await,
            of("1", "audit").await,
            of("1", "event").await,
        ]
    };
    let before = state().await;
    for stranger in [bob.id, cid.id, dan.id, fay.id, UserId(99)] {
        let by = AdminActor::Administrator(stranger);
        let refused = everything(&app, by, eve.id, group).await;
        assert!(refused.iter().all(|r| *r == Err(KithError::NotFound)), "{stranger}: {refused:?}");
    }
    assert_eq!(state().await, before);
    let refused = everything(&app, AdminActor::Operator, eve.id, group).await;
    let in_groups = std::array::from_fn::<_, 6, _>(|_| Err(KithError::NotAllowed));
    assert_eq!(refused[14..20], in_groups, "no line is said in nobody's name");
    assert_ne!(state().await, before, "the operator may do the rest");
}

async fn last_administrator_cannot_be_removed_disabled_or_deleted(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let kith = &app.kith;
    let last = Err(KithError::LastAdministrator);
    assert_eq!(kith.set_administrator(ann.by(), ann.id, false).await, last);
    assert_eq!(kith.set_disabled(AdminActor::Operator, ann.id, true).await, last);
    assert_eq!(kith.delete_user(AdminActor::Operator, ann.id).await, last);
    kith.set_administrator(ann.by(), bob.id, true).await.expect("another one");
    kith.set_disabled(ann.by(), bob.id, true).await.expect("who is disabled");
    assert_eq!(kith.delete_user(AdminActor::Operator, ann.id).await, last, "is no help");
    let deleted = ann.call("delete_account", &[("password", PASSWORD)]).await;
    assert_eq!(deleted.error(), KithError::LastAdministrator);
    let cid = app.person("cid").await;
    kith.set_disabled(ann.by(), cid.id, true).await.expect("disabled");
    let refused = kith.set_administrator(ann.by(), cid.id, true).await;
    assert_eq!(refused, Err(KithError::AccountDisabled));
    kith.set_disabled(ann.by(), bob.id, false).await.expect("enabled");
    kith.delete_user(bob.by(), ann.id).await.expect("there is another one");
}

async fn concurrent_demotions_leave_one_administrator(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let beside = app.beside().await;
    let left =
        "SELECT COUNT(*) FROM users WHERE administrator = 1 AND disabled = 0 AND deleted = 0";
    for other in [&app.kith, &beside.kith] {
        for round in 0..4 {
            app.execute("UPDATE users SET administrator = 1, disabled = 0").await;
            // They act on each other, then on themselves; at last the operator acts on both.
            let (one, two) = match round {
                0 => tokio::join!(
                    app.kith.set_administrator(ann.by(), bob.id, false),
                    other.set_administrator(bob.by(), ann.id, false)
                ),
                1 => tokio::join!(
                    app.kith.set_administrator(ann.by(), ann.id, false),
                    other.set_disabled(bob.by(), bob.id, true)
                ),
                2 => tokio::join!(
                    app.kith.set_disabled(ann.by(), bob.id, true),
                    other.set_administrator(bob.by(), ann.id, false)
                ),
                _ => tokio::join!(
                    app.kith.set_disabled(AdminActor::Operator, bob.id, true),
                    other.set_administrator(AdminActor::Operator, ann.id, false)
                ),
            };
            assert!(one.is_ok() != two.is_ok(), "{round}: {one:?} {two:?}");
            let refused = one.err().or(two.err());
            let known = [Some(KithError::NotFound), Some(KithError::LastAdministrator)];
            assert!(known.contains(&refused), "{refused:?}");
            assert_eq!(app.number(left).await, 1);
        }
    }
}

async fn renamed_accounts_are_announced_and_usernames_stay_unique(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let (cid, dan) = (app.person("cid").await, app.person("dan").await);
    cid.befriend(&bob).await;
    let kith = &app.kith;
    let (mut cursor, mut of_stranger) = (cid.cursor().await, dan.cursor().await);
    kith.edit_user(ann.by(), bob.id, " Robert ", "Rob", "hello").await.expect("edited");
    let events = cid.catch_up(&mut cursor).await;
    assert_eq!(events.len(), 1, "told once: {events:?}");
    assert_eq!(dan.catch_up(&mut of_stranger).await, [], "strangers are not told");
    let friend = ann.page().await.friends[0].person.clone();
    assert_eq!((&*friend.username, &*friend.display_name), ("Robert", "Rob"));
    let fields = [("username", "robert"), ("password", PASSWORD)];
    app.anonymous().call("sign_in", &fields).await.done();
    for (username, why) in [("CID", KithError::UsernameTaken), ("ann", KithError::UsernameTaken)] {
        let refused = kith.edit_user(ann.by(), bob.id, username, "Rob", "").await;
        assert_eq!(refused, Err(why), "{username}");
    }
    kith.edit_user(ann.by(), bob.id, "ROBERT", "Rob", "hello").await.expect("one's own name");
    app.person("bob").await;
    assert!(kith.edit_user(ann.by(), bob.id, "no name", "Rob", "").await.is_err());
    assert_eq!(kith.user_named(ann.by(), "roBERT").await, Ok(bob.id));
    for nobody in ["nobody", "", "a\u{0}b"] {
        assert_eq!(kith.user_named(ann.by(), nobody).await, Err(KithError::NotFound));
    }
}

async fn signing_a_user_out_ends_all_their_sign_ins_and_receives(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let tablet = bob.other_device(&app).await;
    let held = app.hold(&tablet, &tablet.cursor().await, LONG_MS).await;
    app.kith.sign_out_user(ann.by(), bob.id).await.expect("signed out");
    assert_eq!(held.answer().await.error(), KithError::Unauthorised);
    for device in [&bob, &tablet] {
        let asked = device.ask("sign_ins", serde_json::json!({})).await;
        assert_eq!(asked.error(), KithError::Unauthorised);
    }
    bob.other_device(&app).await;
}
