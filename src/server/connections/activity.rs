//! What a connection is doing, seen at its stream and at its answers: from that follows until when
//! something must happen on it.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::Body;
use hyper::body::{Body as HttpBody, Bytes, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::admission::Admission;
use super::limits::Limits;

/// What a connection is doing.
pub struct Activity {
    limits: Limits,
    state: Mutex<State>,
}

struct State {
    /// Requests whose head has arrived and whose answer is not written yet. HTTP/1 has one at a
    /// time.
    in_flight: usize,
    /// Whether the client has sent anything yet.
    has_read: bool,
    /// When the head that is arriving began.
    head_since: Option<Instant>,
    /// When something was written last, or an answer ended.
    last: Instant,
    /// Since when the client takes nothing of what is written.
    unread_since: Option<Instant>,
}

impl Activity {
    /// A connection that was opened just now.
    pub fn new(limits: Limits) -> Arc<Self> {
        let now = Instant::now();
        let state = State {
            in_flight: 0,
            has_read: false,
            head_since: Some(now),
            last: now,
            unread_since: None,
        };
        Arc::new(Self { limits, state: Mutex::new(state) })
    }

    /// Returns when the connection is to be closed if nothing happens until then. `None` while a
    /// request is in flight: a receive may be held, and a call may take its time.
    pub fn deadline(&self) -> Option<Instant> {
        let state = self.lock();
        match *state {
            State { unread_since: Some(since), .. } => Some(since + self.limits.unread),
            State { in_flight: 1.., .. } => None,
            State { head_since: Some(since), .. } => Some(since + self.limits.head),
            State { last, .. } => Some(last + self.limits.idle),
        }
    }

    /// Notes that the head of a request has arrived.
    pub fn begin_request(self: &Arc<Self>) -> InFlight {
        let mut state = self.lock();
        state.in_flight += 1;
        state.head_since = None;
        InFlight(Arc::clone(self))
    }

    /// Whether the client has sent anything yet.
    pub fn has_read(&self) -> bool {
        self.lock().has_read
    }

    fn read(&self) {
        let mut state = self.lock();
        state.has_read = true;
        if state.in_flight == 0 {
            state.head_since.get_or_insert_with(Instant::now);
        }
    }

    fn wrote(&self, written: &Poll<io::Result<usize>>) {
        let mut state = self.lock();
        match written {
            Poll::Pending => {
                state.unread_since.get_or_insert_with(Instant::now);
            }
            Poll::Ready(_) => {
                state.unread_since = None;
                state.last = Instant::now();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request in flight, until this is dropped.
pub struct InFlight(Arc<Activity>);

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.in_flight -= 1;
        state.last = Instant::now();
    }
}

/// The body of an answer. Its request is in flight until all of it was taken.
pub struct AnswerBody {
    body: Body,
    _in_flight: InFlight,
}

impl AnswerBody {
    pub fn new(body: Body, in_flight: InFlight) -> Self {
        Self { body, _in_flight: in_flight }
    }
}

impl HttpBody for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The stream of a connection. A WebSocket goes on with it after its request, so it also holds the
/// connection's place.
pub struct Stream {
    tcp: TcpStream,
    activity: Arc<Activity>,
    _admission: Admission,
}

impl Stream {
    pub fn new(tcp: TcpStream, activity: Arc<Activity>, admission: Admission) -> Self {
        Self { tcp, activity, _admission: admission }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.tcp).poll_read(cx, buffer);
        if buffer.filled().len() > before {
            self.activity.read();
        }
        read
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.tcp).poll_write(cx, bytes);
        self.activity.wrote(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.tcp).poll_write_vectored(cx, slices);
        self.activity.wrote(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}
