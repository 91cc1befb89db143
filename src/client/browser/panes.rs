//! Elements that scroll, grow or are typed into.

use wasm_bindgen::JsCast;
use web_sys::{
    Element, HtmlElement, HtmlTextAreaElement, KeyboardEvent, ScrollBehavior, ScrollToOptions,
};

use super::matches_media;

/// How many pixels of a pane in reverse lie below what is seen.
pub fn distance_from_newest(pane: &Element) -> i32 {
    -pane.scroll_top()
}

/// How many pixels of a pane in reverse lie above what is seen.
pub fn distance_from_oldest(pane: &Element) -> i32 {
    pane.scroll_height() - pane.client_height() + pane.scroll_top()
}

/// Scrolls a pane in reverse so that so many pixels lie above.
pub fn scroll_from_oldest(pane: &Element, distance: i32) {
    pane.set_scroll_top(distance - (pane.scroll_height() - pane.client_height()));
}

/// Scrolls a pane in reverse to its end: smoothly, unless the reader wants no motion.
pub fn scroll_to_newest(pane: &Element) {
    let options = ScrollToOptions::new();
    options.set_top(0.0);
    let still = matches_media("(prefers-reduced-motion: reduce)");
    options.set_behavior(if still { ScrollBehavior::Instant } else { ScrollBehavior::Smooth });
    pane.scroll_to_with_scroll_to_options(&options);
}

/// How far the top and the bottom of a row of a pane lie above the end of its only column.
fn above_end(column: &HtmlElement, row: &HtmlElement) -> (i32, i32) {
    let top = column.offset_top() + column.offset_height() - row.offset_top();
    (top, top - row.offset_height())
}

fn column(pane: &Element) -> Option<HtmlElement> {
    pane.first_element_child()?.dyn_into().ok()
}

/// The `data-seq` of the newest row of a pane in reverse that can be seen as a whole.
pub fn newest_seen(pane: &Element) -> Option<i64> {
    let column = column(pane)?;
    let rows = column.children();
    let row = |place| rows.item(place)?.dyn_into::<HtmlElement>().ok();
    let below = distance_from_newest(pane);
    let (mut seen, mut unseen) = (0, rows.length());
    while seen < unseen {
        let middle = seen + (unseen - seen) / 2;
        match row(middle).is_some_and(|row| above_end(&column, &row).1 >= below) {
            true => seen = middle + 1,
            false => unseen = middle,
        }
    }
    (0..seen).rev().find_map(|place| row(place)?.get_attribute("data-seq")?.parse().ok())
}

/// Scrolls a pane in reverse, which is at its end, up to where the row that `selector` finds
/// stands at its top, if it stands further up. Returns whether it does.
pub fn scroll_up_to(pane: &Element, selector: &str) -> bool {
    const MARGIN_PX: i32 = 8;
    let row = pane.query_selector(selector).ok().flatten();
    let row: Option<HtmlElement> = row.and_then(|row| row.dyn_into().ok());
    let (Some(column), Some(row)) = (column(pane), row) else { return false };
    let distance = above_end(&column, &row).0 + MARGIN_PX - pane.client_height();
    if distance > 0 {
        pane.set_scroll_top(-distance);
    }
    distance > 0
}

/// Makes a box as high as its text; the style sheet says how high at most.
pub fn grow_with_text(area: &HtmlTextAreaElement) {
    let style = area.style();
    let _ = style.set_property("height", "auto");
    let border = area.offset_height() - area.client_height();
    let _ = style.set_property("height", &format!("{}px", area.scroll_height() + border));
}

/// Whether an input method is in the middle of a word: its Enter chooses a word and sends
/// nothing. Safari ends the composition before the key arrives, and says 229 instead.
pub fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == 229
}
