//! Elements that scroll, grow or are typed into.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{
    Element, HtmlElement, HtmlTextAreaElement, KeyboardEvent, MouseEvent, Node, ScrollBehavior,
    ScrollToOptions,
};

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

/// Puts a text into a box, which becomes as high as that.
pub fn set_text(area: &HtmlTextAreaElement, text: &str) {
    area.set_value(text);
    // An empty box is as high as at rest, and need not be measured: that would lay out the page.
    match text {
        "" => drop(area.style().remove_property("height")),
        _ => grow_with_text(area),
    }
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

/// Puts a text where the caret is, in the place of what is selected.
pub fn insert_at_caret(area: &HtmlTextAreaElement, text: &str) {
    let value: Vec<u16> = area.value().encode_utf16().collect();
    let place =
        |at: Result<Option<u32>, _>| at.ok().flatten().map_or(value.len(), |at| at as usize);
    let start = place(area.selection_start()).min(value.len());
    let end = place(area.selection_end()).clamp(start, value.len());
    let before = String::from_utf16_lossy(&value[..start]);
    let after = String::from_utf16_lossy(&value[end..]);
    area.set_value(&format!("{before}{text}{after}"));
    let caret = u32::try_from(start + text.encode_utf16().count()).ok();
    let _ = area.set_selection_start(caret);
    let _ = area.set_selection_end(caret);
}

/// What stands before the caret.
pub fn text_before_caret(area: &HtmlTextAreaElement) -> String {
    let value: Vec<u16> = area.value().encode_utf16().collect();
    let at = area.selection_start().ok().flatten().map_or(value.len(), |at| at as usize);
    String::from_utf16_lossy(&value[..at.min(value.len())])
}

/// Puts a text in the place of the one that ends at the caret.
pub fn replace_before_caret(area: &HtmlTextAreaElement, old: &str, new: &str) {
    let at = area.selection_start().ok().flatten().unwrap_or_default();
    let length = u32::try_from(old.encode_utf16().count()).unwrap_or_default();
    let _ = area.set_selection_start(Some(at.saturating_sub(length)));
    let _ = area.set_selection_end(Some(at));
    insert_at_caret(area, new);
}

/// Moves the focus among the buttons of a grid as an arrow key, Home or End says; the only
/// button that Tab comes to is the one that had it last. Returns whether the key was one of these.
pub fn move_focus_in_grid(grid: &Element, key: &str) -> bool {
    let Ok(buttons) = grid.query_selector_all("button") else { return false };
    let button = |at: u32| buttons.item(at).and_then(|b| b.dyn_into::<HtmlElement>().ok());
    let Some(last) = buttons.length().checked_sub(1) else { return false };
    let focused = document().active_element().map(Node::from);
    let at = (0..=last).find(|at| buttons.item(*at) == focused).unwrap_or(0);
    let top = |at: u32| button(at).map(|button| button.offset_top());
    let columns = (1..=last).find(|at| top(*at) != top(0)).unwrap_or(last + 1);
    let to = match key {
        "ArrowRight" => at.saturating_add(1),
        "ArrowLeft" => at.saturating_sub(1),
        "ArrowDown" => at + columns,
        "ArrowUp" => at.checked_sub(columns).unwrap_or(at),
        "Home" => 0,
        "End" => last,
        _ => return false,
    };
    let to = to.min(last);
    for at in 0..=last {
        if let Some(button) = button(at) {
            button.set_tab_index(if at == to { 0 } else { -1 });
        }
    }
    if let Some(button) = button(to) {
        let _ = button.focus();
    }
    true
}

/// The text of the button in which a click happened.
pub fn button_text(event: &MouseEvent) -> Option<String> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest("button").ok()??.text_content()
}
