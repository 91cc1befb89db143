//! One-time passwords, which an administrator sets and the user replaces.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use http::StatusCode;

use serde_json::json;

use crate::harness::{
    Answer, Database, LONG_MS, MovedClock, PASSWORD, TestApp, account, on_both_databases,
};
use kith::error::{KithError, Result};
use kith::model::administration::AdminActor;
use kith::model::limits::ONE_TIME_PASSWORD_LIFETIME_MS;
use kith::model::validation::Invalid;
use kith::service::accounts::SignedIn;

on_both_databases!(
    one_time_password_must_be_replaced_before_signing_in,
    one_time_password_can_be_replaced_only_once,
    one_time_password_expires,
    new_account_can_start_with_a_one_time_password,
    disabled_account_cannot_replace_its_one_time_password,
    replacing_one_time_passwords_is_limited,
);

const GIVEN: &str = "a given horse";
const CHOSEN: &str = "a chosen horse";

async fn sign_in(app: &TestApp, username: &str, password: &str) -> Answer {
    app.anonymous().call("sign_in", &[("username", username), ("password", password)]).await
}

async fn choose(app: &TestApp, password: &str, new_password: &str) -> Result<SignedIn> {
    let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
    app.kith.choose_password(address, "a device", "Bob", password, new_password.into()).await
}

fn refused(chosen: Result<SignedIn>) -> Option<KithError> {
    chosen.err()
}

async fn one_time_password_must_be_replaced_before_signing_in(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let held = app.hold(&bob, &bob.cursor().await, LONG_MS).await;
    app.kith.set_password(ann.by(), bob.id, GIVEN.into(), true).await.expect("a password");
    assert_eq!(held.answer().await.error(), KithError::Unauthorised);
    assert_eq!(bob.ask("sign_ins", json!({})).await.error(), KithError::Unauthorised);
    assert_eq!(sign_in(&app, "bob", PASSWORD).await.error(), KithError::WrongPassword);
    let needed = sign_in(&app, "bob", GIVEN).await;
    assert_eq!(
        (needed.status, needed.error()),
        (StatusCode::FORBIDDEN, KithError::NewPasswordNeeded)
    );
    let shown = app.kith.account(ann.by(), bob.id).await.expect("an account").account;
    assert!(shown.one_time_until.is_some_and(|until| until > shown.created));

    for (password, new, why) in [
        (PASSWORD, CHOSEN, KithError::WrongPassword),
        ("", CHOSEN, KithError::WrongPassword),
        (GIVEN, "short", KithError::Invalid(Invalid::PasswordLength)),
        (GIVEN, GIVEN, KithError::Invalid(Invalid::PasswordAsBefore)),
    ] {
        assert_eq!(refused(choose(&app, password, new).await), Some(why), "{password} {new}");
    }
    let chosen = choose(&app, GIVEN, CHOSEN).await.expect("signed in");
    let caller = app.kith.caller(&chosen.token).await.expect("an answer").expect("a caller");
    assert_eq!(caller.user, bob.id);
    assert_eq!(sign_in(&app, "bob", GIVEN).await.error(), KithError::WrongPassword);
    sign_in(&app, "bob", CHOSEN).await.done();
    let shown = app.kith.account(ann.by(), bob.id).await.expect("an account").account;
    assert_eq!(shown.one_time_until, None);
    let own = choose(&app, CHOSEN, "yet another horse").await;
    assert_eq!(refused(own), Some(KithError::WrongPassword), "one's own is changed elsewhere");
}

async fn one_time_password_can_be_replaced_only_once(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    app.kith.set_password(ann.by(), bob.id, GIVEN.into(), true).await.expect("a password");
    let (one, other) =
        tokio::join!(choose(&app, GIVEN, CHOSEN), choose(&app, GIVEN, "yet another horse"));
    assert!(one.is_ok() != other.is_ok());
    assert_eq!(one.err().or(other.err()), Some(KithError::WrongPassword));
}

async fn one_time_password_expires(database: Database) {
    let clock = MovedClock::take();
    let app = TestApp::with(database, |setup| setup.clock = clock.clock()).await;
    let (ann, bob) = app.two_friends().await;
    app.kith.set_password(ann.by(), bob.id, GIVEN.into(), true).await.expect("a password");
    clock.forward(Duration::from_millis(ONE_TIME_PASSWORD_LIFETIME_MS as u64 - 60_000));
    assert_eq!(sign_in(&app, "bob", GIVEN).await.error(), KithError::NewPasswordNeeded);
    clock.forward(Duration::from_secs(60));
    assert_eq!(sign_in(&app, "bob", GIVEN).await.error(), KithError::WrongPassword);
    assert_eq!(refused(choose(&app, GIVEN, CHOSEN).await), Some(KithError::WrongPassword));
    app.kith.set_password(ann.by(), bob.id, GIVEN.into(), false).await.expect("one of his own");
    clock.forward(Duration::from_millis(ONE_TIME_PASSWORD_LIFETIME_MS as u64));
    sign_in(&app, "bob", GIVEN).await.done();
}

async fn new_account_can_start_with_a_one_time_password(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    app.kith.create_user(ann.by(), account("bob"), false, true).await.expect("an account");
    assert_eq!(sign_in(&app, "bob", PASSWORD).await.error(), KithError::NewPasswordNeeded);
    choose(&app, PASSWORD, CHOSEN).await.expect("signed in");
    app.kith.create_user(ann.by(), account("cid"), false, false).await.expect("an account");
    sign_in(&app, "cid", PASSWORD).await.done();
}

async fn disabled_account_cannot_replace_its_one_time_password(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    app.kith.set_password(ann.by(), bob.id, GIVEN.into(), true).await.expect("a password");
    app.kith.set_disabled(ann.by(), bob.id, true).await.expect("disabled");
    assert_eq!(sign_in(&app, "bob", GIVEN).await.error(), KithError::AccountDisabled);
    assert_eq!(refused(choose(&app, GIVEN, CHOSEN).await), Some(KithError::AccountDisabled));
    app.kith.set_disabled(AdminActor::Operator, bob.id, false).await.expect("enabled");
    choose(&app, GIVEN, CHOSEN).await.expect("signed in");
}

async fn replacing_one_time_passwords_is_limited(database: Database) {
    let app = TestApp::with(database, |setup| setup.policy.attempts_per_minute = 5).await;
    let mut tries = 0;
    loop {
        match refused(choose(&app, "a guess", CHOSEN).await) {
            Some(KithError::WrongPassword) => tries += 1,
            error => break assert!(matches!(error, Some(KithError::TooMany(_))), "{error:?}"),
        }
        assert!(tries < 20);
    }
}
