//! The frame of the pages without a signed-in user: a card in the middle.

use leptos::prelude::*;

use crate::ui::i18n::{t, use_i18n};

use super::language_switch::LanguageSwitch;

#[component]
pub fn Entrance(#[prop(into)] title: Signal<String>, children: Children) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <main class="entrance">
            <div class="entrance-card">
                <p class="entrance-name">
                    <img src="/favicon.svg" alt="" width="32" height="32" />
                    <span>{t!(i18n, app_name)}</span>
                </p>
                <h1>{title}</h1>
                {children()}
            </div>
            <LanguageSwitch />
        </main>
    }
}
