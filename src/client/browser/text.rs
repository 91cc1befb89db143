//! Texts as the browser sees them. What it knows of letters need not be in the WASM: tables of all
//! scripts are large.

use js_sys::JsString;
use leptos::leptos_dom::helpers::is_server;

/// Returns the text in lower case: names are sorted and found without regard to case.
pub fn lower_case(text: &str) -> String {
    if is_server() { text.to_lowercase() } else { JsString::from(text).to_lower_case().into() }
}

/// Whether one of the names holds `text`, which is in lower case.
pub fn is_called<'a>(names: impl IntoIterator<Item = &'a str>, text: &str) -> bool {
    names.into_iter().any(|name| lower_case(name).contains(text))
}
