//! The scenarios: each is limited in time and number, and returns its figures.

mod away;
mod cut;
mod group;
mod idle;
mod pairs;
mod start;
mod storm;
mod wire;

use std::time::Duration;

use clap::ValueEnum;
use kith::service::TransportLabel;
use tokio::task::JoinSet;

use crate::Failure;
use crate::report::Report;
use crate::stage::Stage;
use crate::talk::Receiver;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// The start of a server, and its use at rest.
    Start,
    /// One pair at a slow pace, then 100 pairs at one message a second.
    Pair,
    /// 50 pairs, each sender with one send outstanding.
    Flood,
    /// A group of 200 with 200 listening.
    Group,
    /// Held receives without events.
    Idle,
    /// 5,000 messages waiting for a receiver who was offline.
    CatchUp,
    /// 200 pairs whose connections are cut at random.
    Cut,
    /// 2,000 receivers cut off at once.
    Storm,
    /// Bytes on the socket.
    Wire,
}

impl Scenario {
    pub async fn run(self, stage: &Stage) -> Result<Vec<Report>, Failure> {
        match self {
            Self::Start => start::run(stage).await,
            Self::Pair => pairs::pair(stage).await,
            Self::Flood => pairs::flood(stage).await,
            Self::Group => group::run(stage).await,
            Self::Idle => idle::run(stage).await,
            Self::CatchUp => away::run(stage).await,
            Self::Cut => cut::run(stage).await,
            Self::Storm => storm::run(stage).await,
            Self::Wire => wire::run(stage).await,
        }
    }
}

/// Waits for all tasks; the first failure fails all.
async fn all<T: 'static>(mut tasks: JoinSet<Result<T, Failure>>) -> Result<Vec<T>, Failure> {
    let mut done = Vec::with_capacity(tasks.len());
    while let Some(one) = tasks.join_next().await {
        done.push(one??);
    }
    Ok(done)
}

/// Both transports.
const TRANSPORTS: [TransportLabel; 2] = [TransportLabel::LongPoll, TransportLabel::WebSocket];

/// Names a measurement; long polling is not mentioned.
fn by(name: &str, transport: TransportLabel) -> String {
    match transport {
        TransportLabel::LongPoll => name.to_string(),
        TransportLabel::WebSocket => format!("{name}, WebSocket"),
    }
}

/// Pauses, unless `pause` is zero: the timer would round it up to a millisecond.
async fn rest(pause: Duration) {
    if !pause.is_zero() {
        tokio::time::sleep(pause).await;
    }
}

/// Adds the messages of each receiver to the report, with the number of messages sent to it.
fn report_received(report: &mut Report, received: Vec<(Receiver, u64)>) {
    let mut latencies = Vec::new();
    for (receiver, sent) in received {
        report.take_wrong(receiver.received.wrong(sent));
        report.deliveries += receiver.received.latencies.len() as u64;
        latencies.extend(receiver.received.latencies);
    }
    report.take_latencies(latencies);
}
