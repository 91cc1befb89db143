//! The page's life: shown and hidden, closed and restored, online and offline.

use leptos::prelude::{document, window, window_event_listener_untyped};
use wasm_bindgen::JsCast;
use web_sys::{Event, PageTransitionEvent, VisibilityState};

use crate::client::machines::receive_loop::Wake;

/// Whether the page can be seen.
pub fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}

/// Calls `changed` whenever the page is shown or hidden, for as long as the page lives.
pub fn on_visibility(changed: impl Fn(bool) + 'static) {
    let _ = window_event_listener_untyped("visibilitychange", move |_| changed(is_visible()));
}

/// Calls `changed` whenever the device gets or loses its network, for as long as the page lives.
pub fn on_network(changed: impl Fn(bool) + Clone + 'static) {
    let lost = changed.clone();
    let _ = window_event_listener_untyped("online", move |_| changed(true));
    let _ = window_event_listener_untyped("offline", move |_| lost(false));
}

/// Calls `woken` whenever it is worth trying again at once.
pub fn on_wake(woken: impl Fn(Wake) + Clone + 'static) {
    let shown = woken.clone();
    on_network(move |online| {
        if online {
            woken(Wake::Online);
        }
    });
    on_visibility(move |visible| {
        if visible {
            shown(Wake::Visible);
        }
    });
}

/// Calls `left` when the page goes, and `back` if the browser had kept it and brings it back.
pub fn on_leaving(left: impl Fn() + 'static, back: impl Fn() + 'static) {
    let _ = window_event_listener_untyped("pagehide", move |_| left());
    let _ = window_event_listener_untyped("pageshow", move |event: Event| {
        if event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted) {
            back();
        }
    });
}

/// Asks the reader a question that is answered with yes or no, and waits for it.
pub fn confirm(question: &str) -> bool {
    window().confirm_with_message(question).unwrap_or(false)
}

/// Tells the tests, and whoever else waits for it, that the page answers to clicks.
pub fn mark_hydrated() {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-hydrated", "true");
    }
}
