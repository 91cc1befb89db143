//! The picture of a contact: an initial on a colour that its id chooses.

use leptos::prelude::*;

use crate::client::driver::Driver;
use crate::model::Contact;

/// Colours in the style sheet.
const COLOURS: i64 = 8;

#[component]
pub fn Avatar(contact: Contact) -> impl IntoView {
    let driver = expect_context::<Driver>();
    let (id, shape) = match contact {
        Contact::User(id) => (id.0, "person"),
        Contact::Group(id) => (id.0, "group"),
    };
    let colour = id.rem_euclid(COLOURS);
    let initial = move || {
        let name = driver.cache.name_of(contact).unwrap_or_default();
        name.chars().find(|c| !c.is_whitespace()).map(|c| c.to_uppercase().to_string())
    };
    view! {
        <span class=format!("avatar avatar-{shape} avatar-{colour}") aria-hidden="true">
            {initial}
        </span>
    }
}
