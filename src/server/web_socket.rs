//! The receive over a WebSocket: the same mailbox, cursor and batches, but the server pushes the
//! next batch without being asked.

use std::convert::Infallible;
use std::pin::pin;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseCode, CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::StatusCode;
use serde::Serialize;
use tokio::time::{Instant, timeout};

use super::site::Site;
use crate::api::context::{SignInToken, Visitor};
use crate::error::KithError;
use crate::model::SocketOpening;
use crate::model::limits::SOCKET_MESSAGE_MAX;
use crate::service::{Caller, Kith, TransportLabel};

/// Timeout for the opening, the page's first message.
const OPENING_TIMEOUT: Duration = Duration::from_secs(10);

/// Timeout for sending a message: a page that does not read must fill no memory here. Shorter than
/// a mailbox remembers that a sign-in has ended.
const SEND_TIMEOUT: Duration = Duration::from_secs(20);

/// Timeout for the page's answer to a close.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// Bytes of the read buffer, which every open page costs. The opening, a page's longest message, is
/// shorter.
const READ_BUFFER: usize = 512;

/// Opens the WebSocket of a signed-in caller.
pub async fn open(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    token: Option<Extension<SignInToken>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let (Some(caller), Some(Extension(token))) = (visitor.caller, token) else {
        return (StatusCode::UNAUTHORIZED, Json(KithError::Unauthorised)).into_response();
    };
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    upgrade
        .max_message_size(SOCKET_MESSAGE_MAX)
        .max_frame_size(SOCKET_MESSAGE_MAX)
        .read_buffer_size(READ_BUFFER)
        .on_upgrade(async move |socket| {
            PushSocket { socket, pinged: false }.serve(site.kith, caller, &token.text).await;
        })
}

/// Why the push has ended.
enum PushEnd {
    /// The last batch was sent, or the connection is gone.
    Over,
    Refused(KithError),
}

impl From<KithError> for PushEnd {
    fn from(error: KithError) -> Self {
        Self::Refused(error)
    }
}

/// A WebSocket to a page.
struct PushSocket {
    socket: WebSocket,
    /// Whether a ping is unanswered. Browsers answer pings by themselves, so a missing answer means
    /// that the connection died without a close.
    pinged: bool,
}

impl PushSocket {
    async fn serve(mut self, kith: Kith, caller: Caller, token: &str) {
        let Err(end) = self.push(&kith, caller, token).await;
        if let PushEnd::Refused(error) = end
            && self.send_json(&error).await.is_ok()
        {
            self.close(close_code::POLICY).await;
        }
    }

    /// Pushes batches until something ends it.
    async fn push(
        &mut self,
        kith: &Kith,
        caller: Caller,
        token: &str,
    ) -> Result<Infallible, PushEnd> {
        let opening =
            timeout(OPENING_TIMEOUT, self.opening()).await.map_err(|_| PushEnd::Over)??;
        let SocketOpening { for_user, mut cursor, mut presence_version } = opening;
        if for_user != caller.user {
            return Err(KithError::WrongUser.into());
        }
        let mut reader = kith.mailbox_reader(caller, TransportLabel::WebSocket);
        let mut checked = Instant::now();
        loop {
            let batch = {
                let next = reader.next(cursor.as_ref(), None, presence_version.as_deref());
                let mut next = pin!(next);
                loop {
                    tokio::select! {
                        batch = &mut next => break batch?,
                        end = self.receive_frame() => end?,
                    }
                }
            };
            self.send_json(&batch).await?;
            if batch.resync || reader.is_over() {
                // Close now: an ending process waits for every reader.
                self.close(close_code::AWAY).await;
                return Err(PushEnd::Over);
            }
            cursor = Some(batch.cursor);
            if let Some(presence) = batch.presence {
                presence_version = Some(presence.version);
            }
            // As often as a long poll would have checked the sign-in.
            if checked.elapsed() >= kith.max_hold() {
                checked = Instant::now();
                if kith.caller(token).await? != Some(caller) {
                    return Err(KithError::Unauthorised.into());
                }
                if self.pinged {
                    return Err(PushEnd::Over);
                }
                self.pinged = true;
                self.send(Message::Ping(Default::default())).await?;
            }
        }
    }

    /// Returns the page's first message.
    async fn opening(&mut self) -> Result<SocketOpening, PushEnd> {
        loop {
            match self.socket.recv().await {
                Some(Ok(Message::Text(text))) => {
                    let opening = serde_json::from_str(&text);
                    return opening
                        .map_err(|error| KithError::BadRequest(error.to_string()).into());
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => return Err(PushEnd::Over),
            }
        }
    }

    /// Receives one frame. After the opening a page sends only pongs and its close.
    async fn receive_frame(&mut self) -> Result<(), PushEnd> {
        match self.socket.recv().await {
            Some(Ok(Message::Pong(_))) => self.pinged = false,
            Some(Ok(Message::Ping(_))) => {}
            Some(Ok(Message::Text(_) | Message::Binary(_))) => {
                let why = "only the first message is for the server".to_string();
                return Err(KithError::BadRequest(why).into());
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(PushEnd::Over),
        }
        Ok(())
    }

    async fn send_json(&mut self, value: &impl Serialize) -> Result<(), PushEnd> {
        let json = serde_json::to_string(value).map_err(|_| KithError::Internal)?;
        self.send(Message::Text(json.into())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), PushEnd> {
        match timeout(SEND_TIMEOUT, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(PushEnd::Over),
        }
    }

    async fn close(&mut self, code: CloseCode) {
        let close = Message::Close(Some(CloseFrame { code, reason: "".into() }));
        if self.send(close).await.is_ok() {
            // Dropping a connection with unread data resets it, and the page would lose messages
            // that are still on their way.
            let answered = async { while let Some(Ok(_)) = self.socket.recv().await {} };
            let _ = timeout(CLOSE_TIMEOUT, answered).await;
        }
    }
}
