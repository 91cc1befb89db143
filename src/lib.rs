//! Kith, a self-hosted messenger: one crate that compiles to the browser's WASM (`hydrate`) and
//! to the server (`ssr`).
//!
//! The folders, and who may use whom: a folder uses those to its right, never to its left.
//! `main → server → documents → demo → ui → client → api → service → store → model`; `error`, `model` and
//! `wire` are visible to all. `api` is the only seam between the two halves.

// The type of a page is as deep as its markup.
#![recursion_limit = "512"]

pub mod api;
pub mod client;
pub mod error;
pub mod model;
pub mod ui;
pub mod wire;

#[cfg(feature = "ssr")]
pub mod demo;
#[cfg(feature = "ssr")]
pub mod documents;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod store;

/// What the browser calls once the WASM has arrived. Nobody waits for the rest of it.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    wasm_bindgen_futures::spawn_local(async {
        if ui::ready().await {
            leptos::mount::hydrate_body(ui::App);
        }
    });
}
