//! Senders and receivers. Each has one connection with one call at a time, as a page sends and
//! receives, or a WebSocket.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use form_urlencoded::Serializer;
use http::StatusCode;
use hyper::body::Bytes;
use kith::model::{ClientId, Contact};
use kith::service::TransportLabel;
use serde::Deserialize;

use crate::Failure;
use crate::http::{Connection, Encoding, Traffic};
use crate::people::Person;
use crate::socket::Socket;

/// Hold that a receive asks for, in milliseconds.
pub const HOLD_MS: u32 = 25_000;

/// Time without an answer after which a receiver gives up.
const SILENCE: Duration = Duration::from_secs(35);

/// Maximum number of failures of one send.
const TRIES: u32 = 100;

/// Pause after a failed call: the shortest one of a page.
const AFTER_FAILURE: Duration = Duration::from_millis(50);

/// The clock of a run: microseconds since its start.
#[derive(Debug, Clone, Copy)]
pub struct Clock(Instant);

impl Clock {
    pub fn start() -> Self {
        Self(Instant::now())
    }

    pub fn micros(self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// The connection of one person, opened again after it broke.
pub struct PersonConnection {
    address: SocketAddr,
    pub person: Person,
    traffic: Arc<Traffic>,
    /// Whether answers may be compressed.
    pub compressed: bool,
    connection: Option<Connection>,
}

impl PersonConnection {
    pub fn new(address: SocketAddr, person: &Person, traffic: &Arc<Traffic>) -> Self {
        let (person, traffic) = (person.clone(), Arc::clone(traffic));
        Self { address, person, traffic, compressed: false, connection: None }
    }

    async fn call(
        &mut self,
        endpoint: &'static str,
        encoding: Encoding,
        body: String,
    ) -> Result<Bytes, Failure> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::open(self.address, &self.person, Arc::clone(&self.traffic)).await?,
        };
        let call = connection.call(endpoint, encoding, body, self.compressed);
        let (status, answer) = call.await?;
        self.connection = Some(connection);
        if status == StatusCode::OK {
            return Ok(answer);
        }
        Err(format!("{endpoint}: {status}: {}", String::from_utf8_lossy(&answer)).into())
    }
}

/// Cuts of a connection in the middle of a call.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cuts {
    /// Maximum time from the start of a call to its cut, which is random; `None` for no cuts.
    pub within: Option<Duration>,
}

impl Cuts {
    /// Makes a call. `None` if it was cut, with its connection. Each further try gets more time, so
    /// that one of them succeeds.
    async fn cut_or<T>(self, tries: u32, call: impl Future<Output = T>) -> Option<T> {
        let Some(within) = self.within else { return Some(call.await) };
        let within = within.mul_f64(rand::random::<f64>() * f64::from(1 + tries));
        tokio::time::timeout(within, call).await.ok()
    }
}

/// A sender of numbered messages to one contact.
pub struct Sender {
    connection: PersonConnection,
    contact: Contact,
    next: u64,
    pub cuts: Cuts,
    /// Number of sends whose connection was cut.
    pub cut: u64,
    /// Text after the number, which gives a message its size.
    padding: &'static str,
}

impl Sender {
    pub fn new(connection: PersonConnection, contact: Contact, padding: &'static str) -> Self {
        Self { connection, contact, next: 0, cuts: Cuts::default(), cut: 0, padding }
    }

    /// Number of messages sent so far.
    pub fn said(&self) -> u64 {
        self.next
    }

    /// Sends the next message, and returns once it is stored. A failed call is repeated with the
    /// same client id, as a page's outbox does.
    pub async fn send(&mut self, clock: Clock) -> Result<(), Failure> {
        self.send_as(clock, false).await
    }

    /// The same, marked as the last one.
    pub async fn send_last(&mut self, clock: Clock) -> Result<(), Failure> {
        self.send_as(clock, true).await
    }

    async fn send_as(&mut self, clock: Clock, last: bool) -> Result<(), Failure> {
        let client_id = ClientId::random();
        let said = Content { number: self.next, at: clock.micros(), last };
        self.next += 1;
        let body = Serializer::new(String::new())
            .append_pair("for_user", &self.connection.person.id.to_string())
            .append_pair("contact", &self.contact.to_string())
            .append_pair("client_id", client_id.as_str())
            .append_pair("text", &format!("{} {}", said.write(), self.padding))
            .finish();
        let mut tries = 0;
        loop {
            let call = self.connection.call("/api/send_message", Encoding::Form, body.clone());
            match self.cuts.cut_or(tries, call).await {
                Some(Ok(_)) => return Ok(()),
                Some(Err(error)) if tries >= TRIES => return Err(error),
                Some(Err(_)) => tokio::time::sleep(AFTER_FAILURE).await,
                None => self.cut += 1,
            }
            tries += 1;
        }
    }
}

/// The content of a message.
#[derive(Debug, Clone, Copy)]
struct Content {
    number: u64,
    /// The time of the send, in microseconds of the run's clock.
    at: u64,
    last: bool,
}

impl Content {
    fn write(self) -> String {
        format!("{} {} {}", self.number, self.at, if self.last { "." } else { "," })
    }

    fn read(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let number = words.next()?.parse().ok()?;
        Some(Self { number, at: words.next()?.parse().ok()?, last: words.next()? == "." })
    }
}

