//! The life of the page: shown and hidden, closed and restored, online and offline.

use leptos::prelude::{document, window, window_event_listener_untyped};
use wasm_bindgen::JsCast;
use web_sys::{Event, PageTransitionEvent, VisibilityState};

use crate::client::machines::receive_loop::Wake;

/// Whether the page is visible.
pub fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}

/// Calls `changed` whenever the page is shown or hidden, as long as the page lives.
pub fn on_visibility(changed: impl Fn(bool) + 'static) {
    let _ = window_event_listener_untyped("visibilitychange", move |_| changed(is_visible()));
}

/// Calls `changed` whenever the device gets or loses its network, as long as the page lives.
pub fn on_network(changed: impl Fn(bool) + Clone + 'static) {
    let lost = changed.clone();
    let _ = window_event_listener_untyped("online", move |_| changed(true));
    let _ = window_event_listener_untyped("offline", move |_| lost(false));
}

/// Calls `woken` whenever the network or the page comes back: failed calls may succeed now.
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

/// Calls `left` when the page is closed. Calls `back` if the browser restores it from its
/// back/forward cache.
pub fn on_leaving(left: impl Fn() + 'static, back: impl Fn() + 'static) {
    let _ = window_event_listener_untyped("pagehide", move |_| left());
    let _ = window_event_listener_untyped("pageshow", move |event: Event| {
        if event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted) {
            back();
        }
    });
}

/// Asks the user a yes-or-no question. Blocks until it is answered.
pub fn confirm(question: &str) -> bool {
    window().confirm_with_message(question).unwrap_or(false)
}

/// Marks the page as ready for clicks; the browser tests wait for this.
pub fn mark_hydrated() {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-hydrated", "true");
    }
}
