//! Speakers and listeners: one connection each, one call at a time, as a page's send and receive, or a
//! WebSocket that brings what is said.

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

/// For how long a page asks to be held, in milliseconds.
pub const HOLD_MS: u32 = 25_000;

/// After so long without an answer a listener gives up what is still missing.
const SILENCE: Duration = Duration::from_secs(35);

/// So often a send may fail before the run does.
const TRIES: u32 = 100;

/// A pause after a call that failed: as short as a page's first one.
const AFTER_FAILURE: Duration = Duration::from_millis(50);

/// Where a run's clock begins. All times of a run count from here, in microseconds.
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

/// Somebody's connection, which is opened again after it broke.
pub struct Line {
    address: SocketAddr,
    pub person: Person,
    traffic: Arc<Traffic>,
    /// Whether answers may be compressed.
    pub compressed: bool,
    connection: Option<Connection>,
}

impl Line {
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

/// When a connection is cut in the middle of a call.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cuts {
    /// Within this time of its beginning, each time another; never without it.
    pub within: Option<Duration>,
}

impl Cuts {
    /// Makes a call, which takes its connection along if it is cut: then there is no answer. Each
    /// of its `tries` is left more time, so that one of them gets through.
    async fn spare<T>(self, tries: u32, call: impl Future<Output = T>) -> Option<T> {
        let Some(within) = self.within else { return Some(call.await) };
        let within = within.mul_f64(rand::random::<f64>() * f64::from(1 + tries));
        tokio::time::timeout(within, call).await.ok()
    }
}

/// Somebody who sends messages to one contact and numbers them.
pub struct Speaker {
    line: Line,
    contact: Contact,
    next: u64,
    pub cuts: Cuts,
    /// Sends whose connection was cut.
    pub cut: u64,
    /// What follows the number, to give a message its size.
    padding: &'static str,
}

impl Speaker {
    pub fn new(line: Line, contact: Contact, padding: &'static str) -> Self {
        Self { line, contact, next: 0, cuts: Cuts::default(), cut: 0, padding }
    }

    /// Messages sent so far.
    pub fn said(&self) -> u64 {
        self.next
    }

    /// Sends the next message; returns once it is stored. A call that fails is made again with the
    /// same client id, as a page's outbox does.
    pub async fn say(&mut self, clock: Clock) -> Result<(), Failure> {
        self.say_as(clock, false).await
    }

    /// The same, and says that it is the last one.
    pub async fn say_last(&mut self, clock: Clock) -> Result<(), Failure> {
        self.say_as(clock, true).await
    }

    async fn say_as(&mut self, clock: Clock, last: bool) -> Result<(), Failure> {
        let client_id = ClientId::random();
        let said = Said { number: self.next, at: clock.micros(), last };
        self.next += 1;
        let body = Serializer::new(String::new())
            .append_pair("for_user", &self.line.person.id.to_string())
            .append_pair("contact", &self.contact.to_string())
            .append_pair("client_id", client_id.as_str())
            .append_pair("text", &format!("{} {}", said.write(), self.padding))
            .finish();
        let mut tries = 0;
        loop {
            let call = self.line.call("/api/send_message", Encoding::Form, body.clone());
            match self.cuts.spare(tries, call).await {
                Some(Ok(_)) => return Ok(()),
                Some(Err(error)) if tries >= TRIES => return Err(error),
                Some(Err(_)) => tokio::time::sleep(AFTER_FAILURE).await,
                None => self.cut += 1,
            }
            tries += 1;
        }
    }
}

/// What a message of a speaker says.
#[derive(Debug, Clone, Copy)]
struct Said {
    number: u64,
    /// When it was sent.
    at: u64,
    last: bool,
}

impl Said {
    fn write(self) -> String {
        format!("{} {} {}", self.number, self.at, if self.last { "." } else { "," })
    }

    fn read(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let number = words.next()?.parse().ok()?;
        Some(Self { number, at: words.next()?.parse().ok()?, last: words.next()? == "." })
    }
}

