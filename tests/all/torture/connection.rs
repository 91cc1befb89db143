//! The HTTP connections from one page to the server.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use http::Request;
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client as Http;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use kith::error::KithError;
use kith::wire;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

/// The address of the server; `None` while it is down. Its old port must not be used then: the
/// server of another test may have got it.
#[derive(Clone, Default)]
pub struct ServerAddress(Arc<Mutex<Option<SocketAddr>>>);

impl ServerAddress {
    pub fn set(&self, address: Option<SocketAddr>) {
        *self.0.lock().expect("no test panics with the lock") = address;
    }

    pub fn get(&self) -> Option<SocketAddr> {
        *self.0.lock().expect("no test panics with the lock")
    }
}

/// The connections of one browser, which keeps them open and uses them again.
pub struct Connection {
    to: ServerAddress,
    http: Http<HttpConnector, Body>,
}

impl Connection {
    pub fn new(to: ServerAddress) -> Self {
        Self { to, http: Http::builder(TokioExecutor::new()).build_http() }
    }

    /// Makes a call, which fails after `ms` milliseconds.
    pub async fn call<T: DeserializeOwned>(
        &self,
        ms: u32,
        request: Request<Body>,
    ) -> Result<T, KithError> {
        let answer = timeout(Duration::from_millis(ms.into()), self.answer(request)).await;
        answer.unwrap_or(Err(KithError::Unreachable))
    }

    async fn answer<T: DeserializeOwned>(
        &self,
        mut request: Request<Body>,
    ) -> Result<T, KithError> {
        let address = self.to.get().ok_or(KithError::Unreachable)?;
        let uri = format!("http://{address}{}", request.uri());
        *request.uri_mut() = uri.parse().expect("an address");
        let response = self.http.request(request).await.map_err(|_| KithError::Unreachable)?;
        let status = response.status();
        let body = response.into_body().collect().await.map_err(|_| KithError::Unreachable)?;
        let body = body.to_bytes();
        if status.is_success() {
            wire::read(&body).map_err(|_| KithError::Unreadable)
        } else {
            Err(wire::read(&body).unwrap_or(KithError::Unreadable))
        }
    }
}
