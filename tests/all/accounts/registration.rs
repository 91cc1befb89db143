//! Registration as administrators set it, and the links that they make.

use std::time::Duration;

use futures_util::future::join_all;
use http::StatusCode;

use serde_json::json;

use crate::harness::{Answer, Database, MovedClock, PASSWORD, TestApp, on_both_databases};
use kith::error::KithError;
use kith::model::Registration;
use kith::model::administration::{AdminActor, RegistrationMode};
use kith::model::limits::{DAY_MS, LINK_DAYS_MAX, LINK_USES_MAX};

on_both_databases!(
    registration_mode_set_by_an_administrator_overrides_the_configuration,
    registration_link_lets_its_holders_register,
    concurrent_registrations_do_not_exceed_the_uses_of_a_link,
    expired_and_revoked_registration_links_are_rejected,
    registration_links_reject_uses_and_days_outside_their_limits,
    first_account_requires_no_registration_link,
);

async fn register(app: &TestApp, username: &str, invite: Option<&str>) -> Answer {
    let mut fields =
        vec![("username", username), ("display_name", "Somebody"), ("password", PASSWORD)];
    if let Some(token) = invite {
        fields.push(("invite", token));
    }
    app.anonymous().call("register", &fields).await
}

async fn registration(app: &TestApp, invite: Option<&str>) -> Registration {
    app.anonymous().ask("registration", &json!({ "invite": invite })).await.ok()
}

async fn registration_mode_set_by_an_administrator_overrides_the_configuration(database: Database) {
    let app = TestApp::with(database, |setup| setup.policy.registration_open = false).await;
    let ann = app.person("ann").await;
    let state = async |app: &TestApp| {
        app.kith.registration_state(AdminActor::Operator).await.expect("who may register").mode
    };
    assert_eq!(state(&app).await, RegistrationMode::Closed, "as the configuration says");
    app.kith.set_registration(ann.by(), RegistrationMode::Open).await.expect("open");
    register(&app, "bob", None).await.done();
    let app = app.restarted().await;
    assert_eq!(state(&app).await, RegistrationMode::Open);
    assert_eq!(registration(&app, None).await, Registration::Open);
    app.kith
        .set_registration(AdminActor::Operator, RegistrationMode::Closed)
        .await
        .expect("closed");
    assert_eq!(registration(&app, None).await, Registration::Closed);
    assert_eq!(register(&app, "cid", None).await.error(), KithError::RegistrationClosed);
}

async fn registration_link_lets_its_holders_register(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    let (kith, by) = (&app.kith, ann.by());
    let link = kith.create_registration_link(by, 2, 1).await.expect("a link");
    assert_eq!((link.by.as_ref().map(|by| by.id), link.left), (Some(ann.id), 2));
    let token = Some(link.token.as_str());
    register(&app, "early", token).await.done();
    kith.set_registration(by, RegistrationMode::ByLink).await.expect("by link");
    for (invite, answer) in [
        (None, Registration::ByLink),
        (Some("x"), Registration::ByLink),
        (token, Registration::Open),
    ] {
        assert_eq!(registration(&app, invite).await, answer);
    }
    for invite in [None, Some(""), Some("no such link"), Some("a\u{0}b")] {
        let refused = register(&app, "bob", invite).await;
        assert_eq!(refused.error(), KithError::RegistrationClosed, "{invite:?}");
    }
    let links = async || kith.registration_state(by).await.expect("the links").links;
    assert_eq!(links().await, std::slice::from_ref(&link), "where everybody may, it is not used");
    register(&app, "bob", token).await.done();
    assert_eq!(register(&app, "BOB", token).await.error(), KithError::UsernameTaken);
    assert_eq!(links().await[0].left, 1, "who was refused did not use it");
    register(&app, "cid", token).await.done();
    assert_eq!(register(&app, "dan", token).await.error(), KithError::RegistrationClosed);
    assert_eq!(links().await, []);
    assert_eq!(app.number("SELECT COUNT(*) FROM users WHERE administrator = 1").await, 1);

    let link = kith.create_registration_link(AdminActor::Operator, 1, 1).await.expect("a link");
    assert_eq!(link.by, None);
    kith.set_registration(by, RegistrationMode::Closed).await.expect("closed");
    let refused = register(&app, "dan", Some(&link.token)).await;
    assert_eq!(refused.error(), KithError::RegistrationClosed, "closed is closed");
    assert_eq!(registration(&app, Some(&link.token)).await, Registration::Closed);
}

