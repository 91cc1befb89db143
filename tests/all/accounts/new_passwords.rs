//! New passwords must not be easy to guess; those that were set before keep working.

use argon2::password_hash::{PasswordHasher, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::harness::{Answer, Database, PASSWORD, TestApp, audit, eventually, on_both_databases};
use kith::error::KithError;
use kith::model::administration::AdminActor;
use kith::model::validation::Invalid;
use kith::service::Cost;
use kith::service::accounts::NewAccount;

on_both_databases!(
    guessable_passwords_are_refused_wherever_one_is_set,
    guessable_password_of_an_existing_account_still_signs_in,
    sign_in_renews_a_hash_of_a_lower_cost,
    administrators_set_their_own_password_only_in_the_settings,
);

const GUESSABLE: KithError = KithError::Invalid(Invalid::PasswordGuessable);

async fn sign_in(app: &TestApp, username: &str, password: &str) -> Answer {
    app.anonymous().call("sign_in", &[("username", username), ("password", password)]).await
}

async fn hash_of(app: &TestApp, username: &str) -> String {
    let hash = format!("SELECT password_hash FROM users WHERE username = '{username}'");
    app.text(&hash).await
}

async fn guessable_passwords_are_refused_wherever_one_is_set(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, robert) = (app.person("ann").await, app.person("robert-baker").await);
    let before = (hash_of(&app, "robert-baker").await, audit(&app).await.len());
    for guessable in ["12345678", "Password1", "robert-baker", "Robert-Baker2026"] {
        let fields = [("username", "Robert-Baker"), ("display_name", "R"), ("password", guessable)];
        let registered = app.anonymous().call("register", &fields).await;
        assert_eq!(registered.error(), GUESSABLE, "{guessable}");
        let fields = [("password", PASSWORD), ("new_password", guessable)];
        let changed = robert.call("change_password", &fields).await;
        assert_eq!(changed.error(), GUESSABLE, "{guessable}");
        let fields = [("username", "robert-baker"), ("password", "?"), ("new_password", guessable)];
        let chosen = app.anonymous().call("choose_password", &fields).await;
        assert_eq!(chosen.error(), GUESSABLE, "{guessable}");
        for by in [ann.by(), AdminActor::Operator] {
            let set = app.kith.set_password(by, robert.id, guessable.into(), true).await;
            assert_eq!(set, Err(GUESSABLE), "{guessable}");
            let account = NewAccount {
                username: "Robert-Baker".into(),
                display_name: "R".into(),
                password: guessable.into(),
            };
            let made = app.kith.create_user(by, account, false, true).await;
            assert_eq!(made, Err(GUESSABLE), "{guessable}");
        }
    }
    let after = (hash_of(&app, "robert-baker").await, audit(&app).await.len());
    assert_eq!(after, before);
    let mine = [("password", PASSWORD), ("new_password", "ann's own robert-baker")];
    robert.call("change_password", &mine).await.done();
}

async fn guessable_password_of_an_existing_account_still_signs_in(database: Database) {
    let app = TestApp::start(database).await;
    app.person("ann").await;
    let cost = Params::new(64, 1, 1, None).expect("a cost");
    let salt = SaltString::encode_b64(b"0123456789abcdef").expect("a salt");
    let hash = Argon2::new(Algorithm::Argon2id, Version::V0x13, cost)
        .hash_password(b"12345678", &salt)
        .expect("a hash");
    app.execute(&format!("UPDATE users SET password_hash = '{hash}'")).await;
    sign_in(&app, "ann", "12345678").await.done();
}

async fn sign_in_renews_a_hash_of_a_lower_cost(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    let old = hash_of(&app, "ann").await;
    sign_in(&app, "ann", PASSWORD).await.done();
    // A second Kith over the same database, as after an upgrade that raised the cost.
    let dearer = TestApp::with(database, |setup| {
        setup.policy = app.policy();
        setup.policy.password_cost = Cost { memory_kib: 128, passes: 2 };
    })
    .await;
    assert_eq!(sign_in(&dearer, "ann", "wrong horse").await.error(), KithError::WrongPassword);
    assert_eq!(hash_of(&app, "ann").await, old, "the cost is the same, or the password wrong");
    sign_in(&dearer, "ann", PASSWORD).await.done();
    eventually("the hash is renewed", async || hash_of(&app, "ann").await != old).await;
    let renewed = hash_of(&app, "ann").await;
    assert!(renewed.contains("m=128,t=2"), "{renewed}");
    assert_eq!(ann.at(&dearer).page().await.me.person.id, ann.id, "nobody is signed out by it");
    sign_in(&dearer, "ann", PASSWORD).await.done();
    sign_in(&app, "ann", PASSWORD).await.done();
    assert_eq!(hash_of(&app, "ann").await, renewed, "a dearer hash is not made cheaper");
}

/// A borrowed browser must not turn into a taken-over account.
async fn administrators_set_their_own_password_only_in_the_settings(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    app.kith.set_administrator(ann.by(), bob.id, true).await.expect("a second administrator");
    let noted = audit(&app).await.len();
    let me = ann.id.to_string();
    let fields = [("user", me.as_str()), ("password", "chosen by a thief")];
    let set = ann.call("admin_set_password", &fields).await;
    assert_eq!(set.error(), KithError::OwnAccount);
    let deleted = ann.call("admin_delete_user", &[("user", &me)]).await;
    assert_eq!(deleted.error(), KithError::OwnAccount);
    sign_in(&app, "ann", PASSWORD).await.done();
    assert_eq!(audit(&app).await.len(), noted);

    // The page says where it is done.
    let fields = [("for_user", me.as_str()), fields[0], fields[1]];
    let page = format!("/admin/people/{me}");
    let answer = ann.browser.submit("admin_set_password", &fields, &page).await;
    let html = ann.browser.visit(answer.sent_on_to()).await.text();
    let alert = html.split_once("role=\"alert\"").expect(&html).1;
    let (why, _) = alert.split_once("</p>").expect("an end");
    assert!(why.contains("in your settings"), "{why}");

    // Others may, and so may the operator.
    app.kith.set_password(bob.by(), ann.id, "given by Bob".into(), true).await.expect("set");
    let operator = AdminActor::Operator;
    app.kith.set_password(operator, bob.id, "given by hand".into(), true).await.expect("set");
}
