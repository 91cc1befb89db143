//! Thousands of receivers lose their connections and reconnect at once, while others exchange
//! messages.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kith::service::TransportLabel;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::pairs::{pairs, said, talk, warm_up};
use super::{all, take};
use crate::Failure;
use crate::report::Report;
use crate::stage::{Stage, UNLIMITED};
use crate::talk::{HOLD_MS, Receiver};

const RECEIVERS: usize = 2_000;

/// Number of pairs that exchange messages meanwhile.
const PAIRS: usize = 20;

/// Pause between two messages of a pair.
const PAUSE: Duration = Duration::from_millis(100);

pub async fn run(stage: &Stage) -> Result<Vec<Report>, Failure> {
    let mut target = stage.open("storm", UNLIMITED)?;
    let clock = target.clock;
    let warm = warm_up(pairs(stage, &target, PAIRS, TransportLabel::LongPoll), clock).await?;
    let cut = Arc::new(Barrier::new(RECEIVERS + 1));
    let mut receivers = JoinSet::new();
    for person in &stage.people.people[2 * PAIRS..2 * PAIRS + RECEIVERS] {
        let mut receiver = Receiver::new(target.connection(person), TransportLabel::LongPoll);
        let cut = Arc::clone(&cut);
        receivers.spawn(async move {
            receiver.receive(clock, 0).await?;
            tokio::select! {
                held = receiver.receive(clock, HOLD_MS) => held?,
                _ = cut.wait() => {}
            }
            let began = Instant::now();
            receiver.receive(clock, 0).await?;
            Ok(began.elapsed())
        });
    }
    let talking = talk(warm, clock, stage.lasts, || PAUSE);
    sleep(stage.lasts / 2).await;
    target.begin()?;
    cut.wait().await;
    let mut served = all(receivers).await?;
    let done = all(talking).await?;
    let what = format!("{RECEIVERS} receivers come back at once, while {PAIRS} pairs talk");
    let mut report = Report::new("storm", what);
    target.measure(&mut report)?;
    take(&mut report, said(done));
    served.sort_unstable();
    let ms = |time: Option<&Duration>| time.map_or(0.0, |time| time.as_secs_f64() * 1e3);
    report.figure("half of them served after", ms(served.get(served.len() / 2)), "ms");
    report.figure("all of them served after", ms(served.last()), "ms");
    target.close()?;
    Ok(vec![report])
}
