//! The second WASM file: code that only the functions marked `wasm_split` use goes there.

use futures_util::FutureExt;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use crate::client::browser;
use crate::client::driver::Driver;
use crate::ui::chat::cannot_write::CannotWrite;
use crate::ui::chat::chat_menu::ChatMenu;
use crate::ui::chat::emoji_panel::EmojiPanel;
use crate::ui::chat::mention_list::MentionList;
use crate::ui::contacts::friend_list::FriendList;
use crate::ui::contacts::profile_pane::ProfilePane;
use crate::ui::groups::list::GroupList;
use crate::ui::groups::pane::GroupPane;
use crate::ui::later::{Later, SecondFile, begins_with_later};
use crate::ui::messages::menu::MessageMenu;
use crate::ui::pages::register::RegisterPage;
use crate::ui::pages::settings::SettingsPage;
use crate::ui::pages::sign_in::SignInPage;
use crate::ui::parts::menu::MenuOf;

/// The context that [`later`](crate::ui::later::later) expects.
pub const SECOND_FILE: SecondFile = SecondFile {
    fetch: || async { fetch().await.is_ok() }.boxed_local(),
    view: |part| view_of(part).now_or_never()?.ok(),
};

/// Renders a part. All parts are in one function because each split point adds its own wrapper.
#[wasm_split(later, fallible, preload(fetch))]
fn view_of(part: Later) -> Result<AnyView, SplitLoaderError> {
    Ok(match part {
        Later::SignIn => view! { <SignInPage /> }.into_any(),
        Later::Register => view! { <RegisterPage /> }.into_any(),
        Later::Settings => view! { <SettingsPage /> }.into_any(),
        Later::Friends => view! { <FriendList /> }.into_any(),
        Later::Groups => view! { <GroupList /> }.into_any(),
        Later::Profile(user) => view! { <ProfilePane user /> }.into_any(),
        Later::CannotWrite(contact) => view! { <CannotWrite contact /> }.into_any(),
        Later::Group(group) => view! { <GroupPane group /> }.into_any(),
        Later::Mentions { group, area, link, text_changed } => {
            view! { <MentionList group area link text_changed /> }.into_any()
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

/// From now on the driver notifies the user of new messages, shares one receive loop with the other
/// tabs, and uses a WebSocket where one connects.
#[wasm_split(later, fallible)]
fn use_second_file(driver: Driver) -> Result<(), SplitLoaderError> {
    driver.use_notices();
    driver.use_lock();
    driver.use_socket();
    Ok(())
}

/// Fetches the second WASM file and starts its functions of the driver. Without the file, the page
/// goes on with long polling of its own.
pub fn load_second_file(driver: Driver) {
    spawn_local(async move {
        if SECOND_FILE.fetched().await {
            let _ = use_second_file(driver).await;
        }
    });
}

/// The notice that replaces the composer where the user cannot write. The page that the server sent
/// may contain it.
const CANNOT_WRITE: &str = ".cannot-write";

/// Fetches the second WASM file if the page that the server sent contains a part of it: hydration
/// does not render that part again. Returns whether the page may hydrate; else it stays a plain
/// document.
pub async fn ready() -> bool {
    let needs_file = begins_with_later(&browser::path()) || browser::is_in_page(CANNOT_WRITE);
    !needs_file || SECOND_FILE.fetched().await
}
