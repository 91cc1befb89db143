//! The pane that a list of messages scrolls in.
//!
//! It is a column in reverse: it starts at the newest message without a script, and its scroll
//! position is the distance from there. All distances are in pixels.

use leptos::prelude::window;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, ScrollBehavior, ScrollToOptions};

use crate::client::machines::anchor::{Anchor, Anchors, Room, ScrollPosition};
use crate::client::machines::reading::View;

use super::{by_name, matches_media};

/// Distance between the upper edge of the pane and the row at which a list opens, in pixels.
const MARGIN_PX: i32 = 8;

/// Whether an element is displayed.
pub fn is_drawn(element: &Element) -> bool {
    element.client_height() > 0
}

/// The distance from the lower edge of the pane down to the end of the list.
pub fn distance_from_newest(pane: &Element) -> i32 {
    -pane.scroll_top()
}

/// The maximum of `distance_from_newest`.
pub fn largest_distance(pane: &Element) -> i32 {
    pane.scroll_height() - pane.client_height()
}

/// Scrolls to the newest message: `smoothly`, unless the user prefers reduced motion.
pub fn scroll_to_newest(pane: &Element, smoothly: bool) {
    let options = ScrollToOptions::new();
    options.set_top(0.0);
    let at_once = !smoothly || matches_media("(prefers-reduced-motion: reduce)");
    options.set_behavior(if at_once { ScrollBehavior::Instant } else { ScrollBehavior::Smooth });
    pane.scroll_to_with_scroll_to_options(&options);
}

/// Scrolls from the newest message up to the row that fits `selector`, if it is above the pane.
/// Returns whether it is.
pub fn scroll_up_to(pane: &Element, selector: &str) -> bool {
    let found = pane.query_selector(selector).ok().flatten();
    let row: Option<HtmlElement> = found.and_then(|row| row.dyn_into().ok());
    let (Some(column), Some(row)) = (column(pane), row) else { return false };
    let distance = above_end(&column, &row).0 + MARGIN_PX - pane.client_height();
    if distance > 0 {
        pane.set_scroll_top(-distance);
    }
    distance > 0
}

/// Measures the visible part of the list.
pub fn view(pane: &Element) -> View {
    let (distance, largest) = (distance_from_newest(pane), largest_distance(pane));
    let [lowest, next] = lowest_rows(pane, distance);
    // Overscrolling shows space beyond the end of the list, where no pane can stay.
    let distance = distance.clamp(0, largest.max(0));
    let anchor = |row: MeasuredRow| Anchor { seq: row.seq, px: row.top - distance };
    let whole = [lowest, next].into_iter().flatten().find(|row| row.bottom >= distance);
    View {
        above_px: largest - distance,
        anchors: [lowest.map(anchor), next.map(anchor)],
        newest_whole: whole.map(|row| row.seq),
    }
}

/// Scrolls the pane back to `last`, and returns its position. The first anchor that is still
/// rendered returns to its position; without anchors the end of the list does. A list that is too
/// short for that gets room.
pub fn keep_position(pane: &Element, anchors: Anchors, last: ScrollPosition) -> ScrollPosition {
    let Some(column) = column(pane) else { return last };
    let of_row = |anchor: &Anchor| {
        let from_end = above_end(&column, &row(&column, anchor.seq)?).0 - last.room.below;
        Some((from_end, anchor.px))
    };
    let distance = last.distance - last.room.below;
    let found = anchors.iter().flatten().find_map(of_row);
    let Some((from_end, px)) = found.or((distance > 0).then_some((0, -distance))) else {
        return ScrollPosition { distance: distance_from_newest(pane), ..last };
    };
    // With a pixel of room too little, the browser would move the pane by that pixel.
    let height = column.get_bounding_client_rect().height() as i32;
    let list_height = height - last.room.above - last.room.below;
    let position = ScrollPosition::of(from_end, px, list_height, pane.client_height());
    if position.room != last.room {
        set_room(&column, position.room);
    }
    if distance_from_newest(pane) != position.distance {
        pane.set_scroll_top(-position.distance);
    }
    ScrollPosition { distance: distance_from_newest(pane), ..position }
}

