//! The avatar of a contact: an initial on a colour that its id chooses, with a dot while the
//! person is online.

use leptos::prelude::*;

use crate::client::driver::Driver;
use crate::model::{Contact, GroupId, UserId};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::view::show::Show;

/// Number of avatar colours in the style sheet.
const COLOURS: i64 = 8;

/// The number of a contact's colour.
pub fn colour_of(contact: Contact) -> i64 {
    let (Contact::User(UserId(id)) | Contact::Group(GroupId(id))) = contact;
    id.rem_euclid(COLOURS)
}

#[component]
pub fn Avatar(contact: Contact, #[prop(optional)] large: bool) -> impl IntoView {
    let i18n = use_i18n();
    let cache = expect_context::<Driver>().cache;
    let shape = match contact {
        Contact::User(_) => "person",
        Contact::Group(_) => "group",
    };
    let colour = colour_of(contact);
    let initial = move || {
        let name = cache.name_of(contact).unwrap_or_default();
        name.chars().find(|c| !c.is_whitespace()).map(String::from)
    };
    let online = move || matches!(contact, Contact::User(user) if cache.is_online(user));
    let size = if large { " avatar-large" } else { "" };
    view! {
        <span class=format!("avatar avatar-{shape} avatar-{colour}{size}")>
            <span aria-hidden="true">{move || initial()}</span>
            <Show when=online>
                <span
                    class="presence-dot"
                    role="img"
                    aria-label=move || t_string!(i18n, online)
                ></span>
            </Show>
        </span>
    }
    .into_any()
}
