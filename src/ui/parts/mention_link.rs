//! The link between the composer and the list of names that it offers. The list is in the second
//! WASM file, so each side knows the other by this link alone.

use leptos::prelude::*;

/// The signals that the composer and the list share.
#[derive(Debug, Clone, Copy)]
pub struct MentionLink {
    /// Number of edits of the text. 0: the text is a restored draft.
    pub edits: RwSignal<u32>,
    /// Whether the emoji panel is open. It takes the space of the list, so no names are offered.
    pub picks_emoji: RwSignal<bool>,
    /// Number of names that are offered.
    pub offered: RwSignal<usize>,
    /// Index of the offered name that Enter chooses.
    pub highlighted: RwSignal<Option<usize>>,
    /// `None` while no list is rendered.
    pub list: RwSignal<Option<ListCalls>>,
}

/// The functions of the list that the composer calls.
#[derive(Debug, Clone, Copy)]
pub struct ListCalls {
    pub with_tokens: Callback<String, String>,
    pub choose: Callback<usize>,
    pub close: Callback<()>,
}

impl MentionLink {
    pub fn new(picks_emoji: RwSignal<bool>) -> Self {
        Self {
            edits: RwSignal::new(0),
            picks_emoji,
            offered: RwSignal::new(0),
            highlighted: RwSignal::new(None),
            list: RwSignal::new(None),
        }
    }

    /// The number of offered names and the index of the highlighted one.
    pub fn offered_untracked(self) -> Option<(usize, usize)> {
        Some((self.offered.get_untracked(), self.highlighted.get_untracked()?))
    }

    /// The text with tokens instead of names. The text stays as it is while no list is rendered.
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
