//! Registration: permissions, validation, and forms that come back.

use http::StatusCode;

use serde_json::json;

use crate::harness::{Answer, Browser, Database, PASSWORD, TestApp, on_both_databases};
use kith::error::KithError;
use kith::model::Registration;
use kith::model::administration::AdminActor;
use kith::model::validation::Invalid;
use kith::service::accounts::NewAccount;

on_both_databases!(
    first_registration_requires_the_set_up_link_and_makes_an_administrator,
    later_registrations_require_no_link_and_make_plain_accounts,
    concurrent_uses_of_the_set_up_link_make_one_administrator,
    closed_registration_accepts_only_the_set_up_link,
    usernames_are_unique_without_regard_to_case,
    concurrent_registrations_of_one_username_make_one_account,
    operators_create_accounts_while_registration_is_closed,
);

async fn register(browser: &Browser, username: &str, setup: Option<&str>) -> Answer {
    let mut fields =
        vec![("username", username), ("display_name", "Somebody"), ("password", PASSWORD)];
    if let Some(token) = setup {
        fields.push(("setup", token));
    }
    browser.call("register", &fields).await
}

async fn registration(app: &TestApp) -> Registration {
    app.anonymous().ask("registration", &json!({})).await.ok()
}

async fn first_registration_requires_the_set_up_link_and_makes_an_administrator(
    database: Database,
) {
    let app = TestApp::start(database).await;
    assert_eq!(registration(&app).await, Registration::NeedsSetupLink);
    let anonymous = app.anonymous();
    for wrong in [None, Some(""), Some("guessed")] {
        let answer = register(&anonymous, "ann", wrong).await;
        assert_eq!(answer.error(), KithError::SetupLinkNeeded, "{wrong:?}");
        assert_eq!(answer.cookie(), None);
    }
    let ann = app.person("ann").await;
    assert!(ann.page().await.me.administrator);
    assert_eq!(registration(&app).await, Registration::Open);
    assert_eq!(app.kith.setup_token().await, Ok(None));
}

async fn later_registrations_require_no_link_and_make_plain_accounts(database: Database) {
    let app = TestApp::start(database).await;
    let token = app.kith.setup_token().await.expect("an answer").map(str::to_string);
    app.person("ann").await;
    let bob = app.person("bob").await;
    assert!(!bob.page().await.me.administrator);
    let late = register(&app.anonymous(), "eve", token.as_deref()).await;
    late.done();
    let administrators = app.number("SELECT COUNT(*) FROM users WHERE administrator = 1").await;
    assert_eq!(administrators, 1, "the link that was used makes no second administrator");
}

async fn concurrent_uses_of_the_set_up_link_make_one_administrator(database: Database) {
    let app = TestApp::start(database).await;
    let token = app.kith.setup_token().await.expect("an answer").map(str::to_string);
    let browser = app.anonymous();
    let (one, other) = tokio::join!(
        register(&browser, "ann", token.as_deref()),
        register(&browser, "bob", token.as_deref())
    );
    one.done();
    other.done();
    let administrators = app.number("SELECT COUNT(*) FROM users WHERE administrator = 1").await;
    assert_eq!(administrators, 1);
}

async fn closed_registration_accepts_only_the_set_up_link(database: Database) {
    let app = TestApp::with(database, |setup| setup.policy.registration_open = false).await;
    let token = app.kith.setup_token().await.expect("an answer").map(str::to_string);
    app.person("ann").await;
    assert_eq!(registration(&app).await, Registration::Closed);
    for setup in [None, token.as_deref()] {
        let answer = register(&app.anonymous(), "bob", setup).await;
        assert_eq!(answer.error(), KithError::RegistrationClosed);
    }
}

async fn usernames_are_unique_without_regard_to_case(database: Database) {
    let app = TestApp::start(database).await;
    app.person("ann").await;
    let answer = register(&app.anonymous(), "ANN", None).await;
    assert_eq!(answer.error(), KithError::UsernameTaken);
    assert_eq!(app.number("SELECT COUNT(*) FROM users").await, 1);
}

