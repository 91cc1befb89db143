//! The current route: the address in the browser, and the steps that led there.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::model::Contact;

use super::paths::{ContactTab, Page};

/// The page and contact that the address in the browser names.
#[derive(Clone, Copy)]
pub struct CurrentRoute {
    pub is_settings: Memo<bool>,
    pub tab: Memo<ContactTab>,
    /// The contact whose conversation is open; it is highlighted in every list.
    pub open: Memo<Option<Contact>>,
    /// Whether the profile of that contact is open as well.
    pub is_profile: Memo<bool>,
    /// The last path of the chat page: the link from the settings back to it.
    pub chats: Memo<String>,
    /// The paths that led here, without those that were left by a step back.
    trail: StoredValue<Vec<String>>,
}

impl CurrentRoute {
    /// Follows the router around.
    pub fn from_router() -> Self {
        let path = use_location().pathname;
        let page = Memo::new(move |_| path.with(|path| Page::of_path(path)));
        let chat = move || match page.get() {
            Page::Chat { tab, contact, profile } => (tab, contact, profile),
            Page::Settings => (ContactTab::default(), None, false),
        };
        let trail = StoredValue::new(Vec::new());
        Effect::new(move |_| {
            let path = path.get();
            trail.update_value(|trail| step(trail, path));
        });
        let chats = Memo::new(move |before: Option<&String>| match (page.get(), before) {
            (Page::Settings, before) => {
                before.cloned().unwrap_or_else(|| ContactTab::default().path(None))
            }
            (Page::Chat { .. }, _) => path.get(),
        });
        Self {
            chats,
            trail,
            is_settings: Memo::new(move |_| page.get() == Page::Settings),
            tab: Memo::new(move |_| chat().0),
            open: Memo::new(move |_| chat().1),
            is_profile: Memo::new(move |_| chat().2),
        }
    }

    /// Whether one step back in the browser's history leads to `path`.
    pub fn came_from(&self, path: &str) -> bool {
        self.trail
            .with_value(|trail| trail.iter().rev().nth(1).is_some_and(|before| before == path))
    }
}

/// Adds a step to `path`. A step to the path before the last counts as a step back.
fn step(trail: &mut Vec<String>, path: String) {
    if trail.iter().rev().nth(1) == Some(&path) {
        trail.pop();
    } else if trail.last() != Some(&path) {
        trail.push(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_to_the_path_before_the_last_shortens_the_trail() {
        let mut trail = Vec::new();
        for (path, length) in [
            ("/chats", 1),
            ("/chats/user-2", 2),
            ("/settings", 3),
            ("/chats/user-2", 2),
            ("/chats", 1),
        ] {
            step(&mut trail, path.to_string());
            assert_eq!((trail.len(), trail.last().map(String::as_str)), (length, Some(path)));
        }
    }
}
