//! Kith, a self-hosted messenger: one crate that compiles to the browser's WASM (`hydrate`) and
//! to the server (`ssr`).
//!
//! A folder uses the folders to its right, never those to its left:
//! `main → server → documents → demo → ui → client → api → service → store → model`.
//! All may use `error`, `model` and `wire`. `api` is the only seam between the two halves.

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

/// The browser calls this when the WASM has arrived. It returns before hydration is done.
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
