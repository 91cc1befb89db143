//! Where Kith is and who asks: the spelling of its public address, and limits by network.

use http::StatusCode;

use crate::harness::{Database, PASSWORD, TestApp};
use kith::server::{Config, policy};

#[tokio::test]
async fn public_url_means_the_same_in_any_spelling() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("kith.toml");
    for (typed, https) in [
        ("https://chat.example.org", true),
        ("HTTPS://Chat.Example.org:443/", true),
        ("https://CHAT.example.org:443", true),
        ("HTTP://chat.Example.org:80", false),
    ] {
        std::fs::write(&file, format!("public_url = '{typed}'")).expect("a file");
        let config = Config::read(Some(&file)).expect(typed);
        let app = TestApp::with(Database::Sqlite, |setup| {
            setup.https = config.is_https();
            setup.public_url = config.public_url.clone();
            setup.policy.secure_cookies = policy(&config).secure_cookies;
        })
        .await;
        let page = app.anonymous().visit("/healthz").await;
        assert_eq!(page.header("strict-transport-security").is_empty(), !https, "{typed}");
        let setup = app.kith.setup_token().await.expect("a token").expect("nobody is here");
        let fields = [
            ("username", "ann"),
            ("display_name", "Ann"),
            ("password", PASSWORD),
            ("setup", setup),
        ];
        let elsewhere = app.anonymous().with("origin", "https://evil.example");
        let answer = elsewhere.call("register", &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{typed}");
        let scheme = if https { "https" } else { "http" };
        let here = app.anonymous().with("origin", &format!("{scheme}://chat.example.org"));
        let answer = here.call("register", &fields).await;
        assert_eq!(answer.status, StatusCode::OK, "{typed}: forms from there are welcome");
        let cookie = answer.cookie().expect("a cookie");
        assert_eq!(cookie.contains("Secure"), https, "{typed}: {cookie}");
    }
}

#[tokio::test]
async fn attempts_are_limited_for_a_whole_network() {
    let app = TestApp::with(Database::Sqlite, |setup| {
        setup.policy.attempts_per_minute = 5;
        setup.trusted_proxies = vec!["127.0.0.1/32".parse().expect("a network")];
    })
    .await;
    // Each attempt is on another account, so that only the address is limited.
    let mut attempts = 0;
    let mut from = async |address: String| {
        let browser = app.anonymous().with("x-forwarded-for", &address);
        attempts += 1;
        let username = format!("nobody{attempts}");
        let fields = [("username", username.as_str()), ("password", PASSWORD)];
        browser.call("sign_in", &fields).await.status
    };
    let mut refused = 0;
    for network in 0..10 {
        for _ in 0..4 {
            let status = from(format!("2001:db8:0:{network:x}::1")).await;
            refused += usize::from(status == StatusCode::TOO_MANY_REQUESTS);
        }
    }
    // A /56 has four times the limit of an address; a few are given back meanwhile.
    assert!((10..=20).contains(&refused), "{refused} of 40 were refused");
    for other in ["2001:db8:0:100::1", "2001:db8:1::1", "203.0.113.9"] {
        assert_eq!(from(other.to_string()).await, StatusCode::UNAUTHORIZED, "{other}");
    }
}
