//! Panes that scroll in reverse: their end is the newest message.

use leptos::prelude::window;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, ScrollBehavior, ScrollToOptions};

use crate::client::machines::anchor::{Anchor, Anchors, Room, Standing};

use super::{by_name, matches_media};

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
    largest_distance(pane) - distance_from_newest(pane)
}

/// Scrolls a pane in reverse to its end: `smoothly`, unless the reader wants no motion.
pub fn scroll_to_newest(pane: &Element, smoothly: bool) {
    let options = ScrollToOptions::new();
    options.set_top(0.0);
    let still = !smoothly || matches_media("(prefers-reduced-motion: reduce)");
    options.set_behavior(if still { ScrollBehavior::Instant } else { ScrollBehavior::Smooth });
    pane.scroll_to_with_scroll_to_options(&options);
}

/// How far a pane in reverse can be scrolled, in pixels.
pub fn largest_distance(pane: &Element) -> i32 {
    pane.scroll_height() - pane.client_height()
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

fn row(column: &HtmlElement, seq: i64) -> Option<HtmlElement> {
    column.query_selector(&format!("[data-seq='{seq}']")).ok()??.dyn_into().ok()
}

/// The rows with a `data-seq` that fit, the newest one first, by how far their top and their bottom
/// lie above the end of the column. If a row fits, the ones before it do.
fn newest_rows(pane: &Element, fits: impl Fn(i32, i32) -> bool) -> Anchors {
    let Some(column) = column(pane) else { return Anchors::default() };
    let Ok(rows) = column.query_selector_all("[data-seq]") else { return Anchors::default() };
    let row = |at| rows.item(at)?.dyn_into::<HtmlElement>().ok();
    let edges = |row: &HtmlElement| above_end(&column, row);
    let (mut fitting, mut others) = (0, rows.length());
    while fitting < others {
        let middle = fitting + (others - fitting) / 2;
        match row(middle).map(|row| edges(&row)).is_some_and(|(top, bottom)| fits(top, bottom)) {
            true => fitting = middle + 1,
            false => others = middle,
        }
    }
    // A browser that bounces shows what lies beyond the end of the list.
    let distance = distance_from_newest(pane).clamp(0, largest_distance(pane).max(0));
    [1, 2].map(|from_last| {
        let row = row(fitting.checked_sub(from_last)?)?;
        let seq = row.get_attribute("data-seq")?.parse().ok()?;
        Some(Anchor { seq, px: edges(&row).0 - distance })
    })
}

/// The `data-seq` of the newest row of a pane in reverse that can be seen as a whole.
pub fn newest_seen(pane: &Element) -> Option<i64> {
    let below = distance_from_newest(pane);
    newest_rows(pane, |_, bottom| bottom >= below)[0].map(|row| row.seq)
}

/// The newest rows of a pane in reverse of which something can be seen, and where.
pub fn anchors(pane: &Element) -> Anchors {
    let below = distance_from_newest(pane);
    newest_rows(pane, |top, _| top > below)
}

/// Brings a pane in reverse back to where it stood, and says how it stands then: the first of the
/// anchors that is there stands where it did, else the end of the list does. Where the list is too
/// short for that, it gets room.
pub fn hold(pane: &Element, anchors: Anchors, stood: Standing) -> Standing {
    let Some(column) = column(pane) else { return stood };
    let of_row = |anchor: &Anchor| {
        let from_end = above_end(&column, &row(&column, anchor.seq)?).0 - stood.room.below;
        Some((from_end, anchor.px))
    };
    let distance = stood.distance - stood.room.below;
    let found = anchors.iter().flatten().find_map(of_row);
    let Some((from_end, px)) = found.or((distance > 0).then_some((0, -distance))) else {
        return Standing { distance: distance_from_newest(pane), ..stood };
    };
    // Rather a pixel too much room than one too little: the browser would move the pane by that.
    let height = column.get_bounding_client_rect().height() as i32;
    let list_height = height - stood.room.above - stood.room.below;
    let stands = Standing::of(from_end, px, list_height, pane.client_height());
    if stands.room != stood.room {
        set_room(pane, stands.room);
    }
    if distance_from_newest(pane) != stands.distance {
        pane.set_scroll_top(-stands.distance);
    }
    Standing { distance: distance_from_newest(pane), ..stands }
}

/// Keeps so much of the list free.
pub fn set_room(pane: &Element, room: Room) {
    if let Some(column) = column(pane) {
        let style = column.style();
        for (side, px) in [("padding-block-start", room.above), ("padding-block-end", room.below)] {
            let _ = match px {
                0 => style.remove_property(side).map(drop),
                px => style.set_property(side, &format!("calc(var(--space-4) + {px}px)")),
            };
        }
    }
}

/// Calls `changed` whenever the height of a pane or of the column in it has changed for any reason,
/// before the browser shows it, for as long as what it returns is kept.
pub fn on_resize(pane: &Element, changed: impl Fn() + 'static) -> Option<Resizes> {
    let changed = Closure::<dyn Fn()>::new(changed);
    let class = by_name::get(&window(), "ResizeObserver").ok()?;
    let observer = by_name::make(&class, &[changed.as_ref().clone()]).ok()?;
    for element in [Some(pane.clone()), pane.first_element_child()].into_iter().flatten() {
        by_name::call(&observer, "observe", &[element.into()]).ok()?;
    }
    Some(Resizes { observer, _changed: changed })
}

/// Watches the heights of a pane until it is dropped.
pub struct Resizes {
    observer: JsValue,
    _changed: Closure<dyn Fn()>,
}

impl Drop for Resizes {
    fn drop(&mut self) {
        let _ = by_name::call(&self.observer, "disconnect", &[]);
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
