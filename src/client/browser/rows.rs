//! Positions of the rows of a long list. All have the same height, and only some are in the
//! document.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::device::window_height;

/// Returns the index of the first row in view, and the number of rows that fit into the window.
/// `None` while there is no row to measure.
pub fn rows_in_view(list: &HtmlElement) -> Option<(usize, usize)> {
    let height = row_height(list)?;
    let above = -list.get_bounding_client_rect().top();
    let room = window_height()? as f64;
    Some(((above / height).max(0.0) as usize, (room / height).ceil() as usize))
}

/// Reserves the height of the rows that are not in the document.
pub fn keep_room(list: &HtmlElement, above: usize, below: usize) {
    let height = row_height(list).unwrap_or_default();
    for (side, rows) in [("padding-block-start", above), ("padding-block-end", below)] {
        // An integer: formatting floats would add a large part of the standard library to the WASM.
        let room = format!("calc(var(--space-2) + {}px)", (rows as f64 * height) as i64);
        let _ = list.style().set_property(side, &room);
    }
}

fn row_height(list: &HtmlElement) -> Option<f64> {
    let row: HtmlElement = list.first_element_child()?.dyn_into().ok()?;
    Some(row.get_bounding_client_rect().height()).filter(|height| *height > 0.0)
}
