//! One contact in a list: name, last line, time and unread count.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos_i18n::I18nContext;

use crate::client::browser;
use crate::client::cache::SessionCache;
use crate::client::cache::conversation::ConversationCache;
use crate::client::driver::Driver;
use crate::client::machines::outbox::OutboxItem;
use crate::model::{Contact, OwnCopy};
use crate::ui::i18n::{Locale, t_string, use_i18n};
use crate::ui::parts::avatar::Avatar;
use crate::ui::parts::count_badge::CountBadge;
use crate::ui::parts::menu::{At, MenuAsked, MenuOf};
use crate::ui::paths::ContactTab;
use crate::ui::route::CurrentRoute;
use crate::ui::text::name::{contact_name, shown_text};
use crate::ui::text::system_line::one_line;
use crate::ui::text::time::{LocalTime, TimeStyle};

/// An entry in the list of `tab`. It is highlighted while the address names its contact,
/// whichever list opened the conversation.
#[component]
pub fn ContactEntry(tab: ContactTab, contact: Contact) -> impl IntoView {
    let i18n = use_i18n();
    let route = expect_context::<CurrentRoute>();
    let cache = expect_context::<Driver>().cache;
    let conversation = cache.conversation(contact);
    let name = move || contact_name(i18n, cache, contact);
    let is_open = move || route.open.get() == Some(contact);
    let typing = move || cache.is_typing(contact);
    let line = move || last_line(i18n, cache, contact, is_open());
    let failed = move || conversation.with_outbox(|all| all.iter().any(|i| i.refused.is_some()));
    let last_time = Memo::new(move |_| conversation.newest().map(|message| message.sent));
    let count = Signal::derive(move || conversation.unread());
    let own = move || conversation.own();
    let muted = move || own().muted_until.is_some();
    let mark = move || {
        mark(i18n, conversation)
            .map(|(class, label)| view! { <span class=class role="img" aria-label=label></span> })
    };
    let class = move || match (own().pinned.is_some(), muted()) {
        (true, true) => "contact-row pinned muted",
        (true, false) => "contact-row pinned",
        (false, true) => "contact-row muted",
        (false, false) => "contact-row",
    };
    let MenuAsked(asked) = expect_context();
    // The actions apply to messages: without a message there is no menu.
    let has_begun = Memo::new(move |_| conversation.last_seq() > 0);
    let ask = move |at: Option<At>| {
        let at = at.filter(|_| has_begun.get_untracked());
        asked.set(at.map(|at| (MenuOf::Chat(contact), at)));
    };
    let pressed = move |event: MouseEvent| {
        event.prevent_default();
        ask(Some((event.client_x(), event.client_y())));
    };
    view! {
        <li class=class on:contextmenu=pressed>
            <a
                class="contact-entry"
                href=tab.path(Some(contact))
                data-contact=contact.to_string()
                aria-current=move || is_open().then_some("true")
            >
                <Avatar contact />
                <span class="contact-name">
                    {move || name()}
                    <span class="visually-hidden">{move || kept(i18n, own())}</span>
                </span>
                <span class="contact-time">
                    {move || {
                        last_time
                            .get()
                            .map(|time| view! { <LocalTime time shown=TimeStyle::Short /> })
                    }}
                </span>
                <span class="contact-line" class:live=typing class:failed=failed>
                    {move || line()}
                </span>
                <span class="contact-marks">
                    {mark}
                    <CountBadge
                        count
                        label=move |count| t_string!(i18n, unread_label, count = count)
                    />
                </span>
            </a>
            <button
                type="button"
                class="entry-actions"
                aria-haspopup="menu"
                aria-label=move || format!("{}: {}", t_string!(i18n, chat_actions), name())
                hidden=move || !has_begun.get()
                on:click=move |event| ask(browser::below_button(&event))
            ></button>
        </li>
    }
    .into_any()
}

/// The last line: typing, a draft, an unsent message, or the newest message.
fn last_line(
    i18n: I18nContext<Locale>,
    cache: SessionCache,
    contact: Contact,
    is_open: bool,
) -> String {
    if cache.is_typing(contact) {
        return t_string!(i18n, typing).to_string();
    }
    let conversation = cache.conversation(contact);
    // The draft of the open conversation is in the composer already.
    let draft = conversation.draft.get();
    if !is_open && !draft.trim().is_empty() {
        return t_string!(i18n, draft, text = draft);
    }
    let refused = |all: &[OutboxItem]| all.iter().rfind(|item| item.refused.is_some()).cloned();
    if let Some(item) = conversation.with_outbox(refused) {
        let text = shown_text(i18n, cache, contact, &item.text);
        return t_string!(i18n, not_sent_message, text = text);
    }
    if let Some(text) = conversation.with_outbox(|all| Some(all.last()?.text.clone())) {
        return t_string!(i18n, your_message, text = shown_text(i18n, cache, contact, &text));
    }
    let newest = conversation.newest();
    newest.map(|message| one_line(i18n, cache, contact, &message)).unwrap_or_default()
}

/// The class and label of the mark beside the unread count, if there is one.
fn mark(
    i18n: I18nContext<Locale>,
    conversation: ConversationCache,
) -> Option<(&'static str, &'static str)> {
    if conversation.is_mentioned() {
        return Some(("mention-mark", t_string!(i18n, mentioned)));
    }
    let marked = conversation.own().marked_unread && conversation.unread() == 0;
    marked.then(|| ("unread-mark", t_string!(i18n, marked_unread)))
}

/// Pinned and muted in words, for screen readers.
fn kept(i18n: I18nContext<Locale>, own: OwnCopy) -> String {
    let pinned = own.pinned.map(|_| t_string!(i18n, pinned));
    let muted = own.muted_until.map(|_| t_string!(i18n, muted));
    pinned.into_iter().chain(muted).map(|word| format!(", {word}")).collect()
}
