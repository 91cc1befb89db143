//! The parts of the page that are in the second WASM file, which is fetched when one is first
//! wanted. The first visit of the chat page does without them.

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
use super::paths::{Page, Tab};

/// The second file, and the script that fetches it, as `cargo leptos build --split` names them.
pub const FILE: &str = "split_later.wasm";
pub const LOADER: &str = "__wasm_split.______________________.js";

/// A part in the second file, with what it needs.
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
    Mentions { group: GroupId, area: NodeRef<Textarea>, link: MentionLink, typed: Callback<()> },
    Menu { of: MenuOf, at: At, closed: Callback<()> },
    Emoji { chosen: Callback<String>, closed: Callback<()> },
}

/// The way into the second file. The root of the page provides it, so that the parts of the page do
/// not import the file in which all of them come together.
#[derive(Clone, Copy)]
pub struct SecondFile {
    /// Fetches the file; fails where it cannot be had. A failed fetch may be repeated.
    pub fetch: fn() -> LocalBoxFuture<'static, bool>,
    /// Renders a part; `None` while the file is not here.
    pub view: fn(Later) -> Option<AnyView>,
}

static IS_HERE: AtomicBool = AtomicBool::new(false);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ChunkState {
    Here,
    Coming,
    Failed,
}

impl SecondFile {
    /// Fetches the file and returns whether it is here.
    pub async fn fetched(self) -> bool {
        let is_here = (self.fetch)().await;
        IS_HERE.store(is_here, Ordering::Relaxed);
        is_here
    }
}

/// Renders a part: at once on the server and if the file is here, else as soon as it arrives.
/// A server of another build has another file; then the status bar offers to load its page.
pub fn later(part: Later) -> AnyView {
    let i18n = use_i18n();
    let file = expect_context::<SecondFile>();
    let is_here = is_server() || IS_HERE.load(Ordering::Relaxed);
    let state = RwSignal::new(if is_here { ChunkState::Here } else { ChunkState::Coming });
    let fetch = move || {
        spawn_local(async move {
            let after = if file.fetched().await { ChunkState::Here } else { ChunkState::Failed };
            // The part may have been left meanwhile.
            state.try_set(after);
        });
    };
    if !is_here {
        fetch();
    }
    let failed = move || {
        let again = move |_| {
            state.set(ChunkState::Coming);
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
        ChunkState::Here => (file.view)(part).unwrap_or_else(failed),
        ChunkState::Coming => view! { <p class="part-coming" aria-busy="true"></p> }.into_any(),
        ChunkState::Failed => failed(),
    };
    shown.into_any()
}

/// Whether the page at this path starts with a part that is in the second file.
pub fn begins_with_later(path: &str) -> bool {
    let begins_with_chats =
        matches!(Page::of_path(path), Page::Chat { tab: Tab::Chats, profile: false, .. });
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
