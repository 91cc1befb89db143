//! The way from one page to the server, wherever that is just now.

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

/// Where the server listens. While there is none, nobody may be met at its old port: another test's
/// server might have got it.
#[derive(Clone, Default)]
pub struct Whereabouts(Arc<Mutex<Option<SocketAddr>>>);

impl Whereabouts {
    pub fn set(&self, address: Option<SocketAddr>) {
        *self.0.lock().expect("nobody panics with the lock") = address;
    }

    pub fn get(&self) -> Option<SocketAddr> {
        *self.0.lock().expect("nobody panics with the lock")
    }
}

/// One browser's connections: kept open, and used again, as browsers do.
pub struct Line {
    to: Whereabouts,
    http: Http<HttpConnector, Body>,
}

impl Line {
    pub fn new(to: Whereabouts) -> Self {
        Self { to, http: Http::builder(TokioExecutor::new()).build_http() }
    }

    /// Makes a call as a page does, which gives it up after so many milliseconds.
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
