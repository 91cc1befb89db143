//! Clicks in the list of messages. The rows carry attributes that name what they are, so that one
//! handler serves all of them.

use std::time::Duration;

use leptos::prelude::{set_timeout, window};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, MouseEvent};

use crate::model::ClientId;

use super::device::has_touch_keyboard;

/// Time for which a message is highlighted after the list has scrolled to it.
const FLASH: Duration = Duration::from_millis(1_500);

/// The buttons that open the menu of a message.
pub(super) const ACTIONS: &str = ".message-actions";

/// The part of the list that was clicked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clicked {
    /// The menu of the message `seq`, to be opened at these coordinates of the window.
    Actions { seq: i64, at: (i32, i32) },
    /// A quote of the message `seq`.
    Quote { seq: i64 },
    /// "Send again" of a refused message.
    Retry(ClientId),
    /// "Discard" of a refused message.
    Discard(ClientId),
}

/// Returns what was clicked. `None`: nothing that reacts to clicks.
pub fn clicked_message(event: &MouseEvent) -> Option<Clicked> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let attribute = |name: &str| target.closest(&format!("[{name}]")).ok()??.get_attribute(name);
    if let Some(seq) = attribute("data-quoted") {
        return Some(Clicked::Quote { seq: seq.parse().ok()? });
    }
    if let Some(id) = attribute("data-again") {
        return ClientId::try_from(id).ok().map(Clicked::Retry);
    }
    if let Some(id) = attribute("data-discarded") {
        return ClientId::try_from(id).ok().map(Clicked::Discard);
    }
    if let Some(button) = target.closest(ACTIONS).ok()? {
        return Some(Clicked::Actions { seq: seq_of(&button)?, at: below_button(event)? });
    }
    // The menu button appears under a mouse pointer. On a touch screen a tap opens the menu.
    let taps = has_touch_keyboard() && target.closest("a, button").ok()?.is_none();
    if taps { pressed_message(event) } else { None }
}

/// The coordinates below the clicked button.
pub fn below_button(event: &MouseEvent) -> Option<(i32, i32)> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let edges = target.closest("button").ok()??.get_bounding_client_rect();
    Some((edges.left() as i32, edges.bottom() as i32))
}

/// The text of the clicked button.
pub fn button_text(event: &MouseEvent) -> Option<String> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest("button").ok()??.text_content()
}

/// Returns the message that was pressed for long or clicked with the right button. `None` on links
/// and on selected text, where the browser's own menu is of use.
pub fn pressed_message(event: &MouseEvent) -> Option<Clicked> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let selected = window().get_selection().ok().flatten();
    let selects = selected.is_some_and(|selected| !selected.is_collapsed());
    if selects || target.closest("a").ok()?.is_some() {
        return None;
    }
    let at = (event.client_x(), event.client_y());
    Some(Clicked::Actions { seq: seq_of(&target)?, at })
}

fn seq_of(inside: &Element) -> Option<i64> {
    let row = inside.closest("article[data-seq]").ok()??;
    row.get_attribute("data-seq")?.parse().ok()
}

/// Scrolls a message into the middle of the pane and highlights it for a moment, if it is rendered.
pub fn show_message(pane: &Element, seq: i64) {
    let row = pane.query_selector(&format!("[data-seq='{seq}']")).ok().flatten();
    let Some(row) = row.and_then(|row| row.dyn_into::<HtmlElement>().ok()) else { return };
    let (rows, seen) = (row.get_bounding_client_rect(), pane.get_bounding_client_rect());
    let middle = |edges: &web_sys::DomRect| (edges.top() + edges.bottom()) / 2.0;
    pane.set_scroll_top(pane.scroll_top() + (middle(&rows) - middle(&seen)) as i32);
    let _ = row.set_attribute("data-shown", "");
    set_timeout(move || drop(row.remove_attribute("data-shown")), FLASH);
}
