//! Thousands of receivers lose their connections and reconnect at once, while others exchange
//! messages.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kith::service::TransportLabel;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::pairs::{pairs, talk, warm_up, with_sent_counts};
use super::{all, report_received};
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
    // People without friends: a friend who comes online would end the others' holds.
    let first = 2 * stage.people.pairs;
    let people = stage.people.people.get(first..first + RECEIVERS).ok_or("too few people")?;
    // Releases all receivers at once. The one more is this function.
    let cut = Arc::new(Barrier::new(RECEIVERS + 1));
    let mut receivers = JoinSet::new();
    for person in people {
        let mut receiver = Receiver::new(target.connection(person), TransportLabel::LongPoll);
        let cut = Arc::clone(&cut);
        receivers.spawn(async move {
            receiver.receive(clock, 0).await?;
            // `Barrier::wait` counts this receiver at its first poll, so it is polled to its end.
            let mut released = pin!(cut.wait());
            loop {
                // After the barrier the held call is dropped, which closes its connection.
                tokio::select! {
                    held = receiver.receive(clock, HOLD_MS) => held?,
                    _ = &mut released => break,
                }
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
    let mut answered_after = all(receivers).await?;
    let done = all(talking).await?;
    let what = format!("{RECEIVERS} receivers come back at once, while {PAIRS} pairs talk");
    let mut report = Report::new("storm", what);
    target.measure(&mut report)?;
    report_received(&mut report, with_sent_counts(done));
    answered_after.sort_unstable();
    let ms = |time: Option<&Duration>| time.map_or(0.0, |time| time.as_secs_f64() * 1e3);
    let median = ms(answered_after.get(answered_after.len() / 2));
    report.figure("median time to the next answer", median, "ms");
    report.figure("longest time to the next answer", ms(answered_after.last()), "ms");
    target.close()?;
    Ok(vec![report])
}
