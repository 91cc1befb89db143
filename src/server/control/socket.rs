//! The way from the command line into a Kith that runs: a Unix socket in the data folder, for
//! whom Kith runs as and for root. One connection is one line of JSON in, and one out.

use std::fs::{File, Permissions};
use std::io::{self, ErrorKind};
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::acts::{self, Request};
use crate::service::Kith;

const NAME: &str = "kith.sock";

/// The longest path that a Unix socket's address holds, in bytes.
const PATH_MAX: usize = 107;

/// The longest request, in bytes; how long one may take, answer and all; and how many are answered
/// at once.
const REQUEST_MAX: u64 = 16 * 1024;
const LIMIT: Duration = Duration::from_secs(30);
const AT_ONCE: usize = 4;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CommandReply {
    /// What to print.
    Output(String),
    /// Why it was not done.
    Error(String),
}

/// Why a request has no answer.
pub enum Unanswered {
    /// Nobody listens; nothing was asked.
    Nobody(io::Error),
    /// It was asked, and the connection ended: perhaps it was done.
    Lost(io::Error),
    /// Kith refused.
    Refused(String),
}

/// The listening socket; it goes away when this is dropped.
pub struct ControlSocket {
    path: PathBuf,
    task: JoinHandle<()>,
}

impl Drop for ControlSocket {
    fn drop(&mut self) {
        self.task.abort();
        // The next start replaces one that stays.
        std::fs::remove_file(&self.path).ok();
    }
}

/// Listens in `data`, whose lock the caller holds: a socket that is there is of a process that was
/// killed. `url` is where Kith is, for the links that it makes.
pub fn listen(data: &Path, kith: Kith, url: String) -> io::Result<ControlSocket> {
    let path = data.join(NAME);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let way = Way::to(data)?;
    let listener = UnixListener::bind(&way.path)?;
    std::fs::set_permissions(&path, Permissions::from_mode(0o600))?;
    Ok(ControlSocket { path, task: tokio::spawn(accept(listener, kith, url.into())) })
}

/// Asks the Kith that runs on `data`.
pub async fn ask(data: &Path, request: &Request) -> Result<String, Unanswered> {
    let way = Way::to(data).map_err(Unanswered::Nobody)?;
    let mut stream = UnixStream::connect(&way.path).await.map_err(Unanswered::Nobody)?;
    match exchange(&mut stream, request).await.map_err(Unanswered::Lost)? {
        CommandReply::Output(text) => Ok(text),
        CommandReply::Error(why) => Err(Unanswered::Refused(why)),
    }
}

async fn exchange(stream: &mut UnixStream, request: &Request) -> io::Result<CommandReply> {
    write_line(stream, request).await?;
    let mut line = Vec::new();
    stream.read_to_end(&mut line).await?;
    Ok(serde_json::from_slice(&line)?)
}

/// A path to the socket that fits into an address.
struct Way {
    path: PathBuf,
    /// Keeps the path good.
    _folder: Option<File>,
}

impl Way {
    fn to(data: &Path) -> io::Result<Self> {
        let path = data.join(NAME);
        if path.as_os_str().len() <= PATH_MAX {
            return Ok(Self { path, _folder: None });
        }
        let folder = File::open(data)?;
        let path = PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd())).join(NAME);
        Ok(Self { path, _folder: Some(folder) })
    }
}

async fn accept(listener: UnixListener, kith: Kith, url: Arc<str>) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        match listener.accept().await {
            Ok((stream, _)) => {
                let (kith, url) = (kith.clone(), Arc::clone(&url));
                tokio::spawn(async move {
                    if let Ok(Err(error)) = timeout(LIMIT, answer(stream, &kith, &url)).await {
                        tracing::debug!(%error, "a command got no answer");
                    }
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "the command line's socket");
                sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

async fn answer(mut stream: UnixStream, kith: &Kith, url: &str) -> io::Result<()> {
    // Read in any case: who is still writing would not read an answer.
    let mut line = Vec::new();
    let (reading, _) = stream.split();
    BufReader::new(reading.take(REQUEST_MAX)).read_until(b'\n', &mut line).await?;
    let done = if !is_ours(&stream)? {
        Err("only the user that Kith runs as, and root, may do this".into())
    } else if let Ok(request) = serde_json::from_slice(&line) {
        acts::carry_out(kith, request, url).await
    } else {
        let version = env!("CARGO_PKG_VERSION");
        Err(format!("the Kith that runs, {version}, does not know this command"))
    };
    write_line(&mut stream, &done.map_or_else(CommandReply::Error, CommandReply::Output)).await
}

/// Whether whoever is at the other end runs as the same user as this process, or as root.
fn is_ours(stream: &UnixStream) -> io::Result<bool> {
    let (own, _) = UnixStream::pair()?;
    let uid = stream.peer_cred()?.uid();
    Ok(uid == own.peer_cred()?.uid() || uid == 0)
}

async fn write_line(stream: &mut UnixStream, value: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    stream.write_all(&line).await?;
    stream.shutdown().await
}
