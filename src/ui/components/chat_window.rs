//! One conversation: with whom, its messages, and the box to write in.

use leptos::prelude::*;

use crate::client::driver::Driver;
use crate::model::Contact;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::page::Here;

use super::avatar::Avatar;
use super::composer::Composer;
use super::message_list::MessageList;

#[component]
pub fn ChatWindow(contact: Contact) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let here = expect_context::<Here>();
    Effect::new(move |_| driver.open(contact));
    // Names come from the snapshot and from events: who has none is nobody to talk to.
    let known = Memo::new(move |_| driver.cache.name_of(contact).is_some());
    let title = move || match driver.cache.name_of(contact) {
        Some(name) => t_string!(i18n, chatting_with, name = name),
        None => t_string!(i18n, somebody).to_string(),
    };
    view! {
        <section class="chat-window" aria-labelledby="chat-title">
            <header class="chat-header">
                <a
                    class="chat-back"
                    href=move || here.tab.get().path(None)
                    aria-label=move || t_string!(i18n, back)
                >
                    "‹"
                </a>
                <Avatar contact />
                <h1 id="chat-title">{title}</h1>
            </header>
            <Show
                when=move || known.get()
                fallback=move || view! { <p class="empty">{t!(i18n, unknown_contact)}</p> }
            >
                <MessageList contact />
                <Composer contact />
            </Show>
        </section>
    }
}
