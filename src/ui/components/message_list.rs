//! The messages of a conversation, newest at the bottom. It follows them only while one is
//! there, and fetches older ones as one scrolls up.
//!
//! The pane is a column in reverse (see style/_message_list.scss): the browser itself starts it
//! at the bottom, also without JavaScript, keeps it there, and does not jump when older messages
//! are put on top. Its scroll position therefore counts upwards from the newest: 0, -1, -2 …

use leptos::html::Div;
use leptos::prelude::*;

use crate::client::browser;
use crate::client::conversation_cache::{ConversationCache, Fetch, Place};
use crate::client::driver::Driver;
use crate::model::{Contact, Message};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::sentence::sentence;
use crate::ui::when::{Alive, Shown, moment, when_text};

use super::message_bubble::MessageBubble;
use super::message_rows::{Row, rows};

/// So close to the bottom counts as being there, in pixels.
const AT_NEWEST_PX: i32 = 40;
/// So close to the top older messages are fetched, in pixels.
const NEAR_OLDEST_PX: i32 = 400;

#[component]
pub fn MessageList(contact: Contact) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let alive = expect_context::<Alive>();
    let me = driver.me();
    let conversation = driver.cache.conversation(contact);
    let pane = NodeRef::<Div>::new();
    // The newest place when one scrolled away from it; nothing while one is there. A list that
    // goes back to where it was left has not seen from the start what came meanwhile.
    let left_at = RwSignal::new(conversation.place.get_untracked().left_at());
    // While the list glides to the newest, what it passes is not what one reads: taken for that,
    // it would be held in its place, and the glide would end there.
    let gliding = StoredValue::new(false);
    let missed = move || {
        let left_at = left_at.get()?;
        let newer = |m: &&Message| m.seq > left_at && m.sender != me;
        Some(conversation.with_messages(|all| all.iter().rev().filter(newer).count()))
    };
    let all_rows = Memo::new(move |_| {
        conversation.with_messages(|messages| {
            rows(me, messages, conversation.outbox(), |time| moment(alive, time))
        })
    });

    let scrolled = move || {
        // A frame may come after the list has gone.
        if left_at.is_disposed() {
            return;
        }
        let Some(pane) = pane.get_untracked() else { return };
        let is_away = browser::distance_from_newest(&pane) > AT_NEWEST_PX;
        if is_away && gliding.get_value() {
            return;
        }
        gliding.set_value(false);
        let px = browser::distance_from_oldest(&pane);
        let place = if is_away {
            let newest = || conversation.newest_untracked().map_or(0, |message| message.seq);
            Place::Top { px, left_at: left_at.get_untracked().unwrap_or_else(newest) }
        } else {
            Place::Newest
        };
        if place.left_at() != left_at.get_untracked() {
            left_at.set(place.left_at());
        }
        conversation.place.set(place);
        if px < NEAR_OLDEST_PX && conversation.fetch_untracked() == Fetch::Idle {
            driver.fetch_older(contact);
        }
    };
    let to_newest = move || {
        gliding.set_value(true);
        left_at.set(None);
        conversation.place.set(Place::Newest);
        if let Some(pane) = pane.get_untracked() {
            browser::scroll_to_newest(&pane);
        }
    };
    // The reader scrolls: the browser leaves off gliding.
    let taken_over = move || gliding.set_value(false);
    restore_place(pane, conversation, scrolled);
    follow(pane, conversation, left_at, to_newest, scrolled);
    mark_as_read(driver, conversation, left_at);

    view! {
        <div class="message-pane">
            <div
                class="message-list"
                node_ref=pane
                role="log"
                aria-live="polite"
                aria-label=move || t_string!(i18n, messages)
                tabindex="0"
                on:scroll=move |_| scrolled()
                on:wheel=move |_| taken_over()
                on:touchmove=move |_| taken_over()
                on:pointerdown=move |_| taken_over()
                on:keydown=move |_| taken_over()
            >
                <div class="message-column">
                    <Beginning conversation />
                    <For each=move || all_rows.get() key=move |row| row.key(me) let(row)>
                        <MessageRow row conversation />
                    </For>
                </div>
            </div>
            <Show when=move || left_at.get().is_some()>
                <button type="button" class="to-newest" on:click=move |_| to_newest()>
                    {move || match missed() {
                        Some(0) | None => t_string!(i18n, to_newest).to_string(),
                        Some(count) => t_string!(i18n, new_messages, count = count),
                    }}
                </button>
            </Show>
        </div>
    }
}

