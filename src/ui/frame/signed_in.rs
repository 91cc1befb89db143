//! The frame of every page of a signed-in user: it loads the snapshot once, keeps the driver and
//! the session cache, and shows the page that the address names.

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
use crate::ui::later::{Later, later};
use crate::ui::pages::chat::ChatPage;
use crate::ui::parts::entrance::Entrance;
use crate::ui::paths::ContactTab;
use crate::ui::route::CurrentRoute;
use crate::ui::text::errors::chat_sentence;
use crate::ui::view::loaded::loaded;
use crate::ui::view::show::Show;

use super::navigation::Navigation;
use super::second_file::load_second_file;
use super::status_bar::StatusBar;

#[component]
pub fn SignedIn() -> impl IntoView {
    let route = CurrentRoute::from_router();
    provide_context(route);
    // The snapshot includes the conversation of the first address alone. `Driver::open` fetches
    // later ones.
    let snapshot = loaded(
        || (),
        move |()| {
            let open = route.open.get_untracked();
            async move { api::load_page(open).await }
        },
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match snapshot.await {
                    Ok(snapshot) => view! { <SignedInFrame snapshot /> }.into_any(),
                    Err(error) => view! { <LoadFailed error /> }.into_any(),
                }
            })}
        </Suspense>
        <Outlet />
    }
}

#[component]
fn SignedInFrame(snapshot: Snapshot) -> impl IntoView {
    let driver = Driver::new(snapshot);
    provide_context(driver);
    let route = expect_context::<CurrentRoute>();
    let navigate = use_navigate();
    let go_to = Callback::new(move |contact| {
        navigate(&ContactTab::default().path(Some(contact)), NavigateOptions::default());
    });
    Effect::new(move |_| driver.start(route.open, go_to, load_second_file));
    let title = move || match driver.cache.unread_conversations() {
        0 => "Kith".to_string(),
        count => format!("({count}) Kith"),
    };
    // The server writes the head last, when the signals of the page may be disposed already.
    let title = if is_server() { TextProp::from(untrack(title)) } else { title.into() };
    view! {
        <Title text=title />
        <div class="signed-in" class:in-conversation=move || route.open.get().is_some()>
            <Navigation />
            <StatusBar />
            <Show when=move || route.is_settings.get() fallback=ChatPage>
                {later(Later::Settings)}
            </Show>
        </div>
    }
}

/// Shows that the snapshot could not be loaded, so that nobody takes it for an empty list.
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
