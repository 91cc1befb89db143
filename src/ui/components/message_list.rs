//! The messages of a conversation, newest at the bottom. It opens where the unread ones begin,
//! follows the newest only while one is there, and fetches older ones as one scrolls up.
//!
//! The pane is a column in reverse (see style/_message_list.scss): the browser itself starts it
//! at the bottom, also without JavaScript, keeps it there, and does not jump when older messages
//! are put on top. Its scroll position therefore counts upwards from the newest: 0, -1, -2 …
//! Only a stretch of the messages is drawn (`client::drawn`); when something comes or goes below
//! what one reads, that is held in its place.

use std::sync::Arc;

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html::{Div, ElementType};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::client::browser::{self, Clicked};
use crate::client::conversation_cache::{Anchor, ConversationCache, Fetch, Place};
use crate::client::drawn::Drawn;
use crate::client::driver::Driver;
use crate::client::small_map::SmallMap;
use crate::model::{Contact, Message, SystemLine, UserId};
use crate::ui::each::Each;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::name::{contact_name, spoken};
use crate::ui::page::Here;
use crate::ui::sentence::sentence;
use crate::ui::show::Show;
use crate::ui::system_line::system_line;
use crate::ui::when::{Alive, Clock, Shown};

use super::menu::{MenuAsked, MenuOf};
use super::message_bubble::{Surroundings, message_bubble};
use super::message_rows::{Row, Run, rows};

/// So close to the bottom counts as being there, in pixels.
const AT_NEWEST_PX: i32 = 40;
/// So much is drawn at first where it is not known how high the window is, in pixels.
const ROOM_PX: usize = 800;
/// So much of the window's height others take, or more, in pixels: the header and the box.
const OTHERS_PX: usize = 110;
/// So close to the end of what is drawn more of it is, and older messages are fetched, in pixels.
const NEAR_END_PX: i32 = 1000;
/// So many unread messages are fetched to open the list where they begin.
const UNREAD_MOST: i64 = 500;

/// The line above what was unread.
const UNREAD_LINE: &str = ".unread-separator";

/// The runs of the messages of a block that are on the screen. A row is drawn once, and whether it is the
/// last of its run is decided by the ones that come later.
type Runs = StoredValue<SmallMap<String, RwSignal<Run>>>;

