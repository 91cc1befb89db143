//! A page's WebSocket: opened over a real connection, with a browser's cookie and headers.

use std::net::SocketAddr;

use axum::body::Body;
use futures_util::{SinkExt, StreamExt};
use http::{Method, StatusCode, header};
use kith::error::KithError;
use kith::model::{Batch, Cursor};
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::browser::{Browser, HOST};
use super::{PATIENCE, Person, TestApp};

pub struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    /// Opens one; the status of the answer says why there is none.
    pub async fn open(app: &TestApp, browser: &Browser) -> Result<Self, StatusCode> {
        Self::over(connection(app.address().await, None).await, browser).await
    }

    /// Opens one for a person, and says where it begins.
    pub async fn of(app: &TestApp, person: &Person, cursor: &Cursor) -> Self {
        let version = person.presence().await.version;
        let mut socket = Self::open(app, &person.browser).await.expect("a WebSocket");
        socket.begin(person, cursor, &version).await;
        socket
    }

    /// Opens one at which hardly anything waits to be read before the server has to.
    pub async fn narrow(app: &TestApp, person: &Person, cursor: &Cursor) -> Self {
        let connection = connection(app.address().await, Some(4096)).await;
        let mut socket = Self::over(connection, &person.browser).await.expect("a WebSocket");
        socket.begin(person, cursor, "").await;
        socket
    }

    async fn over(connection: TcpStream, browser: &Browser) -> Result<Self, StatusCode> {
        let mut request = format!("ws://{HOST}/api/socket").into_client_request().expect("a URL");
        let browser = browser.request(Method::GET, "/", "", Body::empty());
        for (name, value) in browser.headers().iter().filter(|(name, _)| **name != header::HOST) {
            request.headers_mut().append(name, value.clone());
        }
        match client_async(request, connection).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(answer)) => Err(answer.status()),
            Err(error) => panic!("{error}"),
        }
    }

    pub async fn begin(&mut self, person: &Person, cursor: &Cursor, version: &str) {
        self.say(&json!({
            "for_user": person.id,
            "cursor": cursor,
            "presence_version": version,
        }))
        .await;
    }

    pub async fn say(&mut self, what: &Value) {
        self.0.send(Message::text(what.to_string())).await.expect("it is sent");
    }

    /// The next thing that the server says; nothing once it has ended.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            match timeout(PATIENCE, self.0.next()).await.expect("the server says something") {
                Some(Ok(Message::Text(text))) => {
                    return Some(serde_json::from_str(&text).expect("JSON"));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => return None,
            }
        }
    }

    pub async fn batch(&mut self) -> Batch {
        let said = self.next().await.expect("a batch");
        serde_json::from_value(said.clone()).unwrap_or_else(|error| panic!("{error}: {said}"))
    }

    /// The next batch in which something happened.
    pub async fn news(&mut self) -> Batch {
        loop {
            let batch = self.batch().await;
            if !batch.events.is_empty() {
                return batch;
            }
        }
    }

    /// Why the server ends it, which it does.
    pub async fn refused(mut self) -> KithError {
        loop {
            let said = self.next().await.expect("a reason");
            if let Ok(error) = serde_json::from_value(said) {
                assert_eq!(self.next().await, None, "nothing comes after it");
                return error;
            }
        }
    }
}

async fn connection(address: SocketAddr, buffer: Option<u32>) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    if let Some(bytes) = buffer {
        socket.set_recv_buffer_size(bytes).expect("a small buffer");
    }
    socket.connect(address).await.expect("a connection")
}
