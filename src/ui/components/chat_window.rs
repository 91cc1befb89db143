//! One conversation: with whom, its messages, and the box to write in.

use leptos::prelude::*;

use crate::client::driver::Driver;
use crate::model::Contact;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::name::contact_name;
use crate::ui::page::Here;

use super::avatar::Avatar;
use super::composer::Composer;
use super::message_list::MessageList;

#[component]
pub fn ChatWindow(contact: Contact) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let here = expect_context::<Here>();
    Effect::new(move |_| {
        driver.open(contact);
        on_cleanup(move || driver.left(contact));
    });
    let known = Memo::new(move |_| driver.cache.is_known(contact));
    let can_write = Memo::new(move |_| driver.cache.can_write(contact));
    let title = move || match driver.cache.name_of(contact) {
        Some(name) => t_string!(i18n, chatting_with, name = name),
        None => contact_name(i18n, driver.cache, contact),
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
                <Show
                    when=move || can_write.get()
                    fallback=move || view! { <p class="empty">{t!(i18n, cannot_write)}</p> }
                >
                    <Composer contact />
                </Show>
            </Show>
        </section>
    }
}
