//! What the system says of a process, and of this one under the names that the metrics of every
//! program have. Linux alone says it this way; elsewhere there is none of it.

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use prometheus::{Counter, Gauge, Result};

use super::metrics::Adding;

/// The process that asks, as the system names it.
pub const HERE: &str = "self";

/// In which Linux counts processor time, whatever the machine.
const TICKS_PER_SECOND: f64 = 100.0;

#[derive(Clone)]
pub(super) struct Process {
    cpu: Counter,
    resident: Gauge,
    open_files: Gauge,
    most_files: Gauge,
}

impl Process {
    /// Returns nothing where there is no such system.
    pub(super) fn here(add: &Adding) -> Result<Option<Self>> {
        if Usage::of(HERE).is_none() {
            return Ok(None);
        }
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        add.gauge("process_start_time_seconds", "When Kith started, in seconds since 1970.", &[])?
            .set(since.as_secs_f64());
        let cpu = Counter::new("process_cpu_seconds_total", "Processor time used, in seconds.")?;
        let resident = "process_resident_memory_bytes";
        Ok(Some(Self {
            cpu: add.add(cpu)?,
            resident: add.gauge(resident, "Memory that the process takes, in bytes.", &[])?,
            open_files: add.gauge("process_open_fds", "File descriptors that are open.", &[])?,
            most_files: add.gauge("process_max_fds", "File descriptors that may be open.", &[])?,
        }))
    }

    /// Looks at it now. With many connections that takes milliseconds, so it is nobody's thread.
    pub async fn look(&self) {
        let looking = tokio::task::spawn_blocking(|| Usage::of(HERE));
        let Ok(Some(usage)) = looking.await else { return };
        // Two at once may both see the older one.
        self.cpu.inc_by((usage.cpu_seconds - self.cpu.get()).max(0.0));
        self.resident.set(usage.resident_bytes);
        self.open_files.set(usage.open_files);
        self.most_files.set(usage.most_files);
    }
}

/// What a process uses. All are whole numbers but the seconds; metrics and figures are floats.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    /// Since it began, its own and the system's for it.
    pub cpu_seconds: f64,
    pub resident_bytes: f64,
    pub open_files: f64,
    /// How many may be open; infinity where there is no limit.
    pub most_files: f64,
}

impl Usage {
    /// Returns what `process`, an id or [`HERE`], uses now; nothing if there is none or the system
    /// does not say.
    pub fn of(process: &str) -> Option<Self> {
        let said = |what| fs::read_to_string(format!("/proc/{process}/{what}")).ok();
        let open_files = fs::read_dir(format!("/proc/{process}/fd")).ok()?.count();
        // The one by which this process reads the folder is gone by then.
        let open_files = open_files - usize::from(process == HERE);
        Some(Self {
            cpu_seconds: ticks(&said("stat")?)? / TICKS_PER_SECOND,
            resident_bytes: kilobytes(&said("status")?)? * 1024.0,
            open_files: open_files as f64,
            most_files: most_files(&said("limits")?)?,
        })
    }
}

/// The ticks spent in the process and in the system for it. The name before them may hold anything.
fn ticks(stat: &str) -> Option<f64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields =
        fields.split_whitespace().skip(11).map_while(|field| field.parse::<f64>().ok());
    Some(fields.next()? + fields.next()?)
}

fn kilobytes(status: &str) -> Option<f64> {
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?
        .split_whitespace()
        .next()?
        .parse()
        .ok()
}

/// The soft limit; infinity where there is none.
fn most_files(limits: &str) -> Option<f64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    match line.split_whitespace().next()? {
        "unlimited" => Some(f64::INFINITY),
        number => number.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_linux_says_is_read() {
        let stat = "7 (a) name) S 1 7 7 0 -1 4194560 9 0 0 0 250 50 0 0 20 0 3 0 1 2 3";
        assert_eq!(ticks(stat), Some(300.0));
        assert_eq!(ticks("7 (cut off) S 1 7"), None);
        assert_eq!(kilobytes("VmHWM:\t  900 kB\nVmRSS:\t  800 kB\n"), Some(800.0));
        let limits = "Limit  Soft Limit  Hard Limit  Units\nMax open files  1024  4096  files\n";
        assert_eq!(most_files(limits), Some(1024.0));
        assert_eq!(most_files("Max open files  unlimited  unlimited  files"), Some(f64::INFINITY));
    }
}
