//! One message: its sender, text and time, and the progress of its delivery.

use leptos::prelude::*;

use crate::client::cache::conversation::ConversationCache;
use crate::client::machines::clock::iso;
use crate::error::KithError;
use crate::model::{ClientId, Contact, Message, Quote, Timestamp, UserId};
use crate::ui::i18n::t_string;
use crate::ui::parts::avatar::{Avatar, colour_of};
use crate::ui::text::emoji::is_few_emoji;
use crate::ui::text::errors::chat_sentence;
use crate::ui::text::name::{contact_name, shown_text};
use crate::ui::text::time::TimeStyle;

use super::row_context::RowContext;
use super::rows::{Row, Run};
use super::text::message_text;

/// The state of a message on its way to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Delivery {
    /// Written at this time by the device's clock.
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
    /// The value of `data-state`, for the style sheet.
    fn word(&self) -> &'static str {
        match self {
            Self::Sending { .. } => "sending",
            Self::Failed(_) => "failed",
            Self::Sent { .. } => "sent",
        }
    }
}

/// Renders the message of a row; empty for a separator. One effect renders all of the bubble,
/// because each switch to a conversation renders many bubbles. When a name or a time in the bubble
/// changes, the effect renders the whole bubble again.
pub fn message_bubble(row: Row, run: RwSignal<Run>, context: RowContext) -> AnyView {
    let RowContext { driver, conversation, .. } = context;
    let me = driver.me();
    let (sender, client_id, text, reply, delivery) = match row {
        Row::Day { .. } | Row::Unread | Row::System(_) => return ().into_any(),
        Row::Stored(message, _) => {
            let sent = Delivery::Sent { seq: message.seq, at: message.sent };
            let Message { sender, client_id, text, reply, .. } = Message::clone(&message);
            (sender, client_id, text, reply, Signal::stored(sent))
        }
        Row::Unsent(item, _) => {
            let delivery = delivery_of(conversation, me, item.client_id.clone(), item.at);
            (me, Some(item.client_id), item.text, item.reply, delivery)
        }
    };
    let few_emoji = is_few_emoji(&text);
    let in_group = matches!(conversation.contact, Contact::Group(_));
    let class = move |run: Run| {
        let mut class = String::from(if sender == me { "message own" } else { "message other" });
        let more = [
            (few_emoji, " emoji-only"),
            (in_group, " in-group"),
            (run.first, " first"),
            (run.last, " last"),
        ];
        more.iter().filter(|(is_so, _)| *is_so).for_each(|(_, name)| class.push_str(name));
        class
    };
    let bubble = move || {
        let (run, delivery) = (run.get(), delivery.get());
        let state = delivery.word();
        let written = match &delivery {
            Delivery::Sent { seq, .. } => Some(seq.to_string()),
            Delivery::Sending { .. } | Delivery::Failed(_) => None,
        };
        let mut body = Vec::new();
        body.extend(reply.as_ref().map(|quote| quote_view(context, quote)));
        body.push(message_text(context, &text));
        body.extend(progress(context, delivery, client_id.as_ref()));
        // What follows the name keeps its elements, and the focus, when the name comes or goes.
        let inside = if in_group && sender != me {
            (run.first.then(|| sender_line(context, sender)), body).into_any()
        } else {
            body.into_any()
        };
        view! {
            <article
                class=class(run)
                aria-label=sender_name(context, sender)
                data-state=state
                data-seq=written
            >
                {inside}
            </article>
        }
    };
    bubble.into_any()
}

