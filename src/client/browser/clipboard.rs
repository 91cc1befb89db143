//! The clipboard.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlTextAreaElement};

/// Copies a text to the clipboard. On plain http browsers allow only the deprecated way.
pub fn copy(text: &str) {
    if window().is_secure_context() {
        let _ = window().navigator().clipboard().write_text(text);
        return;
    }
    let area = document().create_element("textarea").ok();
    let area = area.and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok());
    if let (Some(area), Some(body)) = (area, document().body()) {
        area.set_value(text);
        let _ = body.append_child(&area);
        area.select();
        let _ = document().unchecked_into::<HtmlDocument>().exec_command("copy");
        area.remove();
    }
}
