//! A Kith in its own process: started on a free port, measured from outside, ended by its id.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use kith::service::process::Usage;

use crate::Failure;

/// Timeout for the end of a server.
const ENDS: Duration = Duration::from_secs(15);

/// A running server. Dropping it kills it.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// Time from the start of the process to its line that it is ready.
    pub ready_after: Duration,
}

impl Server {
    /// Starts `binary` on the data folder `data` with these `KITH_*` variables. Returns once it
    /// prints that it is ready.
    pub fn start(binary: &Path, data: &Path, settings: &[(&str, &str)]) -> Result<Self, Failure> {
        let began = Instant::now();
        let mut command = Command::new(binary);
        // Variables of the caller must not change the measurement.
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

    /// Processor time and memory of the process.
    pub fn usage(&self) -> Result<Usage, Failure> {
        Usage::of(&self.child.id().to_string())
            .ok_or_else(|| "what the server uses cannot be read".into())
    }

    /// Sends SIGTERM and waits for the end of the process.
    pub fn end(mut self) -> Result<(), Failure> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
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
        // The process may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
