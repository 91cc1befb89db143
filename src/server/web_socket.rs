//! The receive over a WebSocket: the same place at the mailbox, the same cursor and the same
//! batches, only that nobody has to ask for the next one.

use std::convert::Infallible;
use std::pin::pin;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseCode, CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use tokio::time::{Instant, timeout};

use super::site::Site;
use crate::api::context::{Visitor, token};
use crate::error::KithError;
use crate::model::Opening;
use crate::model::limits::SOCKET_MESSAGE_MAX;
use crate::service::{Caller, Kith, TransportLabel};

pub const PATH: &str = "/api/socket";

/// Within so long a page says what it wants.
const OPENING: Duration = Duration::from_secs(10);

/// Within so long a page takes what it is sent: one that does not read fills no memory here. Less
/// than a mailbox remembers that a sign-in has ended.
const TAKING: Duration = Duration::from_secs(20);

/// For so long the other end may say that it has understood the end.
const CLOSING: Duration = Duration::from_secs(1);

/// For what the library reads at a time, which each open page pays for; the first word of a page,
/// the longest, is shorter.
const READ_BUFFER: usize = 512;

/// Opens the WebSocket of somebody who is signed in.
pub async fn open(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let (Some(caller), Some(token)) = (visitor.caller, token(&headers)) else {
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
            PushSocket { socket, pinged: false }.serve(site.kith, caller, &token).await;
        })
}

/// Why nothing more is pushed.
enum PushEnd {
    /// All is said, or there is nobody who hears it.
    Over,
    Refused(KithError),
}

impl From<KithError> for PushEnd {
    fn from(error: KithError) -> Self {
        Self::Refused(error)
    }
}

/// A WebSocket, and whether its other end owes an answer.
struct PushSocket {
    socket: WebSocket,
    /// Browsers answer a ping by themselves, and connections die without a word.
    pinged: bool,
}

impl PushSocket {
    async fn serve(mut self, kith: Kith, caller: Caller, token: &str) {
        let Err(end) = self.push(&kith, caller, token).await;
        if let PushEnd::Refused(error) = end
            && self.say(&error).await.is_ok()
        {
            self.close(close_code::POLICY).await;
        }
    }

    /// Pushes batches until there is a reason to end.
    async fn push(
        &mut self,
        kith: &Kith,
        caller: Caller,
        token: &str,
    ) -> Result<Infallible, PushEnd> {
        let opening = timeout(OPENING, self.opening()).await.map_err(|_| PushEnd::Over)??;
        let Opening { for_user, mut cursor, mut presence_version } = opening;
        if for_user != caller.user {
            return Err(KithError::WrongUser.into());
        }
        let mut receiving = kith.receiving(caller, TransportLabel::WebSocket);
        let mut checked = Instant::now();
        loop {
            let batch = {
                let next = receiving.next(cursor.as_ref(), None, presence_version.as_deref());
                let mut next = pin!(next);
                loop {
                    tokio::select! {
                        batch = &mut next => break batch?,
                        end = self.listen() => end?,
                    }
                }
            };
            self.say(&batch).await?;
            if batch.resync || receiving.is_over() {
                // While its place is held, the process waits for it.
                self.close(close_code::AWAY).await;
                return Err(PushEnd::Over);
            }
            cursor = Some(batch.cursor);
            if let Some(presence) = batch.presence {
                presence_version = Some(presence.version);
            }
            // As often as a page that asks would have asked.
            if checked.elapsed() >= kith.longest_hold() {
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

    /// Returns what the page says first.
    async fn opening(&mut self) -> Result<Opening, PushEnd> {
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

    /// Hears one thing from the page, which has nothing more to say but that it is there.
    async fn listen(&mut self) -> Result<(), PushEnd> {
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

    async fn say(&mut self, what: &impl Serialize) -> Result<(), PushEnd> {
        let json = serde_json::to_string(what).map_err(|_| KithError::Internal)?;
        self.send(Message::Text(json.into())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), PushEnd> {
        match timeout(TAKING, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(PushEnd::Over),
        }
    }

    async fn close(&mut self, code: CloseCode) {
        let close = Message::Close(Some(CloseFrame { code, reason: "".into() }));
        if self.send(close).await.is_ok() {
            // Dropped while there is something to read, the connection would take along what is on
            // its way.
            let answered = async { while let Some(Ok(_)) = self.socket.recv().await {} };
            let _ = timeout(CLOSING, answered).await;
        }
    }
}
