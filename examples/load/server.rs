//! A Kith of its own process: started on a free port, ended by its id, and looked at from outside.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Failure;

/// Clock ticks a second in `/proc`, on every machine that Linux runs on today.
const TICKS: f64 = 100.0;

/// So long a server may take to end by itself.
const ENDS: Duration = Duration::from_secs(15);

/// A running server. Dropping it kills it.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From the start of the process to its word that it is ready.
    pub ready_after: Duration,
}

impl Server {
    /// Starts `binary` on the data folder `data`, with these `KITH_*` variables besides. Returns
    /// once it says that it is ready.
    pub fn start(binary: &Path, data: &Path, settings: &[(&str, &str)]) -> Result<Self, Failure> {
        let began = Instant::now();
        let mut command = Command::new(binary);
        // Whatever is set where this runs is none of its matter.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KITH_")) {
            command.env_remove(name);
        }
        let mut child = command
            .current_dir(data)
            .env("KITH_ADDRESS", "127.0.0.1:0")
            .env("KITH_DATA", data)
            .env("KITH_LOG", "warn")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", binary.display()))?;
        let output = child.stdout.take().ok_or("no standard output")?;
        let ready = BufReader::new(output)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| Some(line.strip_prefix("Kith is ready at http://")?.to_string()));
        let Some(ready) = ready else {
            let _ = child.kill();
            return Err(format!("{} did not start: {}", binary.display(), child.wait()?).into());
        };
        Ok(Self { child, address: ready.parse()?, ready_after: began.elapsed() })
    }

    /// The process's id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks the process to end, and waits until it has.
    pub fn end(mut self) -> Result<(), Failure> {
        Command::new("kill").args(["-TERM", &self.id().to_string()]).status()?;
        let asked = Instant::now();
        while asked.elapsed() < ENDS {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Err("the server did not end".into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the processor seconds that a process has used.
pub fn processor_seconds(id: u32) -> Result<f64, Failure> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    // The name, in parentheses, may hold spaces.
    let fields = stat.rsplit_once(')').ok_or("no name in /proc/ID/stat")?.1;
    let ticks = |field: usize| -> Result<f64, Failure> {
        Ok(fields.split_whitespace().nth(field).ok_or("a short /proc/ID/stat")?.parse()?)
    };
    Ok((ticks(11)? + ticks(12)?) / TICKS)
}

/// Returns the resident memory of a process, in bytes.
pub fn resident_bytes(id: u32) -> Result<u64, Failure> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes * 1024)
}
