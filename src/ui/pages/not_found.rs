//! The page for an unknown address, which the server sends with status 404.

use leptos::prelude::*;

use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::entrance::Entrance;
use crate::ui::paths::ContactTab;

#[component]
pub fn NotFound() -> impl IntoView {
    let i18n = use_i18n();
    let title = Signal::derive(move || t_string!(i18n, not_found_title).to_string());
    view! {
        <Entrance title>
            <p>{t!(i18n, not_found_text)}</p>
            <p>
                <a href=ContactTab::default().path(None) rel="external">
                    {t!(i18n, to_start)}
                </a>
            </p>
        </Entrance>
    }
}
