//! The metrics, on an address of their own, so that they are not public with the site.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{StatusCode, header};

use crate::service::{Kith, METRICS_TYPE};

/// Returns the routes of the metrics' address.
pub fn metrics(kith: Kith) -> Router {
    Router::new().route("/metrics", get(text)).with_state(kith)
}

async fn text(State(kith): State<Kith>) -> Response {
    match kith.metrics().await {
        Ok(text) => ([(header::CONTENT_TYPE, METRICS_TYPE)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
