//! Somebody comes back to 5,000 messages.

use std::sync::atomic::Ordering;

use kith::service::TransportLabel;

use super::pairs::{pairs, warm_up};
use super::take;
use crate::Failure;
use crate::report::Report;
use crate::stage::{Stage, UNLIMITED};

pub const MESSAGES: u64 = 5_000;

pub async fn play(stage: &Stage) -> Result<Vec<Report>, Failure> {
    let mut place = stage.open("catch-up", UNLIMITED)?;
    let clock = place.clock;
    let warm = warm_up(pairs(stage, &place, 1, TransportLabel::LongPoll), clock).await?;
    let (mut speaker, mut listener) = warm.into_iter().next().ok_or("nobody")?;
    for _ in 1..MESSAGES {
        speaker.say(clock).await?;
    }
    speaker.say_last(clock).await?;

    place.begin()?;
    let (receives, bytes) = (listener.heard.receives, place.traffic.down.load(Ordering::Relaxed));
    listener.listen(clock).await;
    let bytes = place.traffic.down.load(Ordering::Relaxed) - bytes;
    let receives = listener.heard.receives - receives;
    let what = format!("one person comes back to {MESSAGES} messages");
    let mut report = Report::new("catch-up", what);
    place.measure(&mut report)?;
    take(&mut report, vec![(listener, MESSAGES + 1)]);
    // How long they waited is the sender's matter.
    report.latency = None;
    report.curve.clear();
    report.figure("all were there after", report.seconds * 1e3, "ms");
    report.figure("requests", receives as f64, "");
    report.figure("bytes received", bytes as f64, "B");
    place.close()?;
    Ok(vec![report])
}
