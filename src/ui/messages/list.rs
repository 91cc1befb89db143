//! The messages of a conversation, newest at the bottom: the rows of what is drawn of it, and what
//! one can do with them. Where one is among them is `reading`'s to know.

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
use crate::ui::text::name::{contact_name, spoken};
use crate::ui::text::system_line::system_line;
use crate::ui::text::time::{TimeFormat, TimeStyle};
use crate::ui::view::each::Each;
use crate::ui::view::show::Show;

use super::bubble::message_bubble;
use super::row_context::RowContext;
use super::rows::{Row, Run, rows};
use super::scroll::Reading;

/// The runs of the messages of a block that are on the screen. A row is drawn once, and whether it
/// is the last of its run is decided by the ones that come later.
type Runs = StoredValue<HashMap<String, RwSignal<Run>>>;

#[component]
pub fn MessageList(contact: Contact) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let clock = TimeFormat::here();
    let me = driver.me();
    let conversation = driver.cache.conversation(contact);
    let list = RowContext { driver, i18n, clock, conversation };
    let reading = Reading::begin(driver, conversation);
    let Reading { pane, unread_after, left_at, drawn, .. } = reading;
    let missed = move || {
        let left_at = left_at.get()?;
        Some(conversation.with_messages(|all| {
            let newer = all.iter().rev().take_while(|message| message.seq > left_at);
            newer.filter(|message| message.sender != me && message.system.is_none()).count()
        }))
    };
    let blocks = Memo::new(move |_| {
        conversation.with_messages(|messages| {
            let shown = drawn.get();
            conversation.with_outbox(|outbox| {
                let outbox = if shown.is_at_newest() { outbox } else { &[] };
                let moment = |time| clock.moment(time);
                rows(me, shown.of(messages), outbox, unread_after.get(), moment)
            })
        })
    });
    let numbers =
        move || blocks.with(|all| all.iter().map(|block| block.number).collect::<Vec<_>>());
    let rows_of = move |number| {
        blocks.with(|all| {
            let at = all.binary_search_by_key(&number, |block| block.number);
            at.map_or_else(|_| Vec::new(), |at| all[at].rows.clone())
        })
    };
    let MenuAsked(asked) = expect_context();
    let clicked = move |what: Option<Clicked>| match what {
        Some(Clicked::Actions { seq, at }) => {
            asked.set(Some((MenuOf::Message(contact, seq), at)));
        }
        Some(Clicked::Quote { seq }) => reading.lead_to(seq),
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
        reading.taken_over();
        if let Some(pane) = pane.get_untracked()
            && browser::step_through_messages(&pane, &event, &event.key())
        {
            event.prevent_default();
        }
    };

    // What comes is read aloud, and what was fetched is not.
    let newest_before = conversation.newest_untracked().map_or(0, |message| message.seq);
    let announced = Memo::new(move |_| {
        let heard = |message: &Arc<Message>| message.sender != me && message.seq > newest_before;
        let message = conversation.newest().filter(heard)?;
        if let Some(line) = &message.system {
            return Some(system_line(i18n, driver.cache, message.sender, line));
        }
        let name = contact_name(i18n, driver.cache, Contact::User(message.sender));
        let text = spoken(i18n, driver.cache, contact, &message.text);
        Some(format!("{name}: {text}"))
    });

    view! {
        <div class="message-pane">
            <div
                class="message-list"
                node_ref=pane
                role="log"
                aria-live="off"
                aria-label=move || t_string!(i18n, messages)
                tabindex="0"
                on:scroll=move |_| reading.scrolled()
                on:scrollend=move |_| reading.rested()
                on:pointerdown=move |_| reading.taken_over()
                on:pointerenter=move |_| reading.reached()
                on:keydown=key_pressed
                on:click=move |event| clicked(browser::clicked_message(&event))
                on:contextmenu=pressed
            >
                <div class="message-column">
                    <Beginning conversation drawn />
                    <Each each=numbers key=|number| number.to_string() let(number)>
                        {
                            let runs = Runs::default();
                            let rows = move || {
                                let rows = rows_of(number);
                                renew_runs(runs, me, &rows);
                                rows
                            };
                            let each = move |row| message_row(row, runs, list);
                            view! {
                                <div class="message-block">
                                    <Each each=rows key=move |row| row.key(me) children=each />
                                </div>
                            }
                        }
                    </Each>
                </div>
            </div>
            <span id="message-actions" hidden>
                {t!(i18n, message_actions)}
            </span>
            <p class="visually-hidden" aria-live="polite">
                {move || announced.get()}
            </p>
            <Show when=move || left_at.get().is_some()>
                <button type="button" class="to-newest" on:click=move |_| reading.to_newest()>
                    {move || match missed() {
                        Some(0) | None => t_string!(i18n, to_newest).to_string(),
                        Some(count) => t_string!(i18n, new_messages, count = count),
                    }}
                </button>
            </Show>
        </div>
    }
}

/// Tells the rows of a block that are on the screen where they stand in their runs by now.
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

/// What stands above the oldest message that is here.
#[component]
fn Beginning(conversation: ConversationCache, drawn: RwSignal<Stretch>) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let again = move |_| driver.fetch_again(conversation.contact);
    move || {
        let shown = drawn.get();
        let (empty, at_oldest) =
            conversation.with_messages(|all| (all.is_empty(), shown.is_at_oldest(all)));
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

fn message_row(row: Row, runs: Runs, list: RowContext) -> AnyView {
    let RowContext { driver, i18n, clock, .. } = list;
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
                // The list may have gone before its rows.
                let _ = runs.try_update_value(|runs| runs.remove(&key));
            });
            message_bubble(row, run, list)
        }
    }
}
