//! The browser, as Kith sees it: the only place that knows web-sys. What needs a secure context
//! says so when it is not there, and nothing here is called on the server.

mod by_name;
mod channel;
mod clicks;
mod focus;
mod local_time;
mod lock;
mod notices;
mod pane;
mod rows;
mod socket;
mod storage;
mod text;

use leptos::prelude::{document, window, window_event_listener_untyped};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlDocument, PageTransitionEvent, VisibilityState};

use super::machines::receive_loop::Wake;

pub use channel::join_channel;
pub use clicks::{
    Clicked, below_button, clicked_message, focus_on, is_in_page, pressed_message, show_message,
    step_through_messages,
};
pub use focus::{focused, give_back_focus, keep_focus};
pub use local_time::{date_text, moment, on_date, time_text};
pub use lock::ask_for_lock;
pub use notices::{MayNotify, ask_to_notify, may_notify, notify, play_tone};
pub use pane::{
    anchor, button_text, distance_from_newest, distance_from_oldest, grow_with_text, hold,
    insert_at_caret, is_composing, is_drawn, move_focus_in_grid, newest_seen, replace_before_caret,
    scroll_to_newest, scroll_up_to, set_text, text_before_caret,
};
pub use rows::{keep_room, rows_in_view};
pub use socket::Socket;
pub use storage::{
    forget_everything_of, forget_stored, store, store_settings, stored, stored_all, stored_settings,
};
pub use text::{copy, is_called, lower_case};

/// Milliseconds since 1970 by this device's clock, which goes on while the device sleeps.
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// A number from 0 to 1, good enough to spread delays.
pub fn random() -> f64 {
    js_sys::Math::random()
}

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

/// How high the window is inside, in pixels.
pub fn window_height() -> Option<usize> {
    window().inner_height().ok()?.as_f64().map(|height| height as usize)
}

/// Loads this page anew.
pub fn reload() {
    let _ = window().location().reload();
}

/// Goes one step back in the history of this tab.
pub fn go_back() {
    if let Ok(history) = window().history() {
        let _ = history.back();
    }
}

/// The path of this page.
pub fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// The address of this Kith, without a path.
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// Goes to the sign-in page, and after it back to here.
pub fn go_to_sign_in() {
    let location = window().location();
    let here = path() + &location.search().unwrap_or_default();
    let back = js_sys::encode_uri_component(&here);
    let _ = location.assign(&format!("/sign-in?back={back}"));
}

/// Goes to the sign-in page for good.
pub fn leave_for_sign_in() {
    let _ = window().location().assign("/sign-in");
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

/// Keeps a choice for a year, where the server sees it when it renders the next page.
pub fn set_cookie(name: &str, value: &str) {
    let secure = window().location().protocol().is_ok_and(|protocol| protocol == "https:");
    let secure = if secure { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax{secure}");
    let _ = document().unchecked_into::<HtmlDocument>().set_cookie(&cookie);
}

/// The cookies of this page, as `name=value; name=value`.
pub fn cookies() -> String {
    document().unchecked_into::<HtmlDocument>().cookie().unwrap_or_default()
}

/// Whether one types on glass: Enter makes a line there.
pub fn has_touch_keyboard() -> bool {
    matches_media("(pointer: coarse)")
}

/// Whether one is writing in this element just now.
pub fn has_focus(element: &Element) -> bool {
    document().active_element().as_ref() == Some(element)
}

fn matches_media(query: &str) -> bool {
    let query = window().match_media(query);
    query.ok().flatten().is_some_and(|query| query.matches())
}
