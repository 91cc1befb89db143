//! A proxy that cuts, stalls, delays and splits connections in both directions.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rand::Rng;
use rand::rngs::StdRng;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::Trial;

pub struct Proxy {
    pub address: SocketAddr,
    /// Number of connections that were cut.
    pub cuts: Arc<AtomicUsize>,
    accepting: JoinHandle<()>,
}

/// The faults of one connection.
struct Faults {
    /// Bytes after which each direction is cut.
    bytes: [usize; 2],
    /// Time after which the connection is cut.
    lasts: Duration,
    /// Time between the cut and the close of both sides.
    silent: Duration,
    choices: [StdRng; 2],
}

impl Proxy {
    /// Starts a proxy in front of `server`.
    pub async fn in_front_of(server: SocketAddr, trial: Trial) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("the port");
        let cuts = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&cuts);
        let accepting = tokio::spawn(async move {
            for number in 0.. {
                let Ok((page, _)) = listener.accept().await else { return };
                let faults = Faults::of(trial, number);
                let counted = Arc::clone(&counted);
                tokio::spawn(async move {
                    if let Ok(server) = TcpStream::connect(server).await {
                        faults.apply(page, server).await;
                        counted.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        Self { address, cuts, accepting }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Faults {
    fn of(trial: Trial, number: u64) -> Self {
        let mut choices = trial.choices(1_000_000 + 3 * number);
        // Some connections are not cut, because a long batch would never arrive otherwise.
        let mut bytes = |most| match choices.random_bool(0.4) {
            true => usize::MAX,
            false => choices.random_range(0..most),
        };
        let bytes = [bytes(3_000), bytes(20_000)];
        let lasts = Duration::from_millis(choices.random_range(50..3_000));
        let silent = if choices.random_bool(0.1) { choices.random_range(0..1_500) } else { 0 };
        let ways = [1, 2].map(|way| trial.choices(1_000_000 + 3 * number + way));
        Self { bytes, lasts, silent: Duration::from_millis(silent), choices: ways }
    }

    async fn apply(self, mut page: TcpStream, mut server: TcpStream) {
        {
            let (from_page, to_page) = page.split();
            let (from_server, to_server) = server.split();
            let [up, down] = self.choices;
            let both = async {
                tokio::select! {
                    () = carry(from_page, to_server, self.bytes[0], up) => {}
                    () = carry(from_server, to_page, self.bytes[1], down) => {}
                }
            };
            timeout(self.lasts, both).await.ok();
        }
        sleep(self.silent).await;
    }
}

/// Copies up to `left` bytes from one side to the other, in random pieces.
async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut left: usize,
    mut choices: StdRng,
) {
    let mut bytes = [0; 4_096];
    while left > 0 {
        let Ok(read @ 1..) = from.read(&mut bytes).await else { return };
        let mut waiting = &bytes[..read.min(left)];
        left -= waiting.len();
        while !waiting.is_empty() {
            let (piece, rest) = waiting.split_at(choices.random_range(1..=waiting.len()));
            if choices.random_bool(0.3) {
                sleep(Duration::from_millis(choices.random_range(1..20))).await;
            }
            if to.write_all(piece).await.is_err() {
                return;
            }
            waiting = rest;
        }
    }
}
