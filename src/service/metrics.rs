//! Every number that Kith shows to a monitor: what it counts, in which unit, and how it is asked for.
//! Counting takes no lock and makes nothing; what is a look at something is looked at when asked.

use std::time::Duration;

use prometheus::core::Collector;
use prometheus::{
    Gauge, Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, Result, TextEncoder,
};

use super::Kith;
use super::process::Process;
use crate::error::KithError;
use crate::model::EventKind;
use crate::store::Committed;

/// The format of [`Kith::metrics`], as a content type.
pub const METRICS_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A disk syncs within 0.1 ms to some tens of ms; beyond a second something is wrong.
const SECONDS: [f64; 14] =
    [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 10.0];

/// The version that is built.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Up to the writer's largest batch.
const CHANGES: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];

/// How a page is told of what happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportLabel {
    LongPoll,
    WebSocket,
}

impl TransportLabel {
    const NAMES: [&str; 2] = ["long_poll", "websocket"];
}

/// What came of a receive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was held until there was something.
    Woken,
    /// There was something already, or it asked where to begin.
    AtOnce,
    /// The hold was over, or the process ended.
    Empty,
    /// Its cursor could not be served.
    Resync,
    /// Whoever asked went away, their sign-in ended, or nothing could be read.
    Unanswered,
}

impl Outcome {
    const NAMES: [&str; 5] = ["woken", "at_once", "empty", "resync", "unanswered"];
}

/// Why a try to sign in failed.
const REASONS: [&str; 2] = ["wrong_password", "too_many"];

/// All of them, for one Kith. What has a label has one number here for each of its values.
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
    /// Nothing where the system does not say it as Linux does.
    process: Option<Process>,
}

impl Metrics {
    pub fn new() -> Result<Self> {
        let registry = Registry::new();
        let add = Adding(&registry);
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
                "From a message's being accepted until it is stored and its hearers are woken, in \
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
            process: Process::here(&add)?,
            registry,
        })
    }

    /// Counts a receive when what it returns is dropped.
    pub fn receive(&self) -> ReceiveTimer<'_> {
        ReceiveTimer { metrics: self, outcome: Outcome::Unanswered }
    }

    /// Counts somebody who is held by this transport until what it returns is dropped.
    pub fn held_by(&self, transport: TransportLabel) -> Held {
        let held = self.held[transport as usize].clone();
        held.inc();
        Held(held)
    }

    /// Counts what the writer did; nothing when none of a batch could be written.
    pub fn committed(&self, committed: Option<&Committed>) {
        let Some(committed) = committed else { return self.commit_failures.inc() };
        self.commit_seconds.observe(committed.took.as_secs_f64());
        self.commit_changes.observe(committed.changes as f64);
        self.events.inc_by(committed.events.len() as u64);
        let messages = committed.events.iter().filter(|heard| is_new_message(&heard.event.kind));
        self.messages.inc_by(messages.count() as u64);
    }

    /// Counts a message that is stored and told of, by how long that took.
    pub fn sent(&self, took: Duration) {
        self.send_to_wake.observe(took.as_secs_f64());
    }

    /// Counts a try to sign in that was refused. What the database did not answer is none.
    pub fn sign_in_failed(&self, why: &KithError) {
        match why {
            KithError::WrongPassword => self.sign_in_failures[0].inc(),
            KithError::TooMany(_) => self.sign_in_failures[1].inc(),
            _ => {}
        }
    }
}

/// One that somebody wrote, and not a line of Kith's, which a recalled one is from then on, too.
fn is_new_message(kind: &EventKind) -> bool {
    matches!(kind, EventKind::Message { message, .. } if message.system.is_none())
}

/// A receive that is not over.
pub struct ReceiveTimer<'a> {
    metrics: &'a Metrics,
    pub outcome: Outcome,
}

impl Drop for ReceiveTimer<'_> {
    fn drop(&mut self) {
        self.metrics.receives[self.outcome as usize].inc();
    }
}

/// Counts one who is held, for as long as it lives.
pub struct Held(IntGauge);

impl Drop for Held {
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
            process.look().await;
        }
        TextEncoder::new().encode_to_string(&metrics.registry.gather()).map_err(|error| {
            tracing::error!(%error, "metrics");
            KithError::Internal
        })
    }
}

/// Puts metrics into a registry as they are made.
pub(super) struct Adding<'a>(&'a Registry);

impl Adding<'_> {
    pub fn gauge(&self, name: &str, help: &str, labels: &[(&str, &str)]) -> Result<Gauge> {
        let opts = Opts::new(name, help);
        let labelled =
            labels.iter().fold(opts, |opts, (name, text)| opts.const_label(*name, *text));
        self.add(Gauge::with_opts(labelled)?)
    }

    fn counter(&self, name: &str, help: &str) -> Result<IntCounter> {
        self.add(IntCounter::new(name, help)?)
    }

    fn histogram(&self, name: &str, help: &str, buckets: &[f64]) -> Result<Histogram> {
        let opts = HistogramOpts::new(name, help).buckets(buckets.to_vec());
        self.add(Histogram::with_opts(opts)?)
    }

    pub fn add<C: Collector + Clone + 'static>(&self, metric: C) -> Result<C> {
        self.0.register(Box::new(metric.clone()))?;
        Ok(metric)
    }
}
