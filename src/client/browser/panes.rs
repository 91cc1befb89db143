//! Elements that scroll, grow or are typed into.

use web_sys::{Element, HtmlTextAreaElement, KeyboardEvent, ScrollBehavior, ScrollToOptions};

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