/// A receiver as a page is one: by long polling with its cursor, or by a WebSocket.
pub struct Receiver {
    pub connection: PersonConnection,
    transport: TransportLabel,
    socket: Option<Socket>,
    cursor: Option<String>,
    presence: Option<String>,
    pub cuts: Cuts,
    pub received: Received,
}

/// The received messages and figures.
#[derive(Debug, Default)]
pub struct Received {
    /// The numbers of the messages in the order of arrival.
    pub numbers: Vec<u32>,
    /// Number of messages sent, known from the last one.
    pub said: Option<u64>,
    /// Latencies from before the send to after the receive, in microseconds.
    pub latencies: Vec<u32>,
    /// Number of answered receives.
    pub receives: u64,
    /// Number of interrupted receives.
    pub broken: u64,
    /// Bytes of texts.
    pub text_bytes: u64,
}

#[derive(Deserialize)]
struct Batch<'a> {
    cursor: &'a str,
    #[serde(borrow, default)]
    events: Vec<Event<'a>>,
    #[serde(default)]
    resync: bool,
    #[serde(borrow)]
    presence: Option<Presence<'a>>,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow)]
    message: Option<Message<'a>>,
}

#[derive(Deserialize)]
struct Message<'a> {
    text: &'a str,
}

#[derive(Deserialize)]
struct Presence<'a> {
    version: &'a str,
}

impl Receiver {
    pub fn new(connection: PersonConnection, transport: TransportLabel) -> Self {
        let (cuts, received) = (Cuts::default(), Received::default());
        Self { connection, transport, socket: None, cursor: None, presence: None, cuts, received }
    }

    /// Sends one receive, held for at most `hold_ms`; or waits for the next text of the WebSocket.
    pub async fn receive(&mut self, clock: Clock, hold_ms: u32) -> Result<(), Failure> {
        let cuts = self.cuts;
        let answer = cuts.cut_or(0, self.answer(hold_ms)).await.ok_or("cut")??;
        let now = clock.micros();
        let batch: Batch<'_> = serde_json::from_slice(&answer)?;
        if batch.resync {
            return Err("the server asked for a new snapshot".into());
        }
        for message in batch.events.iter().filter_map(|event| event.message.as_ref()) {
            let said = Content::read(message.text).ok_or("a message of nobody here")?;
            self.received.numbers.push(u32::try_from(said.number)?);
            if said.last {
                self.received.said = Some(said.number + 1);
            }
            let micros = now.saturating_sub(said.at);
            self.received.latencies.push(u32::try_from(micros).unwrap_or(u32::MAX));
            self.received.text_bytes += message.text.len() as u64;
        }
        self.received.receives += 1;
        self.cursor = Some(batch.cursor.to_string());
        if let Some(presence) = batch.presence {
            self.presence = Some(presence.version.to_string());
        }
        Ok(())
    }

    /// Receives until all messages have arrived, or until `SILENCE` has passed. A failed receive is
    /// repeated with the same cursor.
    pub async fn receive_all(&mut self, clock: Clock) {
        while !self.received.is_complete() {
            match tokio::time::timeout(SILENCE, self.receive(clock, HOLD_MS)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => {
                    self.received.broken += 1;
                    tokio::time::sleep(AFTER_FAILURE).await;
                }
                Err(_) => break,
            }
        }
    }

    /// Closes the WebSocket, which would otherwise bring each message at once.
    pub fn disconnect(&mut self) {
        self.socket = None;
    }

    async fn answer(&mut self, hold_ms: u32) -> Result<Bytes, Failure> {
        let question = self.question(hold_ms);
        match self.transport {
            TransportLabel::LongPoll => {
                self.connection.call("/api/receive", Encoding::Json, question).await
            }
            TransportLabel::WebSocket => {
                let PersonConnection { address, person, traffic, .. } = &self.connection;
                let mut socket = match self.socket.take() {
                    Some(socket) => socket,
                    None => Socket::open(*address, person, Arc::clone(traffic), question).await?,
                };
                let text = socket.next().await?;
                self.socket = Some(socket);
                Ok(text)
            }
        }
    }

    /// The body of a receive, or the first message of a WebSocket, which has no hold.
    fn question(&self, hold_ms: u32) -> String {
        let user = self.connection.person.id;
        let quoted = |value: &Option<String>| match value {
            Some(value) => format!("\"{value}\""),
            None => "null".to_string(),
        };
        format!(
            "{{\"for_user\":{user},\"cursor\":{},\"hold_ms\":{hold_ms},\"presence_version\":{}}}",
            quoted(&self.cursor),
            quoted(&self.presence)
        )
    }
}

impl Received {
    fn is_complete(&self) -> bool {
        self.said.is_some_and(|said| self.numbers.len() as u64 >= said)
    }

    /// Compares the messages of one sender with their number: that of the last message, or `said`.
    pub fn wrong(&self, said: u64) -> Wrong {
        Wrong::between(&self.numbers, self.said.unwrap_or(said))
    }
}

/// Messages that are lost, doubled or out of order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wrong {
    pub lost: u64,
    pub doubled: u64,
    pub disordered: u64,
}

impl Wrong {
    /// Compares the received numbers with 0 to `said` − 1.
    fn between(numbers: &[u32], said: u64) -> Self {
        let disordered = numbers.windows(2).filter(|two| two[0] > two[1]).count() as u64;
        let mut sorted = numbers.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let doubled = (numbers.len() - sorted.len()) as u64;
        let known = sorted.iter().filter(|number| u64::from(**number) < said).count() as u64;
        Self { lost: said - known, doubled, disordered }
    }
}
