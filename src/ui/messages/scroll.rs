//! Where one is in the messages of a conversation: which of them are drawn, where the list opens,
//! what it follows, and what counts as seen.
//!
//! The pane is a column in reverse: its scroll position counts upwards from the newest. Only a
//! stretch of the messages is drawn (`client::drawn`); when something comes or goes below what one
//! reads, that is held in its place.

use std::time::Duration;

use leptos::html::{Div, ElementType};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::client::browser;
use crate::client::cache::conversation::{Anchor, ConversationCache, Fetch, ReadingPosition};
use crate::client::driver::Driver;
use crate::client::machines::stretch::{Stretch, are_all_after};
use crate::ui::route::CurrentRoute;

use super::opening::{drawn_at_first, drawn_at_newest};

/// So close to the bottom counts as being there, in pixels.
const AT_NEWEST_PX: i32 = 40;
/// So close to the end of what is drawn more of it is, and older messages are fetched, in pixels.
const NEAR_END_PX: i32 = 1000;
/// No browser glides for longer.
const GLIDE: Duration = Duration::from_secs(2);
/// So many unread messages are fetched to open the list where they begin.
const UNREAD_MOST: i64 = 500;

/// The line above what was unread.
const UNREAD_LINE: &str = ".unread-separator";

/// What a list of messages knows of its reader. Its handlers and effects are all of this one.
#[derive(Clone, Copy)]
pub struct Reading {
    driver: Driver,
    here: CurrentRoute,
    conversation: ConversationCache,
    pub pane: NodeRef<Div>,
    /// What was unread when one began to look; the line stays until one looks away.
    pub unread_after: RwSignal<Option<i64>>,
    /// The newest place that was seen, while one is further up; nothing while one is at the
    /// newest. A list that goes back to where it was left has not seen what came meanwhile.
    pub left_at: RwSignal<Option<i64>>,
    pub drawn: RwSignal<Stretch>,
    /// Whether everything is here to open the list.
    ready: RwSignal<bool>,
    /// Whether the list stands where it opens. What it shows until then nobody has read.
    opened: RwSignal<bool>,
    /// While the list glides to the newest: how far from there it is. What it passes is not what
    /// one reads: taken for that, it would be held in its place, and the glide would end there.
    gliding: StoredValue<Option<i32>>,
    /// Whether one is about to scroll.
    reaches: StoredValue<bool>,
    /// Set for two frames after more was drawn: nothing more is drawn until then.
    grows: StoredValue<bool>,
    /// Where an answer leads.
    led_to: RwSignal<Option<i64>>,
}

impl Reading {
    /// Opens the list of a conversation, and follows what happens there for as long as it lives.
    pub fn begin(driver: Driver, conversation: ConversationCache) -> Self {
        let reading = Self {
            driver,
            here: expect_context(),
            conversation,
            pane: NodeRef::new(),
            unread_after: RwSignal::new(conversation.unread_after()),
            left_at: RwSignal::new(conversation.place.get_untracked().left_at()),
            drawn: RwSignal::new(drawn_at_first(conversation)),
            ready: RwSignal::new(false),
            opened: RwSignal::new(false),
            gliding: StoredValue::new(None),
            reaches: StoredValue::new(false),
            grows: StoredValue::new(false),
            led_to: RwSignal::new(None),
        };
        reading.lead();
        reading.begin_again();
        reading.make_ready();
        reading.open_when_ready();
        reading.open_again_when_visible();
        reading.follow();
        reading.mark_as_read();
        reading
    }

    /// Draws more or less of the messages. What changes below what one reads leaves that in its
    /// place, before the browser shows or tells anything of it.
    fn redraw(self, to: Stretch) {
        let holds = to.end() != self.drawn.get_untracked().end();
        let place = self.conversation.place.get_untracked();
        self.drawn.set(to);
        if let (true, ReadingPosition::Away { anchor: Some(anchor), .. }) = (holds, place) {
            // The rows are drawn by the tasks that wait already.
            spawn_local(async move {
                if let Some(pane) = self.pane_on_screen() {
                    browser::hold(&pane, anchor);
                }
            });
        }
    }

