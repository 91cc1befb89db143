//! One who talks to a group, in which everybody listens: at leisure, and as fast as it goes.

use std::time::{Duration, Instant};

use kith::model::Contact;
use kith::service::TransportLabel;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::pairs::TEXT;
use super::{TRANSPORTS, all, by, rest, take};
use crate::Failure;
use crate::report::Report;
use crate::stage::{Stage, UNLIMITED};
use crate::talk::{Listener, Speaker};

pub async fn play(stage: &Stage) -> Result<Vec<Report>, Failure> {
    let leisure = Duration::from_millis(200);
    let mut reports = Vec::new();
    for transport in TRANSPORTS {
        reports.push(speak(stage, leisure, "group at leisure", transport).await?);
        reports.push(speak(stage, Duration::ZERO, "group flood", transport).await?);
    }
    Ok(reports)
}

/// `pause` lies between a send's answer and the next send.
async fn speak(
    stage: &Stage,
    pause: Duration,
    name: &str,
    transport: TransportLabel,
) -> Result<Report, Failure> {
    let group = stage.people.groups.first().ok_or("no group")?;
    let mut place = stage.open("group", UNLIMITED)?;
    let clock = place.clock;
    let mut tasks = JoinSet::new();
    for member in &stage.people.people[..group.size] {
        let mut listener = Listener::new(place.line(member), transport);
        tasks.spawn(async move { listener.receive(clock, 0).await.map(|()| listener) });
    }
    let listeners = all(tasks).await?;
    let mut tasks = JoinSet::new();
    for mut listener in listeners {
        tasks.spawn(async move {
            listener.listen(clock).await;
            Ok(listener)
        });
    }
    let line = place.line(&stage.people.people[0]);
    let mut speaker = Speaker::new(line, Contact::Group(group.id), TEXT);
    speaker.say(clock).await?;
    // Until all of them have asked again.
    sleep(Duration::from_secs(1)).await;
    place.begin()?;
    let until = Instant::now() + stage.lasts;
    while Instant::now() < until {
        speaker.say(clock).await?;
        rest(pause).await;
    }
    speaker.say_last(clock).await?;
    let mut heard = all(tasks).await?;
    let said = speaker.said();

    let what = match pause {
        Duration::ZERO => format!("{} members listen, one send is outstanding", group.size),
        pause => format!("{} members listen, one message every {pause:?}", group.size),
    };
    let mut report = Report::new(&by(name, transport), what);
    place.measure(&mut report)?;
    for listener in &mut heard {
        // The first was to warm up.
        listener.heard.latencies.remove(0);
    }
    let last = to_the_last(&heard);
    take(&mut report, heard.into_iter().map(|listener| (listener, said)).collect());
    report.figure("messages a second", (said - 1) as f64 / report.seconds, "");
    report.figure("p50 to the last member", last, "ms");
    place.close()?;
    Ok(report)
}

/// Returns the median time until everybody had a message, in milliseconds.
fn to_the_last(heard: &[Listener]) -> f64 {
    let messages = heard.iter().map(|listener| listener.heard.latencies.len()).min().unwrap_or(0);
    let slowest = |message: usize| {
        heard.iter().map(|listener| listener.heard.latencies[message]).max().unwrap_or(0)
    };
    let mut last: Vec<u32> = (0..messages).map(slowest).collect();
    last.sort_unstable();
    last.get(messages / 2).map_or(0.0, |micros| f64::from(*micros) / 1e3)
}
