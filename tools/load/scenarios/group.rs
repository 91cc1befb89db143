//! One sender to a group of receivers: at a fixed pace, and as fast as possible.

use std::time::{Duration, Instant};

use kith::model::Contact;
use kith::service::TransportLabel;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::pairs::TEXT;
use super::{TRANSPORTS, all, by, report_received, rest};
use crate::Failure;
use crate::report::Report;
use crate::stage::{Stage, UNLIMITED};
use crate::talk::{Receiver, Sender};

pub async fn run(stage: &Stage) -> Result<Vec<Report>, Failure> {
    let leisure = Duration::from_millis(200);
    let mut reports = Vec::new();
    for transport in TRANSPORTS {
        reports.push(speak(stage, leisure, "group at leisure", transport).await?);
        reports.push(speak(stage, Duration::ZERO, "group flood", transport).await?);
    }
    Ok(reports)
}

/// Sends with `pause` between an answer and the next send.
async fn speak(
    stage: &Stage,
    pause: Duration,
    name: &str,
    transport: TransportLabel,
) -> Result<Report, Failure> {
    let group = stage.people.groups.first().ok_or("no group")?;
    let mut target = stage.open("group", UNLIMITED)?;
    let clock = target.clock;
    let mut tasks = JoinSet::new();
    for member in &stage.people.people[..group.size] {
        let mut receiver = Receiver::new(target.connection(member), transport);
        tasks.spawn(async move { receiver.receive(clock, 0).await.map(|()| receiver) });
    }
    let receivers = all(tasks).await?;
    let mut tasks = JoinSet::new();
    for mut receiver in receivers {
        tasks.spawn(async move {
            receiver.receive_all(clock).await;
            Ok(receiver)
        });
    }
    let line = target.connection(&stage.people.people[0]);
    let mut sender = Sender::new(line, Contact::Group(group.id), TEXT);
    sender.send(clock).await?;
    // Until all of them have sent the next receive.
    sleep(Duration::from_secs(1)).await;
    target.begin()?;
    let until = Instant::now() + stage.lasts;
    while Instant::now() < until {
        sender.send(clock).await?;
        rest(pause).await;
    }
    sender.send_last(clock).await?;
    let mut received = all(tasks).await?;
    let said = sender.said();

    let what = match pause {
        Duration::ZERO => format!("{} members receive_all, one send is outstanding", group.size),
        pause => format!("{} members receive_all, one message every {pause:?}", group.size),
    };
    let mut report = Report::new(&by(name, transport), what);
    target.measure(&mut report)?;
    for receiver in &mut received {
        // The first message was for warming up.
        receiver.received.latencies.remove(0);
    }
    let last = to_the_last(&received);
    report_received(&mut report, received.into_iter().map(|receiver| (receiver, said)).collect());
    report.figure("messages a second", (said - 1) as f64 / report.seconds, "");
    report.figure("p50 to the last member", last, "ms");
    target.close()?;
    Ok(report)
}

/// Returns the median time until the last member had a message, in milliseconds.
fn to_the_last(received: &[Receiver]) -> f64 {
    let messages =
        received.iter().map(|receiver| receiver.received.latencies.len()).min().unwrap_or(0);
    let slowest = |message: usize| {
        received.iter().map(|receiver| receiver.received.latencies[message]).max().unwrap_or(0)
    };
    let mut last: Vec<u32> = (0..messages).map(slowest).collect();
    last.sort_unstable();
    last.get(messages / 2).map_or(0.0, |micros| f64::from(*micros) / 1e3)
}
