//! One contact in a list: name, last line, time and unread count.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::client::browser;
use crate::client::driver::Driver;
use crate::client::machines::outbox::OutboxItem;
use crate::model::Contact;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::parts::avatar::Avatar;
use crate::ui::parts::menu::{At, MenuAsked, MenuOf};
use crate::ui::parts::unread_badge::UnreadBadge;
use crate::ui::paths::Tab;
use crate::ui::route::CurrentRoute;
use crate::ui::text::name::{contact_name, spoken};
use crate::ui::text::system_line::one_line;
use crate::ui::text::time::{LocalTime, TimeStyle};

/// An entry in the list of `tab`. It is highlighted while the address names its contact, whichever list
/// opened the conversation.
#[component]
pub fn ContactEntry(tab: Tab, contact: Contact) -> impl IntoView {
    let i18n = use_i18n();
    let route = expect_context::<CurrentRoute>();
    let cache = expect_context::<Driver>().cache;
    let conversation = cache.conversation(contact);
    let name = move || contact_name(i18n, cache, contact);
    let is_open = move || route.open.get() == Some(contact);
    let typing = move || cache.is_typing(contact);
    let last_line = move || {
        let by_me = |text: &str| t_string!(i18n, your_message, text = text.to_string());
        if typing() {
            return t_string!(i18n, typing).to_string();
        }
        // The draft of the open conversation is in the composer already.
        let draft = conversation.draft.get();
        if !is_open() && !draft.trim().is_empty() {
            return t_string!(i18n, draft, text = draft);
        }
        let refused = |all: &[OutboxItem]| all.iter().rfind(|i| i.refused.is_some()).cloned();
        if let Some(item) = conversation.with_outbox(refused) {
            return t_string!(
                i18n,
                not_sent_message,
                text = spoken(i18n, cache, contact, &item.text)
            );
        }
        if let Some(text) = conversation.with_outbox(|all| Some(all.last()?.text.clone())) {
            return by_me(&spoken(i18n, cache, contact, &text));
        }
        let newest = conversation.newest();
        newest.map(|message| one_line(i18n, cache, contact, &message)).unwrap_or_default()
    };
    let failed = move || conversation.with_outbox(|all| all.iter().any(|i| i.refused.is_some()));
    let last_time = Memo::new(move |_| conversation.newest().map(|message| message.sent));
    let count = Signal::derive(move || conversation.unread());
    let own = move || conversation.own();
    let muted = move || own().muted_until.is_some();
    let mark = move || {
        if conversation.is_mentioned() {
            return Some(("mention-mark", t_string!(i18n, mentioned)));
        }
        let marked = own().marked_unread && count.get() == 0;
        marked.then(|| ("unread-mark", t_string!(i18n, marked_unread)))
    };
    let mark = move || {
        mark().map(|(class, label)| view! { <span class=class role="img" aria-label=label></span> })
    };
    let class = move || match (own().pinned.is_some(), muted()) {
        (true, true) => "contact-row pinned muted",
        (true, false) => "contact-row pinned",
        (false, true) => "contact-row muted",
        (false, false) => "contact-row",
    };
    // The signs of pinned and muted, for screen readers.
    let kept = move || match (own().pinned.is_some(), muted()) {
        (true, true) => format!(", {}, {}", t_string!(i18n, pinned), t_string!(i18n, muted)),
        (true, false) => format!(", {}", t_string!(i18n, pinned)),
        (false, true) => format!(", {}", t_string!(i18n, muted)),
        (false, false) => String::new(),
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
                    <span class="visually-hidden">{move || kept()}</span>
                </span>
                <span class="contact-time">
                    {move || {
                        last_time.get().map(|time| view! { <LocalTime time shown=TimeStyle::Short /> })
                    }}
                </span>
                <span class="contact-line" class:live=typing class:failed=failed>
                    {move || last_line()}
                </span>
                <span class="contact-marks">
                    {mark}
                    <UnreadBadge
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
