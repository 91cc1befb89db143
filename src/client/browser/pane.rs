//! Panes that scroll in reverse: their end is the newest message.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, ScrollBehavior, ScrollToOptions};

use crate::client::cache::conversation::Anchor;

use super::matches_media;

/// Whether an element has a place on the screen: what is not displayed has none.
pub fn is_drawn(element: &Element) -> bool {
    element.client_height() > 0
}

/// How many pixels of a pane in reverse lie below what is seen.
pub fn distance_from_newest(pane: &Element) -> i32 {
    -pane.scroll_top()
}

/// How many pixels of a pane in reverse lie above what is seen.
pub fn distance_from_oldest(pane: &Element) -> i32 {
    pane.scroll_height() - pane.client_height() + pane.scroll_top()
}

/// Scrolls a pane in reverse to its end: `smoothly`, unless the reader wants no motion.
pub fn scroll_to_newest(pane: &Element, smoothly: bool) {
    let options = ScrollToOptions::new();
    options.set_top(0.0);
    let still = !smoothly || matches_media("(prefers-reduced-motion: reduce)");
    options.set_behavior(if still { ScrollBehavior::Instant } else { ScrollBehavior::Smooth });
    pane.scroll_to_with_scroll_to_options(&options);
}

/// How far the top and the bottom of a row of a pane lie above the end of its only column.
fn above_end(column: &HtmlElement, row: &HtmlElement) -> (i32, i32) {
    let end = column.get_bounding_client_rect().bottom();
    let row = row.get_bounding_client_rect();
    // Rounded at last: what else is in the column must not make a pixel's difference.
    let above = |edge: f64| (end - edge + 0.5) as i32;
    (above(row.top()), above(row.bottom()))
}

fn column(pane: &Element) -> Option<HtmlElement> {
    pane.first_element_child()?.dyn_into().ok()
}

/// The newest row with a `data-seq` among those that fit, by how far their top and their bottom lie
/// above the end of the column. If a row fits, the ones before it do.
fn newest_row(pane: &Element, fits: impl Fn(i32, i32) -> bool) -> Option<Anchor> {
    let column = column(pane)?;
    let rows = column.query_selector_all("[data-seq]").ok()?;
    let row = |place| rows.item(place)?.dyn_into::<HtmlElement>().ok();
    let place = |row: &HtmlElement| above_end(&column, row);
    let (mut fitting, mut others) = (0, rows.length());
    while fitting < others {
        let middle = fitting + (others - fitting) / 2;
        match row(middle).map(|row| place(&row)).is_some_and(|(top, bottom)| fits(top, bottom)) {
            true => fitting = middle + 1,
            false => others = middle,
        }
    }
    let row = row(fitting.checked_sub(1)?)?;
    let seq = row.get_attribute("data-seq")?.parse().ok()?;
    Some(Anchor { seq, px: place(&row).0 - distance_from_newest(pane) })
}

/// The `data-seq` of the newest row of a pane in reverse that can be seen as a whole.
pub fn newest_seen(pane: &Element) -> Option<i64> {
    let below = distance_from_newest(pane);
    newest_row(pane, |_, bottom| bottom >= below).map(|row| row.seq)
}

/// The newest row of a pane in reverse of which something can be seen, and where.
pub fn anchor(pane: &Element) -> Option<Anchor> {
    let below = distance_from_newest(pane);
    newest_row(pane, |top, _| top > below)
}

/// Scrolls a pane in reverse so that a row stands where it stood.
pub fn hold(pane: &Element, anchor: Anchor) {
    let row = pane.query_selector(&format!("[data-seq='{}']", anchor.seq)).ok().flatten();
    let row: Option<HtmlElement> = row.and_then(|row| row.dyn_into().ok());
    if let (Some(column), Some(row)) = (column(pane), row) {
        pane.set_scroll_top(anchor.px - above_end(&column, &row).0);
    }
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