/// Follows one of the user's own messages from the outbox to the conversation.
fn delivery_of(
    conversation: ConversationCache,
    me: UserId,
    client_id: ClientId,
    at: Timestamp,
) -> Signal<Delivery> {
    Memo::new(move |before: Option<&Delivery>| {
        // A stored message stays stored, so this tracks nothing any more.
        if let Some(sent @ Delivery::Sent { .. }) = before {
            return sent.clone();
        }
        // A message in the outbox is not in the conversation yet, so that is not searched.
        let waiting = conversation.with_outbox(|items| {
            let item = items.iter().find(|item| item.client_id == client_id)?;
            Some(item.refused.clone().map_or(Delivery::Sending { at }, Delivery::Failed))
        });
        waiting.unwrap_or_else(|| {
            conversation.with_messages(|messages| {
                let mut newest_first = messages.iter().rev();
                let id = Some(&client_id);
                let found = newest_first.find(|m| m.sender == me && m.client_id.as_ref() == id);
                found.map_or(Delivery::Sending { at }, |message| Delivery::Sent {
                    seq: message.seq,
                    at: message.sent,
                })
            })
        })
    })
    .into()
}

/// The name of the sender, for screen readers.
fn sender_name(context: RowContext, sender: UserId) -> String {
    let RowContext { driver, i18n, .. } = context;
    match sender == driver.me() {
        true => t_string!(i18n, you).to_string(),
        false => contact_name(i18n, driver.cache, Contact::User(sender)),
    }
}

/// The visible name of the sender, above the first message of a run in a group.
fn sender_line(context: RowContext, sender: UserId) -> impl IntoView {
    let contact = Contact::User(sender);
    view! {
        <p class=format!("message-sender name-{}", colour_of(contact)) aria-hidden="true">
            {sender_name(context, sender)}
        </p>
        <Avatar contact />
    }
}

/// The quote that the message replies to. The list handles clicks on it.
fn quote_view(context: RowContext, quote: &Quote) -> AnyView {
    let RowContext { driver, i18n, conversation, .. } = context;
    let text = match quote.text.is_empty() {
        true => t_string!(i18n, recalled).to_string(),
        false => shown_text(i18n, driver.cache, conversation.contact, &quote.text),
    };
    view! {
        <button type="button" class="message-quote" data-quoted=quote.seq.to_string()>
            <span class=format!("quote-sender name-{}", colour_of(Contact::User(quote.sender)))>
                {sender_name(context, quote.sender)}
            </span>
            <span class="quote-text">{text}</span>
        </button>
    }
    .into_any()
}

/// The progress of the delivery: the time and the menu of a stored message, the mark of a message
/// that is being sent, or the error of a refused one with the buttons that retry and discard it.
/// The list handles their clicks, gives the menu's button the focus, and has its label.
fn progress(context: RowContext, delivery: Delivery, client_id: Option<&ClientId>) -> Vec<AnyView> {
    let RowContext { i18n, clock, .. } = context;
    let time = |at| {
        view! {
            <time class="message-time" datetime=iso(at)>
                {clock.text(at, TimeStyle::Clock)}
            </time>
        }
        .into_any()
    };
    match delivery {
        Delivery::Sent { at, .. } => {
            let actions = view! {
                <button
                    class="message-actions"
                    tabindex="-1"
                    aria-haspopup="menu"
                    aria-labelledby="message-actions"
                ></button>
            };
            vec![actions.into_any(), time(at)]
        }
        Delivery::Sending { at } => {
            let sending = view! { <span class="visually-hidden">{t_string!(i18n, sending)}</span> };
            vec![time(at), sending.into_any()]
        }
        Delivery::Failed(error) => {
            let Some(id) = client_id.map(|id| id.as_str().to_string()) else { return Vec::new() };
            let failed = view! {
                <div class="message-failed">
                    <p class="message-reason">
                        {t_string!(i18n, not_sent)} " · " {chat_sentence(i18n, &error)}
                    </p>
                    <button type="button" data-again=id.clone()>
                        {t_string!(i18n, try_again)}
                    </button>
                    <button type="button" data-discarded=id>
                        {t_string!(i18n, discard)}
                    </button>
                </div>
            };
            vec![failed.into_any()]
        }
    }
}
