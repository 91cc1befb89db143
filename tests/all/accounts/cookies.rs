//! The cookie of a sign-in: its name on https, several cookies at once, and made-up ones.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use crate::harness::{Answer, Browser, Database, PASSWORD, Socket, TestApp, on_both_databases};
use kith::error::KithError;
use kith::model::Snapshot;

on_both_databases!(made_up_cookies_cost_no_query_unless_they_look_real);

/// Has the form of a token, and is none.
const UNKNOWN: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

async fn on_https() -> TestApp {
    TestApp::with(Database::Sqlite, |setup| {
        setup.policy.secure_cookies = true;
        setup.https = true;
    })
    .await
}

async fn sign_in(browser: &Browser, username: &str) -> Answer {
    browser.call("sign_in", &[("username", username), ("password", PASSWORD)]).await
}

/// The token of a new sign-in.
async fn token(app: &TestApp, username: &str) -> String {
    let cookie = sign_in(&app.anonymous(), username).await.cookie().expect("a cookie");
    let (_, token) = cookie.split_once('=').expect("a pair");
    token.split(';').next().expect("a token").to_string()
}

fn with_cookies(app: &TestApp, cookies: &str) -> Browser {
    app.anonymous().with("cookie", cookies)
}

async fn status(browser: &Browser) -> StatusCode {
    browser.ask("sign_ins", &json!({})).await.status
}

/// The names of the cookies that an answer sets or removes, with their values.
fn set(answer: &Answer) -> Vec<(String, String)> {
    let pair = |cookie: &String| {
        let (name, value) = cookie.split(';').next()?.split_once('=')?;
        Some((name.to_string(), value.to_string()))
    };
    answer.cookies().iter().filter_map(pair).collect()
}

async fn made_up_cookies_cost_no_query_unless_they_look_real(database: Database) {
    let app = TestApp::start(database).await;
    app.person("ann").await;
    let look_up = async |value: &str| {
        let browser = with_cookies(&app, &format!("kith_sign_in={value}"));
        browser.ask("load_page", &json!({})).await.error()
    };
    assert_eq!(look_up(UNKNOWN).await, KithError::Unauthorised);
    // Whoever asks this database for a sign-in now gets an error.
    app.execute("ALTER TABLE sign_in RENAME TO sign_in_elsewhere").await;
    let short = &UNKNOWN[1..];
    let not_canonical = format!("{short}B");
    for made_up in ["", "guessed", short, &not_canonical, &UNKNOWN.repeat(2), "' OR 1=1 --"] {
        assert_eq!(look_up(made_up).await, KithError::Unauthorised, "{made_up:?}");
    }
    let browser = with_cookies(&app, &format!("kith_sign_in={UNKNOWN}"));
    assert!(status(&browser).await.is_server_error(), "this one is looked up");
}

