//! Text functions of the browser. Its tables of letters need not be in the WASM, where those of all
//! scripts would be large.

use js_sys::JsString;
use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlTextAreaElement};

/// Returns the text in lower case, for sorting and searching names without regard to case.
pub fn lower_case(text: &str) -> String {
    // A constant for the compiler: a check at run time would leave the tables in the WASM.
    if cfg!(target_arch = "wasm32") {
        JsString::from(text).to_lower_case().into()
    } else {
        text.to_lowercase()
    }
}

/// Whether one of the names contains `text`, which is in lower case.
pub fn any_name_contains<'a>(names: impl IntoIterator<Item = &'a str>, text: &str) -> bool {
    names.into_iter().any(|name| lower_case(name).contains(text))
}

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
