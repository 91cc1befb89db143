//! A lock that one tab of this browser holds at a time (Web Locks). Browsers have locks only on
//! https and on addresses of this machine. When the holder is closed or crashes, the next tab in
//! the queue gets the lock.

use js_sys::{Array, Object, Reflect};
use leptos::prelude::window;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use super::by_name::{JsResult, call, get};

/// Queues for the lock of this name, or steals it from its holder. Returns whether the browser has
/// locks. Calls `changed` with `true` when this tab gets the lock, which it keeps as long as it
/// lives. Calls it with `false` when another tab steals the lock, or when the request is refused.
pub fn request_lock(name: &str, steal: bool, changed: impl Fn(bool) + Clone + 'static) -> bool {
    request(name, steal, changed).is_ok()
}

fn request(name: &str, steal: bool, changed: impl Fn(bool) + Clone + 'static) -> JsResult {
    let locks = get(&get(&window(), "navigator")?, "locks")?;
    let options = Object::new();
    Reflect::set(&options, &JsValue::from_str("steal"), &JsValue::from_bool(steal))?;
    let lost = changed.clone();
    let granted = Closure::<dyn Fn() -> JsValue>::new(move || {
        changed(true);
        never().unwrap_or_default()
    });
    let name = JsValue::from_str(name);
    let asked = call(&locks, "request", &[name, options.into(), granted.into_js_value()])?;
    call(&asked, "catch", &[Closure::<dyn Fn()>::new(move || lost(false)).into_js_value()])
}

/// A promise that never resolves: a race of nothing.
fn never() -> JsResult {
    call(&get(&window(), "Promise")?, "race", &[Array::new().into()])
}