    /// The list stands somewhere else, or something else stands there.
    pub fn scrolled(self) {
        if self.left_at.is_disposed() || !self.opened.get_untracked() {
            return;
        }
        let Some(pane) = self.pane_on_screen() else { return };
        let shown = self.drawn.get_untracked();
        let below = browser::distance_from_newest(&pane);
        let is_away = below > AT_NEWEST_PX || !shown.is_at_newest();
        // Further away from the newest only the reader goes.
        if is_away && self.gliding.get_value().is_some_and(|from| below <= from) {
            self.gliding.set_value(Some(below));
            return;
        }
        self.gliding.set_value(None);
        let place = if is_away {
            let newest = || self.conversation.newest_untracked().map_or(0, |message| message.seq);
            let seen = self.left_at.get_untracked().unwrap_or_else(newest);
            let left_at = seen.max(browser::newest_seen(&pane).unwrap_or_default());
            ReadingPosition::Away { anchor: browser::anchor(&pane), left_at }
        } else {
            ReadingPosition::Newest
        };
        if place.left_at() != self.left_at.get_untracked() {
            self.left_at.set(place.left_at());
        }
        self.conversation.place.set(place);
        // Who only looks at the newest needs no more above than what fills the pane.
        let above = browser::distance_from_oldest(&pane);
        let ahead = if is_away || self.reaches.get_value() { NEAR_END_PX } else { 1 };
        let grown = self.conversation.with_messages_untracked(|messages| {
            if self.grows.get_value() {
                return None;
            }
            if above < ahead && !shown.is_at_oldest(messages) {
                return Some(shown.further_up(messages));
            }
            // At the newest there is no more, but what comes would pile up.
            let down = (below < NEAR_END_PX).then(|| shown.further_down(messages));
            down.filter(|down| *down != shown)
        });
        if let Some(grown) = grown {
            self.redraw(grown);
            self.grows.set_value(true);
            // The frame that begins now shows it, and in the next there is time for more.
            request_animation_frame(move || request_animation_frame(move || self.has_grown()));
        } else if above < NEAR_END_PX
            && self.conversation.with_messages_untracked(|all| shown.is_at_oldest(all))
            && self.conversation.fetch_untracked() == Fetch::Idle
        {
            self.driver.fetch_older(self.conversation.contact);
        }
    }

    fn has_grown(self) {
        if self.grows.try_set_value(false).is_none() {
            self.scrolled();
        }
    }

    /// One has come to rest.
    pub fn rested(self) {
        if let (ReadingPosition::Away { anchor: Some(Anchor { seq, .. }), .. }, true) =
            (self.conversation.place.get_untracked(), self.opened.get_untracked())
        {
            let shown = self.drawn.get_untracked();
            let kept = self.conversation.with_messages_untracked(|all| shown.around(all, seq));
            if kept != shown {
                self.redraw(kept);
            }
        }
    }

    /// One is about to scroll.
    pub fn reached(self) {
        if !self.reaches.get_value() {
            self.reaches.set_value(true);
            self.scrolled();
        }
    }

    /// The reader takes hold of the list: what it passes from here on is what one reads.
    pub fn taken_over(self) {
        self.gliding.set_value(None);
        self.reached();
    }

    pub fn to_newest(self) {
        self.gliding.set_value(Some(i32::MAX));
        self.left_at.set(None);
        self.conversation.place.set(ReadingPosition::Newest);
        let from_afar = !self.drawn.get_untracked().is_at_newest();
        if from_afar {
            self.drawn.set(drawn_at_newest(self.conversation));
        }
        if let Some(pane) = self.pane.get_untracked() {
            browser::scroll_to_newest(&pane, !from_afar);
        }
        // It may be broken off, and not every browser tells of that.
        let ends = move || {
            if self.gliding.try_set_value(None).is_none() {
                self.scrolled();
            }
        };
        set_timeout(ends, GLIDE);
    }

    /// Leads to a message that another one answers, however far up it stands.
    pub fn lead_to(self, seq: i64) {
        self.led_to.set(Some(seq));
    }

    /// What is not here is fetched until it is.
    fn lead(self) {
        let Self { driver, conversation, .. } = self;
        Effect::new(move |_| {
            let Some(seq) = self.led_to.get() else { return };
            if conversation.message(seq).is_none() {
                match conversation.fetch() {
                    Fetch::Idle if conversation.has_older() => {
                        driver.fetch_older(conversation.contact);
                    }
                    Fetch::Running => {}
                    // It is not for this reader to see, or cannot be fetched.
                    Fetch::Idle | Fetch::Failed(_) => self.led_to.set(None),
                }
                return;
            }
            self.led_to.set(None);
            if !self.drawn.get_untracked().holds(seq) {
                self.drawn.set(conversation.with_messages_untracked(|all| Stretch::with(all, seq)));
            }
            if self.left_at.get_untracked().is_none() {
                self.left_at.set(conversation.newest_untracked().map(|message| message.seq));
            }
            request_animation_frame(move || {
                if let Some(pane) = self.pane_on_screen() {
                    browser::show_message(&pane, seq);
                    self.scrolled();
                }
            });
        });
    }

    /// What was fetched at last is drawn as if it had been here; and what one deletes is gone, and
    /// one is at the newest.
    fn begin_again(self) {
        let Self { conversation, .. } = self;
        Effect::new(move |before: Option<(bool, i64)>| {
            let (loaded, cleared) = (conversation.is_loaded(), conversation.own().cleared_seq);
            match before {
                Some((_, cleared_before)) if cleared != cleared_before => {
                    self.drawn.set(drawn_at_newest(conversation));
                    self.left_at.set(None);
                }
                Some((false, _)) if loaded => self.drawn.set(drawn_at_first(conversation)),
                _ => {}
            }
            (loaded, cleared)
        });
    }

