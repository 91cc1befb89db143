//! Pairs that exchange messages: at a fixed pace, and as fast as possible.

use std::time::{Duration, Instant};

use kith::model::Contact;
use kith::service::TransportLabel;
use tokio::task::JoinSet;
use tokio::time::{Instant as Moment, interval_at};

use super::{TRANSPORTS, all, by, report_received, rest};
use crate::Failure;
use crate::disk;
use crate::report::Report;
use crate::stage::{Stage, Target, UNLIMITED};
use crate::talk::{Clock, HOLD_MS, Receiver, Sender};

/// The text of a message after its number, of about the usual length.
pub const TEXT: &str = "see you at seven, at the usual place";

/// One pair, and 100 pairs, under the default limits.
pub async fn pair(stage: &Stage) -> Result<Vec<Report>, Failure> {
    let mut reports = Vec::new();
    for transport in TRANSPORTS {
        let (leisure, second) = (Duration::from_millis(500), Duration::from_secs(1));
        reports.push(at_pace(stage, 1, leisure, "one pair", transport).await?);
        reports.push(at_pace(stage, 100, second, "100 pairs", transport).await?);
    }
    Ok(reports)
}

async fn at_pace(
    stage: &Stage,
    count: usize,
    pace: Duration,
    name: &str,
    transport: TransportLabel,
) -> Result<Report, Failure> {
    let mut target = stage.open("pairs", &[])?;
    let sync_ms = disk::sync_time(&stage.root)?.as_secs_f64() * 1e3;
    let clock = target.clock;
    let warm = warm_up(pairs(stage, &target, count, transport), clock).await?;
    target.begin()?;
    let messages = (stage.lasts.as_secs_f64() / pace.as_secs_f64()).ceil() as u64;
    let mut tasks = JoinSet::new();
    for (number, (mut sender, mut receiver)) in warm.into_iter().enumerate() {
        let begin = Moment::now() + pace.mul_f64(number as f64 / count as f64);
        tasks.spawn(async move {
            let speaking = async {
                let mut ticks = interval_at(begin, pace);
                for _ in 1..messages {
                    ticks.tick().await;
                    sender.send(clock).await?;
                }
                ticks.tick().await;
                sender.send_last(clock).await
            };
            let (said, ()) = tokio::join!(speaking, receiver.receive_all(clock));
            said.map(|()| (receiver, messages + 1))
        });
    }
    let received = all(tasks).await?;
    let mut report =
        Report::new(&by(name, transport), format!("one message every {pace:?} from each"));
    target.measure(&mut report)?;
    report_received(&mut report, received);
    report.figure("the disk's sync", sync_ms, "ms");
    if let Some(latency) = report.latency {
        report.figure("p50 beyond it", latency.p50 - sync_ms, "ms");
    }
    target.close()?;
    Ok(report)
}

pub async fn flood(stage: &Stage) -> Result<Vec<Report>, Failure> {
    let mut reports = Vec::new();
    for transport in TRANSPORTS {
        reports.push(flood_by(stage, transport).await?);
    }
    Ok(reports)
}

async fn flood_by(stage: &Stage, transport: TransportLabel) -> Result<Report, Failure> {
    let mut target = stage.open("flood", UNLIMITED)?;
    let clock = target.clock;
    let warm = warm_up(pairs(stage, &target, 50, transport), clock).await?;
    target.begin()?;
    let done = all(talk(warm, clock, stage.lasts, || Duration::ZERO)).await?;
    let what = "50 pairs, each sender with one send outstanding".to_string();
    let mut report = Report::new(&by("flood", transport), what);
    target.measure(&mut report)?;
    report_received(&mut report, with_sent_counts(done));
    target.close()?;
    Ok(report)
}

/// Lets each pair exchange messages for `lasts`, with a pause between two messages.
pub fn talk(
    pairs: Vec<(Sender, Receiver)>,
    clock: Clock,
    lasts: Duration,
    pause: impl Fn() -> Duration + Copy + Send + 'static,
) -> JoinSet<Result<(Sender, Receiver), Failure>> {
    let until = Instant::now() + lasts;
    let mut tasks = JoinSet::new();
    for (mut sender, mut receiver) in pairs {
        // Tasks of their own, so that all processors share them.
        let speaking = tokio::spawn(async move {
            while Instant::now() < until {
                sender.send(clock).await?;
                rest(pause()).await;
            }
            sender.send_last(clock).await?;
            Ok::<_, Failure>(sender)
        });
        tasks.spawn(async move {
            receiver.receive_all(clock).await;
            Ok((speaking.await??, receiver))
        });
    }
    tasks
}

/// Each receiver with the number of messages sent to it.
pub fn with_sent_counts(done: Vec<(Sender, Receiver)>) -> Vec<(Receiver, u64)> {
    done.into_iter().map(|(sender, receiver)| (receiver, sender.said())).collect()
}

/// Returns the first pairs, before their first message.
pub fn pairs(
    stage: &Stage,
    target: &Target,
    count: usize,
    transport: TransportLabel,
) -> Vec<(Sender, Receiver)> {
    let two = |number| {
        let (sender, receiver) = stage.people.pair(number);
        let contact = Contact::User(receiver.id);
        let sender = Sender::new(target.connection(sender), contact, TEXT);
        (sender, Receiver::new(target.connection(receiver), transport))
    };
    (0..count).map(two).collect()
}

/// Sends one message in each pair, which opens connections and creates conversations.
pub async fn warm_up(
    pairs: Vec<(Sender, Receiver)>,
    clock: Clock,
) -> Result<Vec<(Sender, Receiver)>, Failure> {
    let mut tasks = JoinSet::new();
    for (mut sender, mut receiver) in pairs {
        tasks.spawn(async move {
            receiver.receive(clock, 0).await?;
            sender.send(clock).await?;
            while receiver.received.numbers.is_empty() {
                receiver.receive(clock, HOLD_MS).await?;
            }
            receiver.received.latencies.clear();
            Ok((sender, receiver))
        });
    }
    all(tasks).await
}
