//! The three lists of the contact panel, as links that keep the open conversation.

use leptos::prelude::*;

use crate::client::driver::Driver;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::parts::count_badge::CountBadge;
use crate::ui::paths::ContactTab;
use crate::ui::route::CurrentRoute;

#[component]
pub fn ContactTabs() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <nav class="contact-tabs" aria-label=move || t_string!(i18n, nav_contacts)>
            {ContactTab::ALL.map(|tab| view! { <ContactTabLink tab /> })}
        </nav>
    }
}

#[component]
fn ContactTabLink(tab: ContactTab) -> impl IntoView {
    let i18n = use_i18n();
    let route = expect_context::<CurrentRoute>();
    let cache = expect_context::<Driver>().cache;
    let name = move || match tab {
        ContactTab::Chats => t_string!(i18n, chats),
        ContactTab::Friends => t_string!(i18n, friends),
        ContactTab::Groups => t_string!(i18n, groups),
    };
    let count = Signal::derive(move || match tab {
        ContactTab::Chats => cache.unread_messages(),
        ContactTab::Friends => cache.requests_to_me().len() as i64,
        ContactTab::Groups => cache.waiting_in_groups(),
    });
    let label = move |count: i64| match tab {
        ContactTab::Chats => t_string!(i18n, unread_label, count = count),
        ContactTab::Friends | ContactTab::Groups => t_string!(i18n, waiting_label, count = count),
    };
    view! {
        <a
            class="contact-tab"
            href=move || tab.path(route.open.get())
            aria-current=move || (route.tab.get() == tab).then_some("page")
        >
            <span>{move || name()}</span>
            <CountBadge count label />
        </a>
    }
}
