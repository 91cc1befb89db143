//! Held receives while nothing happens: what each costs in memory, and all of them in time.

use std::time::Duration;

use kith::service::TransportLabel;
use kith::service::process::{THIS_PROCESS, Usage};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::{TRANSPORTS, all, by};
use crate::Failure;
use crate::report::Report;
use crate::stage::{Stage, UNLIMITED};
use crate::talk::{HOLD_MS, Listener};

/// So many receives are held.
const HELD: [usize; 3] = [1_000, 5_000, 10_000];

/// File descriptors that a process needs besides those of its receives.
const OTHERS: usize = 200;

/// Connections that are opened at once.
static OPENING: Semaphore = Semaphore::const_new(100);

pub async fn play(stage: &Stage) -> Result<Vec<Report>, Failure> {
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
    let mut place = stage.open("idle", UNLIMITED)?;
    let clock = place.clock;
    let empty = place.resident()?;
    let mut tasks = JoinSet::new();
    for person in &stage.people.people[..count] {
        let mut listener = Listener::new(place.line(person), transport);
        tasks.spawn(async move {
            let opening = OPENING.acquire().await?;
            listener.receive(clock, 0).await?;
            drop(opening);
            Ok(listener)
        });
    }
    let listeners = all(tasks).await?;
    let mut holding = JoinSet::new();
    for mut listener in listeners {
        holding.spawn(async move {
            loop {
                listener.receive(clock, HOLD_MS).await?;
            }
            #[allow(unreachable_code)]
            Ok::<(), Failure>(())
        });
    }
    // Everybody is seen to come; after it, each is asked once in each hold.
    sleep(Duration::from_secs(5)).await;
    place.begin()?;
    sleep(Duration::from_millis(HOLD_MS.into())).await;
    let mut report =
        Report::new(&by(&format!("idle, {count} held"), transport), "nothing is said".to_string());
    place.measure(&mut report)?;
    if let Some(failed) = holding.try_join_next() {
        failed??;
    }
    let each = (place.resident()? - empty) / count as f64;
    report.figure("memory of a held receive", each / 1e3, "kB");
    let minute = report.processor_seconds * 60.0 / report.seconds;
    report.figure("processor seconds a minute", minute, "s");
    holding.shutdown().await;
    place.close()?;
    Ok(report)
}
