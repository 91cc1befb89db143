//! The resources that a process uses, read from `/proc`, and metrics of this process under their
//! standard names. On other systems than Linux there are none.

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use prometheus::{Counter, Gauge, Result};

use super::registrar::Registrar;

/// The name of this process under `/proc`.
pub const THIS_PROCESS: &str = "self";

/// `USER_HZ`: clock ticks per second in `/proc`, on every machine.
const TICKS_PER_SECOND: f64 = 100.0;

#[derive(Clone)]
pub(super) struct ProcessMetrics {
    cpu: Counter,
    resident: Gauge,
    open_files: Gauge,
    max_files: Gauge,
}

impl ProcessMetrics {
    /// Returns `None` on other systems than Linux.
    pub(super) fn register(add: &Registrar) -> Result<Option<Self>> {
        if Usage::of(THIS_PROCESS).is_none() {
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
            max_files: add.gauge("process_max_fds", "File descriptors that may be open.", &[])?,
        }))
    }

    /// Reads the current usage. With many connections that takes milliseconds, so it runs on the
    /// blocking pool.
    pub async fn sample(&self) {
        let usage = tokio::task::spawn_blocking(|| Usage::of(THIS_PROCESS));
        let Ok(Some(usage)) = usage.await else { return };
        // Two samples at once may finish in the wrong order, and a counter must not go down.
        self.cpu.inc_by((usage.cpu_seconds - self.cpu.get()).max(0.0));
        self.resident.set(usage.resident_bytes);
        self.open_files.set(usage.open_files);
        self.max_files.set(usage.max_files);
    }
}

/// The resources that a process uses. Floats, as metrics are, though only the seconds have
/// fractions.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    /// In user and in system mode, since the process began.
    pub cpu_seconds: f64,
    pub resident_bytes: f64,
    pub open_files: f64,
    /// Maximum open files; infinity without a limit.
    pub max_files: f64,
}

impl Usage {
    /// Returns the current usage of `process`, an id or [`THIS_PROCESS`]. `None` without such a
    /// process or without `/proc`.
    pub fn of(process: &str) -> Option<Self> {
        let read = |file| fs::read_to_string(format!("/proc/{process}/{file}")).ok();
        let open_files = fs::read_dir(format!("/proc/{process}/fd")).ok()?.count();
        // Reading its own folder, this process counts the descriptor of the folder, too.
        let open_files = open_files - usize::from(process == THIS_PROCESS);
        Some(Self {
            cpu_seconds: ticks(&read("stat")?)? / TICKS_PER_SECOND,
            resident_bytes: resident_kilobytes(&read("status")?)? * 1024.0,
            open_files: open_files as f64,
            max_files: max_files(&read("limits")?)?,
        })
    }
}

/// Returns `utime + stime`. The process name before them may hold spaces and parentheses.
fn ticks(stat: &str) -> Option<f64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields =
        fields.split_whitespace().skip(11).map_while(|field| field.parse::<f64>().ok());
    Some(fields.next()? + fields.next()?)
}

fn resident_kilobytes(status: &str) -> Option<f64> {
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?
        .split_whitespace()
        .next()?
        .parse()
        .ok()
}

/// Returns the soft limit; infinity without one.
fn max_files(limits: &str) -> Option<f64> {
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
    fn files_under_proc_are_parsed() {
        let stat = "7 (a) name) S 1 7 7 0 -1 4194560 9 0 0 0 250 50 0 0 20 0 3 0 1 2 3";
        assert_eq!(ticks(stat), Some(300.0));
        assert_eq!(ticks("7 (cut off) S 1 7"), None);
        assert_eq!(resident_kilobytes("VmHWM:\t  900 kB\nVmRSS:\t  800 kB\n"), Some(800.0));
        let limits = "Limit  Soft Limit  Hard Limit  Units\nMax open files  1024  4096  files\n";
        assert_eq!(max_files(limits), Some(1024.0));
        assert_eq!(max_files("Max open files  unlimited  unlimited  files"), Some(f64::INFINITY));
    }
}
