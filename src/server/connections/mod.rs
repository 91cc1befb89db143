//! The serve loop. It lets in as many connections as the operator allows, and closes those whose
//! clients keep it waiting. `axum::serve` knows no such limits: strangers could take all memory and
//! all file descriptors, those of `kith admin` among them.

mod activity;
mod admission;
mod limits;

use std::convert::Infallible;
use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{Instant, Sleep, sleep, sleep_until};
use tower::Service;

use activity::{Activity, AnswerBody, Stream};
use admission::{Admission, Admissions};

pub use limits::Limits;

/// The operating system asks a silent client after this time, then at this interval, and gives up
/// after this many questions: a client that vanished is found within two minutes.
const PROBE_AFTER: Duration = Duration::from_secs(60);
const PROBE_INTERVAL: Duration = Duration::from_secs(15);
const PROBES: u32 = 4;

/// Pause after an error that will come again, such as no free file descriptor.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);

/// Minimum time between two warnings about connections, which strangers can provoke.
const WARN_INTERVAL: Duration = Duration::from_secs(60);

/// Serves until `stop`, then until the requests that have begun are answered. Connections that
/// became WebSockets are not waited for.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let mut http = http1::Builder::new();
    http.max_buf_size(limits.head_bytes);
    let (stopping, stopped) = watch::channel(());
    let (running, _) = watch::channel(());
    let mut door = Door::new(listener, limits.clone());
    let mut stop = pin!(stop);
    loop {
        let (tcp, peer, admission) = tokio::select! {
            () = &mut stop => break,
            accepted = door.accept() => accepted,
        };
        let activity = Activity::new(limits.clone());
        let stream = Stream::new(tcp, Arc::clone(&activity), admission);
        let connection = Connection { peer, router: router.clone(), activity };
        let (http, stopped, running) = (http.clone(), stopped.clone(), running.subscribe());
        tokio::spawn(async move {
            connection.serve(&http, stream, stopped).await;
            drop(running);
        });
    }
    // From now on connections are refused by the operating system.
    drop(door);
    stopping.send_replace(());
    running.closed().await;
}

/// Lets connections in.
struct Door {
    listener: TcpListener,
    admissions: Admissions,
    connections: usize,
    warned: Option<Instant>,
}

impl Door {
    fn new(listener: TcpListener, limits: Limits) -> Self {
        let connections = limits.connections;
        Self { listener, admissions: Admissions::new(limits), connections, warned: None }
    }

    /// Returns the next connection that is let in. While there are too many in all, new ones wait
    /// in the operating system's queue. Those of an address with too many are closed.
    async fn accept(&mut self) -> (TcpStream, SocketAddr, Admission) {
        loop {
            let place = match self.admissions.free_place() {
                Some(place) => place,
                None => {
                    if self.may_warn() {
                        let connections = self.connections;
                        tracing::warn!(connections, "all connections are taken: new ones wait");
                    }
                    self.admissions.next_place().await
                }
            };
            let (tcp, peer) = match self.listener.accept().await {
                Ok(accepted) => accepted,
                Err(error) => {
                    self.pause(&error).await;
                    continue;
                }
            };
            if let Some(admission) = self.admissions.admit(place, peer.ip()) {
                set_options(&tcp);
                return (tcp, peer, admission);
            }
            if self.may_warn() {
                let address = peer.ip();
                tracing::warn!(%address, "too many connections from one address: closed one");
            }
        }
    }

    /// Waits before the next attempt, unless the error was about this one connection.
    async fn pause(&mut self, error: &io::Error) {
        let is_about_one = matches!(
            error.kind(),
            ErrorKind::ConnectionRefused
                | ErrorKind::ConnectionAborted
                | ErrorKind::ConnectionReset
        );
        if is_about_one {
            return;
        }
        if self.may_warn() {
            tracing::warn!(%error, "no connection can be accepted");
        }
        sleep(ACCEPT_PAUSE).await;
    }

    fn may_warn(&mut self) -> bool {
        let may = self.warned.is_none_or(|warned| warned.elapsed() >= WARN_INTERVAL);
        if may {
            self.warned = Some(Instant::now());
        }
        may
    }
}

/// Sets the options of an accepted connection. It is served without them, too.
fn set_options(tcp: &TcpStream) {
    // A message is small and must not wait for a second one to fill a packet.
    if let Err(error) = tcp.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY");
    }
    let probes = TcpKeepalive::new()
        .with_time(PROBE_AFTER)
        .with_interval(PROBE_INTERVAL)
        .with_retries(PROBES);
    if let Err(error) = SockRef::from(tcp).set_tcp_keepalive(&probes) {
        tracing::debug!(%error, "SO_KEEPALIVE");
    }
}

/// A connection that was let in.
struct Connection {
    peer: SocketAddr,
    router: Router,
    activity: Arc<Activity>,
}

impl Connection {
    /// Answers the requests of a connection until one side ends it, or until it becomes a
    /// WebSocket. When `stopped` changes, the request in flight is the last.
    async fn serve(self, http: &http1::Builder, stream: Stream, mut stopped: watch::Receiver<()>) {
        let Self { peer, router, activity } = self;
        let requests = Arc::clone(&activity);
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            let in_flight = requests.begin_request();
            let answer = router.clone().call(request);
            async move {
                let answer = answer.await?;
                Ok::<_, Infallible>(answer.map(|body| AnswerBody::new(body, in_flight)))
            }
        });
        let connection = http.serve_connection(TokioIo::new(stream), service);
        let mut connection = pin!(connection.with_upgrades());
        let mut alarm = pin!(sleep_until(activity.deadline().unwrap_or_else(Instant::now)));
        let mut is_last = false;
        loop {
            let served = poll_fn(|cx| {
                if let Poll::Ready(ended) = connection.as_mut().poll(cx) {
                    return Poll::Ready(Some(ended));
                }
                // Whatever the connection did, it did just now.
                poll_deadline(alarm.as_mut(), activity.deadline(), cx).map(|()| None)
            });
            tokio::select! {
                ended = served => {
                    match ended {
                        Some(Ok(())) => {}
                        Some(Err(error)) => tracing::debug!(%error, "a connection failed"),
                        None => tracing::debug!("a client kept its connection waiting"),
                    }
                    break;
                }
                _ = stopped.changed(), if !is_last => {
                    // hyper would wait for the first request of a connection.
                    if !activity.has_read() {
                        break;
                    }
                    is_last = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

/// Is ready when the deadline has passed. The alarm is set again only when it would be too late or
/// has gone off: each request moves the deadline, and setting a timer costs more than looking at a
/// clock.
fn poll_deadline(
    mut alarm: Pin<&mut Sleep>,
    deadline: Option<Instant>,
    cx: &mut Context<'_>,
) -> Poll<()> {
    let Some(deadline) = deadline else { return Poll::Pending };
    loop {
        if alarm.is_elapsed() || deadline < alarm.deadline() {
            alarm.as_mut().reset(deadline);
        }
        ready!(alarm.as_mut().poll(cx));
        if deadline <= Instant::now() {
            return Poll::Ready(());
        }
    }
}
