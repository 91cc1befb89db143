//! One message: who, what and when, and how it is doing while it is on its way.

use leptos::prelude::*;

use crate::client::conversation_cache::ConversationCache;
use crate::client::driver::Driver;
use crate::error::KithError;
use crate::model::{ClientId, Contact, Timestamp, UserId};
use crate::ui::emoji::is_few_emoji;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::name::contact_name;
use crate::ui::sentence::sentence;
use crate::ui::when::{Shown, When};

use super::avatar::{Avatar, colour_of};
use super::message_rows::{Row, Run};
use super::message_text::message_text;

/// How far a message has come.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Delivery {
    /// Written at this time, by this device's clock.
    Sending {
        at: Timestamp,
    },
    Failed(KithError),
    Sent {
        seq: i64,
        at: Timestamp,
    },
}

impl Delivery {
    fn word(&self) -> &'static str {
        match self {
            Self::Sending { .. } => "sending",
            Self::Failed(_) => "failed",
            Self::Sent { .. } => "sent",
        }
    }
}

/// A message of the row; a separator has none and draws nothing here.
#[component]
pub fn MessageBubble(
    row: Row,
    #[prop(into)] run: Signal<Run>,
    conversation: ConversationCache,
) -> impl IntoView {
    let driver = expect_context::<Driver>();
    let me = driver.me();
    let (sender, client_id, text, delivery) = match row {
        Row::Day { .. } | Row::Unread | Row::System(_) => return ().into_any(),
        Row::Stored(message, _) => {
            let sent = Delivery::Sent { seq: message.seq, at: message.sent };
            (message.sender, message.client_id.clone(), message.text.clone(), Signal::stored(sent))
        }
        Row::OnItsWay(item, _) => {
            let delivery = delivery_of(conversation, me, item.client_id.clone(), item.at);
            (me, item.client_id, item.text, delivery)
        }
    };
    let few_emoji = is_few_emoji(&text);
    let in_group = matches!(conversation.contact, Contact::Group(_));
    let side = if sender == me { "message own" } else { "message other" };
    let seq = move || match delivery.get() {
        Delivery::Sent { seq, .. } => Some(seq.to_string()),
        Delivery::Sending { .. } | Delivery::Failed(_) => None,
    };
    let id = client_id.clone();
    let note = move || view! { <Progress delivery=delivery.get() client_id=id.clone() /> };
    view! {
        <article
            class=side
            class:emoji-only=few_emoji
            class:in-group=in_group
            class:first=move || run.get().first
            class:last=move || run.get().last
            data-client-id=client_id.as_str().to_string()
            data-state=move || delivery.with(Delivery::word)
            data-seq=seq
        >
            <Sender sender in_group />
            {message_text(&text)}
            {move || note()}
        </article>
    }
    .into_any()
}

/// Follows a message of one's own from the outbox to its place in the conversation.
fn delivery_of(
    conversation: ConversationCache,
    me: UserId,
    client_id: ClientId,
    at: Timestamp,
) -> Signal<Delivery> {
    Memo::new(move |before: Option<&Delivery>| {
        // What is stored stays so: from here on, nothing has to be followed.
        if let Some(sent @ Delivery::Sent { .. }) = before {
            return sent.clone();
        }
        // While it is in the outbox, nothing has to be looked for in the conversation.
        let waits = conversation.with_outbox(|items| {
            let item = items.iter().find(|item| item.client_id == client_id)?;
            Some(item.refused.clone().map_or(Delivery::Sending { at }, Delivery::Failed))
        });
        waits.unwrap_or_else(|| {
            conversation.with_messages(|messages| {
                let mut newest_first = messages.iter().rev();
                let found = newest_first.find(|m| m.sender == me && m.client_id == client_id);
                found.map_or(Delivery::Sending { at }, |message| Delivery::Sent {
                    seq: message.seq,
                    at: message.sent,
                })
            })
        })
    })
    .into()
}

/// Who wrote it: to be seen in a group, and always to be heard.
#[component]
fn Sender(sender: UserId, in_group: bool) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let own = sender == driver.me();
    let name = move || {
        if own {
            return t_string!(i18n, you).to_string();
        }
        contact_name(i18n, driver.cache, Contact::User(sender))
    };
    if !in_group || own {
        return view! { <p class="visually-hidden">{move || name()}</p> }.into_any();
    }
    let contact = Contact::User(sender);
    view! {
        <p class=format!("message-sender name-{}", colour_of(contact))>{move || name()}</p>
        <Avatar contact />
    }
    .into_any()
}

/// When it was stored; or that it is on its way; or why it was refused, and what can be done.
#[component]
fn Progress(delivery: Delivery, client_id: ClientId) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let again = client_id.clone();
    match delivery {
        Delivery::Sent { at, .. } => view! {
            <p class="message-time">
                <When time=at shown=Shown::Clock />
            </p>
        }
        .into_any(),
        Delivery::Sending { at } => view! {
            <p class="message-time">
                <When time=at shown=Shown::Clock />
                <span class="visually-hidden">{t!(i18n, sending)}</span>
            </p>
        }
        .into_any(),
        Delivery::Failed(error) => view! {
            <div class="message-failed">
                <p class="message-reason">
                    {t!(i18n, not_sent)} " · " {move || sentence(i18n, &error)}
                </p>
                <button type="button" on:click=move |_| driver.retry(&again)>
                    {t!(i18n, try_again)}
                </button>
                <button type="button" on:click=move |_| driver.discard(&client_id)>
                    {t!(i18n, discard)}
                </button>
            </div>
        }
        .into_any(),
    }
}
