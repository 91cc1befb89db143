//! Cookies: choices that the server needs when it renders the next page.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::HtmlDocument;

/// Sets a cookie for a year.
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
