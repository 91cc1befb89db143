//! The menu of a message: reply, copy, recall, delete for oneself.

use leptos::prelude::*;

use crate::api;
use crate::client::browser;
use crate::client::driver::Driver;
use crate::model::limits::RECALL_WINDOW_MS;
use crate::model::{Contact, GroupAction, Quote};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::call_error::CallError;
use crate::ui::parts::menu::{At, Menu};
use crate::ui::text::name::shown_text;
use crate::ui::view::call::ServerCall;

/// The menu of the message with this `seq`; empty if the message is gone.
#[component]
pub fn MessageMenu(contact: Contact, seq: i64, at: At, closed: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let me = driver.me();
    let conversation = driver.cache.conversation(contact);
    let message = untrack(|| conversation.message(seq)).filter(|message| message.system.is_none());
    let Some(message) = message else { return ().into_any() };
    let call = ServerCall::of_page();
    let text = untrack(|| shown_text(i18n, driver.cache, contact, &message.text));
    let copy = move |_| {
        browser::copy(&text);
        closed.run(());
    };
    let quote = Quote::new(seq, message.sender, &message.text);
    let reply = move |_| {
        conversation.replying.set(Some(quote.clone()));
        closed.run(());
        browser::focus_on("textarea.composer-text");
    };
    let can_write = untrack(|| driver.cache.can_write(contact));
    let is_new = browser::now_ms() - message.sent.0 as f64 <= RECALL_WINDOW_MS as f64;
    let may_recall = match contact {
        _ if message.sender == me && is_new => true,
        Contact::Group(group) => untrack(|| driver.cache.role_in(group))
            .is_some_and(|role| role.may(GroupAction::Recall)),
        Contact::User(_) => false,
    };
    let recall = move |_| {
        call.run_then(api::recall_message(me, contact, seq), move || closed.run(()));
    };
    let hide = move |_| {
        call.run_then(api::hide_message(me, contact, seq), move || closed.run(()));
    };
    view! {
        <Menu at label=Signal::derive(move || t_string!(i18n, message_actions).to_string()) closed>
            {can_write
                .then(|| {
                    view! {
                        <button type="button" role="menuitem" on:click=reply>
                            {t!(i18n, reply)}
                        </button>
                    }
                })}
            <button type="button" role="menuitem" on:click=copy>
                {t!(i18n, copy)}
            </button>
            {may_recall
                .then(|| {
                    view! {
                        <button type="button" role="menuitem" class="danger" on:click=recall>
                            {t!(i18n, recall)}
                        </button>
                    }
                })}
            <button type="button" role="menuitem" class="danger" on:click=hide>
                {t!(i18n, delete_for_me)}
            </button>
            <CallError call />
        </Menu>
    }
    .into_any()
}
