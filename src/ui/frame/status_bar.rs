//! A line that appears when the server cannot be reached, and when it was updated.

use leptos::prelude::*;

use crate::client::browser;
use crate::client::driver::{ConnectionState, Driver};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::view::show::Show;

#[component]
pub fn StatusBar() -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let link = move || match (driver.connection(), driver.cache.waiting()) {
        (ConnectionState::Fine, _) => String::new(),
        (ConnectionState::Reconnecting, 0) => t_string!(i18n, reconnecting).to_string(),
        (ConnectionState::Reconnecting, count) => {
            t_string!(i18n, reconnecting_waiting, count = count)
        }
        (ConnectionState::Offline, 0) => t_string!(i18n, offline).to_string(),
        (ConnectionState::Offline, count) => t_string!(i18n, offline_waiting, count = count),
    };
    view! {
        <div class="status-bar">
            <p
                class="connection-line"
                class:fine=move || driver.connection() == ConnectionState::Fine
                role="status"
            >
                {move || link()}
            </p>
            <Show when=move || driver.is_outdated()>
                <p class="new-build" role="status">
                    {t!(i18n, new_build)}
                    <button type="button" on:click=|_| browser::reload()>
                        {t!(i18n, reload)}
                    </button>
                </p>
            </Show>
        </div>
    }
    .into_any()
}
