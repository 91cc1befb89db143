//! What the chat page does without when it is first opened lies in a second file of WASM, which is
//! fetched when it is wanted.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::FutureExt;
use leptos::html::Textarea;
use leptos::leptos_dom::helpers::is_server;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use crate::client::browser;
use crate::client::driver::Driver;
use crate::model::{Contact, GroupId, UserId};

use super::chat::cannot_write::Standing;
use super::chat::chat_menu::ChatMenu;
use super::chat::emoji_panel::EmojiPanel;
use super::chat::mention_list::{MentionList, Naming};
use super::contacts::friend_list::FriendList;
use super::contacts::group_list::GroupList;
use super::contacts::profile_pane::ProfilePane;
use super::groups::pane::GroupPane;
use super::i18n::{t, use_i18n};
use super::messages::menu::MessageMenu;
use super::pages::register::RegisterPage;
use super::pages::settings::SettingsPage;
use super::pages::sign_in::SignInPage;
use super::parts::menu::{At, MenuOf};
use super::paths;

/// The second file, and the script that fetches it, as `cargo leptos build --split` names them.
pub const FILE: &str = "split_later.wasm";
pub const LOADER: &str = "__wasm_split.______________________.js";

/// What is in the second file.
#[derive(Clone, Copy)]
pub enum Later {
    SignIn,
    Register,
    Settings,
    Friends,
    Groups,
    Profile(UserId),
    Group(GroupId),
    Standing(Contact),
    Mentions { group: GroupId, area: NodeRef<Textarea>, naming: Naming, typed: Callback<()> },
    Menu { of: MenuOf, at: At, closed: Callback<()> },
    Emoji { chosen: Callback<&'static str>, closed: Callback<()> },
}

/// The way into the second file: what only this function and the next one use goes there.
#[wasm_split(later, fallible, preload(fetch))]
fn view_of(part: Later) -> Result<AnyView, SplitLoaderError> {
    Ok(match part {
        Later::SignIn => view! { <SignInPage /> }.into_any(),
        Later::Register => view! { <RegisterPage /> }.into_any(),
        Later::Settings => view! { <SettingsPage /> }.into_any(),
        Later::Friends => view! { <FriendList /> }.into_any(),
        Later::Groups => view! { <GroupList /> }.into_any(),
        Later::Profile(user) => view! { <ProfilePane user /> }.into_any(),
        Later::Standing(contact) => view! { <Standing contact /> }.into_any(),
        Later::Group(group) => view! { <GroupPane group /> }.into_any(),
        Later::Mentions { group, area, naming, typed } => {
            view! { <MentionList group area naming typed /> }.into_any()
        }
        Later::Menu { of: MenuOf::Message(contact, seq), at, closed } => {
            view! { <MessageMenu contact seq at closed /> }.into_any()
        }
        Later::Menu { of: MenuOf::Chat(contact), at, closed } => {
            view! { <ChatMenu contact at closed /> }.into_any()
        }
        Later::Emoji { chosen, closed } => view! { <EmojiPanel chosen closed /> }.into_any(),
    })
}

/// From now on tells of news, receives once for all tabs of the browser, and over a WebSocket where
/// there is a way for one.
#[wasm_split(later, fallible)]
fn settle(driver: Driver) -> Result<(), SplitLoaderError> {
    driver.use_notices();
    driver.use_lock();
    driver.use_socket();
    Ok(())
}

/// The same once the second file is here. Where it cannot be had, the page goes on asking.
pub fn settle_soon(driver: Driver) {
    spawn_local(async move {
        if fetched().await {
            let _ = settle(driver).await;
        }
    });
}

/// Where the server knew that one cannot write, what stands in the place of the box is in the page.
const STANDING: &str = ".standing";

static IS_HERE: AtomicBool = AtomicBool::new(false);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ChunkState {
    Here,
    Coming,
    Failed,
}

/// Fetches the second file, and says whether it is here now. After a failure it may be tried again.
async fn fetched() -> bool {
    let is_here = fetch().await.is_ok();
    IS_HERE.store(is_here, Ordering::Relaxed);
    is_here
}

/// Makes the page that the server sent ready to come alive: what it begins with must be here, as it
/// is not drawn anew. Says whether it may; without, the page stays the plain one that it is.
pub async fn ready() -> bool {
    let begins_here = !paths::begins_with_later(&browser::path()) && !browser::is_in_page(STANDING);
    begins_here || fetched().await
}

/// Shows a part: at once if the second file is here, as it is on the server, else as soon as it is.
/// A server of another build has another file; its page is then one click away in the status bar.
pub fn later(part: Later) -> AnyView {
    let i18n = use_i18n();
    let is_here = is_server() || IS_HERE.load(Ordering::Relaxed);
    let state = RwSignal::new(if is_here { ChunkState::Here } else { ChunkState::Coming });
    let come = move || {
        spawn_local(async move {
            let after = if fetched().await { ChunkState::Here } else { ChunkState::Failed };
            // The reader may have gone on meanwhile.
            state.try_set(after);
        });
    };
    if !is_here {
        come();
    }
    let failed = move || {
        let again = move |_| {
            state.set(ChunkState::Coming);
            come();
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
        ChunkState::Here => match view_of(part).now_or_never() {
            Some(Ok(view)) => view,
            Some(Err(_)) | None => failed(),
        },
        ChunkState::Coming => view! { <p class="part-coming" aria-busy="true"></p> }.into_any(),
        ChunkState::Failed => failed(),
    };
    shown.into_any()
}