#[component]
pub fn MessageList(contact: Contact) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let clock = Clock::here();
    let here = expect_context::<Here>();
    let me = driver.me();
    let conversation = driver.cache.conversation(contact);
    let list = Surroundings { driver, i18n, clock, conversation };
    let pane = NodeRef::<Div>::new();
    // What was unread when one began to look; the line stays until one looks away.
    let unread_after = RwSignal::new(conversation.unread_after());
    // The newest place that was seen, while one is further up; nothing while one is at the
    // newest. A list that goes back to where it was left has not seen what came meanwhile.
    let left_at = RwSignal::new(conversation.place.get_untracked().left_at());
    let drawn = RwSignal::new(drawn_at_first(conversation));
    // Whether everything is here to open the list, and whether it stands where it opens. What it
    // shows until then nobody has read.
    let ready = RwSignal::new(false);
    let opened = RwSignal::new(false);
    // While the list glides to the newest, what it passes is not what one reads: taken for that,
    // it would be held in its place, and the glide would end there.
    let gliding = StoredValue::new(false);
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
    // Draws more or less of the messages. What changes below what one reads leaves that in its place,
    // before the browser shows or tells anything of it.
    let redraw = move |to: Drawn| {
        let holds = to.end() != drawn.get_untracked().end();
        let place = conversation.place.get_untracked();
        drawn.set(to);
        if let (true, Place::Away { anchor: Some(anchor), .. }) = (holds, place) {
            // The rows are drawn by the tasks that wait already.
            spawn_local(async move {
                if let Some(pane) = on_screen(pane) {
                    browser::hold(&pane, anchor);
                }
            });
        }
    };
    // Whether one is about to scroll.
    let reaches = StoredValue::new(false);
    let scrolled = move || {
        if left_at.is_disposed() || !opened.get_untracked() {
            return;
        }
        let Some(pane) = on_screen(pane) else { return };
        let shown = drawn.get_untracked();
        let below = browser::distance_from_newest(&pane);
        let is_away = below > AT_NEWEST_PX || !shown.is_at_newest();
        if is_away && gliding.get_value() {
            return;
        }
        gliding.set_value(false);
        let place = if is_away {
            let newest = || conversation.newest_untracked().map_or(0, |message| message.seq);
            let seen = left_at.get_untracked().unwrap_or_else(newest);
            let left_at = seen.max(browser::newest_seen(&pane).unwrap_or_default());
            Place::Away { anchor: browser::anchor(&pane), left_at }
        } else {
            Place::Newest
        };
        if place.left_at() != left_at.get_untracked() {
            left_at.set(place.left_at());
        }
        conversation.place.set(place);
        // Who only looks at the newest needs no more above than what fills the pane.
        let above = browser::distance_from_oldest(&pane);
        let is_near_oldest = above < if reaches.get_value() { NEAR_END_PX } else { 1 };
        let grown = conversation.with_messages_untracked(|messages| {
            if is_near_oldest && !shown.is_at_oldest() {
                return Some(shown.further_up(messages));
            }
            let ends = below < NEAR_END_PX && !shown.is_at_newest();
            ends.then(|| shown.further_down(messages))
        });
        if let Some(grown) = grown {
            redraw(grown);
        } else if shown.is_at_oldest()
            && above < NEAR_END_PX
            && conversation.fetch_untracked() == Fetch::Idle
        {
            driver.fetch_older(contact);
        }
    };
    // One has come to rest.
    let rested = move || {
        if let (Place::Away { anchor: Some(Anchor { seq, .. }), .. }, true) =
            (conversation.place.get_untracked(), opened.get_untracked())
        {
            let shown = drawn.get_untracked();
            let kept = conversation.with_messages_untracked(|all| shown.around(all, seq));
            if kept != shown {
                redraw(kept);
            }
        }
    };
    let to_newest = move || {
        gliding.set_value(true);
        left_at.set(None);
        conversation.place.set(Place::Newest);
        let from_afar = !drawn.get_untracked().is_at_newest();
        if from_afar {
            drawn.set(drawn_at_newest(conversation));
        }
        if let Some(pane) = pane.get_untracked() {
            browser::scroll_to_newest(&pane, !from_afar);
        }
    };
    let MenuAsked(asked) = expect_context();
    let led_to = RwSignal::new(None::<i64>);
    lead(pane, driver, conversation, drawn, left_at, led_to, scrolled);
    let clicked = move |what: Option<Clicked>| match what {
        Some(Clicked::Actions { seq, at }) => {
            asked.set(Some((MenuOf::Message(contact, seq), at)));
        }
        Some(Clicked::Quote { seq }) => led_to.set(Some(seq)),
        None => {}
    };
    let pressed = move |event: MouseEvent| {
        let what = browser::pressed_message(&event);
        if what.is_some() {
            event.prevent_default();
            clicked(what);
        }
    };
    let reached = move || {
        if !reaches.get_value() {
            reaches.set_value(true);
            scrolled();
        }
    };
    // The reader scrolls: the browser leaves off gliding.
    let taken_over = move || {
        gliding.set_value(false);
        reached();
    };
    let key_pressed = move |event: KeyboardEvent| {
        taken_over();
        if let Some(pane) = pane.get_untracked()
            && browser::step_through_messages(&pane, &event, &event.key())
        {
            event.prevent_default();
        }
    };
    let opens = move || {
        // A frame may come after the list has gone.
        if left_at.is_disposed() || opened.get_untracked() {
            return;
        }
        let Some(pane) = on_screen(pane) else { return };
        match (conversation.place.get_untracked(), unread_after.get_untracked()) {
            (Place::Away { anchor, .. }, _) => {
                if let Some(anchor) = anchor {
                    browser::hold(&pane, anchor);
                }
            }
            (Place::Newest, Some(after)) if browser::scroll_up_to(&pane, UNREAD_LINE) => {
                left_at.set(Some(after));
            }
            (Place::Newest, _) => {}
        }
        opened.set(true);
        scrolled();
    };
    // What one deletes is gone, and one is at the newest.
    Effect::new(move |before: Option<i64>| {
        let cleared = conversation.own().cleared_seq;
        if before.is_some_and(|before| before != cleared) {
            drawn.set(drawn_at_newest(conversation));
            left_at.set(None);
        }
        cleared
    });
    make_ready(driver, conversation, unread_after, ready);
    Effect::new(move |_| {
        // Behind a profile that covers it, the list is not drawn.
        here.is_profile.track();
        if ready.get() && !opened.get() {
            // The rows are drawn by then.
            request_animation_frame(opens);
        }
    });
    Effect::new(move |was_visible: Option<bool>| {
        let visible = driver.is_visible();
        let came_back = visible && was_visible == Some(false);
        // What came while nobody looked is unread, like what came before the list was opened.
        if came_back
            && conversation.place.get_untracked() == Place::Newest
            && let Some(after) = conversation.unread_after()
        {
            unread_after.set(Some(after));
            opened.set(false);
        }
        visible
    });
    follow(pane, conversation, drawn, left_at, to_newest, scrolled);
    mark_as_read(driver, here, pane, conversation, opened, left_at);

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
                on:scroll=move |_| scrolled()
                on:scrollend=move |_| rested()
                on:wheel=move |_| taken_over()
                on:touchmove=move |_| taken_over()
                on:pointerdown=move |_| taken_over()
                on:pointerenter=move |_| reached()
                on:keydown=key_pressed
                on:click=move |event| clicked(browser::clicked_message(&event))
                on:contextmenu=pressed
            >
                <div class="message-column">
                    <Beginning conversation drawn />
                    <Each each=numbers key=|number| number.to_string() let(number)>
                        {
                            let runs = Runs::default();
                            Effect::new(move |_| renew_runs(runs, me, &rows_of(number)));
                            view! {
                                <Each each=move || rows_of(number) key=move |row| row.key(me) let(row)>
                                    {message_row(row, runs, list)}
                                </Each>
                            }
                        }
                    </Each>
                </div>
            </div>
            <p class="visually-hidden" aria-live="polite">
                {move || announced.get()}
            </p>
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

