//! The navigation, with the current page marked: a rail at the side, on a phone a bar at the
//! bottom.

use leptos::prelude::*;

use crate::client::driver::Driver;
use crate::model::Contact;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::avatar::Avatar;
use crate::ui::parts::count_badge::CountBadge;
use crate::ui::parts::icon::{Icon, icon};
use crate::ui::paths::{ADMINISTRATION, ContactTab, SETTINGS};
use crate::ui::route::CurrentRoute;
use crate::ui::settings::sign_out::SignOut;

#[component]
pub fn Navigation() -> impl IntoView {
    let i18n = use_i18n();
    let route = expect_context::<CurrentRoute>();
    let driver = expect_context::<Driver>();
    let cache = driver.cache;
    let me = Contact::User(driver.me());
    let name = move || cache.name_of(me).unwrap_or_default();
    let current = |is_here: bool| is_here.then_some("page");
    // Beside the lists, the tab of the chats shows the count already.
    let elsewhere = Signal::derive(move || match route.is_settings.get() {
        true => cache.unread_messages(),
        false => 0,
    });
    // From the settings the link leads back to the last chat, and from a chat to the list.
    let chats = move || match route.is_settings.get() {
        true => route.chats.get(),
        false => ContactTab::Chats.path(None),
    };
    view! {
        <header class="navigation">
            <p class="me" title=name>
                <Avatar contact=me />
                <span class="visually-hidden">{move || name()}</span>
            </p>
            <nav aria-label=move || t_string!(i18n, nav_main)>
                <a
                    class="nav-link"
                    href=chats
                    aria-current=move || current(!route.is_settings.get())
                >
                    {icon(Icon::Chats)} <span class="nav-word">{t!(i18n, chats)}</span>
                    <CountBadge
                        count=elsewhere
                        label=move |count| t_string!(i18n, unread_label, count = count)
                    />
                </a>
                <a
                    class="nav-link"
                    href=SETTINGS
                    aria-current=move || current(route.is_settings.get())
                >
                    {icon(Icon::Settings)} <span class="nav-word">{t!(i18n, settings)}</span>
                </a>
                {cache
                    .is_administrator()
                    .then(|| {
                        view! {
                            <a class="nav-link" href=ADMINISTRATION rel="external">
                                {icon(Icon::Administration)}
                                <span class="nav-word">{t!(i18n, nav_administration)}</span>
                            </a>
                        }
                    })}
            </nav>
            <SignOut />
        </header>
    }
    .into_any()
}