async fn concurrent_registrations_do_not_exceed_the_uses_of_a_link(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    let beside = app.beside().await;
    app.kith.set_registration(ann.by(), RegistrationMode::ByLink).await.expect("by link");
    let link = app.kith.create_registration_link(ann.by(), 3, 1).await.expect("a link");
    let names: Vec<String> = (0..10).map(|n| format!("user{n}")).collect();
    let tries = names.iter().enumerate().map(|(n, name)| {
        let app = if n % 2 == 0 { &app } else { &beside };
        register(app, name, Some(&link.token))
    });
    let (made, refused): (Vec<_>, Vec<_>) =
        join_all(tries).await.into_iter().partition(|answer| answer.status == StatusCode::OK);
    assert_eq!(made.len(), 3);
    for answer in refused {
        assert_eq!(answer.error(), KithError::RegistrationClosed);
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM users").await, 4);
}

async fn expired_and_revoked_registration_links_are_rejected(database: Database) {
    let clock = MovedClock::take();
    let app = TestApp::with(database, |setup| setup.clock = clock.clock()).await;
    let ann = app.person("ann").await;
    let (kith, by) = (&app.kith, ann.by());
    kith.set_registration(by, RegistrationMode::ByLink).await.expect("by link");
    let old = kith.create_registration_link(by, 9, 1).await.expect("a link");
    let new = kith.create_registration_link(by, 9, 3).await.expect("a link");
    clock.forward(Duration::from_millis(DAY_MS as u64));
    let refused = register(&app, "bob", Some(&old.token)).await;
    assert_eq!(refused.error(), KithError::RegistrationClosed);
    register(&app, "bob", Some(&new.token)).await.done();
    let newest = kith.create_registration_link(by, 1, 1).await.expect("a link");
    let links = kith.registration_state(by).await.expect("the links").links;
    let tokens: Vec<&str> = links.iter().map(|link| link.token.as_str()).collect();
    assert_eq!(tokens, [&newest.token, &new.token], "the newest first");
    assert_eq!(app.number("SELECT COUNT(*) FROM registration_link").await, 2, "it is forgotten");
    kith.revoke_registration_link(by, &new.token).await.expect("revoked");
    let refused = register(&app, "cid", Some(&new.token)).await;
    assert_eq!(refused.error(), KithError::RegistrationClosed);
    let again = kith.revoke_registration_link(by, &new.token).await;
    assert_eq!(again, Err(KithError::NotFound));
}

async fn registration_links_reject_uses_and_days_outside_their_limits(database: Database) {
    let app = TestApp::start(database).await;
    let ann = app.person("ann").await;
    for (uses, days) in
        [(0, 1), (1, 0), (-1, 1), (LINK_USES_MAX + 1, 1), (1, LINK_DAYS_MAX + 1), (1, i64::MAX)]
    {
        let refused = app.kith.create_registration_link(ann.by(), uses, days).await;
        assert!(matches!(refused, Err(KithError::BadRequest(_))), "{uses} {days}");
    }
    app.kith
        .create_registration_link(ann.by(), LINK_USES_MAX, LINK_DAYS_MAX)
        .await
        .expect("a link");
}

async fn first_account_requires_no_registration_link(database: Database) {
    let app = TestApp::start(database).await;
    app.kith
        .set_registration(AdminActor::Operator, RegistrationMode::ByLink)
        .await
        .expect("by link");
    assert_eq!(registration(&app, None).await, Registration::NeedsSetupLink);
    assert_eq!(register(&app, "bob", None).await.error(), KithError::SetupLinkNeeded);
    app.person("ann").await;
    assert_eq!(registration(&app, None).await, Registration::ByLink);
}