    /// Waits until everything is here that the list has to show when it opens, and asks for it.
    fn make_ready(self) {
        let Self { driver, conversation, .. } = self;
        Effect::new(move |_| {
            if self.ready.get_untracked() {
                return;
            }
            if let (ReadingPosition::Newest, Some(after)) =
                (conversation.place.get_untracked(), self.unread_after.get_untracked())
            {
                let begins_here = conversation.with_messages(|all| are_all_after(all, after));
                let newest = conversation.newest_untracked().map_or(0, |message| message.seq);
                let far = newest - after > UNREAD_MOST;
                let fetches = !begins_here && !far && conversation.has_older();
                let failed = matches!(conversation.fetch(), Fetch::Failed(_));
                if !failed && (fetches || !conversation.is_loaded()) {
                    driver.fetch_older(conversation.contact);
                    return;
                }
            }
            self.ready.set(true);
        });
    }

    fn open_when_ready(self) {
        Effect::new(move |_| {
            // Behind a profile that covers it, the list is not drawn.
            self.here.is_profile.track();
            if self.ready.get() && !self.opened.get() {
                // What is unread may have been fetched since, page by page.
                let drawn = drawn_at_first(self.conversation);
                if drawn != self.drawn.get_untracked() {
                    self.drawn.set(drawn);
                }
                // The rows are drawn by then.
                request_animation_frame(move || self.open());
            }
        });
    }

    fn open(self) {
        // A frame may come after the list has gone.
        if self.left_at.is_disposed() || self.opened.get_untracked() {
            return;
        }
        let Some(pane) = self.pane_on_screen() else { return };
        match (self.conversation.place.get_untracked(), self.unread_after.get_untracked()) {
            (ReadingPosition::Away { anchor, .. }, _) => {
                if let Some(anchor) = anchor {
                    browser::hold(&pane, anchor);
                }
            }
            (ReadingPosition::Newest, Some(after)) if browser::scroll_up_to(&pane, UNREAD_LINE) => {
                self.left_at.set(Some(after));
            }
            (ReadingPosition::Newest, _) => {}
        }
        self.opened.set(true);
        self.scrolled();
    }

    /// What came while nobody looked is unread, like what came before the list was opened.
    fn open_again_when_visible(self) {
        let Self { driver, conversation, .. } = self;
        Effect::new(move |was_visible: Option<bool>| {
            let visible = driver.is_visible();
            let came_back = visible && was_visible == Some(false);
            if came_back
                && conversation.place.get_untracked() == ReadingPosition::Newest
                && let Some(after) = conversation.unread_after()
            {
                self.unread_after.set(Some(after));
                self.opened.set(false);
            }
            visible
        });
    }

    /// After a change: goes to a message that one has just sent, and keeps what one reads in its
    /// place when something comes or goes below.
    fn follow(self) {
        let Self { conversation, .. } = self;
        Effect::new(move |before: Option<(Stretch, (Option<i64>, usize), u32)>| {
            let shown = self.drawn.get();
            // The newest message, and how much of what is drawn is not what was said there: a line
            // is of another height than what was recalled.
            let newest = conversation.with_messages(|messages| {
                let lines = shown.of(messages).iter().filter(|message| message.system.is_some());
                (messages.last().map(|message| message.seq), lines.count())
            });
            let sent = conversation.sent_here.get();
            if let Some((shown_before, newest_before, sent_before)) = before {
                // The place is from before the change, and the next frame from after it. Who draws
                // more or less holds it already.
                let place = conversation.place.get_untracked();
                let changed = shown == shown_before && newest != newest_before;
                request_animation_frame(move || {
                    if self.left_at.is_disposed() {
                        return;
                    }
                    if sent != sent_before {
                        self.to_newest();
                    } else if self.left_at.get_untracked().is_some()
                        && changed
                        && let ReadingPosition::Away { anchor: Some(anchor), .. } = place
                        && let Some(pane) = self.pane_on_screen()
                    {
                        browser::hold(&pane, anchor);
                    }
                    self.scrolled();
                });
            }
            (shown, newest, sent)
        });
    }

    /// Read is what was seen: conversation open, page visible, newest line in view.
    fn mark_as_read(self) {
        let Self { driver, conversation, .. } = self;
        Effect::new(move |_| {
            // Behind a profile that covers it, nothing is seen; in a frame it has come or gone.
            self.here.is_profile.track();
            if self.opened.get()
                && driver.is_visible()
                && self.left_at.get().is_none()
                && let Some(newest) = conversation.newest()
                // A frame that changes nothing costs time, too.
                && conversation.marks_untracked().read_seq < newest.seq
            {
                request_animation_frame(move || {
                    let is_at_newest = self.left_at.try_get_untracked() == Some(None);
                    let is_opened = self.opened.try_get_untracked() == Some(true);
                    if is_at_newest && is_opened && self.pane_on_screen().is_some() {
                        driver.seen(conversation.contact, newest.seq, newest.count);
                    }
                });
            }
        });
    }

    fn pane_on_screen(self) -> Option<<Div as ElementType>::Output> {
        self.pane.try_get_untracked().flatten().filter(|pane| browser::is_drawn(pane))
    }
}