/// Takes the list back to where it was left.
fn restore_place(
    pane: NodeRef<Div>,
    conversation: ConversationCache,
    scrolled: impl Fn() + Copy + 'static,
) {
    Effect::new(move |_| {
        let Some(pane) = pane.get() else { return };
        if let Place::Top { px, .. } = conversation.place.get_untracked() {
            browser::scroll_from_oldest(&pane, px);
        }
        request_animation_frame(scrolled);
    });
}

/// After a change: goes to a message that one has just sent, and keeps what one reads in its
/// place when others arrive below.
fn follow(
    pane: NodeRef<Div>,
    conversation: ConversationCache,
    left_at: RwSignal<Option<i64>>,
    to_newest: impl Fn() + Copy + 'static,
    scrolled: impl Fn() + Copy + 'static,
) {
    Effect::new(move |before: Option<(Option<i64>, usize)>| {
        let newest = conversation.with_messages(|messages| messages.last().map(|m| m.seq));
        let on_their_way = conversation.outbox().len();
        if let Some((newest_before, on_their_way_before)) = before {
            // The place is from before the change, and the next frame from after it.
            let place = conversation.place.get_untracked();
            request_animation_frame(move || {
                if left_at.is_disposed() {
                    return;
                }
                if on_their_way > on_their_way_before {
                    to_newest();
                } else if left_at.get_untracked().is_some()
                    && newest > newest_before
                    && let (Some(pane), Place::Top { px, .. }) = (pane.get_untracked(), place)
                {
                    browser::scroll_from_oldest(&pane, px);
                }
                scrolled();
            });
        }
        (newest, on_their_way)
    });
}

/// Read is what was seen: conversation open, page visible, newest line in view.
fn mark_as_read(driver: Driver, conversation: ConversationCache, left_at: RwSignal<Option<i64>>) {
    Effect::new(move |_| {
        if driver.is_visible()
            && left_at.get().is_none()
            && let Some(newest) = conversation.newest()
        {
            driver.seen(conversation.contact, newest.seq, newest.count);
        }
    });
}

/// What stands above the oldest message that is here.
#[component]
fn Beginning(conversation: ConversationCache) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let again = move |_| driver.fetch_again(conversation.contact);
    move || {
        let empty = conversation.with_messages(<[_]>::is_empty);
        match conversation.fetch() {
            Fetch::Running => {
                view! { <p class="list-note">{t!(i18n, loading_older)}</p> }.into_any()
            }
            Fetch::Failed(error) => view! {
                <p class="list-note">
                    {sentence(i18n, &error)} " "
                    <button type="button" on:click=again>
                        {t!(i18n, try_again)}
                    </button>
                </p>
            }
            .into_any(),
            Fetch::Idle if conversation.is_loaded() && empty => {
                view! { <p class="list-note">{t!(i18n, no_messages)}</p> }.into_any()
            }
            Fetch::Idle if conversation.is_loaded() && !conversation.has_older() => {
                view! { <p class="list-note">{t!(i18n, beginning)}</p> }.into_any()
            }
            Fetch::Idle => ().into_any(),
        }
    }
}

#[component]
fn MessageRow(row: Row, conversation: ConversationCache) -> impl IntoView {
    match row {
        Row::Day { time, .. } => view! {
            <p class="day-separator">
                <span>{when_text(time, Shown::Day)}</span>
            </p>
        }
        .into_any(),
        row => view! { <MessageBubble row conversation /> }.into_any(),
    }
}
