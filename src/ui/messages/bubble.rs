//! One message: who, what and when, and how it is doing while it is on its way.

use leptos::prelude::*;
use leptos_i18n::I18nContext;

use crate::client::cache::conversation::ConversationCache;
use crate::client::driver::Driver;
use crate::client::machines::clock::iso;
use crate::error::KithError;
use crate::model::{ClientId, Contact, Message, Quote, Timestamp, UserId};
use crate::ui::i18n::{Locale, t_string};
use crate::ui::parts::avatar::{Avatar, colour_of};
use crate::ui::text::emoji::is_few_emoji;
use crate::ui::text::errors::chat_sentence;
use crate::ui::text::name::{contact_name, spoken};
use crate::ui::text::time::{TimeFormat, TimeStyle};
use crate::ui::view::markup::Markup;

use super::rows::{Row, Run};
use super::text::add_text;

/// What every row of a list needs, found once.
#[derive(Clone, Copy)]
pub struct Surroundings {
    pub driver: Driver,
    pub i18n: I18nContext<Locale>,
    pub clock: TimeFormat,
    pub conversation: ConversationCache,
}

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

/// A message of the row; a separator has none and draws nothing here. All of it is drawn by one
/// effect, and what is in it is put together as text: a list is full of these, and is drawn anew
/// whenever one turns to it. When something in it changes, such as a name or a time, all of it does.
pub fn message_bubble(row: Row, run: RwSignal<Run>, list: Surroundings) -> AnyView {
    let Surroundings { driver, conversation, .. } = list;
    let me = driver.me();
    let (sender, client_id, text, reply, delivery) = match row {
        Row::Day { .. } | Row::Unread | Row::System(_) => return ().into_any(),
        Row::Stored(message, _) => {
            let sent = Delivery::Sent { seq: message.seq, at: message.sent };
            let Message { sender, client_id, text, reply, .. } = Message::clone(&message);
            (sender, client_id, text, reply, Signal::stored(sent))
        }
        Row::OnItsWay(item, _) => {
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
        let body = reply.iter().fold(body, |body, quote| add_quote(body, list, quote));
        let body = add_text(body, list, &text);
        let body = add_progress(body, list, delivery, client_id.as_ref()).into_string();
        let body = view! { <div class="message-body" inner_html=body></div> };
        let inside = if in_group && sender != me {
            (run.first.then(|| sender_line(list, sender)), body).into_any()
        } else {
            body.into_any()
        };
        view! {
            <article
                class=class(run)
                aria-label=sender_name(list, sender)
                data-state=state
                data-seq=written
            >
                {inside}
            </article>
        }
    };
    bubble.into_any()
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

/// Who wrote it, to be heard.
fn sender_name(list: Surroundings, sender: UserId) -> String {
    let Surroundings { driver, i18n, .. } = list;
    match sender == driver.me() {
        true => t_string!(i18n, you).to_string(),
        false => contact_name(i18n, driver.cache, Contact::User(sender)),
    }
}

/// Who wrote it, to be seen: above the first of a run in a group.
fn sender_line(list: Surroundings, sender: UserId) -> impl IntoView {
    let contact = Contact::User(sender);
    view! {
        <p class=format!("message-sender name-{}", colour_of(contact)) aria-hidden="true">
            {sender_name(list, sender)}
        </p>
        <Avatar contact />
    }
}

/// Adds what it answers. The list hears the click on it.
fn add_quote(body: Markup, list: Surroundings, quote: &Quote) -> Markup {
    let Surroundings { driver, i18n, conversation, .. } = list;
    let text = match quote.text.is_empty() {
        true => t_string!(i18n, recalled).to_string(),
        false => spoken(i18n, driver.cache, conversation.contact, &quote.text),
    };
    body.html(r#"<button type="button" class="message-quote" data-quoted=""#)
        .text(&quote.seq.to_string())
        .html(r#""><span class="quote-sender name-"#)
        .text(&colour_of(Contact::User(quote.sender)).to_string())
        .html(r#"">"#)
        .text(&sender_name(list, quote.sender))
        .html(r#"</span><span class="quote-text">"#)
        .text(&text)
        .html("</span></button>")
}

/// The way to what can be done with it. The list hears the click on it, gives it the focus, and has
/// its label.
const ACTIONS: &str = r#"<button class="message-actions" tabindex="-1" aria-haspopup="menu" aria-labelledby="message-actions"></button>"#;

/// Adds when it was stored, and what can be done with it; or that it is on its way; or why it was
/// refused, and what can be done then.
fn add_progress(
    body: Markup,
    list: Surroundings,
    delivery: Delivery,
    client_id: Option<&ClientId>,
) -> Markup {
    let Surroundings { i18n, clock, .. } = list;
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
