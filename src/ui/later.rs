//! The parts of the page that are in the second WASM file. The file is fetched when one of them is
//! first wanted. The first visit of the chat page does without them.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::LocalBoxFuture;
use leptos::html::Textarea;
use leptos::leptos_dom::helpers::is_server;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::model::{Contact, GroupId, UserId};

use super::access::is_for_strangers;
use super::i18n::{t, use_i18n};
use super::parts::mention_link::MentionLink;
use super::parts::menu::{At, MenuOf};
use super::paths::{ContactTab, Page};

/// The second WASM file, and the script that fetches it. `cargo leptos build --split` gives these
/// names.
pub const FILE: &str = "split_later.wasm";
pub const LOADER: &str = "__wasm_split.______________________.js";

/// A part of the page that is in the second WASM file, with its properties.
#[derive(Clone, Copy)]
pub enum Later {
    SignIn,
    Register,
    Settings,
    Friends,
    Groups,
    Profile(UserId),
    Group(GroupId),
    CannotWrite(Contact),
    Mentions {
        group: GroupId,
        area: NodeRef<Textarea>,
        link: MentionLink,
        text_changed: Callback<()>,
    },
    Menu {
        of: MenuOf,
        at: At,
        closed: Callback<()>,
    },
    Emoji {
        chosen: Callback<String>,
        closed: Callback<()>,
    },
}

/// Fetches and renders the second WASM file. `App` provides it as context
/// (`frame::second_file::SECOND_FILE`), because that file imports all of these parts.
#[derive(Clone, Copy)]
pub struct SecondFile {
    /// Fetches the file, and returns whether it is loaded. A failed fetch may be repeated.
    pub fetch: fn() -> LocalBoxFuture<'static, bool>,
    /// Renders a part; `None` while the file is not loaded.
    pub view: fn(Later) -> Option<AnyView>,
}

static IS_LOADED: AtomicBool = AtomicBool::new(false);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileState {
    Loaded,
    Loading,
    Failed,
}

impl SecondFile {
    /// Fetches the file. Returns whether it is loaded, and notes that for `later`.
    pub async fn fetched(self) -> bool {
        let is_loaded = (self.fetch)().await;
        IS_LOADED.store(is_loaded, Ordering::Relaxed);
        is_loaded
    }
}

/// Renders a part: at once on the server and if the file is loaded, else as soon as it arrives.
/// A server of another build has another file. Then the fetch fails, and the status bar offers to
/// load the page again.
pub fn later(part: Later) -> AnyView {
    let i18n = use_i18n();
    let file = expect_context::<SecondFile>();
    let is_loaded = is_server() || IS_LOADED.load(Ordering::Relaxed);
    let state = RwSignal::new(if is_loaded { FileState::Loaded } else { FileState::Loading });
    let fetch = move || {
        spawn_local(async move {
            let after = if file.fetched().await { FileState::Loaded } else { FileState::Failed };
            // The part may have been left meanwhile.
            state.try_set(after);
        });
    };
    if !is_loaded {
        fetch();
    }
    let failed = move || {
        let again = move |_| {
            state.set(FileState::Loading);
            fetch();
        };
        view! {
            <p class="form-error" role="alert">
                {t!(i18n, part_failed)} " " <button type="button" on:click=again>
                    {t!(i18n, try_again)}
                </button>
            </p>
        }
        .into_any()
    };
    let shown = move || match state.get() {
        FileState::Loaded => (file.view)(part).unwrap_or_else(failed),
        FileState::Loading => view! { <p class="part-coming" aria-busy="true"></p> }.into_any(),
        FileState::Failed => failed(),
    };
    shown.into_any()
}

/// Whether the page at this path starts with a part that is in the second WASM file.
pub fn begins_with_later(path: &str) -> bool {
    let begins_with_chats =
        matches!(Page::of_path(path), Page::Chat { tab: ContactTab::Chats, profile: false, .. });
    is_for_strangers(path) || !begins_with_chats
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_chat_list_and_its_conversations_start_without_the_second_file() {
        for path in ["/", "/chats", "/chats/user-3", "/chats/group-1", "/nowhere"] {
            assert!(!begins_with_later(path), "{path}");
        }
        for path in
            ["/sign-in", "/settings", "/friends", "/friends/user-3", "/groups", "/groups/group-1"]
        {
            assert!(begins_with_later(path), "{path}");
        }
        assert!(begins_with_later("/chats/user-3/profile"));
    }
}
