//! The frame of pages without navigation: a card in the middle.

use leptos::prelude::*;

use crate::ui::i18n::{Locale, td_string};

/// Returns a card with the name of Kith, the title and the body.
pub fn entrance(locale: Locale, title: String, body: AnyView) -> AnyView {
    view! {
        <main class="entrance">
            <div class="entrance-card">
                <p class="entrance-name">
                    <img src="/favicon.svg" alt="" width="32" height="32" />
                    <span>{td_string!(locale, app_name)}</span>
                </p>
                <h1>{title}</h1>
                {body}
            </div>
        </main>
    }
    .into_any()
}