/// Leads to a message that another one answers, however far up it stands: what is not here is
/// fetched until it is.
fn lead(
    pane: NodeRef<Div>,
    driver: Driver,
    conversation: ConversationCache,
    drawn: RwSignal<Drawn>,
    left_at: RwSignal<Option<i64>>,
    led_to: RwSignal<Option<i64>>,
    scrolled: impl Fn() + Copy + 'static,
) {
    Effect::new(move |_| {
        let Some(seq) = led_to.get() else { return };
        if conversation.message(seq).is_none() {
            match conversation.fetch() {
                Fetch::Idle if conversation.has_older() => driver.fetch_older(conversation.contact),
                Fetch::Running => {}
                // It is not for this reader to see, or cannot be fetched.
                Fetch::Idle | Fetch::Failed(_) => led_to.set(None),
            }
            return;
        }
        led_to.set(None);
        if !drawn.get_untracked().holds(seq) {
            drawn.set(conversation.with_messages_untracked(|all| Drawn::with(all, seq)));
        }
        if left_at.get_untracked().is_none() {
            left_at.set(conversation.newest_untracked().map(|message| message.seq));
        }
        request_animation_frame(move || {
            if let Some(pane) = on_screen(pane) {
                browser::show_message(&pane, seq);
                scrolled();
            }
        });
    });
}

/// What is drawn when a conversation is opened: what was seen when it was left, else the newest
/// messages with whatever is unread.
fn drawn_at_first(conversation: ConversationCache) -> Drawn {
    let Alive(alive) = expect_context();
    let room_px = if alive.get_untracked() { room_px() } else { ROOM_PX };
    let unread_after = conversation.unread_after();
    conversation.with_messages_untracked(|messages| match conversation.place.get_untracked() {
        Place::Away { anchor: Some(Anchor { seq, .. }), .. } => {
            Drawn::up_from(messages, seq, room_px)
        }
        _ => Drawn::newest(messages, unread_after, room_px),
    })
}

fn drawn_at_newest(conversation: ConversationCache) -> Drawn {
    conversation.with_messages_untracked(|messages| Drawn::newest(messages, None, room_px()))
}

/// How high the list may be at most.
fn room_px() -> usize {
    browser::window_height().map_or(ROOM_PX, |height| height.saturating_sub(OTHERS_PX))
}

/// The pane, if it is on the screen.
fn on_screen(pane: NodeRef<Div>) -> Option<<Div as ElementType>::Output> {
    pane.try_get_untracked().flatten().filter(|pane| browser::is_drawn(pane))
}

