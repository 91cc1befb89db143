//! The keyboard focus. When the focused element is removed, a browser moves the focus to the top of
//! the page, and keyboard users would have to start again from there.

use std::cell::{Cell, RefCell};
use std::iter::successors;
use std::rc::Rc;

use leptos::prelude::{document, request_animation_frame, window_event_listener_untyped};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, HtmlElement, MutationObserver, MutationObserverInit};

/// Selector of the elements that can have the focus.
const FOCUSABLE: &str = "a[href], button:not(:disabled), input:not([type=hidden]), textarea";

/// Moves the focus to a nearby element when the focused one is removed or hidden, as long as the
/// page lives. Only a visible focus is kept: mouse and touch need none.
pub fn keep_focus() {
    // The focused element and its ancestors, from the inside out.
    let path = Rc::new(RefCell::new(Vec::<Element>::new()));
    let focused = Rc::clone(&path);
    let _ = window_event_listener_untyped("focusin", move |event: Event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let seen = target.filter(|element| element.matches(":focus-visible").unwrap_or(false));
        *focused.borrow_mut() = successors(seen, |element| element.parent_element()).collect();
    });
    let check_pending = Rc::new(Cell::new(false));
    let changed = Closure::<dyn Fn()>::new(move || {
        if check_pending.replace(true) {
            return;
        }
        let (path, check_pending) = (Rc::clone(&path), Rc::clone(&check_pending));
        // Wait for a frame: the code that replaces the element may set the focus itself.
        request_animation_frame(move || {
            check_pending.set(false);
            let gone = path.borrow().first().is_some_and(|element| !is_shown(element));
            if gone {
                let path = path.take();
                if !is_anything_focused()
                    && let Some(element) = focusable_around(&path)
                {
                    let _ = element.focus();
                }
            }
        });
    });
    if let (Some(body), Ok(observer)) =
        (document().body(), MutationObserver::new(changed.as_ref().unchecked_ref()))
    {
        let what = MutationObserverInit::new();
        what.set_child_list(true);
        what.set_subtree(true);
        let _ = observer.observe_with_options(&body, &what);
        changed.forget();
    }
}

fn is_shown(element: &Element) -> bool {
    element.get_client_rects().length() > 0
}

/// Whether a visible element has the focus.
fn is_anything_focused() -> bool {
    let focused = document().active_element();
    focused.is_some_and(|element| element.tag_name() != "BODY" && is_shown(&element))
}

/// Finds an element for the focus near one that was removed: the closest scrollable ancestor, else
/// the first focusable element in the closest ancestor that is left.
fn focusable_around(path: &[Element]) -> Option<HtmlElement> {
    let left = || path.iter().skip(1).filter(|around| is_shown(around));
    let scrolls = left().find(|around| around.has_attribute("tabindex")).cloned();
    let found = scrolls.or_else(|| left().find_map(first_focusable_in))?;
    found.dyn_into().ok()
}

fn first_focusable_in(around: &Element) -> Option<Element> {
    let elements = around.query_selector_all(FOCUSABLE).ok()?;
    let mut all =
        (0..elements.length()).filter_map(|at| elements.item(at)?.dyn_into::<Element>().ok());
    all.find(is_shown)
}

/// The focused element.
pub fn focused() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// Returns the focus to `opener` from a menu that is about to close.
pub fn give_back_focus(opener: Option<HtmlElement>) {
    let in_menu = document().active_element().and_then(|element| element.closest(".menu").ok()?);
    if let (Some(opener), Some(_)) = (opener, in_menu) {
        let _ = opener.focus();
    }
}

/// Whether this element has the focus.
pub fn has_focus(element: &Element) -> bool {
    document().active_element().as_ref() == Some(element)
}

/// Whether the page has an element that matches.
pub fn is_in_page(selector: &str) -> bool {
    document().query_selector(selector).ok().flatten().is_some()
}

/// Sets the focus to the first element that matches.
pub fn focus_on(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
