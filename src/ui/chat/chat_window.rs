//! The open conversation: header, messages and composer.

use leptos::prelude::*;

use crate::client::browser;
use crate::client::driver::Driver;
use crate::model::Contact;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::later::{Later, later};
use crate::ui::messages::list::MessageList;
use crate::ui::parts::avatar::Avatar;
use crate::ui::parts::count_badge::CountBadge;
use crate::ui::parts::icon::{Icon, icon};
use crate::ui::parts::menu::{At, MenuAsked, MenuOf};
use crate::ui::parts::way_back::WayBack;
use crate::ui::route::CurrentRoute;
use crate::ui::text::name::contact_name;
use crate::ui::view::show::Show;

use super::composer::Composer;

#[component]
pub fn ChatWindow(contact: Memo<Contact>) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let cache = driver.cache;
    // Names come from the snapshot and from events: a contact without a name does not exist.
    let known = Memo::new(move |_| cache.is_known(contact.get()));
    let can_write = Memo::new(move |_| cache.can_write(contact.get()));
    // A stranger without messages has no history to fetch.
    let has_history =
        Memo::new(move |_| can_write.get() || cache.conversation(contact.get()).newest().is_some());
    // After the user rejoins a group, its conversation is loaded again.
    let is_loaded = Memo::new(move |_| cache.conversation(contact.get()).is_loaded());
    Effect::new(move |_| {
        is_loaded.track();
        if has_history.get() {
            driver.open(contact.get());
        }
    });
    // An effect, so that it runs in the browser alone: the server disposes the page at once.
    Effect::new(move |_| {
        let contact = contact.get();
        on_cleanup(move || driver.close(contact));
    });
    // Each conversation gets a list of its own: a list keeps scroll state.
    let messages = move || {
        let contact = contact.get();
        (move || view! { <MessageList contact /> }).into_any()
    };
    view! {
        <section class="chat-window" aria-labelledby="chat-title">
            <ChatHeader contact />
            <Show
                when=move || known.get()
                fallback=move || view! { <p class="empty">{t!(i18n, unknown_contact)}</p> }
            >
                {messages}
                <Show
                    when=move || can_write.get()
                    fallback=move || later(Later::CannotWrite(contact.get()))
                >
                    <Composer contact />
                </Show>
            </Show>
        </section>
    }
}

/// The contact and its presence, as a link to the profile, and the menu.
#[component]
fn ChatHeader(contact: Memo<Contact>) -> impl IntoView {
    let i18n = use_i18n();
    let route = expect_context::<CurrentRoute>();
    let cache = expect_context::<Driver>().cache;
    let name = move || contact_name(i18n, cache, contact.get());
    // On a phone the list is hidden, so the back button has the unread count of the others.
    let elsewhere = Signal::derive(move || {
        let open = cache.conversation(contact.get());
        let counted = open.own().muted_until.is_none();
        cache.unread_messages() - if counted { open.unread() } else { 0 }
    });
    let title = move || t_string!(i18n, chatting_with, name = name());
    let typing = move || cache.is_typing(contact.get());
    let presence = move || {
        let contact = contact.get();
        let online = matches!(contact, Contact::User(user) if cache.is_online(user));
        match (typing(), contact) {
            (true, _) => t_string!(i18n, typing).to_string(),
            (false, Contact::User(_)) if online => t_string!(i18n, online).to_string(),
            (false, Contact::Group(group)) if cache.role_in(group).is_some() => {
                let members = cache.group(group).map_or(0, |group| group.members);
                t_string!(i18n, members_count, count = members)
            }
            _ => String::new(),
        }
    };
    let MenuAsked(asked) = expect_context();
    let ask = move |at: Option<At>| {
        asked.set(at.map(|at| (MenuOf::Chat(contact.get_untracked()), at)));
    };
    let has_history = Memo::new(move |_| cache.conversation(contact.get()).last_seq() > 0);
    view! {
        <header class="chat-header">
            <WayBack
                to=Signal::derive(move || route.tab.get().path(None))
                class="chat-back icon-button"
                icon=Icon::Back
                label=Signal::derive(move || t_string!(i18n, back).to_string())
            >
                <CountBadge
                    count=elsewhere
                    label=move |count| t_string!(i18n, unread_label, count = count)
                />
            </WayBack>
            <a
                class="chat-contact"
                href=move || route.tab.get().profile_path(contact.get())
                title=move || t_string!(i18n, profile)
            >
                {move || view! { <Avatar contact=contact.get() /> }}
                <span class="chat-words">
                    <h1 id="chat-title" aria-label=title>
                        {move || name()}
                    </h1>
                    <span class="chat-presence" class:live=typing>
                        {move || presence()}
                    </span>
                </span>
            </a>
            <Show when=move || has_history.get()>
                <button
                    type="button"
                    class="icon-button chat-actions"
                    aria-haspopup="menu"
                    aria-label=move || t_string!(i18n, chat_actions)
                    title=move || t_string!(i18n, chat_actions)
                    on:click=move |event| ask(browser::below_button(&event))
                >
                    {icon(Icon::More)}
                </button>
            </Show>
        </header>
    }
    .into_any()
}
