//! The list of messages as one presses, clicks and goes through it: its rows say by attributes what
//! they are, so that none of them needs a handler of its own.

use std::time::Duration;

use leptos::prelude::{set_timeout, window};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, MouseEvent};

use crate::model::ClientId;

use super::device::has_touch_keyboard;

/// For how long a message that one was led to stands out.
const FLASH: Duration = Duration::from_millis(1_500);

/// What can be done with a message is behind these.
pub(super) const ACTIONS: &str = ".message-actions";

/// What one clicked in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clicked {
    /// What can be done with the message at this place is asked for, at this place of the window.
    Actions { seq: i64, at: (i32, i32) },
    /// The message at this place is what another one answers.
    Quote { seq: i64 },
    /// What was refused is to be sent again.
    Retry(ClientId),
    /// What was refused is given up.
    Discard(ClientId),
}

/// What the click was on, if it was on something that the list answers to.
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
    // A finger has no pointer to come near with, and so no button: it taps the message.
    let taps = has_touch_keyboard() && target.closest("a, button").ok()?.is_none();
    if taps { pressed_message(event) } else { None }
}

/// The place below the button in which a click happened.
pub fn below_button(event: &MouseEvent) -> Option<(i32, i32)> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let edges = target.closest("button").ok()??.get_bounding_client_rect();
    Some((edges.left() as i32, edges.bottom() as i32))
}

/// The text of the button in which a click happened.
pub fn button_text(event: &MouseEvent) -> Option<String> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest("button").ok()??.text_content()
}

/// The message that was pressed for long, or with the other button: nothing where the browser's own
/// menu is of use, on links and on selected text.
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

/// Brings a message into the middle of the pane and lets it stand out for a moment, if it is there.
pub fn show_message(pane: &Element, seq: i64) {
    let row = pane.query_selector(&format!("[data-seq='{seq}']")).ok().flatten();
    let Some(row) = row.and_then(|row| row.dyn_into::<HtmlElement>().ok()) else { return };
    let (rows, seen) = (row.get_bounding_client_rect(), pane.get_bounding_client_rect());
    let middle = |edges: &web_sys::DomRect| (edges.top() + edges.bottom()) / 2.0;
    pane.set_scroll_top(pane.scroll_top() + (middle(&rows) - middle(&seen)) as i32);
    let _ = row.set_attribute("data-shown", "");
    set_timeout(move || drop(row.remove_attribute("data-shown")), FLASH);
}
