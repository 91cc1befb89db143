//! The three lists of the contact panel, as links that keep the open conversation.

use leptos::prelude::*;

use crate::client::driver::Driver;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::parts::unread_badge::UnreadBadge;
use crate::ui::paths::Tab;
use crate::ui::route::CurrentRoute;

#[component]
pub fn ContactTabs() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <nav class="contact-tabs" aria-label=move || t_string!(i18n, nav_contacts)>
            {Tab::ALL.map(|tab| view! { <ContactTab tab /> })}
        </nav>
    }
}

#[component]
fn ContactTab(tab: Tab) -> impl IntoView {
    let i18n = use_i18n();
    let route = expect_context::<CurrentRoute>();
    let cache = expect_context::<Driver>().cache;
    let name = move || match tab {
        Tab::Chats => t_string!(i18n, chats),
        Tab::Friends => t_string!(i18n, friends),
        Tab::Groups => t_string!(i18n, groups),
    };
    let count = Signal::derive(move || match tab {
        Tab::Chats => cache.unread_messages(),
        Tab::Friends => cache.requests_to_me().len() as i64,
        Tab::Groups => cache.waiting_in_groups(),
    });
    let label = move |count: i64| match tab {
        Tab::Chats => t_string!(i18n, unread_label, count = count),
        Tab::Friends | Tab::Groups => t_string!(i18n, waiting_label, count = count),
    };
    view! {
        <a
            class="contact-tab"
            href=move || tab.path(route.open.get())
            aria-current=move || (route.tab.get() == tab).then_some("page")
        >
            <span>{move || name()}</span>
            <UnreadBadge count label />
        </a>
    }
}
