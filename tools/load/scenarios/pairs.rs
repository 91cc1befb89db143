//! Pairs who talk: at leisure, and as fast as it goes.

use std::time::{Duration, Instant};

use kith::model::Contact;
use kith::service::TransportLabel;
use tokio::task::JoinSet;
use tokio::time::{Instant as Moment, interval_at};

use super::{TRANSPORTS, all, by, rest, take};
use crate::Failure;
use crate::disk;
use crate::report::Report;
use crate::stage::{Place, Stage, UNLIMITED};
use crate::talk::{Clock, HOLD_MS, Listener, Speaker};

/// What a message says besides its number: about as much as people write.
pub const TEXT: &str = "see you at seven, at the usual place";

/// Under the limits of a Kith that nobody has configured.
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
    let mut place = stage.open("pairs", &[])?;
    let sync_ms = disk::sync_time(&stage.root)?.as_secs_f64() * 1e3;
    let clock = place.clock;
    let warm = warm_up(pairs(stage, &place, count, transport), clock).await?;
    place.begin()?;
    let messages = (stage.lasts.as_secs_f64() / pace.as_secs_f64()).ceil() as u64;
    let mut tasks = JoinSet::new();
    for (number, (mut speaker, mut listener)) in warm.into_iter().enumerate() {
        let begin = Moment::now() + pace.mul_f64(number as f64 / count as f64);
        tasks.spawn(async move {
            let speaking = async {
                let mut ticks = interval_at(begin, pace);
                for _ in 1..messages {
                    ticks.tick().await;
                    speaker.say(clock).await?;
                }
                ticks.tick().await;
                speaker.say_last(clock).await
            };
            let (said, ()) = tokio::join!(speaking, listener.listen(clock));
            said.map(|()| (listener, messages + 1))
        });
    }
    let heard = all(tasks).await?;
    let mut report =
        Report::new(&by(name, transport), format!("one message every {pace:?} from each"));
    place.measure(&mut report)?;
    take(&mut report, heard);
    report.figure("the disk's sync", sync_ms, "ms");
    if let Some(latency) = report.latency {
        report.figure("p50 beyond it", latency.p50 - sync_ms, "ms");
    }
    place.close()?;
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
    let mut place = stage.open("flood", UNLIMITED)?;
    let clock = place.clock;
    let warm = warm_up(pairs(stage, &place, 50, transport), clock).await?;
    place.begin()?;
    let done = all(talk(warm, clock, stage.lasts, || Duration::ZERO)).await?;
    let what = "50 pairs, each sender with one send outstanding".to_string();
    let mut report = Report::new(&by("flood", transport), what);
    place.measure(&mut report)?;
    take(&mut report, said(done));
    place.close()?;
    Ok(report)
}

/// Has each pair talk for so long, one message after the other with a pause between them.
pub fn talk(
    pairs: Vec<(Speaker, Listener)>,
    clock: Clock,
    lasts: Duration,
    pause: impl Fn() -> Duration + Copy + Send + 'static,
) -> JoinSet<Result<(Speaker, Listener), Failure>> {
    let until = Instant::now() + lasts;
    let mut tasks = JoinSet::new();
    for (mut speaker, mut listener) in pairs {
        // Tasks of their own: a machine's processors share them.
        let speaking = tokio::spawn(async move {
            while Instant::now() < until {
                speaker.say(clock).await?;
                rest(pause()).await;
            }
            speaker.say_last(clock).await?;
            Ok::<_, Failure>(speaker)
        });
        tasks.spawn(async move {
            listener.listen(clock).await;
            Ok((speaking.await??, listener))
        });
    }
    tasks
}

/// What each listener heard, with how much was said to them.
pub fn said(done: Vec<(Speaker, Listener)>) -> Vec<(Listener, u64)> {
    done.into_iter().map(|(speaker, listener)| (listener, speaker.said())).collect()
}

/// Returns the first pairs, who have not said anything yet.
pub fn pairs(
    stage: &Stage,
    place: &Place,
    count: usize,
    transport: TransportLabel,
) -> Vec<(Speaker, Listener)> {
    let two = |number| {
        let (speaker, listener) = stage.people.pair(number);
        let contact = Contact::User(listener.id);
        let speaker = Speaker::new(place.line(speaker), contact, TEXT);
        (speaker, Listener::new(place.line(listener), transport))
    };
    (0..count).map(two).collect()
}

/// Has the two of each pair say and hear one message: connections open, conversations begin.
pub async fn warm_up(
    pairs: Vec<(Speaker, Listener)>,
    clock: Clock,
) -> Result<Vec<(Speaker, Listener)>, Failure> {
    let mut tasks = JoinSet::new();
    for (mut speaker, mut listener) in pairs {
        tasks.spawn(async move {
            listener.receive(clock, 0).await?;
            speaker.say(clock).await?;
            while listener.heard.numbers.is_empty() {
                listener.receive(clock, HOLD_MS).await?;
            }
            listener.heard.latencies.clear();
            Ok((speaker, listener))
        });
    }
    all(tasks).await
}
