//! Every conversation that has a history, the last active first.

use leptos::prelude::*;

use crate::client::driver::Driver;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::page::Tab;
use crate::ui::show::Show;

use super::contact_entry::ContactEntry;

#[component]
pub fn ChatList() -> impl IntoView {
    let i18n = use_i18n();
    let cache = expect_context::<Driver>().cache;
    view! {
        <section class="contact-list" aria-label=move || t_string!(i18n, chats)>
            <ul>
                <For each=move || cache.chat_list() key=|contact| *contact let(contact)>
                    <ContactEntry tab=Tab::Chats contact />
                </For>
            </ul>
            <Show when=move || cache.chat_list().is_empty()>
                <div class="empty">
                    <p>{t!(i18n, chats_empty)}</p>
                    <a class="button" href=Tab::Friends.path(None)>
                        {t!(i18n, find_people)}
                    </a>
                </div>
            </Show>
        </section>
    }
}
