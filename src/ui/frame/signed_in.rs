//! The frame of every page of somebody who is signed in: it loads the snapshot once, holds the
//! driver and the session cache, and shows the page that the address names.

use leptos::leptos_dom::helpers::is_server;
use leptos::prelude::*;
use leptos::text_prop::TextProp;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_navigate;

use crate::api;
use crate::client::driver::Driver;
use crate::error::KithError;
use crate::model::Snapshot;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::later::{Later, later, settle_soon};
use crate::ui::pages::chat::ChatPage;
use crate::ui::parts::entrance::Entrance;
use crate::ui::paths::{CurrentRoute, Tab};
use crate::ui::text::errors::chat_sentence;
use crate::ui::view::loaded::loaded;
use crate::ui::view::show::Show;

use super::navigation::Navigation;
use super::status_bar::StatusBar;

#[component]
pub fn SignedIn() -> impl IntoView {
    let here = CurrentRoute::from_router();
    provide_context(here);
    // Which conversation comes with the snapshot is decided by the first address alone: later
    // ones are opened from the cache.
    let snapshot = loaded(
        || (),
        move |()| {
            let open = here.open.get_untracked();
            async move { api::load_page(open).await }
        },
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match snapshot.await {
                    Ok(snapshot) => view! { <Session snapshot /> }.into_any(),
                    Err(error) => view! { <LoadFailed error /> }.into_any(),
                }
            })}
        </Suspense>
        <Outlet />
    }
}

#[component]
fn Session(snapshot: Snapshot) -> impl IntoView {
    let driver = Driver::new(snapshot);
    provide_context(driver);
    let here = expect_context::<CurrentRoute>();
    let navigate = use_navigate();
    let go_to = Callback::new(move |contact| {
        navigate(&Tab::default().path(Some(contact)), NavigateOptions::default());
    });
    Effect::new(move |_| driver.start(here.open, go_to, settle_soon));
    let title = move || match driver.cache.unread_conversations() {
        0 => "Kith".to_string(),
        count => format!("({count}) Kith"),
    };
    // The server writes the document's head last, when the signals of the page may be gone already.
    let title = if is_server() { TextProp::from(untrack(title)) } else { title.into() };
    view! {
        <Title text=title />
        <div class="signed-in" class:in-conversation=move || here.open.get().is_some()>
            <Navigation />
            <StatusBar />
            <Show when=move || here.is_settings.get() fallback=ChatPage>
                {later(Later::Settings)}
            </Show>
        </div>
    }
}

/// The snapshot could not be had: said clearly, and never shown as an empty list.
#[component]
fn LoadFailed(error: KithError) -> impl IntoView {
    let i18n = use_i18n();
    let title = Signal::derive(move || t_string!(i18n, load_failed).to_string());
    view! {
        <Entrance title>
            <p class="form-error" role="alert">
                {move || chat_sentence(i18n, &error)}
            </p>
            <p>
                <a href="" rel="external">
                    {t!(i18n, reload)}
                </a>
            </p>
        </Entrance>
    }
}
