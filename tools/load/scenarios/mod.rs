//! The scenarios: each is bounded in time and count, and says what it measured.

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
use crate::talk::Listener;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// Until a server is there, and what it takes at rest.
    Start,
    /// One pair at leisure, then 100 pairs at one message a second.
    Pair,
    /// 50 pairs, each sender with one send outstanding.
    Flood,
    /// A group of 200 with 200 listening.
    Group,
    /// Held receives while nothing happens.
    Idle,
    /// 5,000 messages waiting for somebody who was away.
    CatchUp,
    /// 200 pairs whose connections are cut at random.
    Cut,
    /// 2,000 receivers cut off at once.
    Storm,
    /// Bytes on the socket.
    Wire,
}

impl Scenario {
    pub async fn play(self, stage: &Stage) -> Result<Vec<Report>, Failure> {
        match self {
            Self::Start => start::play(stage).await,
            Self::Pair => pairs::pair(stage).await,
            Self::Flood => pairs::flood(stage).await,
            Self::Group => group::play(stage).await,
            Self::Idle => idle::play(stage).await,
            Self::CatchUp => away::play(stage).await,
            Self::Cut => cut::play(stage).await,
            Self::Storm => storm::play(stage).await,
            Self::Wire => wire::play(stage).await,
        }
    }
}

/// Waits for everybody; the first who fails fails all.
async fn all<T: 'static>(mut tasks: JoinSet<Result<T, Failure>>) -> Result<Vec<T>, Failure> {
    let mut done = Vec::with_capacity(tasks.len());
    while let Some(one) = tasks.join_next().await {
        done.push(one??);
    }
    Ok(done)
}

/// Both, the one that every browser has first.
const TRANSPORTS: [TransportLabel; 2] = [TransportLabel::LongPoll, TransportLabel::WebSocket];

/// Names what is measured; a long poll goes without saying.
fn by(name: &str, transport: TransportLabel) -> String {
    match transport {
        TransportLabel::LongPoll => name.to_string(),
        TransportLabel::WebSocket => format!("{name}, WebSocket"),
    }
}

/// Pauses for so long. Even no time at all is rounded up to a tick of the clock, a millisecond.
async fn rest(pause: Duration) {
    if !pause.is_zero() {
        tokio::time::sleep(pause).await;
    }
}

/// Takes what listeners of one speaker each heard into the report, with how much each was told.
fn take(report: &mut Report, heard: Vec<(Listener, u64)>) {
    let mut latencies = Vec::new();
    for (listener, said) in heard {
        report.take_wrong(listener.heard.wrong(said));
        report.deliveries += listener.heard.latencies.len() as u64;
        latencies.extend(listener.heard.latencies);
    }
    report.take_latencies(latencies);
}
