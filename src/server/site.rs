//! The state that every request handler can reach.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRef;
use ipnet::IpNet;
use leptos::prelude::LeptosOptions;

use crate::service::Kith;

/// The service, and the part of the configuration that the edge needs. Each request clones this
/// several times, so cloning must be cheap.
#[derive(Clone)]
pub struct Site {
    pub kith: Kith,
    pub leptos: Arc<LeptosOptions>,
    /// Whether browsers reach Kith over https.
    pub https: bool,
    /// The address that browsers use, if a proxy stands in front of Kith.
    pub public_url: Option<Arc<str>>,
    pub trusted_proxies: Arc<[IpNet]>,
    /// Timeout for the body of a call.
    pub body_timeout: Duration,
    /// The port of the development reload's socket, under `cargo leptos watch`.
    pub reload_port: Option<u32>,
}

impl FromRef<Site> for LeptosOptions {
    fn from_ref(site: &Site) -> Self {
        LeptosOptions::clone(&site.leptos)
    }
}
