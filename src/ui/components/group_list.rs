//! The groups one belongs to, by name.

use leptos::prelude::*;

use crate::client::driver::Driver;
use crate::model::Contact;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::page::Tab;
use crate::ui::show::Show;

use super::contact_entry::ContactEntry;

#[component]
pub fn GroupList() -> impl IntoView {
    let i18n = use_i18n();
    let cache = expect_context::<Driver>().cache;
    view! {
        <section class="contact-list" aria-label=move || t_string!(i18n, groups)>
            <ul>
                <For each=move || cache.groups() key=|group| group.id let(group)>
                    <ContactEntry tab=Tab::Groups contact=Contact::Group(group.id) />
                </For>
            </ul>
            <Show when=move || cache.groups().is_empty()>
                <p class="empty">{t!(i18n, groups_empty)}</p>
            </Show>
        </section>
    }
}