async fn concurrent_registrations_of_one_username_make_one_account(database: Database) {
    let app = TestApp::start(database).await;
    app.person("ann").await;
    let browser = app.anonymous();
    let tries = (0..8).map(|_| register(&browser, "bob", None));
    let answers = futures_util::future::join_all(tries).await;
    let (made, refused): (Vec<_>, Vec<_>) =
        answers.iter().partition(|answer| answer.status == StatusCode::OK);
    assert_eq!(made.len(), 1);
    for answer in refused {
        assert_eq!(answer.error(), KithError::UsernameTaken);
    }
}

async fn operators_create_accounts_while_registration_is_closed(database: Database) {
    let app = TestApp::with(database, |setup| setup.policy.registration_open = false).await;
    let account = |username: &str| NewAccount {
        username: username.into(),
        display_name: username.into(),
        password: PASSWORD.into(),
    };
    let make = async |username: &str, administrator| {
        app.kith.create_user(AdminActor::Operator, account(username), administrator, false).await
    };
    make("ann", false).await.expect("the first account");
    make("bob", false).await.expect("another account");
    make("cid", true).await.expect("an administrator's account");
    assert_eq!(make("Bob", false).await, Err(KithError::UsernameTaken));
    let administrators = "SELECT COUNT(*) FROM users WHERE administrator = 1";
    assert_eq!(app.number(administrators).await, 2, "the first, and who was made one");
    let fields = [("username", "bob"), ("password", PASSWORD)];
    app.anonymous().call("sign_in", &fields).await.done();
}

