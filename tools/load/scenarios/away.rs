//! A receiver who was offline fetches 5,000 messages.

use std::sync::atomic::Ordering;

use kith::service::TransportLabel;

use super::pairs::{pairs, warm_up};
use super::report_received;
use crate::Failure;
use crate::report::Report;
use crate::stage::{Stage, UNLIMITED};

pub const MESSAGES: u64 = 5_000;

pub async fn run(stage: &Stage) -> Result<Vec<Report>, Failure> {
    let mut target = stage.open("catch-up", UNLIMITED)?;
    let clock = target.clock;
    let warm = warm_up(pairs(stage, &target, 1, TransportLabel::LongPoll), clock).await?;
    let (mut sender, mut receiver) = warm.into_iter().next().ok_or("nobody")?;
    for _ in 1..MESSAGES {
        sender.send(clock).await?;
    }
    sender.send_last(clock).await?;

    target.begin()?;
    let (receives, bytes) =
        (receiver.received.receives, target.traffic.down.load(Ordering::Relaxed));
    receiver.receive_all(clock).await;
    let bytes = target.traffic.down.load(Ordering::Relaxed) - bytes;
    let receives = receiver.received.receives - receives;
    let what = format!("one person comes back to {MESSAGES} messages");
    let mut report = Report::new("catch-up", what);
    target.measure(&mut report)?;
    report_received(&mut report, vec![(receiver, MESSAGES + 1)]);
    // The latencies would only measure the time offline.
    report.latency = None;
    report.curve.clear();
    report.figure("all were there after", report.seconds * 1e3, "ms");
    report.figure("requests", receives as f64, "");
    report.figure("bytes received", bytes as f64, "B");
    target.close()?;
    Ok(vec![report])
}
