//! The command line's connection to a running Kith: a Unix socket in the data folder. Only root and
//! the user that Kith runs as may use it. A connection carries one line of JSON each way.

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

use super::command::Request;
use super::execute::execute;
use crate::service::Kith;

const NAME: &str = "kith.sock";

/// Maximum bytes of the path in a Unix socket's address (`sun_path`, without its final zero).
const PATH_MAX: usize = 107;

/// Maximum bytes of a request.
const REQUEST_MAX: u64 = 16 * 1024;

/// Timeout for reading a request, executing it and writing the reply.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// Timeout of the command line for a reply. Longer than [`REQUEST_TIMEOUT`], so that a Kith that
/// is alive has answered or hung up before.
const REPLY_TIMEOUT: Duration = Duration::from_secs(40);

/// Maximum requests executed at once.
const CONCURRENT_MAX: usize = 4;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CommandReply {
    /// The text to print.
    Output(String),
    /// The reason of the failure.
    Error(String),
}

/// Why a request failed.
pub enum RequestError {
    /// No process listens; the request was not sent.
    NotListening(io::Error),
    /// The connection ended after the request was sent: it may have been executed.
    ConnectionLost(io::Error),
    /// No reply came within this time: the request may have been executed, or may be yet.
    NoReply(Duration),
    /// Kith refused the request.
    Refused(String),
}

/// The listening socket. Dropping this removes it.
pub struct ControlSocket {
    path: PathBuf,
    task: JoinHandle<()>,
}

impl Drop for ControlSocket {
    fn drop(&mut self) {
        self.task.abort();
        // A socket that cannot be removed is replaced at the next start.
        std::fs::remove_file(&self.path).ok();
    }
}

/// Listens in `data`. The caller holds its lock, so an existing socket is from a process that was
/// killed. `url` is the address of this Kith, for links.
pub fn listen(data: &Path, kith: Kith, url: String) -> io::Result<ControlSocket> {
    let path = data.join(NAME);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let short = ShortPath::to_socket(data)?;
    let listener = UnixListener::bind(&short.path)?;
    std::fs::set_permissions(&path, Permissions::from_mode(0o600))?;
    Ok(ControlSocket { path, task: tokio::spawn(accept(listener, kith, url.into())) })
}

/// Sends a request to the Kith that runs on `data`, and returns the text to print.
pub async fn send(data: &Path, request: &Request) -> Result<String, RequestError> {
    send_within(REPLY_TIMEOUT, data, request).await
}

async fn send_within(
    limit: Duration,
    data: &Path,
    request: &Request,
) -> Result<String, RequestError> {
    let short = ShortPath::to_socket(data).map_err(RequestError::NotListening)?;
    let mut stream = UnixStream::connect(&short.path).await.map_err(RequestError::NotListening)?;
    let reply = match timeout(limit, exchange(&mut stream, request)).await {
        Ok(reply) => reply.map_err(RequestError::ConnectionLost)?,
        Err(_) => return Err(RequestError::NoReply(limit)),
    };
    match reply {
        CommandReply::Output(text) => Ok(text),
        CommandReply::Error(why) => Err(RequestError::Refused(why)),
    }
}

async fn exchange(stream: &mut UnixStream, request: &Request) -> io::Result<CommandReply> {
    write_line(stream, request).await?;
    let mut line = Vec::new();
    stream.read_to_end(&mut line).await?;
    Ok(serde_json::from_slice(&line)?)
}

/// A path to the socket that fits into a Unix socket's address.
struct ShortPath {
    path: PathBuf,
    /// A path through `/proc/self/fd` is valid only while the folder is open.
    _folder: Option<File>,
}

impl ShortPath {
    fn to_socket(data: &Path) -> io::Result<Self> {
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
    let permits = Arc::new(Semaphore::new(CONCURRENT_MAX));
    while let Ok(permit) = Arc::clone(&permits).acquire_owned().await {
        match listener.accept().await {
            Ok((stream, _)) => {
                let (kith, url) = (kith.clone(), Arc::clone(&url));
                tokio::spawn(async move {
                    let answered = timeout(REQUEST_TIMEOUT, answer(stream, &kith, &url)).await;
                    if let Ok(Err(error)) = answered {
                        tracing::debug!(%error, "a command got no answer");
                    }
                    drop(permit);
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
    // Read before the refusal: a client that is still writing would not read the answer.
    let mut line = Vec::new();
    let (reading, _) = stream.split();
    BufReader::new(reading.take(REQUEST_MAX)).read_until(b'\n', &mut line).await?;
    let result = if !is_allowed(&stream)? {
        Err("only the user that Kith runs as, and root, may do this".into())
    } else if let Ok(request) = serde_json::from_slice(&line) {
        execute(kith, request, url).await
    } else {
        let version = env!("CARGO_PKG_VERSION");
        Err(format!("the Kith that runs, {version}, does not know this command"))
    };
    write_line(&mut stream, &result.map_or_else(CommandReply::Error, CommandReply::Output)).await
}

/// Whether the other end runs as root or as the user of this process.
fn is_allowed(stream: &UnixStream) -> io::Result<bool> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::control::command::AdminCommand;

    #[tokio::test]
    async fn command_ends_when_no_reply_comes() {
        let data = tempfile::tempdir().expect("a folder");
        let _deaf = UnixListener::bind(data.path().join(NAME)).expect("a socket");
        let command = AdminCommand::Disable { username: "ann".into() };
        let request = Request { command, password: None };
        let limit = Duration::from_millis(50);
        let sent = timeout(Duration::from_secs(30), send_within(limit, data.path(), &request));
        let ended = sent.await.expect("it does not wait for ever");
        assert!(matches!(ended, Err(RequestError::NoReply(waited)) if waited == limit));
    }
}
