//! The device and its window: clock, random numbers, height, and kind of input.

use leptos::prelude::window;

/// Milliseconds since 1970 by this device's clock. Unlike a timer it also runs while the device
/// sleeps.
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// A random number from 0 to 1, good enough to spread delays.
pub fn random() -> f64 {
    js_sys::Math::random()
}

/// The inner height of the window, in pixels.
pub fn window_height() -> Option<usize> {
    window().inner_height().ok()?.as_f64().map(|height| height as usize)
}

/// Whether the device has a touch keyboard. Enter begins a new line there.
pub fn has_touch_keyboard() -> bool {
    matches_media("(pointer: coarse)")
}

pub(super) fn matches_media(query: &str) -> bool {
    let query = window().match_media(query);
    query.ok().flatten().is_some_and(|query| query.matches())
}
