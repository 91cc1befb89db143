//! A WebSocket of one signed-in person, over a connection that counts its bytes.

use std::net::SocketAddr;
use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use http::{HeaderValue, header};
use hyper::body::Bytes;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::Failure;
use crate::http::{Counted, Traffic, sign_in};
use crate::people::Person;

pub struct Socket(WebSocketStream<Counted>);

impl Socket {
    /// Opens a WebSocket and sends its first message.
    pub async fn open(
        address: SocketAddr,
        person: &Person,
        traffic: Arc<Traffic>,
        opening: String,
    ) -> Result<Self, Failure> {
        let mut request = format!("ws://{address}/api/socket").into_client_request()?;
        let cookie = HeaderValue::from_str(&sign_in(person))?;
        request.headers_mut().insert(header::COOKIE, cookie);
        let (mut socket, _) = client_async(request, Counted::open(address, traffic).await?).await?;
        socket.send(Message::text(opening)).await?;
        Ok(Self(socket))
    }

    /// Returns the next text.
    pub async fn next(&mut self) -> Result<Bytes, Failure> {
        loop {
            match self.0.next().await.ok_or("the WebSocket has ended")?? {
                Message::Text(text) => return Ok(text.into()),
                Message::Ping(_) | Message::Pong(_) => {}
                other => return Err(format!("not a text: {other:?}").into()),
            }
        }
    }
}
