//! The address of the page, and navigation to others.

use leptos::prelude::window;

/// Reloads this page.
pub fn reload() {
    let _ = window().location().reload();
}

/// Goes one step back in this tab's history.
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

/// Goes to the sign-in page, which returns to this page afterwards.
pub fn go_to_sign_in() {
    let location = window().location();
    let here = path() + &location.search().unwrap_or_default();
    let back = js_sys::encode_uri_component(&here);
    let _ = location.assign(&format!("/sign-in?back={back}"));
}

/// Goes to the sign-in page, which does not return to this page.
pub fn go_to_plain_sign_in() {
    let _ = window().location().assign("/sign-in");
}
