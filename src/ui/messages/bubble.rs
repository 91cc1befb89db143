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
use crate::ui::view::markup::Markup;

use super::row_context::RowContext;
use super::rows::{Row, Run};
use super::text::add_text;

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
/// most of it as text, because each switch to a conversation renders many bubbles. When a name or
/// a time in the bubble changes, the effect renders the whole bubble again.
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
        let body = Markup::default();
        let body = reply.iter().fold(body, |body, quote| add_quote(body, context, quote));
        let body = add_text(body, context, &text);
        let body = add_progress(body, context, delivery, client_id.as_ref()).into_string();
        let body = view! { <div class="message-body" inner_html=body></div> };
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

/// Adds the quote of the message that this one replies to. The list handles clicks on it.
fn add_quote(body: Markup, context: RowContext, quote: &Quote) -> Markup {
    let RowContext { driver, i18n, conversation, .. } = context;
    let text = match quote.text.is_empty() {
        true => t_string!(i18n, recalled).to_string(),
        false => shown_text(i18n, driver.cache, conversation.contact, &quote.text),
    };
    body.html(r#"<button type="button" class="message-quote" data-quoted=""#)
        .text(&quote.seq.to_string())
        .html(r#""><span class="quote-sender name-"#)
        .text(&colour_of(Contact::User(quote.sender)).to_string())
        .html(r#"">"#)
        .text(&sender_name(context, quote.sender))
        .html(r#"</span><span class="quote-text">"#)
        .text(&text)
        .html("</span></button>")
}

/// The button of the message's menu. The list handles its clicks, gives it the focus, and has its
/// label.
const ACTIONS: &str = concat!(
    r#"<button class="message-actions" tabindex="-1" aria-haspopup="menu" "#,
    r#"aria-labelledby="message-actions"></button>"#
);

/// Adds the progress of the delivery: the time and the menu of a stored message, the mark of a
/// message that is being sent, or the error of a refused one with the buttons that retry and
/// discard it.
fn add_progress(
    body: Markup,
    context: RowContext,
    delivery: Delivery,
    client_id: Option<&ClientId>,
) -> Markup {
    let RowContext { i18n, clock, .. } = context;
    let add_time = |body: Markup, at| {
        body.html(r#"<time class="message-time" datetime=""#)
            .text(&iso(at))
            .html(r#"">"#)
            .text(&clock.text(at, TimeStyle::Clock))
            .html("</time>")
    };
    match delivery {
        Delivery::Sent { at, .. } => add_time(body.html(ACTIONS), at),
        Delivery::Sending { at } => add_time(body, at)
            .html(r#"<span class="visually-hidden">"#)
            .text(t_string!(i18n, sending))
            .html("</span>"),
        Delivery::Failed(error) => {
            let Some(id) = client_id.map(ClientId::as_str) else { return body };
            body.html(r#"<div class="message-failed"><p class="message-reason">"#)
                .text(t_string!(i18n, not_sent))
                .html(" · ")
                .text(&chat_sentence(i18n, &error))
                .html(r#"</p><button type="button" data-again=""#)
                .text(id)
                .html(r#"">"#)
                .text(t_string!(i18n, try_again))
                .html(r#"</button><button type="button" data-discarded=""#)
                .text(id)
                .html(r#"">"#)
                .text(t_string!(i18n, discard))
                .html("</button></div>")
        }
    }
}
