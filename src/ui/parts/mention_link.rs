//! The link between the composer and the list of names that it offers. The list is in the second
//! WASM file, so each side knows the other by this alone.

use leptos::prelude::*;

/// What the composer and the list share.
#[derive(Debug, Clone, Copy)]
pub struct MentionLink {
    /// How often the text was changed; 0 for a draft that was restored.
    pub typed: RwSignal<u32>,
    /// Number of names that are offered.
    pub offered: RwSignal<usize>,
    /// Index of the offered name that Enter chooses.
    pub highlighted: RwSignal<Option<usize>>,
    /// `None` while no list is rendered.
    pub list: RwSignal<Option<ListCalls>>,
}

/// What the list does for the composer.
#[derive(Debug, Clone, Copy)]
pub struct ListCalls {
    pub with_tokens: Callback<String, String>,
    pub choose: Callback<usize>,
    pub close: Callback<()>,
}

impl Default for MentionLink {
    fn default() -> Self {
        Self {
            typed: RwSignal::new(0),
            offered: RwSignal::new(0),
            highlighted: RwSignal::new(None),
            list: RwSignal::new(None),
        }
    }
}

impl MentionLink {
    /// The number of offered names and the index of the highlighted one.
    pub fn offered_untracked(self) -> Option<(usize, usize)> {
        Some((self.offered.get_untracked(), self.highlighted.get_untracked()?))
    }

    /// The text with tokens instead of names.
    pub fn with_tokens(self, text: String) -> String {
        match self.list.get_untracked() {
            Some(list) => list.with_tokens.run(text),
            None => text,
        }
    }

    pub fn choose(self, index: usize) {
        if let Some(list) = self.list.get_untracked() {
            list.choose.run(index);
        }
    }

    pub fn close(self) {
        if let Some(list) = self.list.get_untracked() {
            list.close.run(());
        }
    }
}
