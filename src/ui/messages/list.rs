//! The messages of a conversation, the newest at the bottom: the rows of the rendered ones, and
//! what clicks and keys do there. `scroll` knows where the reader is.

use std::collections::HashMap;
use std::sync::Arc;

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;

use crate::client::browser::{self, Clicked};
use crate::client::cache::conversation::{ConversationCache, Fetch};
use crate::client::driver::Driver;
use crate::client::machines::stretch::Stretch;
use crate::model::{Contact, Message, SystemLine, UserId};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::menu::{MenuAsked, MenuOf};
use crate::ui::text::errors::chat_sentence;
use crate::ui::text::name::{contact_name, shown_text};
use crate::ui::text::system_line::system_line;
use crate::ui::text::time::{TimeFormat, TimeStyle};
use crate::ui::view::each::Each;
use crate::ui::view::show::Show;

use super::bubble::message_bubble;
use super::row_context::RowContext;
use super::rows::{Block, Row, Run, rows};
use super::scroll::Scroll;

/// The runs of the rendered messages of a block. A row is rendered once, and later rows decide
/// whether it is the last of its run.
type Runs = StoredValue<HashMap<String, RwSignal<Run>>>;

#[component]
pub fn MessageList(contact: Contact) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let conversation = driver.cache.conversation(contact);
    let context = RowContext { driver, i18n, clock: TimeFormat::here(), conversation };
    let scroll = Scroll::new(driver, conversation);
    let blocks = rendered_blocks(context, scroll);
    let numbers =
        move || blocks.with(|all| all.iter().map(|block| block.number).collect::<Vec<_>>());
    let MenuAsked(asked) = expect_context();
    let clicked = move |what: Option<Clicked>| match what {
        Some(Clicked::Actions { seq, at }) => {
            asked.set(Some((MenuOf::Message(contact, seq), at)));
        }
        Some(Clicked::Quote { seq }) => scroll.jump_to(seq),
        Some(Clicked::Retry(id)) => driver.retry(&id),
        Some(Clicked::Discard(id)) => driver.discard(&id),
        None => {}
    };
    let pressed = move |event: MouseEvent| {
        let what = browser::pressed_message(&event);
        if what.is_some() {
            event.prevent_default();
            clicked(what);
        }
    };
    let key_pressed = move |event: KeyboardEvent| {
        scroll.grabbed();
        if let Some(pane) = scroll.pane.get_untracked()
            && browser::step_through_messages(&pane, &event, &event.key())
        {
            event.prevent_default();
        }
    };
    let announced = announcement(context);

    view! {
        <div class="message-pane">
            <div
                class="message-list"
                node_ref=scroll.pane
                role="log"
                aria-live="off"
                aria-label=move || t_string!(i18n, messages)
                tabindex="0"
                on:scroll=move |_| scroll.measure()
                on:scrollend=move |_| scroll.scroll_ended()
                on:pointerdown=move |_| scroll.grabbed()
                on:pointerenter=move |_| scroll.approached()
                on:keydown=key_pressed
                on:click=move |event| clicked(browser::clicked_message(&event))
                on:contextmenu=pressed
            >
                <div class="message-column">
                    <Beginning conversation rendered=scroll.rendered />
                    <Each each=numbers key=|number| number.to_string() let(number)>
                        {rows_of_block(number, blocks, context)}
                    </Each>
                </div>
            </div>
            <span id="message-actions" hidden>
                {t!(i18n, message_actions)}
            </span>
            <p class="visually-hidden" aria-live="polite">
                {move || announced.get()}
            </p>
            <ToNewest context scroll />
        </div>
    }
}

/// The rows of the rendered messages, block by block.
fn rendered_blocks(context: RowContext, scroll: Scroll) -> Memo<Vec<Block>> {
    let RowContext { driver, clock, conversation, .. } = context;
    Memo::new(move |_| {
        let (rendered, unread_after) = (scroll.rendered.get(), scroll.unread_after.get());
        conversation.with_messages(|messages| {
            conversation.with_outbox(|outbox| {
                let outbox = if rendered.is_at_newest() { outbox } else { &[] };
                let moment = |time| clock.moment(time);
                rows(driver.me(), rendered.of(messages), outbox, unread_after, moment)
            })
        })
    })
}

fn rows_of_block(number: i64, blocks: Memo<Vec<Block>>, context: RowContext) -> impl IntoView {
    let me = context.driver.me();
    let runs = Runs::default();
    let rows = move || {
        let rows = blocks.with(|all| {
            let index = all.binary_search_by_key(&number, |block| block.number);
            index.map_or_else(|_| Vec::new(), |index| all[index].rows.clone())
        });
        renew_runs(runs, me, &rows);
        rows
    };
    let each = move |row| message_row(row, runs, context);
    view! {
        <div class="message-block">
            <Each each=rows key=move |row| row.key(me) children=each />
        </div>
    }
}