/// Waits until everything is here that the list has to show when it opens, and asks for it.
fn make_ready(
    driver: Driver,
    conversation: ConversationCache,
    unread_after: RwSignal<Option<i64>>,
    ready: RwSignal<bool>,
) {
    Effect::new(move |_| {
        if ready.get_untracked() {
            return;
        }
        if let (Place::Newest, Some(after)) =
            (conversation.place.get_untracked(), unread_after.get_untracked())
        {
            let oldest = conversation.with_messages(|all| all.first().map(|m| m.seq));
            let newest = conversation.newest_untracked().map_or(0, |message| message.seq);
            let begins_here = oldest.is_none_or(|oldest| oldest <= after + 1);
            let far = newest - after > UNREAD_MOST;
            let fetches = !begins_here && !far && conversation.has_older();
            let failed = matches!(conversation.fetch(), Fetch::Failed(_));
            if !failed && (fetches || !conversation.is_loaded()) {
                driver.fetch_older(conversation.contact);
                return;
            }
        }
        ready.set(true);
    });
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

/// After a change: goes to a message that one has just sent, and keeps what one reads in its
/// place when something comes or goes below.
fn follow(
    pane: NodeRef<Div>,
    conversation: ConversationCache,
    drawn: RwSignal<Drawn>,
    left_at: RwSignal<Option<i64>>,
    to_newest: impl Fn() + Copy + 'static,
    scrolled: impl Fn() + Copy + 'static,
) {
    Effect::new(move |before: Option<(Drawn, (Option<i64>, usize), u32)>| {
        // More of them may still not fill the pane, and so this follows what is drawn, too.
        let shown = drawn.get();
        // The newest message, and how much of what is drawn is not what was said there: a line is
        // of another height than what was recalled.
        let newest = conversation.with_messages(|messages| {
            let lines = shown.of(messages).iter().filter(|message| message.system.is_some());
            (messages.last().map(|message| message.seq), lines.count())
        });
        let sent = conversation.sent_here.get();
        if let Some((shown_before, newest_before, sent_before)) = before {
            // The place is from before the change, and the next frame from after it. Who draws more
            // or less holds it already.
            let place = conversation.place.get_untracked();
            let changed = shown == shown_before && newest != newest_before;
            request_animation_frame(move || {
                if left_at.is_disposed() {
                    return;
                }
                if sent != sent_before {
                    to_newest();
                } else if left_at.get_untracked().is_some()
                    && changed
                    && let Place::Away { anchor: Some(anchor), .. } = place
                    && let Some(pane) = on_screen(pane)
                {
                    browser::hold(&pane, anchor);
                }
                scrolled();
            });
        }
        (shown, newest, sent)
    });
}

/// Read is what was seen: conversation open, page visible, newest line in view.
fn mark_as_read(
    driver: Driver,
    here: Here,
    pane: NodeRef<Div>,
    conversation: ConversationCache,
    opened: RwSignal<bool>,
    left_at: RwSignal<Option<i64>>,
) {
    let is_seen = move || {
        let at_newest = left_at.try_get_untracked() == Some(None);
        at_newest && opened.try_get_untracked() == Some(true) && on_screen(pane).is_some()
    };
    Effect::new(move |_| {
        // Behind a profile that covers it, nothing is seen; in a frame it has come or gone.
        here.is_profile.track();
        if opened.get()
            && driver.is_visible()
            && left_at.get().is_none()
            && let Some(newest) = conversation.newest()
        {
            request_animation_frame(move || {
                if is_seen() {
                    driver.seen(conversation.contact, newest.seq, newest.count);
                }
            });
        }
    });
}

/// What stands above the oldest message that is here.
#[component]
fn Beginning(conversation: ConversationCache, drawn: RwSignal<Drawn>) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let again = move |_| driver.fetch_again(conversation.contact);
    move || {
        let empty = conversation.with_messages(<[_]>::is_empty);
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
            Fetch::Idle
                if conversation.is_loaded()
                    && !conversation.has_older()
                    && drawn.get().is_at_oldest() =>
            {
                view! { <p class="list-note">{t!(i18n, beginning)}</p> }.into_any()
            }
            Fetch::Idle => ().into_any(),
        }
    }
}

fn message_row(row: Row, runs: Runs, list: Surroundings) -> AnyView {
    let Surroundings { driver, i18n, clock, .. } = list;
    match row {
        Row::Day { time, .. } => {
            let day = move || clock.text(time, Shown::Day);
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
            let line = move || {
                let line = message.system.as_ref().unwrap_or(&SystemLine::Unknown);
                system_line(i18n, driver.cache, message.sender, line)
            };
            view! { <p class="system-line">{line}</p> }.into_any()
        }
        row => {
            let run = RwSignal::new(row.run().unwrap_or_default());
            let key = row.key(driver.me());
            runs.update_value(|runs| {
                runs.insert(key.clone(), run);
            });
            on_cleanup(move || {
                // The list may have gone before its rows.
                let _ = runs.try_update_value(|runs| runs.retain(|known, _| *known != key));
            });
            message_bubble(row, run, list)
        }
    }
}
