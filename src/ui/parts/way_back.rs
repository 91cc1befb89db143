//! A link back to the page before: steps back where one came from there, so that the browser's own
//! back button never leads in a circle.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::client::browser;
use crate::model::Contact;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::paths::CurrentRoute;

use super::icon::{Icon, icon};

#[component]
pub fn WayBack(
    #[prop(into)] to: Signal<String>,
    class: &'static str,
    icon: Icon,
    #[prop(into)] label: Signal<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let here = expect_context::<CurrentRoute>();
    let step_back = move |event: MouseEvent| {
        let is_plain = !(event.ctrl_key() || event.meta_key() || event.shift_key());
        if is_plain && to.with_untracked(|to| here.came_from(to)) {
            event.prevent_default();
            browser::go_back();
        }
    };
    view! {
        // Whoever came by the address has no page of Kith behind this one.
        <a class=class href=to prop:replace=true aria-label=label on:click=step_back>
            {self::icon(icon)}
            {children.map(|children| children())}
        </a>
    }
    .into_any()
}

/// Closes the profile of a contact: back to their conversation.
#[component]
pub fn CloseProfile(contact: Contact) -> impl IntoView {
    let i18n = use_i18n();
    let here = expect_context::<CurrentRoute>();
    view! {
        <WayBack
            to=Signal::derive(move || here.tab.get().path(Some(contact)))
            class="icon-button profile-close"
            icon=Icon::Close
            label=Signal::derive(move || t_string!(i18n, close).to_string())
        />
    }
}