#[tokio::test]
async fn registration_rejects_fields_outside_their_limits() {
    let app = TestApp::start(Database::Sqlite).await;
    app.person("first").await;
    let long = |length: usize| "x".repeat(length);
    let refused = [
        ("ab", "Ann", PASSWORD, Invalid::UsernameLength),
        (&long(33), "Ann", PASSWORD, Invalid::UsernameLength),
        ("", "Ann", PASSWORD, Invalid::UsernameLength),
        ("a b c", "Ann", PASSWORD, Invalid::UsernameCharacters),
        ("李雷雷", "Ann", PASSWORD, Invalid::UsernameCharacters),
        ("a<b>c", "Ann", PASSWORD, Invalid::UsernameCharacters),
        ("ann", "", PASSWORD, Invalid::DisplayNameLength),
        ("ann", " \u{200B} ", PASSWORD, Invalid::DisplayNameLength),
        ("ann", &"名".repeat(33), PASSWORD, Invalid::DisplayNameLength),
        ("ann", "a\u{202E}b", PASSWORD, Invalid::DisplayNameCharacters),
        ("ann", "a\u{7}b", PASSWORD, Invalid::DisplayNameCharacters),
        ("ann", "Ann", "1234567", Invalid::PasswordLength),
        ("ann", "Ann", &long(129), Invalid::PasswordLength),
    ];
    for (username, display_name, password, why) in refused {
        let fields =
            [("username", username), ("display_name", display_name), ("password", password)];
        let answer = app.anonymous().call("register", &fields).await;
        assert_eq!(answer.error(), KithError::Invalid(why), "{fields:?}");
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let accepted = [
        ("abc", "名".repeat(32), "密码密码密码密码".to_string()),
        (&long(32), "a".to_string(), long(126) + "yz"),
        ("A_b.c-9", "Ann 👩‍👩‍👧".to_string(), " spaces stay ".to_string()),
    ];
    for (username, display_name, password) in accepted {
        let fields = [
            ("username", username),
            ("display_name", display_name.as_str()),
            ("password", password.as_str()),
        ];
        app.anonymous().call("register", &fields).await.done();
        let sign_in = [("username", username), ("password", password.as_str())];
        app.anonymous().call("sign_in", &sign_in).await.done();
    }
}

#[tokio::test]
async fn rejected_registration_form_keeps_the_fields_but_not_the_password() {
    let app = TestApp::start(Database::Sqlite).await;
    app.person("ann").await;
    let fields = [
        ("username", "Ann"),
        ("display_name", "李 & \"Ann\" 100%25+"),
        ("password", "do not tell anybody"),
        ("back", "/settings"),
    ];
    let answer = app.anonymous().submit("register", &fields, "/register?back=%2Fsettings").await;
    assert_eq!(answer.status, StatusCode::FOUND);
    assert_eq!(answer.cookie(), None);
    let page = answer.sent_on_to().to_string();
    assert!(page.starts_with("/register?"), "{page}");
    assert!(page.contains("__err="), "{page}");
    assert!(!page.contains("anybody"), "{page}");

    let document = app.anonymous().visit(&page).await;
    assert_eq!(document.status, StatusCode::OK);
    let html = document.text();
    assert!(html.contains("This username is taken."), "the reason is shown");
    assert!(html.contains(r#"value="Ann""#), "the username is kept");
    assert!(html.contains("李 &amp; &quot;Ann&quot; 100%25+"), "the display name is kept");
    assert!(html.contains(r#"value="/settings""#), "the way back is kept");
    assert!(!html.contains("anybody"), "the password is not");
}

#[tokio::test]
async fn accepted_registration_form_redirects_to_the_requested_page() {
    let app = TestApp::start(Database::Sqlite).await;
    app.person("ann").await;
    let fields = [
        ("username", "bob"),
        ("display_name", "Bob"),
        ("password", PASSWORD),
        ("back", "/friends"),
    ];
    let answer = app.anonymous().submit("register", &fields, "/register").await;
    assert_eq!((answer.status, answer.sent_on_to()), (StatusCode::FOUND, "/friends"));
    let bob = app.anonymous().signed_in_by(&answer);
    assert_eq!(bob.visit("/friends").await.status, StatusCode::OK);
}

#[tokio::test]
async fn registrations_rejected_early_do_not_count_against_the_limit() {
    let app = TestApp::with(Database::Sqlite, |setup| {
        setup.policy.attempts_per_minute = 2;
        setup.policy.registration_open = false;
    })
    .await;
    let token = app.kith.setup_token().await.expect("an answer").map(str::to_string);
    for _ in 0..5 {
        let answer = register(&app.anonymous(), "no name", None).await;
        assert_eq!(answer.error(), KithError::Invalid(Invalid::UsernameCharacters));
    }
    register(&app.anonymous(), "ann", token.as_deref()).await.done();
    for _ in 0..5 {
        let answer = register(&app.anonymous(), "bob", None).await;
        assert_eq!(answer.error(), KithError::RegistrationClosed);
    }
    let fields = [("username", "ann"), ("password", PASSWORD)];
    app.anonymous().call("sign_in", &fields).await.done();
}

#[tokio::test]
async fn registrations_from_one_address_are_limited() {
    let app = TestApp::with(Database::Sqlite, |setup| {
        setup.policy.attempts_per_minute = 2;
        setup.trusted_proxies = vec!["127.0.0.1/32".parse().expect("a network")];
    })
    .await;
    let home = app.anonymous().with("x-forwarded-for", "203.0.113.9");
    for name in ["ann", "bob"] {
        assert_eq!(register(&home, name, None).await.error(), KithError::SetupLinkNeeded);
    }
    let answer = register(&home, "cid", None).await;
    assert!(matches!(answer.error(), KithError::TooMany(1..=60)), "{answer:?}");
    let seconds: u32 = answer.header("retry-after").parse().expect("seconds to wait");
    assert!((1..=60).contains(&seconds), "{seconds}");
    let elsewhere = app.anonymous().with("x-forwarded-for", "203.0.113.10");
    assert_eq!(register(&elsewhere, "ann", None).await.error(), KithError::SetupLinkNeeded);
    let third = app.anonymous().with("x-forwarded-for", "203.0.113.11");
    let answer = register(&third, "ann", None).await;
    assert_eq!(answer.error(), KithError::SetupLinkNeeded, "a name is nobody's yet");
}
