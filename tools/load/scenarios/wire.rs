//! Bytes on the socket for each delivered message, by direction.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use kith::model::Contact;
use kith::service::TransportLabel;

use super::away::MESSAGES;
use super::pairs::TEXT;
use super::{report_received, rest};
use crate::Failure;
use crate::http::Traffic;
use crate::report::Report;
use crate::stage::{Stage, UNLIMITED};
use crate::talk::{PersonConnection, Receiver, Sender};

/// Number of messages that are received one by one.
const ALONE: u64 = 100;

pub async fn run(stage: &Stage) -> Result<Vec<Report>, Failure> {
    let mut reports = Vec::new();
    for way in [Way::Plain, Way::Compressed, Way::WebSocket] {
        reports.push(alone(stage, way).await?);
        reports.push(burst(stage, way).await?);
    }
    Ok(reports)
}

/// The transport and compression. WebSockets of Kith are not compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Plain,
    Compressed,
    WebSocket,
}

impl Way {
    fn name(self) -> &'static str {
        match self {
            Self::Plain => "long poll",
            Self::Compressed => "long poll, compressed",
            Self::WebSocket => "WebSocket",
        }
    }

    fn transport(self) -> TransportLabel {
        match self {
            Self::Plain | Self::Compressed => TransportLabel::LongPoll,
            Self::WebSocket => TransportLabel::WebSocket,
        }
    }
}

/// One message for each receive.
async fn alone(stage: &Stage, way: Way) -> Result<Report, Failure> {
    let report = Report::new(&format!("wire, alone, {}", way.name()), "one at a time".into());
    measure(stage, report, way, ALONE, Duration::from_millis(10)).await
}

/// All messages wait, with the same text but for the number.
async fn burst(stage: &Stage, way: Way) -> Result<Report, Failure> {
    let what = format!("{MESSAGES} messages wait");
    let report = Report::new(&format!("wire, burst, {}", way.name()), what);
    measure(stage, report, way, MESSAGES, Duration::ZERO).await
}

async fn measure(
    stage: &Stage,
    mut report: Report,
    way: Way,
    messages: u64,
    pause: Duration,
) -> Result<Report, Failure> {
    let mut target = stage.open("wire", UNLIMITED)?;
    let clock = target.clock;
    let (sender, receiver) = stage.people.pair(0);
    let (up, down) = (Arc::new(Traffic::default()), Arc::new(Traffic::default()));
    let line = PersonConnection::new(target.address, sender, &up);
    let mut sender = Sender::new(line, Contact::User(receiver.id), TEXT);
    let mut line = PersonConnection::new(target.address, receiver, &down);
    line.compressed = way == Way::Compressed;
    let mut receiver = Receiver::new(line, way.transport());
    receiver.receive(clock, 0).await?;
    target.begin()?;
    down.reset();
    let speaking = async move {
        for _ in 1..messages {
            sender.send(clock).await?;
            rest(pause).await;
        }
        sender.send_last(clock).await
    };
    if pause.is_zero() {
        receiver.disconnect();
        speaking.await?;
        receiver.receive_all(clock).await;
    } else {
        let (said, ()) = tokio::join!(speaking, receiver.receive_all(clock));
        said?;
    }
    target.measure(&mut report)?;
    let each = |bytes: u64| bytes as f64 / messages as f64;
    let text = each(receiver.received.text_bytes);
    let (sent, received) =
        (each(down.up.load(Ordering::Relaxed)), each(down.down.load(Ordering::Relaxed)));
    report.figure("up", sent, "B");
    report.figure("down", received, "B");
    report.figure("both beyond the text", sent + received - text, "B");
    let both = each(up.up.load(Ordering::Relaxed) + up.down.load(Ordering::Relaxed));
    report.figure("its send, both ways", both, "B");
    report_received(&mut report, vec![(receiver, messages)]);
    target.close()?;
    Ok(report)
}
