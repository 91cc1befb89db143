//! Sign-ins: passwords, cookies, expiry, revocation and limits.

use std::time::{Duration, Instant};

use http::{Method, StatusCode};

use serde_json::json;

use crate::harness::{
    Answer, Browser, Database, MovedClock, PASSWORD, Person, TestApp, eventually, on_both_databases,
};
use kith::error::KithError;
use kith::model::{SignIn, Snapshot};
use kith::service::Cost;

on_both_databases!(
    wrong_password_and_unknown_user_get_the_same_answer,
    database_has_only_hashes_of_passwords_and_tokens,
    each_sign_in_has_its_own_token,
    signing_out_ends_only_the_present_sign_in,
    sign_ins_are_listed_and_revoked_only_by_their_owner,
    unused_sign_in_expires,
    sign_in_survives_a_restart,
);

async fn sign_in(browser: &Browser, username: &str, password: &str) -> Answer {
    browser.call("sign_in", &[("username", username), ("password", password)]).await
}

/// Whether this browser is signed in.
async fn is_in(browser: &Browser) -> bool {
    let answer = browser.ask("load_page", &json!({})).await;
    match answer.status {
        StatusCode::OK => true,
        _ => {
            assert_eq!(answer.error(), KithError::Unauthorised);
            false
        }
    }
}

async fn sign_ins(person: &Person) -> Vec<SignIn> {
    person.ask("sign_ins", json!({})).await.ok()
}

async fn wrong_password_and_unknown_user_get_the_same_answer(database: Database) {
    let app = TestApp::start(database).await;
    app.person("ann").await;
    let browser = app.anonymous();
    for username in ["ann", "ANN", " Ann "] {
        sign_in(&browser, username, PASSWORD).await.done();
    }
    let wrong = sign_in(&browser, "ann", "wrong horse").await;
    let unknown = sign_in(&browser, "nobody", PASSWORD).await;
    let no_name = sign_in(&browser, "<no name>", PASSWORD).await;
    let long = sign_in(&browser, "ann", &PASSWORD.repeat(100)).await;
    assert_eq!(wrong.error(), KithError::WrongPassword);
    for other in [unknown, no_name, long] {
        assert_eq!((other.status, &other.body), (wrong.status, &wrong.body));
        assert_eq!(other.cookie(), None);
    }
}

