//! The navigation, with the present place marked.

use leptos::prelude::*;

use crate::client::driver::Driver;
use crate::model::Contact;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::page::{Here, SETTINGS, Tab};

use super::avatar::Avatar;
use super::sign_out::SignOut;

#[component]
pub fn Navigation() -> impl IntoView {
    let i18n = use_i18n();
    let here = expect_context::<Here>();
    let driver = expect_context::<Driver>();
    let me = Contact::User(driver.me());
    let name = move || driver.cache.name_of(me).unwrap_or_default();
    let current = |is_here: bool| is_here.then_some("page");
    view! {
        <header class="navigation">
            <p class="me">
                <Avatar contact=me />
                <span class="me-name">{name}</span>
            </p>
            <nav aria-label=move || t_string!(i18n, nav_main)>
                <a
                    href=Tab::Chats.path(None)
                    aria-current=move || current(!here.is_settings.get())
                >
                    {t!(i18n, chats)}
                </a>
                <a href=SETTINGS aria-current=move || current(here.is_settings.get())>
                    {t!(i18n, settings)}
                </a>
            </nav>
            <SignOut />
        </header>
    }
    .into_any()
}
