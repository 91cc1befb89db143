//! Pairs whose connections break at random, for sends and receives alike.

use std::time::Duration;

use kith::service::TransportLabel;
use rand::Rng;

use super::pairs::{pairs, talk, warm_up, with_sent_counts};
use super::{all, report_received};
use crate::Failure;
use crate::report::Report;
use crate::stage::{Stage, UNLIMITED};
use crate::talk::Cuts;

const PAIRS: usize = 200;

/// Mean pause between two messages of a sender.
const PAUSE: Duration = Duration::from_millis(500);

/// Maximum time until a receive is cut.
const RECEIVES: Duration = Duration::from_secs(2);

/// Maximum time until a send is cut: about half of them before their answer.
const SENDS: Duration = Duration::from_millis(10);

/// Latency in microseconds above which a message is late.
const LATE: u32 = 100_000;

pub async fn run(stage: &Stage) -> Result<Vec<Report>, Failure> {
    let mut target = stage.open("cut", UNLIMITED)?;
    let clock = target.clock;
    let mut warm = warm_up(pairs(stage, &target, PAIRS, TransportLabel::LongPoll), clock).await?;
    target.begin()?;
    for (sender, receiver) in &mut warm {
        sender.cuts = Cuts { within: Some(SENDS) };
        receiver.cuts = Cuts { within: Some(RECEIVES) };
    }
    let pause = || PAUSE.mul_f64(rand::rng().random_range(0.5..1.5));
    let done = all(talk(warm, clock, stage.lasts, pause)).await?;
    let what = format!("{PAIRS} pairs write twice a second, and connections are cut in the middle");
    let mut report = Report::new("cut", what);
    target.measure(&mut report)?;
    let sends: u64 = done.iter().map(|(sender, _)| sender.cut).sum();
    let receives: u64 = done.iter().map(|(_, receiver)| receiver.received.broken).sum();
    report_received(&mut report, with_sent_counts(done));
    let late = report.curve.iter().filter(|micros| **micros > LATE).count();
    report.figure("sends cut", sends as f64, "");
    report.figure("receives cut", receives as f64, "");
    report.figure("later than 0.1 s", late as f64, "");
    target.close()?;
    Ok(vec![report])
}
