//! Keys: input methods, and arrow keys in a grid of buttons and in the list of messages.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, Node};

use crate::client::machines::composer::KeyPress;
use crate::client::machines::grid;

use super::clicks::ACTIONS;

/// Whether an input method is composing a word. Its Enter chooses the word and must not send the
/// message. Safari ends the composition before the key event, whose code is then 229.
pub fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == 229
}

/// A key in a text box, with what else is pressed.
pub fn key_press<'a>(event: &KeyboardEvent, key: &'a str) -> KeyPress<'a> {
    KeyPress {
        key,
        shift: event.shift_key(),
        command: event.ctrl_key() || event.meta_key(),
        composing: is_composing(event),
    }
}

/// Moves the focus among the buttons of a grid by arrow keys, Home and End. Tab reaches only the
/// button that had the focus last. Returns whether the key was one of these.
pub fn move_focus_in_grid(grid: &Element, key: &str) -> bool {
    let Ok(buttons) = grid.query_selector_all("button") else { return false };
    let button = |at: u32| buttons.item(at).and_then(|b| b.dyn_into::<HtmlElement>().ok());
    let count = buttons.length();
    let focused = document().active_element().map(Node::from);
    let from = (0..count).find(|at| buttons.item(*at) == focused).unwrap_or(0);
    let top = |at: u32| button(at).map(|button| button.offset_top());
    let columns = (1..count).find(|at| top(*at) != top(0)).unwrap_or(count);
    let Some(to) = grid::step(key, from, count, columns) else { return false };
    for at in 0..count {
        if let Some(button) = button(at) {
            button.set_tab_index(if at == to { 0 } else { -1 });
        }
    }
    if let Some(button) = button(to) {
        let _ = button.focus();
    }
    true
}

/// Moves the focus through the messages: Enter goes from the list to its newest message, arrow keys
/// go up and down, Escape returns to the list. Returns whether the key was one of these.
pub fn step_through_messages(pane: &Element, event: &Event, key: &str) -> bool {
    let Ok(all) = pane.query_selector_all(ACTIONS) else { return false };
    let on = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let on_pane = on.as_ref() == Some(pane);
    let last = all.length();
    let on = on.map(Node::from);
    let at = (0..last).find(|at| all.item(*at) == on);
    let to = match (key, at) {
        ("Enter", None) if on_pane => last.checked_sub(1),
        ("ArrowUp", Some(at)) => at.checked_sub(1),
        ("ArrowDown", Some(at)) => Some(at + 1).filter(|to| *to < last),
        ("Escape", Some(_)) => {
            let _ = pane.dyn_ref::<HtmlElement>().map(HtmlElement::focus);
            return true;
        }
        _ => return false,
    };
    let button = to.and_then(|to| all.item(to)?.dyn_into::<HtmlElement>().ok());
    if let Some(button) = button {
        let _ = button.focus();
    }
    true
}
