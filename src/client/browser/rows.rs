//! Where the rows of a long list stand: all of one height, and only some of them in the document.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::device::window_height;

/// Which row is the first one that the window could show, and for how many it has room. Nothing
/// while there is no row to measure.
pub fn rows_in_view(list: &HtmlElement) -> Option<(usize, usize)> {
    let height = row_height(list)?;
    let above = -list.get_bounding_client_rect().top();
    let room = window_height()? as f64;
    Some(((above / height).max(0.0) as usize, (room / height).ceil() as usize))
}

/// Keeps the room of rows that are not in the document.
pub fn keep_room(list: &HtmlElement, above: usize, below: usize) {
    let height = row_height(list).unwrap_or_default();
    for (side, rows) in [("padding-block-start", above), ("padding-block-end", below)] {
        // A whole number: to write any other brings a large part of the standard library along.
        let room = format!("calc(var(--space-2) + {}px)", (rows as f64 * height) as i64);
        let _ = list.style().set_property(side, &room);
    }
}

fn row_height(list: &HtmlElement) -> Option<f64> {
    let row: HtmlElement = list.first_element_child()?.dyn_into().ok()?;
    Some(row.get_bounding_client_rect().height()).filter(|height| *height > 0.0)
}
