//! One HTTP/1.1 connection that stays open, and its bytes.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use http::{HeaderValue, Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::Failure;
use crate::people::Person;

/// The encoding of a call's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Json,
    Form,
}

/// Bytes in each direction over all sockets that share this counter.
#[derive(Debug, Default)]
pub struct Traffic {
    pub up: AtomicU64,
    pub down: AtomicU64,
}

impl Traffic {
    pub fn reset(&self) {
        self.up.store(0, Ordering::Relaxed);
        self.down.store(0, Ordering::Relaxed);
    }
}

/// A connection of one signed-in person. Dropping it closes it, also in the middle of a call.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: HeaderValue,
    cookie: HeaderValue,
    driving: tokio::task::JoinHandle<()>,
}

impl Connection {
    pub async fn open(
        address: SocketAddr,
        person: &Person,
        traffic: Arc<Traffic>,
    ) -> Result<Self, Failure> {
        let stream = Counted::open(address, traffic).await?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        let driving = tokio::spawn(async move {
            // The pending call fails by itself when this task ends.
            let _ = connection.await;
        });
        let host = HeaderValue::from_str(&address.to_string())?;
        let cookie = HeaderValue::from_str(&sign_in(person))?;
        Ok(Self { sender, host, cookie, driving })
    }

    /// Calls a server function, and returns its status and body. With `compressed`, the answer may
    /// be compressed.
    pub async fn call(
        &mut self,
        endpoint: &'static str,
        encoding: Encoding,
        body: impl Into<Bytes>,
        compressed: bool,
    ) -> Result<(StatusCode, Bytes), Failure> {
        self.sender.ready().await?;
        let kind = match encoding {
            Encoding::Json => "application/json",
            Encoding::Form => "application/x-www-form-urlencoded",
        };
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(endpoint)
            .header(header::HOST, &self.host)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, kind)
            .header(header::ACCEPT, "application/json");
        if compressed {
            request = request.header(header::ACCEPT_ENCODING, "br");
        }
        let answer = self.sender.send_request(request.body(Full::new(body.into()))?).await?;
        let (parts, answer) = answer.into_parts();
        let answer = answer.collect().await?.to_bytes();
        if !parts.headers.contains_key(header::CONTENT_ENCODING) {
            return Ok((parts.status, answer));
        }
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut answer.as_ref(), &mut plain)?;
        Ok((parts.status, plain.into()))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.driving.abort();
    }
}

/// Returns the cookie of a person's sign-in.
pub fn sign_in(person: &Person) -> String {
    format!("kith_sign_in={}", person.token)
}

/// A stream that counts its bytes.
pub struct Counted {
    stream: TcpStream,
    traffic: Arc<Traffic>,
}

impl Counted {
    pub async fn open(address: SocketAddr, traffic: Arc<Traffic>) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, traffic })
    }
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let count = buffer.filled().len() - before;
        self.traffic.down.fetch_add(count as u64, Ordering::Relaxed);
        read
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        if let Poll::Ready(Ok(count)) = written {
            self.traffic.up.fetch_add(count as u64, Ordering::Relaxed);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
