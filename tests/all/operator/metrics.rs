//! Monitoring: each metric moves when it should, readiness is true, and the metrics are only on
//! their own address.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};

use http::StatusCode;

use serde_json::json;

use crate::harness::process::{kith, serve};
use crate::harness::{
    Browser, Database, LONG_MS, PASSWORD, TestApp, client_id, eventually, on_both_databases,
};
use kith::error::KithError;
use kith::model::{Batch, Timestamp};
use kith::server::{metrics, system_clock};

on_both_databases!(
    metrics_count_a_message_from_send_to_wake_up,
    metrics_count_receives_while_they_are_held,
    metrics_count_every_outcome_of_a_receive,
    readyz_fails_while_the_database_cannot_be_written,
    metrics_have_the_database_size,
);

/// One scrape: each sample by its name and labels.
struct Scrape(BTreeMap<String, f64>);

impl Scrape {
    async fn of(app: &TestApp) -> Self {
        let answer = Browser::new(metrics(app.kith.clone())).visit("/metrics").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
        Self(samples(&answer.text()))
    }

    fn get(&self, sample: &str) -> f64 {
        *self.0.get(sample).unwrap_or_else(|| panic!("{sample} is not among {:#?}", self.0))
    }

    /// The growth of this sample since `earlier`.
    fn since(&self, earlier: &Self, sample: &str) -> f64 {
        self.get(sample) - earlier.get(sample)
    }
}

/// Parses the text format of Prometheus, and fails where Prometheus would.
fn samples(text: &str) -> BTreeMap<String, f64> {
    let mut samples = BTreeMap::new();
    let (mut described, mut typed) = (BTreeMap::new(), BTreeMap::new());
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, help) = help.split_once(' ').expect(line);
            assert!(help.ends_with('.'), "a sentence: {line}");
            assert!(described.insert(name, help).is_none(), "described twice: {line}");
            continue;
        }
        if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').expect(line);
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
            assert!(name.starts_with("kith_") || name.starts_with("process_"), "{line}");
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{line}");
            assert!(described.contains_key(name), "not described: {line}");
            assert!(typed.insert(name, kind).is_none(), "typed twice: {line}");
            continue;
        }
        let (sample, value) = line.rsplit_once(' ').expect(line);
        let name = sample.split('{').next().expect(line);
        let of_histogram = ["_bucket", "_sum", "_count"].iter().find_map(|end| {
            name.strip_suffix(end).filter(|name| typed.get(name) == Some(&"histogram"))
        });
        assert!(typed.contains_key(of_histogram.unwrap_or(name)), "of no type: {line}");
        if sample != name {
            let labels = sample[name.len()..].strip_prefix('{').and_then(|l| l.strip_suffix('}'));
            let (label, text) = labels.expect(line).split_once('=').expect(line);
            assert!(label.chars().all(|c| c.is_ascii_lowercase()), "{line}");
            assert!(text.len() > 2 && text.starts_with('"') && text.ends_with('"'), "{line}");
        }
        let value = value.parse().unwrap_or_else(|_| panic!("no number: {line}"));
        assert!(samples.insert(sample.to_string(), value).is_none(), "twice: {line}");
    }
    for (name, _) in typed.iter().filter(|(_, kind)| **kind == "histogram") {
        let all = samples.get(&format!("{name}_bucket{{le=\"+Inf\"}}"));
        assert_eq!(all, samples.get(&format!("{name}_count")), "{name}");
    }
    samples
}

async fn metrics_count_a_message_from_send_to_wake_up(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let before = Scrape::of(&app).await;
    let sent = ann.send(bob.contact(), "hello").await;
    let after = Scrape::of(&app).await;
    for sample in [
        "kith_messages_total",
        "kith_events_total",
        "kith_commit_seconds_count",
        "kith_commit_changes_count",
        "kith_commit_changes_sum",
        "kith_commit_changes_bucket{le=\"1\"}",
        "kith_send_to_wake_seconds_count",
    ] {
        assert_eq!(after.since(&before, sample), 1.0, "{sample}");
    }
    let commit = after.since(&before, "kith_commit_seconds_sum");
    let all = after.since(&before, "kith_send_to_wake_seconds_sum");
    assert!(0.0 < commit && commit < all && all < 30.0, "{commit} of {all}");

    let recall = json!({ "contact": bob.contact(), "seq": sent.seq });
    ann.ask("recall_message", recall).await.done();
    let recalled = Scrape::of(&app).await;
    assert_eq!(recalled.since(&after, "kith_messages_total"), 0.0, "nobody wrote anything");
    assert_eq!(recalled.since(&after, "kith_events_total"), 1.0);
    assert_eq!(recalled.since(&after, "kith_commit_changes_sum"), 1.0);
}

