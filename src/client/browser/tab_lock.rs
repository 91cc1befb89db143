//! A lock that one tab of this browser has at a time (Web Locks). Browsers have them on https and on
//! this machine alone, and give a lock on when the tab that has it is closed or crashes.

use js_sys::{Array, Object, Reflect};
use leptos::prelude::window;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use super::by_name::{JsResult, call, get};

/// Queues for the lock of this name, or takes it `steal` from whoever has it, and says whether
/// there are locks here. Calls `changed` with `true` when this tab has it, which it keeps as long as
/// it lives, and with `false` when another tab has taken it by force or it is not to be had.
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

/// A promise that is kept at no time: a race without runners.
fn never() -> JsResult {
    call(&get(&window(), "Promise")?, "race", &[Array::new().into()])
}