/// New messages are read aloud; fetched ones are not.
fn announcement(context: RowContext) -> Memo<Option<String>> {
    let RowContext { driver, i18n, conversation, .. } = context;
    let newest_before = conversation.newest_untracked().map_or(0, |message| message.seq);
    Memo::new(move |_| {
        let is_news =
            |message: &Arc<Message>| message.sender != driver.me() && message.seq > newest_before;
        let message = conversation.newest().filter(is_news)?;
        if let Some(line) = &message.system {
            return Some(system_line(i18n, driver.cache, message.sender, line));
        }
        let name = contact_name(i18n, driver.cache, Contact::User(message.sender));
        let text = shown_text(i18n, driver.cache, conversation.contact, &message.text);
        Some(format!("{name}: {text}"))
    })
}

/// The button to the newest message, with the number of messages that were not seen.
#[component]
fn ToNewest(context: RowContext, scroll: Scroll) -> impl IntoView {
    let RowContext { driver, i18n, conversation, .. } = context;
    let unseen = move || {
        let seen_seq = scroll.seen_seq.get()?;
        Some(conversation.with_messages(|all| {
            let newer = all.iter().rev().take_while(|message| message.seq > seen_seq);
            newer
                .filter(|message| message.sender != driver.me() && message.system.is_none())
                .count()
        }))
    };
    view! {
        <Show when=move || scroll.seen_seq.get().is_some()>
            <button type="button" class="to-newest" on:click=move |_| scroll.to_newest()>
                {move || match unseen() {
                    Some(0) | None => t_string!(i18n, to_newest).to_string(),
                    Some(count) => t_string!(i18n, new_messages, count = count),
                }}
            </button>
        </Show>
    }
}

/// Tells the rendered rows of a block which of them are first and last of their runs now.
fn renew_runs(runs: Runs, me: UserId, rows: &[Row]) {
    runs.with_value(|runs| {
        for row in rows {
            if let (Some(run), Some(shown)) = (row.run(), runs.get(&row.key(me)))
                && shown.get_untracked() != run
            {
                shown.set(run);
            }
        }
    });
}

/// The note above the oldest message in the cache.
#[component]
fn Beginning(conversation: ConversationCache, rendered: RwSignal<Stretch>) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let again = move |_| driver.fetch_again(conversation.contact);
    move || {
        let rendered = rendered.get();
        let (empty, at_oldest) =
            conversation.with_messages(|all| (all.is_empty(), rendered.is_at_oldest(all)));
        match conversation.fetch() {
            Fetch::Running if empty => view! {
                <div class="skeleton" role="status" aria-label=t_string!(i18n, loading_older)>
                    <span></span>
                    <span></span>
                    <span></span>
                </div>
            }
            .into_any(),
            Fetch::Running => {
                view! { <p class="list-note">{t!(i18n, loading_older)}</p> }.into_any()
            }
            Fetch::Failed(error) => view! {
                <p class="list-note">
                    {chat_sentence(i18n, &error)} " "
                    <button type="button" on:click=again>
                        {t!(i18n, try_again)}
                    </button>
                </p>
            }
            .into_any(),
            Fetch::Idle if conversation.is_loaded() && empty => {
                view! { <p class="list-note">{t!(i18n, no_messages)}</p> }.into_any()
            }
            Fetch::Idle if conversation.is_loaded() && !conversation.has_older() && at_oldest => {
                view! { <p class="list-note">{t!(i18n, beginning)}</p> }.into_any()
            }
            Fetch::Idle => ().into_any(),
        }
    }
}

fn message_row(row: Row, runs: Runs, context: RowContext) -> AnyView {
    let RowContext { driver, i18n, clock, .. } = context;
    match row {
        Row::Day { time, .. } => {
            let day = move || clock.text(time, TimeStyle::Day);
            view! {
                <p class="day-separator">
                    <span>{day}</span>
                </p>
            }
            .into_any()
        }
        Row::Unread => view! {
            <p class="unread-separator">
                <span>{t!(i18n, unread_from_here)}</span>
            </p>
        }
        .into_any(),
        Row::System(message) => {
            let seq = message.seq.to_string();
            let line = move || {
                let line = message.system.as_ref().unwrap_or(&SystemLine::Unknown);
                system_line(i18n, driver.cache, message.sender, line)
            };
            view! { <p class="system-line" data-seq=seq>{line}</p> }.into_any()
        }
        row => {
            let run = RwSignal::new(row.run().unwrap_or_default());
            let key = row.key(driver.me());
            runs.update_value(|runs| {
                runs.insert(key.clone(), run);
            });
            on_cleanup(move || {
                // The list may be disposed before its rows.
                let _ = runs.try_update_value(|runs| runs.remove(&key));
            });
            message_bubble(row, run, context)
        }
    }
}