async fn metrics_count_receives_while_they_are_held(database: Database) {
    const HELD: &str = "kith_held_receives{transport=\"long_poll\"}";
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let before = Scrape::of(&app).await;
    assert_eq!(before.get(HELD), 0.0);
    let held = app.hold(&bob, &bob.cursor().await, LONG_MS).await;
    let during = Scrape::of(&app).await;
    assert_eq!(during.get(HELD), 1.0);
    assert_eq!(during.get("kith_held_receives{transport=\"websocket\"}"), 0.0);
    assert!(during.get("kith_mailboxes") >= 1.0);
    ann.send(bob.contact(), "hello").await;
    held.answer().await.ok::<Batch>();
    let after = Scrape::of(&app).await;
    assert_eq!(after.get(HELD), 0.0);
    assert_eq!(after.since(&before, "kith_receives_total{outcome=\"woken\"}"), 1.0);
}

async fn metrics_count_every_outcome_of_a_receive(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let outcomes = async || {
        let scrape = Scrape::of(&app).await;
        ["woken", "at_once", "empty", "resync", "unanswered"]
            .map(|outcome| scrape.get(&format!("kith_receives_total{{outcome=\"{outcome}\"}}")))
    };
    let cursor = bob.cursor().await;
    let version = bob.presence().await.version;
    let [woken, at_once, empty, resync, unanswered] = outcomes().await;

    let quiet = bob.browser.send(bob.receive_request(&cursor, 0, &version)).await;
    assert_eq!(quiet.ok::<Batch>().events, []);
    assert_eq!(outcomes().await, [woken, at_once, empty + 1.0, resync, unanswered]);

    ann.send(bob.contact(), "waiting for bob").await;
    bob.receive(&cursor).await;
    assert_eq!(outcomes().await, [woken, at_once + 1.0, empty + 1.0, resync, unanswered]);

    let mut unknown = cursor.clone();
    unknown.epoch = "another".into();
    assert!(bob.receive(&unknown).await.resync);
    assert_eq!(outcomes().await, [woken, at_once + 1.0, empty + 1.0, resync + 1.0, unanswered]);

    let cut = app.hold_bare(&ann, &ann.cursor().await, LONG_MS).await;
    eventually("the receive was held", async || app.receivers() == 1).await;
    drop(cut);
    eventually("the one who left was counted", async || outcomes().await[4] == unanswered + 1.0)
        .await;
}

