//! Pairs whose connections break at random, those that send and those that listen alike.

use std::time::Duration;

use kith::service::TransportLabel;
use rand::Rng;

use super::pairs::{pairs, said, talk, warm_up};
use super::{all, take};
use crate::Failure;
use crate::report::Report;
use crate::stage::{Stage, UNLIMITED};
use crate::talk::Cuts;

const PAIRS: usize = 200;

/// About so long each rests between two messages.
const PAUSE: Duration = Duration::from_millis(500);

/// A receive is cut within this time, unless it is answered before.
const RECEIVES: Duration = Duration::from_secs(2);

/// A send is cut within this time: every other one before its answer.
const SENDS: Duration = Duration::from_millis(10);

/// What comes later than this, in microseconds, is late.
const LATE: u32 = 100_000;

pub async fn play(stage: &Stage) -> Result<Vec<Report>, Failure> {
    let mut place = stage.open("cut", UNLIMITED)?;
    let clock = place.clock;
    let mut warm = warm_up(pairs(stage, &place, PAIRS, TransportLabel::LongPoll), clock).await?;
    place.begin()?;
    for (speaker, listener) in &mut warm {
        speaker.cuts = Cuts { within: Some(SENDS) };
        listener.cuts = Cuts { within: Some(RECEIVES) };
    }
    let pause = || PAUSE.mul_f64(rand::rng().random_range(0.5..1.5));
    let done = all(talk(warm, clock, stage.lasts, pause)).await?;
    let what = format!("{PAIRS} pairs write twice a second, and connections are cut in the middle");
    let mut report = Report::new("cut", what);
    place.measure(&mut report)?;
    let sends: u64 = done.iter().map(|(speaker, _)| speaker.cut).sum();
    let receives: u64 = done.iter().map(|(_, listener)| listener.heard.broken).sum();
    take(&mut report, said(done));
    let late = report.curve.iter().filter(|micros| **micros > LATE).count();
    report.figure("sends cut", sends as f64, "");
    report.figure("receives cut", receives as f64, "");
    report.figure("later than 0.1 s", late as f64, "");
    place.close()?;
    Ok(vec![report])
}
