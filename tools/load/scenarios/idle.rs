//! Held receives without events: memory of each, and processor time of all.

use std::time::Duration;

use kith::service::TransportLabel;
use kith::service::process::{THIS_PROCESS, Usage};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::{TRANSPORTS, all, by};
use crate::Failure;
use crate::report::Report;
use crate::stage::{CROWDED, Stage};
use crate::talk::{HOLD_MS, Receiver};

/// Numbers of held receives.
const HELD: [usize; 3] = [1_000, 5_000, 10_000];

/// Number of file descriptors that a process needs besides those of its receives.
const OTHERS: usize = 200;

/// Maximum number of connections that are being opened.
static OPENING: Semaphore = Semaphore::const_new(100);

pub async fn run(stage: &Stage) -> Result<Vec<Report>, Failure> {
    let most = Usage::of(THIS_PROCESS)
        .ok_or("the system does not say how many files may be open")?
        .max_files;
    let mut reports = Vec::new();
    for held in HELD {
        if (held + OTHERS) as f64 > most {
            eprintln!("  {held} receives: only {most} files may be open (ulimit -n)");
        } else {
            for transport in TRANSPORTS {
                reports.push(hold(stage, held, transport).await?);
            }
        }
    }
    Ok(reports)
}

async fn hold(stage: &Stage, count: usize, transport: TransportLabel) -> Result<Report, Failure> {
    let mut target = stage.open("idle", CROWDED)?;
    let clock = target.clock;
    let empty = target.resident()?;
    let mut tasks = JoinSet::new();
    for person in &stage.people.people[..count] {
        let mut receiver = Receiver::new(target.connection(person), transport);
        tasks.spawn(async move {
            let opening = OPENING.acquire().await?;
            receiver.receive(clock, 0).await?;
            drop(opening);
            Ok(receiver)
        });
    }
    let receivers = all(tasks).await?;
    let mut holding = JoinSet::new();
    for mut receiver in receivers {
        holding.spawn(async move {
            loop {
                receiver.receive(clock, HOLD_MS).await?;
            }
            #[allow(unreachable_code)]
            Ok::<(), Failure>(())
        });
    }
    // At first everybody comes online. Afterwards each receive is repeated once in each hold.
    sleep(Duration::from_secs(5)).await;
    target.begin()?;
    sleep(Duration::from_millis(HOLD_MS.into())).await;
    let mut report =
        Report::new(&by(&format!("idle, {count} held"), transport), "nothing is said".to_string());
    target.measure(&mut report)?;
    if let Some(failed) = holding.try_join_next() {
        failed??;
    }
    let each = (target.resident()? - empty) / count as f64;
    report.figure("memory of a held receive", each / 1e3, "kB");
    let minute = report.processor_seconds * 60.0 / report.seconds;
    report.figure("processor seconds a minute", minute, "s");
    holding.shutdown().await;
    target.close()?;
    Ok(report)
}