#[tokio::test]
async fn cookie_on_https_is_for_this_host_alone() {
    let app = on_https().await;
    app.person("ann").await;
    let answer = sign_in(&app.anonymous(), "ann").await;
    let [cookie] = &answer.cookies()[..] else { panic!("one cookie: {answer:?}") };
    let mut parts = cookie.split("; ");
    let pair = parts.next().expect("a pair");
    assert!(pair.starts_with("__Host-kith_sign_in="), "{cookie}");
    let attributes: Vec<&str> = parts.collect();
    // Browsers refuse the prefix without the first two, and with a domain.
    for wanted in ["Secure", "Path=/", "HttpOnly", "SameSite=Lax"] {
        assert!(attributes.contains(&wanted), "{wanted}: {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert_eq!(status(&with_cookies(&app, pair)).await, StatusCode::OK);

    let plain = TestApp::start(Database::Sqlite).await;
    plain.person("ann").await;
    let cookie = sign_in(&plain.anonymous(), "ann").await.cookie().expect("a cookie");
    assert!(cookie.starts_with("kith_sign_in="), "browsers refuse the other on plain http");
}

/// Nobody is signed out by an upgrade.
#[tokio::test]
async fn cookie_of_an_earlier_version_keeps_working_and_gets_its_new_name() {
    let app = on_https().await;
    app.person("ann").await;
    let token = token(&app, "ann").await;
    let old = with_cookies(&app, &format!("kith_sign_in={token}"));
    let asked = old.ask("sign_ins", &json!({})).await;
    assert_eq!((asked.status, set(&asked)), (StatusCode::OK, vec![]), "not with a call");
    let page = old.visit("/settings").await;
    assert_eq!(page.status, StatusCode::OK);
    let renamed = [
        ("__Host-kith_sign_in".to_string(), token.clone()),
        ("kith_sign_in".to_string(), String::new()),
    ];
    assert_eq!(set(&page), renamed);

    let new = with_cookies(&app, &format!("__Host-kith_sign_in={token}"));
    let page = new.visit("/settings").await;
    assert_eq!((page.status, set(&page)), (StatusCode::OK, vec![]), "it has its name already");
    let again = sign_in(&old, "ann").await;
    let [(name, _), removed] = &set(&again)[..] else { panic!("two cookies: {again:?}") };
    assert_eq!((name.as_str(), removed), ("__Host-kith_sign_in", &renamed[1]));

    // The name stays where it belongs.
    let plain = TestApp::start(Database::Sqlite).await;
    let ann = plain.person("ann").await;
    assert!(set(&ann.browser.visit("/settings").await).is_empty());
}

#[tokio::test]
async fn signing_out_removes_the_cookie_under_both_names() {
    let app = on_https().await;
    let ann = app.person("ann").await;
    let answer = ann.browser.call("sign_out", &[]).await;
    let names: Vec<String> = set(&answer).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["__Host-kith_sign_in", "kith_sign_in"]);
    for cookie in answer.cookies() {
        assert!(cookie.contains("Max-Age=0") && cookie.contains("Path=/"), "{cookie}");
        let secure = cookie.contains("; Secure");
        assert_eq!(secure, cookie.starts_with("__Host-"), "browsers refuse it else: {cookie}");
    }
}

/// Another host of the domain can put a cookie in front.
#[tokio::test]
async fn foreign_cookies_keep_nobody_signed_out() {
    for app in [TestApp::start(Database::Sqlite).await, on_https().await] {
        app.person("ann").await;
        let token = token(&app, "ann").await;
        for cookies in [
            format!("kith_sign_in=junk; kith_sign_in={token}"),
            format!("kith_sign_in={UNKNOWN}; kith_sign_in={token}"),
            format!("kith_sign_in={token}; kith_sign_in={UNKNOWN}"),
            format!("__Host-kith_sign_in={UNKNOWN}; kith_sign_in={token}"),
            format!("kith_sign_in={UNKNOWN}; __Host-kith_sign_in={token}"),
        ] {
            let browser = with_cookies(&app, &cookies);
            assert_eq!(status(&browser).await, StatusCode::OK, "{cookies}");
        }
    }
}

/// A WebSocket looks its sign-in up again, as often as a receive would.
#[tokio::test]
async fn socket_goes_on_with_the_valid_one_of_several_cookies() {
    let short = Duration::from_millis(50);
    let app = TestApp::with(Database::Sqlite, |setup| setup.policy.hold = short).await;
    let ann = app.person("ann").await;
    let token = token(&app, "ann").await;
    let browser = with_cookies(&app, &format!("kith_sign_in={UNKNOWN}; kith_sign_in={token}"));
    let mut socket = Socket::open(&app, &browser).await.expect("a WebSocket");
    let version = ann.presence().await.version;
    socket.begin(&ann, &ann.cursor().await, &version).await;
    for _ in 0..5 {
        socket.batch().await;
    }
}

#[tokio::test]
async fn a_foreign_sign_in_does_not_replace_the_own_one_on_https() {
    let app = on_https().await;
    let (ann, mallory) = (app.person("ann").await, app.person("mallory").await);
    let (of_ann, of_mallory) = (token(&app, "ann").await, token(&app, "mallory").await);
    let cookies = format!("kith_sign_in={of_mallory}; __Host-kith_sign_in={of_ann}");
    let browser = with_cookies(&app, &cookies);
    let page: Snapshot = browser.ask("load_page", &json!({})).await.ok();
    assert_eq!(page.me.person.id, ann.id, "and not {}", mallory.id);
}
