//! Desktop notifications, and a short tone.

use gloo_timers::future::TimeoutFuture;
use js_sys::{Object, Reflect};
use leptos::prelude::window;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use super::by_name::{JsResult, call, get, make};

/// Whether this page may show notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MayNotify {
    Yes,
    /// The user has to be asked first, after a click.
    NotAsked,
    /// The user has said no.
    No,
    /// The browser has no notifications, or none for pages on plain http.
    Never,
}

pub fn may_notify() -> MayNotify {
    let class = get(&window(), "Notification").ok().filter(JsValue::is_function);
    let Some(class) = class.filter(|_| window().is_secure_context()) else {
        return MayNotify::Never;
    };
    match get(&class, "permission").ok().and_then(|word| word.as_string()).as_deref() {
        Some("granted") => MayNotify::Yes,
        Some("denied") => MayNotify::No,
        _ => MayNotify::NotAsked,
    }
}

/// Asks the user whether this page may show notifications. Calls `answered` with the answer.
pub fn ask_to_notify(answered: impl Fn(MayNotify) + 'static) {
    let listener = Closure::<dyn Fn()>::new(move || answered(may_notify()));
    if let Ok(class) = get(&window(), "Notification") {
        let _ = call(&class, "requestPermission", &[listener.into_js_value()]);
    }
}

/// Shows a notification, which replaces one with the same `tag`. A click on it brings this page to
/// the front and calls `clicked`.
pub fn notify(title: &str, body: &str, tag: &str, clicked: impl Fn() + 'static) {
    // Android has the class, but its constructor throws. Nothing is shown there.
    let _ = try_to_notify(title, body, tag, clicked);
}

fn try_to_notify(title: &str, body: &str, tag: &str, clicked: impl Fn() + 'static) -> JsResult {
    let options = Object::new();
    for (name, value) in [("body", body), ("tag", tag), ("icon", "/favicon.svg")] {
        Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value))?;
    }
    let class = get(&window(), "Notification")?;
    let notification = make(&class, &[JsValue::from_str(title), options.into()])?;
    let shown = notification.clone();
    let listener = Closure::<dyn Fn()>::new(move || {
        let _ = window().focus();
        let _ = call(&shown, "close", &[]);
        clicked();
    });
    Reflect::set(&notification, &JsValue::from_str("onclick"), &listener.into_js_value())?;
    Ok(notification)
}

/// Plays a short tone. Browsers play nothing before the first click on the page.
pub fn play_tone() {
    let _ = try_to_play();
}

fn try_to_play() -> JsResult {
    const SECONDS: f64 = 0.3;
    let audio = make(&get(&window(), "AudioContext")?, &[])?;
    let tone = call(&audio, "createOscillator", &[])?;
    let volume = call(&audio, "createGain", &[])?;
    let end = JsValue::from_f64(get(&audio, "currentTime")?.as_f64().unwrap_or_default() + SECONDS);
    let level = get(&volume, "gain")?;
    call(&level, "setValueAtTime", &[JsValue::from_f64(0.15), JsValue::from_f64(0.0)])?;
    call(&level, "exponentialRampToValueAtTime", &[JsValue::from_f64(0.001), end.clone()])?;
    let pitch = get(&tone, "frequency")?;
    Reflect::set(&pitch, &JsValue::from_str("value"), &JsValue::from_f64(740.0))?;
    call(&tone, "connect", std::slice::from_ref(&volume))?;
    call(&volume, "connect", &[get(&audio, "destination")?])?;
    call(&tone, "start", &[])?;
    call(&tone, "stop", &[end])?;
    spawn_local(async move {
        TimeoutFuture::new(1_000).await;
        let _ = call(&audio, "close", &[]);
    });
    Ok(JsValue::NULL)
}