/// Every write fails while the head of the log cannot change, as with a full disk.
async fn readyz_fails_while_the_database_cannot_be_written(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    let before = Scrape::of(&app).await;
    let (fill, empty) = match database {
        Database::Sqlite => (
            "CREATE TRIGGER full BEFORE UPDATE ON log_head \
             BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
            "DROP TRIGGER full",
        ),
        Database::Postgres => (
            "ALTER TABLE log_head ADD CONSTRAINT no_more CHECK (id < 0) NOT VALID",
            "ALTER TABLE log_head DROP CONSTRAINT no_more",
        ),
    };
    app.execute(fill).await;
    let refused = ann.try_send(bob.contact(), &client_id(), "hello").await;
    assert_eq!(refused.error(), KithError::TryAgain);
    let answer = app.anonymous().visit("/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.text(), "the database cannot be written\n");
    let failing = Scrape::of(&app).await;
    assert!(failing.since(&before, "kith_commit_failures_total") >= 1.0);
    assert_eq!(failing.get("kith_ready"), 0.0);
    assert_eq!(failing.since(&before, "kith_messages_total"), 0.0);

    // The probe itself tries to write: readiness returns without a message.
    app.execute(empty).await;
    let answer = app.anonymous().visit("/readyz").await;
    assert_eq!((answer.status, answer.text().as_str()), (StatusCode::OK, "ok\n"));
    assert_eq!(Scrape::of(&app).await.get("kith_ready"), 1.0);
    ann.send(bob.contact(), "hello again").await;
}

async fn metrics_have_the_database_size(database: Database) {
    let app = TestApp::start(database).await;
    let scrape = Scrape::of(&app).await;
    assert!(scrape.get("kith_database_bytes") > 100_000.0, "its tables alone take more");
    assert_eq!(scrape.get("kith_ready"), 1.0);
    app.execute("ALTER TABLE users RENAME TO gone").await;
    let answer = app.anonymous().visit("/readyz").await;
    assert_eq!(answer.text(), "the database cannot be read\n");
}

#[tokio::test]
async fn metrics_count_failed_sign_ins_by_reason() {
    let app = TestApp::with(Database::Sqlite, |setup| setup.policy.attempts_per_minute = 3).await;
    app.person("ann").await;
    let before = Scrape::of(&app).await;
    for _ in 0..4 {
        let fields = [("username", "ann"), ("password", "not hers at all")];
        app.anonymous().call("sign_in", &fields).await.error();
    }
    let after = Scrape::of(&app).await;
    // One of the three allowed attempts was her registration.
    assert_eq!(after.since(&before, "kith_sign_in_failures_total{reason=\"wrong_password\"}"), 2.0);
    assert_eq!(after.since(&before, "kith_sign_in_failures_total{reason=\"too_many\"}"), 2.0);
}

#[tokio::test]
async fn readyz_fails_during_shutdown_and_without_a_writer() {
    static BROKEN: AtomicBool = AtomicBool::new(false);
    fn clock() -> Timestamp {
        assert!(!BROKEN.load(Ordering::SeqCst), "as the test wants it");
        system_clock()
    }
    let app = TestApp::with(Database::Sqlite, |setup| setup.clock = clock).await;
    let ready = async || app.anonymous().visit("/readyz").await;
    assert_eq!(ready().await.status, StatusCode::OK);
    BROKEN.store(true, Ordering::SeqCst);
    let fields = [("username", "bob"), ("display_name", "Bob"), ("password", PASSWORD)];
    app.anonymous().call("register", &fields).await.error();
    eventually("the writer ended", async || ready().await.status != StatusCode::OK).await;
    assert!(ready().await.text().contains("only a restart"), "{}", ready().await.text());
    assert_eq!(Scrape::of(&app).await.get("kith_ready"), 0.0);

    let app = TestApp::start(Database::Sqlite).await;
    app.kith.end();
    let answer = app.anonymous().visit("/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.text(), "Kith is ending\n");
}

/// The head and the body of the answer at this path.
fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("somebody listens");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: kith.test\r\nConnection: close\r\n\r\n")
        .expect("it is read");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it is answered");
    answer
}

#[test]
fn metrics_address_serves_only_metrics() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = kith(folder.path());
    command.env("KITH_METRICS_ADDRESS", "127.0.0.1:0");
    let server = serve(command);
    let line = server.first_lines.lines().find_map(|line| line.strip_prefix("Its metrics are at "));
    let address = line.and_then(|url| url.strip_prefix("http://")?.strip_suffix("/metrics"));
    let address: SocketAddr = address.expect("where they are").parse().expect("an address");

    let answer = get(address, "/metrics");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (_, text) = answer.split_once("\r\n\r\n").expect("a body");
    let samples = samples(text);
    assert_eq!(samples["kith_ready"], 1.0);
    let version = format!("kith_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"));
    assert_eq!(samples[&version], 1.0);
    if cfg!(target_os = "linux") {
        assert!(samples["process_resident_memory_bytes"] > 1e6);
        assert!(samples["process_open_fds"] > 3.0);
        assert!(samples["process_max_fds"] > samples["process_open_fds"]);
        assert!(samples["process_start_time_seconds"] > 1.6e9);
        assert!(samples.contains_key("process_cpu_seconds_total"));
    }
    for path in ["/", "/healthz", "/readyz", "/sign-in", "/api/receive"] {
        assert!(get(address, path).starts_with("HTTP/1.1 404"), "{path}");
    }
    let public = get(server.address, "/metrics");
    assert!(public.starts_with("HTTP/1.1 404") && !public.contains("kith_ready"), "{public}");
    assert!(get(server.address, "/readyz").starts_with("HTTP/1.1 200"));
}

#[test]
fn unusable_metrics_address_stops_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let somebody = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let taken = somebody.local_addr().expect("the port").to_string();
    for address in ["off", "localhost:9184", &taken] {
        let output = kith(folder.path()).env("KITH_METRICS_ADDRESS", address).output();
        let output = output.expect("kith ends");
        assert!(!output.status.success());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        // A variable is named as it is written, a key of the file as it is there.
        assert!(said.to_lowercase().contains("metrics_address"), "{said}");
        assert!(!folder.path().join("data").exists(), "nothing was begun");
    }
}

/// The dashboard and the operator's handbook name every metric, and no other.
#[tokio::test]
async fn dashboard_and_handbook_name_only_existing_metrics() {
    let app = TestApp::start(Database::Sqlite).await;
    let there: BTreeSet<String> =
        Scrape::of(&app).await.0.into_keys().map(|sample| metric_of(&sample)).collect();
    let dashboard = include_str!("../../../docs/grafana.json");
    serde_json::from_str::<serde_json::Value>(dashboard).expect("JSON");
    for text in [dashboard, include_str!("../../../docs/operations.md")] {
        let words = text.split(|c: char| !(c.is_ascii_lowercase() || c == '_'));
        let named = words.filter(|word| word.starts_with("kith_") || word.starts_with("process_"));
        assert_eq!(named.map(metric_of).collect::<BTreeSet<_>>(), there);
    }
}

/// The metric that a sample belongs to.
fn metric_of(sample: &str) -> String {
    let name = sample.split('{').next().unwrap_or_default();
    let ends = ["_bucket", "_sum", "_count"];
    ends.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name).to_string()
}
