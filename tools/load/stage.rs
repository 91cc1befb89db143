//! The server of a scenario: started on a copy of the seeded folder, or one that runs already.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::Failure;
use crate::http::Traffic;
use crate::people::{People, Person};
use crate::report::Report;
use crate::server::Server;
use crate::talk::{Clock, PersonConnection};

/// Settings without a limit on messages.
pub const UNLIMITED: &[(&str, &str)] = &[("KITH_MESSAGES_PER_MINUTE", "0")];

/// Settings for more connections from this machine than one address may have.
pub const CROWDED: &[(&str, &str)] =
    &[("KITH_MESSAGES_PER_MINUTE", "0"), ("KITH_CONNECTIONS_PER_ADDRESS", "0")];

pub struct Stage {
    pub people: People,
    pub binary: PathBuf,
    /// The data folder with the accounts of `people`.
    pub seeded: PathBuf,
    /// The parent of the scenarios' folders.
    pub root: PathBuf,
    /// The address of a server that runs already.
    pub at: Option<SocketAddr>,
    /// Duration of one measurement.
    pub lasts: Duration,
}

/// A running server with the clock and figures of a measurement.
pub struct Target {
    pub address: SocketAddr,
    pub clock: Clock,
    pub server: Option<Server>,
    pub traffic: Arc<Traffic>,
    folder: PathBuf,
    began: Instant,
    processor_before: f64,
}

impl Stage {
    pub fn open(&self, name: &str, settings: &[(&str, &str)]) -> Result<Target, Failure> {
        let folder = self.root.join(name);
        let server = match self.at {
            Some(_) => None,
            None => {
                copy(&self.seeded, &folder)?;
                Some(Server::start(&self.binary, &folder, settings)?)
            }
        };
        let address = self.at.or(server.as_ref().map(|server| server.address));
        Ok(Target {
            address: address.ok_or("no server")?,
            clock: Clock::start(),
            server,
            traffic: Arc::default(),
            folder,
            began: Instant::now(),
            processor_before: 0.0,
        })
    }
}

impl Target {
    pub fn connection(&self, person: &Person) -> PersonConnection {
        PersonConnection::new(self.address, person, &self.traffic)
    }

    /// Starts the measurement, after the preparation.
    pub fn begin(&mut self) -> Result<(), Failure> {
        self.began = Instant::now();
        self.processor_before = self.processor()?;
        Ok(())
    }

    /// Returns the processor seconds of the server, if this process started it.
    pub fn processor(&self) -> Result<f64, Failure> {
        self.server.as_ref().map_or(Ok(0.0), |server| Ok(server.usage()?.cpu_seconds))
    }

    /// Returns the server's resident memory in bytes, if this process started it.
    pub fn resident(&self) -> Result<f64, Failure> {
        self.server.as_ref().map_or(Ok(0.0), |server| Ok(server.usage()?.resident_bytes))
    }

    /// Writes the figures since [`Target::begin`] into the report.
    pub fn measure(&self, report: &mut Report) -> Result<(), Failure> {
        report.seconds = self.began.elapsed().as_secs_f64();
        report.processor_seconds = self.processor()? - self.processor_before;
        report.resident_mb = self.resident()? / 1e6;
        Ok(())
    }

    /// Ends the server and removes its folder.
    pub fn close(self) -> Result<(), Failure> {
        if let Some(server) = self.server {
            server.end()?;
            std::fs::remove_dir_all(self.folder)?;
        }
        Ok(())
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
