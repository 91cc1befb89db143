//! The device and the window: clock, random numbers, sizes, and what one points and types with.

use leptos::prelude::window;

/// Milliseconds since 1970 by this device's clock, which goes on while the device sleeps.
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// A number from 0 to 1, good enough to spread delays.
pub fn random() -> f64 {
    js_sys::Math::random()
}

/// How high the window is inside, in pixels.
pub fn window_height() -> Option<usize> {
    window().inner_height().ok()?.as_f64().map(|height| height as usize)
}

/// Whether one types on glass: Enter makes a line there.
pub fn has_touch_keyboard() -> bool {
    matches_media("(pointer: coarse)")
}

pub(super) fn matches_media(query: &str) -> bool {
    let query = window().match_media(query);
    query.ok().flatten().is_some_and(|query| query.matches())
}
