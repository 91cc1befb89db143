//! All metrics of Kith, with their units. Counters are lock-free and do not allocate; gauges are
//! sampled when a monitor asks.

use std::time::Duration;

use prometheus::{
    Gauge, Histogram, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, Result,
    TextEncoder,
};

use super::Kith;
use super::process::ProcessMetrics;
use super::registrar::Registrar;
use crate::error::KithError;
use crate::model::EventKind;
use crate::store::Committed;

/// The content type of [`Kith::metrics`].
pub const METRICS_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Buckets of durations, in seconds. A disk syncs within 0.1 ms to some tens of ms; beyond a second
/// something is wrong.
const SECONDS: [f64; 14] =
    [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 10.0];

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Buckets of changes in a transaction, up to the writer's largest batch.
const CHANGES: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];

/// How a page receives events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportLabel {
    LongPoll,
    WebSocket,
}

impl TransportLabel {
    const NAMES: [&str; 2] = ["long_poll", "websocket"];
}

/// How a receive ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was held until there was something new.
    Woken,
    /// There was something new already, or it had no cursor.
    AtOnce,
    /// The hold was over, or the process ended.
    Empty,
    /// Its cursor could not be served.
    Resync,
    /// The client went away, its sign-in ended, or the database failed.
    Unanswered,
}

impl Outcome {
    const NAMES: [&str; 5] = ["woken", "at_once", "empty", "resync", "unanswered"];
}

/// Why an attempt to sign in failed.
const REASONS: [&str; 2] = ["wrong_password", "too_many"];

/// The metrics of one Kith. A metric with a label is an array, by the values of the label.
pub struct Metrics {
    registry: Registry,
    held: [IntGauge; TransportLabel::NAMES.len()],
    receives: [IntCounter; Outcome::NAMES.len()],
    events: IntCounter,
    messages: IntCounter,
    commit_seconds: Histogram,
    commit_changes: Histogram,
    commit_failures: IntCounter,
    send_to_wake: Histogram,
    sign_in_failures: [IntCounter; REASONS.len()],
    mailboxes: Gauge,
    database: Gauge,
    ready: Gauge,
    /// `None` where the system is not Linux.
    process: Option<ProcessMetrics>,
}

impl Metrics {
    pub fn new() -> Result<Self> {
        let registry = Registry::new();
        let add = Registrar(&registry);
        add.gauge("kith_info", "1, with the version of Kith as a label.", &[("version", VERSION)])?
            .set(1.0);
        let held = add.add(IntGaugeVec::new(
            Opts::new("kith_held_receives", "Receives that are held just now, by transport."),
            &["transport"],
        )?)?;
        let receives = add.add(IntCounterVec::new(
            Opts::new("kith_receives_total", "Receives that have ended, by what came of them."),
            &["outcome"],
        )?)?;
        let sign_in_failures = add.add(IntCounterVec::new(
            Opts::new("kith_sign_in_failures_total", "Tries to sign in that failed, by reason."),
            &["reason"],
        )?)?;
        Ok(Self {
            held: TransportLabel::NAMES.map(|name| held.with_label_values(&[name])),
            receives: Outcome::NAMES.map(|name| receives.with_label_values(&[name])),
            sign_in_failures: REASONS.map(|name| sign_in_failures.with_label_values(&[name])),
            events: add.counter("kith_events_total", "Events written to the log.")?,
            messages: add.counter("kith_messages_total", "Messages of people that were stored.")?,
            commit_seconds: add.histogram(
                "kith_commit_seconds",
                "From the beginning of a transaction until it is on disk, in seconds.",
                &SECONDS,
            )?,
            commit_changes: add.histogram(
                "kith_commit_changes",
                "Changes, messages among them, that shared a transaction.",
                &CHANGES,
            )?,
            commit_failures: add.counter(
                "kith_commit_failures_total",
                "Batches of which nothing could be written: their callers were told to try again.",
            )?,
            send_to_wake: add.histogram(
                "kith_send_to_wake_seconds",
                "From accepting a message until it is stored and its audience is woken, in \
                 seconds.",
                &SECONDS,
            )?,
            mailboxes: add.gauge(
                "kith_mailboxes",
                "People who listen, or did a minute ago.",
                &[],
            )?,
            database: add.gauge(
                "kith_database_bytes",
                "Bytes of the database, without SQLite's write-ahead log; NaN if it does not say.",
                &[],
            )?,
            ready: add.gauge("kith_ready", "1 while /readyz answers 200, else 0.", &[])?,
            process: ProcessMetrics::register(&add)?,
            registry,
        })
    }

    /// Counts a receive when the returned timer is dropped.
    pub fn start_receive(&self) -> ReceiveTimer<'_> {
        ReceiveTimer { metrics: self, outcome: Outcome::Unanswered }
    }

    /// Counts a held receive until the returned guard is dropped.
    pub fn held_by(&self, transport: TransportLabel) -> HeldReceive {
        let held = self.held[transport as usize].clone();
        held.inc();
        HeldReceive(held)
    }

    /// Counts a batch of the writer; `None` is one that could not be written.
    pub fn committed(&self, committed: Option<&Committed>) {
        let Some(committed) = committed else { return self.commit_failures.inc() };
        self.commit_seconds.observe(committed.took.as_secs_f64());
        self.commit_changes.observe(committed.changes as f64);
        self.events.inc_by(committed.events.len() as u64);
        let events = committed.events.iter().map(|addressed| &addressed.event.kind);
        let messages = events.filter(|kind| is_new_message(kind));
        self.messages.inc_by(messages.count() as u64);
    }

    /// Counts a message that is stored and has woken its audience, after this duration.
    pub fn message_sent(&self, took: Duration) {
        self.send_to_wake.observe(took.as_secs_f64());
    }

    /// Counts a refused attempt to sign in. A failure of the database is not counted.
    pub fn sign_in_failed(&self, why: &KithError) {
        match why {
            KithError::WrongPassword => self.sign_in_failures[0].inc(),
            KithError::TooMany(_) => self.sign_in_failures[1].inc(),
            _ => {}
        }
    }
}

/// Whether a person wrote this message. System lines do not count, and a recalled message is one.
fn is_new_message(kind: &EventKind) -> bool {
    matches!(kind, EventKind::Message { message, .. } if message.system.is_none())
}

/// A receive that has not ended.
pub struct ReceiveTimer<'a> {
    metrics: &'a Metrics,
    pub outcome: Outcome,
}

impl Drop for ReceiveTimer<'_> {
    fn drop(&mut self) {
        self.metrics.receives[self.outcome as usize].inc();
    }
}

/// Counts a held receive until it is dropped.
pub struct HeldReceive(IntGauge);

impl Drop for HeldReceive {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Kith {
    /// Returns all metrics in the text format of Prometheus.
    pub async fn metrics(&self) -> crate::error::Result<String> {
        let metrics = &self.0.metrics;
        metrics.ready.set(f64::from(u8::from(self.ready().await.is_ok())));
        metrics.database.set(self.database_bytes().await.map_or(f64::NAN, |bytes| bytes as f64));
        metrics.mailboxes.set(self.listening().0 as f64);
        if let Some(process) = &metrics.process {
            process.sample().await;
        }
        TextEncoder::new().encode_to_string(&metrics.registry.gather()).map_err(|error| {
            tracing::error!(%error, "metrics");
            KithError::Internal
        })
    }
}
