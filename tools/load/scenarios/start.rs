//! The start of a server: its duration, and the memory and processor time at rest.

use std::time::Duration;

use kith::service::TransportLabel;
use tokio::time::sleep;

use crate::Failure;
use crate::report::Report;
use crate::stage::Stage;
use crate::talk::Receiver;

const STARTS: usize = 5;

pub async fn run(stage: &Stage) -> Result<Vec<Report>, Failure> {
    let (mut ready, mut answered) = (Vec::new(), Vec::new());
    let mut report = Report::new("start", format!("the median of {STARTS} starts"));
    for _ in 0..STARTS {
        let target = stage.open("start", &[])?;
        let Some(server) = &target.server else { return Ok(Vec::new()) };
        let mut receiver =
            Receiver::new(target.connection(&stage.people.people[0]), TransportLabel::LongPoll);
        let clock = target.clock;
        receiver.receive(clock, 0).await?;
        ready.push(server.ready_after);
        answered.push(server.ready_after + Duration::from_micros(clock.micros()));
        sleep(Duration::from_millis(500)).await;
        report.resident_mb = target.resident()? / 1e6;
        target.close()?;
    }
    report.figure("until it is ready", median(ready), "ms");
    report.figure("until its first answer", median(answered), "ms");
    report.figure("memory at rest", report.resident_mb, "MB");
    Ok(vec![report])
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e3
}