/// Somebody who listens as a page does: asks, is held, asks again with the new cursor; or opens a
/// WebSocket and takes what comes.
pub struct Listener {
    pub line: Line,
    transport: TransportLabel,
    socket: Option<Socket>,
    cursor: Option<String>,
    presence: Option<String>,
    pub cuts: Cuts,
    pub heard: Heard,
}

/// What came, in its order.
#[derive(Debug, Default)]
pub struct Heard {
    /// The numbers of the messages, as they came.
    pub numbers: Vec<u32>,
    /// How many were said, once that was said.
    pub said: Option<u64>,
    /// From before the send to after the receive, in microseconds.
    pub latencies: Vec<u32>,
    /// Receives that were answered.
    pub receives: u64,
    /// Receives that broke off.
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

impl Listener {
    pub fn new(line: Line, transport: TransportLabel) -> Self {
        let (cuts, heard) = (Cuts::default(), Heard::default());
        Self { line, transport, socket: None, cursor: None, presence: None, cuts, heard }
    }

    /// Asks once, and is held for at most `hold_ms`; or waits for what comes over the WebSocket.
    pub async fn receive(&mut self, clock: Clock, hold_ms: u32) -> Result<(), Failure> {
        let cuts = self.cuts;
        let answer = cuts.spare(0, self.answer(hold_ms)).await.ok_or("cut")??;
        let now = clock.micros();
        let batch: Batch<'_> = serde_json::from_slice(&answer)?;
        if batch.resync {
            return Err("the server asked for a new snapshot".into());
        }
        for message in batch.events.iter().filter_map(|event| event.message.as_ref()) {
            let said = Said::read(message.text).ok_or("a message of nobody here")?;
            self.heard.numbers.push(u32::try_from(said.number)?);
            if said.last {
                self.heard.said = Some(said.number + 1);
            }
            let micros = now.saturating_sub(said.at);
            self.heard.latencies.push(u32::try_from(micros).unwrap_or(u32::MAX));
            self.heard.text_bytes += message.text.len() as u64;
        }
        self.heard.receives += 1;
        self.cursor = Some(batch.cursor.to_string());
        if let Some(presence) = batch.presence {
            self.presence = Some(presence.version.to_string());
        }
        Ok(())
    }

    /// Receives until everything that was said has come, or nothing has for a while. After a
    /// failure it asks again from the same cursor.
    pub async fn listen(&mut self, clock: Clock) {
        while !self.heard.is_complete() {
            match tokio::time::timeout(SILENCE, self.receive(clock, HOLD_MS)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => {
                    self.heard.broken += 1;
                    tokio::time::sleep(AFTER_FAILURE).await;
                }
                Err(_) => break,
            }
        }
    }

    /// Is away until it asks again: a WebSocket would bring one message after the other.
    pub fn hang_up(&mut self) {
        self.socket = None;
    }

    async fn answer(&mut self, hold_ms: u32) -> Result<Bytes, Failure> {
        let question = self.question(hold_ms);
        match self.transport {
            TransportLabel::LongPoll => {
                self.line.call("/api/receive", Encoding::Json, question).await
            }
            TransportLabel::WebSocket => {
                let Line { address, person, traffic, .. } = &self.line;
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

    /// What a receive is asked with, and a WebSocket begins with: there, nobody asks how long.
    fn question(&self, hold_ms: u32) -> String {
        let user = self.line.person.id;
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

impl Heard {
    fn is_complete(&self) -> bool {
        self.said.is_some_and(|said| self.numbers.len() as u64 >= said)
    }

    /// What is wrong with what came of one speaker, who said so many if nobody was told.
    pub fn wrong(&self, said: u64) -> Wrong {
        Wrong::between(&self.numbers, self.said.unwrap_or(said))
    }
}

/// What is wrong with what was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wrong {
    pub lost: u64,
    pub doubled: u64,
    pub disordered: u64,
}

impl Wrong {
    /// Compares the numbers that came with what was said, 0 to `said` − 1.
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
