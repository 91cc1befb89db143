//! A link to the page above. If the user came from that page, the link steps back in the browser's
//! history, so that the back button never leads in a circle.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::client::browser;
use crate::model::Contact;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::route::CurrentRoute;

use super::icon::{Icon, icon};

#[component]
pub fn WayBack(
    #[prop(into)] to: Signal<String>,
    class: &'static str,
    icon: Icon,
    #[prop(into)] label: Signal<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let route = expect_context::<CurrentRoute>();
    let step_back = move |event: MouseEvent| {
        let is_plain = !(event.ctrl_key() || event.meta_key() || event.shift_key());
        if is_plain && to.with_untracked(|to| route.came_from(to)) {
            event.prevent_default();
            browser::go_back();
        }
    };
    view! {
        // A user who opened this address directly has no page of Kith behind it: replace it.
        <a class=class href=to prop:replace=true aria-label=label on:click=step_back>
            {self::icon(icon)}
            {children.map(|children| children())}
        </a>
    }
    .into_any()
}

/// Closes the profile of a contact, and shows the conversation again.
#[component]
pub fn CloseProfile(contact: Contact) -> impl IntoView {
    let i18n = use_i18n();
    let route = expect_context::<CurrentRoute>();
    view! {
        <WayBack
            to=Signal::derive(move || route.tab.get().path(Some(contact)))
            class="icon-button profile-close"
            icon=Icon::Close
            label=Signal::derive(move || t_string!(i18n, close).to_string())
        />
    }
}