/// Removes the room, and returns the position of the pane.
pub fn release(pane: &Element) -> ScrollPosition {
    let room = Room::default();
    if let Some(column) = column(pane) {
        set_room(&column, room);
    }
    ScrollPosition { distance: distance_from_newest(pane), room }
}

/// Room is padding, which the size observer does not count.
fn set_room(column: &HtmlElement, room: Room) {
    let style = column.style();
    for (side, px) in [("padding-block-start", room.above), ("padding-block-end", room.below)] {
        let _ = match px {
            0 => style.remove_property(side).map(drop),
            px => style.set_property(side, &format!("calc(var(--space-4) + {px}px)")),
        };
    }
}

/// A row with a `data-seq`, and how far its edges are above the end of the list.
#[derive(Clone, Copy)]
struct MeasuredRow {
    seq: i64,
    top: i32,
    bottom: i32,
}

/// The lowest row that can be seen at this distance from the newest message, and the one above it.
fn lowest_rows(pane: &Element, distance: i32) -> [Option<MeasuredRow>; 2] {
    let Some(column) = column(pane) else { return [None; 2] };
    let Ok(rows) = column.query_selector_all("[data-seq]") else { return [None; 2] };
    let row = |index| rows.item(index)?.dyn_into::<HtmlElement>().ok();
    let is_above_edge = |index| row(index).is_some_and(|row| above_end(&column, &row).0 > distance);
    let (mut above, mut others) = (0, rows.length());
    while above < others {
        let middle = above + (others - above) / 2;
        if is_above_edge(middle) {
            above = middle + 1;
        } else {
            others = middle;
        }
    }
    [1, 2].map(|from_last| {
        let row = row(above.checked_sub(from_last)?)?;
        let seq = row.get_attribute("data-seq")?.parse().ok()?;
        let (top, bottom) = above_end(&column, &row);
        Some(MeasuredRow { seq, top, bottom })
    })
}

/// How far the top and the bottom of a row are above the end of the list.
fn above_end(column: &HtmlElement, row: &HtmlElement) -> (i32, i32) {
    let end = column.get_bounding_client_rect().bottom();
    let row = row.get_bounding_client_rect();
    // Rounded last, so that fractions of pixels elsewhere in the list do not add up to one.
    let above = |edge: f64| (end - edge + 0.5) as i32;
    (above(row.top()), above(row.bottom()))
}

fn column(pane: &Element) -> Option<HtmlElement> {
    pane.first_element_child()?.dyn_into().ok()
}

fn row(column: &HtmlElement, seq: i64) -> Option<HtmlElement> {
    column.query_selector(&format!("[data-seq='{seq}']")).ok()??.dyn_into().ok()
}

/// Observes the heights of a pane and of its list until it is dropped.
pub struct SizeObserver {
    observer: JsValue,
    _changed: Closure<dyn Fn()>,
}

/// Calls `changed` after any change of these heights, before it is painted.
pub fn observe_sizes(pane: &Element, changed: impl Fn() + 'static) -> Option<SizeObserver> {
    let changed = Closure::<dyn Fn()>::new(changed);
    let class = by_name::get(&window(), "ResizeObserver").ok()?;
    let observer = by_name::make(&class, &[changed.as_ref().clone()]).ok()?;
    for element in [Some(pane.clone()), pane.first_element_child()].into_iter().flatten() {
        by_name::call(&observer, "observe", &[element.into()]).ok()?;
    }
    Some(SizeObserver { observer, _changed: changed })
}

impl Drop for SizeObserver {
    fn drop(&mut self) {
        let _ = by_name::call(&self.observer, "disconnect", &[]);
    }
}
