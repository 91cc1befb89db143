//! Text boxes: their text, their height and their caret.

use web_sys::HtmlTextAreaElement;

/// Sets the text of a box, and fits its height to it.
pub fn set_text(area: &HtmlTextAreaElement, text: &str) {
    area.set_value(text);
    // An empty box has its default height. Measuring it would force a layout of the page.
    match text {
        "" => drop(area.style().remove_property("height")),
        _ => grow_with_text(area),
    }
}

/// Fits the height of a box to its text. The style sheet sets the maximum.
pub fn grow_with_text(area: &HtmlTextAreaElement) {
    let style = area.style();
    let _ = style.set_property("height", "auto");
    let border = area.offset_height() - area.client_height();
    let _ = style.set_property("height", &format!("{}px", area.scroll_height() + border));
}

/// Inserts a text at the caret; it replaces the selection.
pub fn insert_at_caret(area: &HtmlTextAreaElement, text: &str) {
    let value: Vec<u16> = area.value().encode_utf16().collect();
    let index =
        |at: Result<Option<u32>, _>| at.ok().flatten().map_or(value.len(), |at| at as usize);
    let start = index(area.selection_start()).min(value.len());
    let end = index(area.selection_end()).clamp(start, value.len());
    let before = String::from_utf16_lossy(&value[..start]);
    let after = String::from_utf16_lossy(&value[end..]);
    area.set_value(&format!("{before}{text}{after}"));
    let caret = u32::try_from(start + text.encode_utf16().count()).ok();
    let _ = area.set_selection_start(caret);
    let _ = area.set_selection_end(caret);
}

/// The text before the caret.
pub fn text_before_caret(area: &HtmlTextAreaElement) -> String {
    let value: Vec<u16> = area.value().encode_utf16().collect();
    let at = area.selection_start().ok().flatten().map_or(value.len(), |at| at as usize);
    String::from_utf16_lossy(&value[..at.min(value.len())])
}

/// Replaces the text `old`, which ends at the caret.
pub fn replace_before_caret(area: &HtmlTextAreaElement, old: &str, new: &str) {
    let at = area.selection_start().ok().flatten().unwrap_or_default();
    let length = u32::try_from(old.encode_utf16().count()).unwrap_or_default();
    let _ = area.set_selection_start(Some(at.saturating_sub(length)));
    let _ = area.set_selection_end(Some(at));
    insert_at_caret(area, new);
}