async fn database_has_only_hashes_of_passwords_and_tokens(database: Database) {
    let app = TestApp::start(database).await;
    let browser = app.anonymous();
    app.person("ann").await;
    let answer = sign_in(&browser, "ann", PASSWORD).await;
    let cookie = answer.cookie().expect("a cookie");
    let token = cookie.trim_start_matches("kith_sign_in=").split(';').next().expect("a token");
    assert!(token.len() >= 43, "256 bits: {token}");
    let hash = app.text("SELECT password_hash FROM users").await;
    assert!(hash.starts_with("$argon2id$"), "{hash}");
    let stored = format!("SELECT COUNT(*) FROM sign_in WHERE token_hash = '{token}'");
    assert_eq!(app.number(&stored).await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM sign_in").await, 2);
    if database == Database::Sqlite {
        for file in std::fs::read_dir(app.folder()).expect("the data folder") {
            let path = file.expect("a file").path();
            let bytes = std::fs::read(&path).expect("its content");
            for secret in [token, PASSWORD] {
                let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
                assert!(!found, "{secret} is in {}", path.display());
            }
        }
    }
}

async fn each_sign_in_has_its_own_token(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    let one = sign_in(&ann.browser, "ann", PASSWORD).await.cookie().expect("a cookie");
    let other = sign_in(&ann.browser, "ann", PASSWORD).await.cookie().expect("a cookie");
    assert_ne!(one.split(';').next(), other.split(';').next());
    assert_eq!(sign_ins(&ann).await.len(), 3);
}

async fn signing_out_ends_only_the_present_sign_in(database: Database) {
    let app = TestApp::start(database).await;
    let phone = app.person("ann").await;
    let laptop = phone.other_device(&app).await;
    let answer = phone.browser.submit("sign_out", &[], "/settings").await;
    assert_eq!((answer.status, answer.sent_on_to()), (StatusCode::FOUND, "/sign-in"));
    let cookie = answer.cookie().expect("the cookie is taken back");
    assert!(cookie.starts_with("kith_sign_in=;"), "{cookie}");
    assert!(cookie.contains("Max-Age=0"), "{cookie}");
    assert!(!is_in(&phone.browser).await, "the old cookie opens nothing");
    assert!(is_in(&laptop.browser).await);
    let by_script = phone.browser.call("sign_out", &[]).await;
    by_script.done();
    assert_eq!(by_script.header("location"), "", "a page that calls by script goes by itself");
}

async fn sign_ins_are_listed_and_revoked_only_by_their_owner(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    let bob = app.person("bob").await;
    let with_name = app.anonymous().with("user-agent", "A phone\u{9}of hers");
    sign_in(&with_name, "ann", PASSWORD).await.done();

    let list = sign_ins(&ann).await;
    assert_eq!(list.len(), 2, "Bob's is not among them");
    let here = list.iter().find(|sign_in| sign_in.current).expect("the one that asks");
    let phone = list.iter().find(|sign_in| !sign_in.current).expect("the other one");
    assert_eq!(phone.device, "A phoneof hers", "without what would break a line");

    let id = phone.id.to_string();
    let foreign = bob.browser.call("revoke_sign_in", &[("id", &id)]).await;
    assert_eq!(foreign.error(), KithError::NotFound);
    assert_eq!(sign_ins(&ann).await.len(), 2);
    ann.browser.call("revoke_sign_in", &[("id", &id)]).await.done();
    let left: Vec<_> = sign_ins(&ann).await.into_iter().map(|sign_in| sign_in.id).collect();
    assert_eq!(left, [here.id]);
    let again = ann.browser.call("revoke_sign_in", &[("id", &id)]).await;
    assert_eq!(again.error(), KithError::NotFound);
}

async fn unused_sign_in_expires(database: Database) {
    let clock = MovedClock::take();
    let day = Duration::from_secs(24 * 60 * 60);
    let app = TestApp::with(database, |setup| {
        setup.clock = clock.clock();
        setup.policy.sign_in_lives = 10 * day;
    })
    .await;
    let ann = app.person("ann").await;
    let forgotten = ann.other_device(&app).await;
    clock.forward(9 * day);
    assert!(is_in(&ann.browser).await, "using it keeps it alive");
    // The time of the last visit is written beside the answer.
    let seen = "SELECT COUNT(*) FROM sign_in WHERE last_seen > since";
    eventually("the use is written down", async || app.number(seen).await == 1).await;
    clock.forward(2 * day);
    assert!(!is_in(&forgotten.browser).await);
    assert_eq!(forgotten.browser.visit("/settings").await.status, StatusCode::SEE_OTHER);
    assert!(is_in(&ann.browser).await);
    app.kith.tidy().await.expect("the house is kept");
    assert_eq!(app.number("SELECT COUNT(*) FROM sign_in").await, 1, "the expired one is forgotten");
    assert!(is_in(&ann.browser).await);
}

async fn sign_in_survives_a_restart(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    let app = app.restarted().await;
    let ann = ann.at(&app);
    assert_eq!(ann.page().await.me.person.username, "ann");
    assert_eq!(app.kith.setup_token().await, Ok(None));
}

#[tokio::test]
async fn signing_out_requires_a_post() {
    let app = TestApp::start(Database::Sqlite).await;
    let ann = app.person("ann").await;
    for method in [Method::GET, Method::HEAD, Method::DELETE] {
        let request = ann.browser.request(method, "/api/sign_out", "", axum::body::Body::empty());
        let answer = ann.browser.send(request).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    }
    assert!(is_in(&ann.browser).await);
}

#[tokio::test]
async fn unknown_cookies_are_treated_as_signed_out() {
    let app = TestApp::start(Database::Sqlite).await;
    app.person("ann").await;
    for cookie in ["kith_sign_in=guessed", "kith_sign_in=", "kith_sign_in", "other=1"] {
        assert!(!is_in(&app.anonymous().with("cookie", cookie)).await, "{cookie}");
    }
}

#[tokio::test]
async fn sign_in_cookie_is_same_site_and_http_only() {
    for https in [false, true] {
        let app = TestApp::with(Database::Sqlite, |setup| {
            setup.policy.secure_cookies = https;
            setup.https = https;
        })
        .await;
        let ann = app.person("ann").await;
        let signed_in = sign_in(&app.anonymous(), "ann", PASSWORD).await;
        let signed_out = ann.browser.call("sign_out", &[]).await;
        for answer in [signed_in, signed_out] {
            let cookie = answer.cookie().expect("a cookie");
            let attributes: Vec<&str> = cookie.split("; ").skip(1).collect();
            for wanted in ["HttpOnly", "SameSite=Lax", "Path=/"] {
                assert!(attributes.contains(&wanted), "{wanted}: {cookie}");
            }
            let goes_out = cookie.contains("Max-Age=0");
            // The browser may keep the cookie for long: the server decides when the sign-in
            // expires.
            assert!(goes_out || cookie.contains("Max-Age=34560000"), "{cookie}");
            assert_eq!(attributes.contains(&"Secure"), https, "{cookie}");
            assert_eq!(cookie.starts_with("__Host-"), https, "{cookie}");
            assert!(
                !attributes.iter().any(|attribute| attribute.starts_with("Domain")),
                "{cookie}"
            );
        }
    }
}

#[tokio::test]
async fn sign_in_redirects_only_to_pages_of_this_site() {
    let app = TestApp::start(Database::Sqlite).await;
    app.person("ann").await;
    for (back, page) in [
        ("/chats/user-3?x=y", "/chats/user-3?x=y"),
        ("/settings", "/settings"),
        ("", "/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: a=b", "/"),
    ] {
        let fields = [("username", "ann"), ("password", PASSWORD), ("back", back)];
        let answer = app.anonymous().submit("sign_in", &fields, "/sign-in").await;
        assert_eq!((answer.status, answer.sent_on_to()), (StatusCode::FOUND, page), "{back}");
    }
}

#[tokio::test]
async fn rejected_sign_in_form_shows_the_username_and_the_reason() {
    let app = TestApp::start(Database::Sqlite).await;
    app.person("ann").await;
    let fields = [("username", "ann"), ("password", "wrong horse"), ("back", "/settings")];
    let answer = app.anonymous().submit("sign_in", &fields, "/sign-in?back=%2Fsettings").await;
    assert_eq!(answer.status, StatusCode::FOUND);
    let page = answer.sent_on_to().to_string();
    assert!(page.starts_with("/sign-in?"), "{page}");
    let html = app.anonymous().visit(&page).await.text();
    assert!(html.contains("The username or the password is wrong."), "{html}");
    assert!(html.contains(r#"value="ann""#) && html.contains(r#"value="/settings""#), "{html}");
    assert!(!page.contains("wrong+horse") && !html.contains("wrong horse"), "{page}");
}

#[tokio::test]
async fn sign_in_attempts_for_one_account_are_limited_across_addresses() {
    let app = TestApp::with(Database::Sqlite, |setup| {
        setup.policy.attempts_per_minute = 2;
        setup.trusted_proxies = vec!["127.0.0.1/32".parse().expect("a network")];
    })
    .await;
    let from = |n: u8| app.anonymous().with("x-forwarded-for", &format!("203.0.113.{n}"));
    for n in 0..2 {
        assert_eq!(sign_in(&from(n), "ann", "a guess").await.error(), KithError::WrongPassword);
    }
    let answer = sign_in(&from(3), "Ann", "a guess").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(matches!(answer.error(), KithError::TooMany(1..=60)), "{answer:?}");
    assert_ne!(answer.header("retry-after"), "");
    assert_eq!(sign_in(&from(4), "bob", "a guess").await.error(), KithError::WrongPassword);
}

#[tokio::test]
async fn sign_in_attempts_from_one_address_are_limited_across_accounts() {
    let app = TestApp::with(Database::Sqlite, |setup| setup.policy.attempts_per_minute = 2).await;
    // This server trusts no proxy, so the forwarded address does not count.
    let from = |n: u8| app.anonymous().with("x-forwarded-for", &format!("203.0.113.{n}"));
    for (n, username) in ["ann", "bob"].into_iter().enumerate() {
        let answer = sign_in(&from(n as u8), username, "a guess").await;
        assert_eq!(answer.error(), KithError::WrongPassword);
    }
    let answer = sign_in(&from(9), "cid", "a guess").await;
    assert!(matches!(answer.error(), KithError::TooMany(_)), "{answer:?}");
}

#[tokio::test]
async fn unknown_user_takes_about_as_long_as_a_wrong_password() {
    let app = TestApp::with(Database::Sqlite, |setup| {
        setup.policy.password_cost = Cost { memory_kib: 16 * 1024, passes: 2 };
    })
    .await;
    app.person("ann").await;
    // The fastest of a few: other work on the machine only adds time.
    let quickest = async |username: &str| {
        let mut quickest = Duration::MAX;
        for _ in 0..5 {
            let began = Instant::now();
            let answer = sign_in(&app.anonymous(), username, "wrong horse").await;
            assert_eq!(answer.error(), KithError::WrongPassword);
            quickest = quickest.min(began.elapsed());
        }
        quickest
    };
    let (known, unknown) = (quickest("ann").await, quickest("nobody").await);
    assert!(unknown * 4 > known && known * 4 > unknown, "{unknown:?} against {known:?}");
}

#[tokio::test]
async fn pages_name_the_user_of_the_cookie() {
    let app = TestApp::start(Database::Sqlite).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    for person in [&ann, &bob] {
        let page: Snapshot = person.browser.ask("load_page", &json!({})).await.ok();
        assert_eq!(page.me.person.id, person.id);
    }
    let of_bob = json!({ "for_user": bob.id, "contact": ann.contact() });
    assert_eq!(ann.browser.ask("history", &of_bob).await.error(), KithError::WrongUser);
}
