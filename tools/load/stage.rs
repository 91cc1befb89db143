//! Where a scenario plays: a server of its own on a copy of the seeded folder, or one that runs
//! elsewhere.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::Failure;
use crate::http::Traffic;
use crate::people::{People, Person};
use crate::report::Report;
use crate::server::Server;
use crate::talk::{Clock, Line};

/// Settings under which nobody is refused for writing much.
pub const UNLIMITED: &[(&str, &str)] = &[("KITH_MESSAGES_PER_MINUTE", "0")];

pub struct Stage {
    pub people: People,
    pub binary: PathBuf,
    /// The data folder in which `people` were made.
    pub seeded: PathBuf,
    /// Folders of scenarios are made in here.
    pub root: PathBuf,
    /// A server that runs already.
    pub at: Option<SocketAddr>,
    /// How long one measurement lasts.
    pub lasts: Duration,
}

/// An open stage.
pub struct Place {
    pub address: SocketAddr,
    pub clock: Clock,
    pub server: Option<Server>,
    pub traffic: Arc<Traffic>,
    folder: PathBuf,
    began: Instant,
    processor_before: f64,
}

impl Stage {
    pub fn open(&self, name: &str, settings: &[(&str, &str)]) -> Result<Place, Failure> {
        let folder = self.root.join(name);
        let server = match self.at {
            Some(_) => None,
            None => {
                copy(&self.seeded, &folder)?;
                Some(Server::start(&self.binary, &folder, settings)?)
            }
        };
        let address = self.at.or(server.as_ref().map(|server| server.address));
        Ok(Place {
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

impl Place {
    pub fn line(&self, person: &Person) -> Line {
        Line::new(self.address, person, &self.traffic)
    }

    /// Begins to measure: whatever was done before was only to get ready.
    pub fn begin(&mut self) -> Result<(), Failure> {
        self.began = Instant::now();
        self.processor_before = self.processor()?;
        Ok(())
    }

    /// Returns the processor seconds of the server, if it is this process's own.
    pub fn processor(&self) -> Result<f64, Failure> {
        self.server.as_ref().map_or(Ok(0.0), |server| Ok(server.usage()?.cpu_seconds))
    }

    /// Returns the server's resident memory in bytes, as far as it is this process's own.
    pub fn resident(&self) -> Result<f64, Failure> {
        self.server.as_ref().map_or(Ok(0.0), |server| Ok(server.usage()?.resident_bytes))
    }

    /// Writes down what was measured since [`Place::begin`].
    pub fn measure(&self, report: &mut Report) -> Result<(), Failure> {
        report.seconds = self.began.elapsed().as_secs_f64();
        report.processor_seconds = self.processor()? - self.processor_before;
        report.resident_mb = self.resident()? / 1e6;
        Ok(())
    }

    /// Ends the server and removes what it kept.
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
