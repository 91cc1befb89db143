//! Where one is in the messages of a conversation: which of them are drawn, where the list opens,
//! what it follows, and what counts as seen.
//!
//! The pane is a column in reverse: its scroll position counts upwards from the newest. Only a
//! stretch of the messages is drawn (`client::drawn`). After every change, and before the browser
//! shows it, what is in view goes back to where it was (`client::machines::anchor`).

use std::time::Duration;

use leptos::html::{Div, ElementType};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::client::browser;
use crate::client::cache::conversation::{ConversationCache, Fetch, ReadingPosition};
use crate::client::driver::Driver;
use crate::client::machines::anchor::{Anchor, Anchors, Room, Standing};
use crate::client::machines::stretch::{Stretch, are_all_after};
use crate::ui::route::CurrentRoute;

use super::opening::{drawn_at_first, drawn_at_newest};

/// So close to the bottom counts as being there, in pixels.
const AT_NEWEST_PX: i32 = 40;
/// So close to the end of what is drawn more of it is, and older messages are fetched, in pixels.
const NEAR_END_PX: i32 = 1000;
/// No browser glides for longer.
const GLIDE: Duration = Duration::from_secs(2);
/// For how long room is kept for what comes instead of rows that went. Longer than it takes to draw
/// it, and too short to look like a second change where nothing comes.
const ROOM_KEPT: Duration = Duration::from_millis(150);
/// So many unread messages are fetched to open the list where they begin.
const UNREAD_MOST: i64 = 500;

type Pane = <Div as ElementType>::Output;

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
    /// Where the pane stood after the last change: what it is from there, the reader has scrolled.
    /// `None` once other messages are drawn on purpose.
    stood: StoredValue<Option<i32>>,
    /// What it keeps free for what comes instead of rows that went.
    room: StoredValue<Room>,
    /// Whether the list has changed so that one would be read elsewhere, and may change back.
    unsettled: StoredValue<bool>,
    /// How often that was so: what is so now outlasts what was to settle before.
    changes: StoredValue<u32>,
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
            stood: StoredValue::default(),
            room: StoredValue::default(),
            unsettled: StoredValue::default(),
            changes: StoredValue::default(),
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
        reading.watch_heights();
        reading.mark_as_read();
        reading
    }

    /// The list stands somewhere else, or something else stands there.
    pub fn scrolled(self) {
        if let Some(pane) = self.keep_position() {
            self.draw_enough(&pane);
        }
    }

    /// Goes back to where the pane stood, whatever has changed around what is in view, unless the
    /// reader has scrolled. Returns the pane if one can read it, and it does not glide.
    fn keep_position(self) -> Option<Pane> {
        if self.left_at.is_disposed() || !self.opened.get_untracked() {
            return None;
        }
        let pane = self.pane_on_screen()?;
        let room = self.room.get_value();
        let Some(distance) = self.stood.get_value() else {
            self.stands_here(&pane);
            return Some(pane);
        };
        let stood = Standing { distance, room };
        let distance = browser::distance_from_newest(&pane);
        let scrolled = stood.scrolled_px(distance, browser::largest_distance(&pane));
        let anchors = match self.conversation.place.get_untracked() {
            ReadingPosition::Away { anchors, .. } => anchors,
            ReadingPosition::Newest => Anchors::default(),
        };
        let moved = |Anchor { seq, px }| Anchor { seq, px: px - scrolled };
        let stood = Standing { distance: stood.distance + scrolled, room };
        let stands = browser::hold(&pane, anchors.map(|row| row.map(moved)), stood);
        self.stood.set_value(Some(stands.distance));
        self.room.set_value(stands.room);
        let was_away =
            matches!(self.conversation.place.get_untracked(), ReadingPosition::Away { .. });
        let unsettled = stands.room != Room::default() || (was_away && !self.is_away(&pane));
        if unsettled && (stands.room != room || !self.unsettled.get_value()) {
            self.settle_later();
        }
        self.unsettled.set_value(unsettled && scrolled == 0);
        (self.unsettled.get_value() || self.take_position(&pane)).then_some(pane)
    }

    /// If nothing comes instead of what went, the list ends where it ends.
    fn settle_later(self) {
        self.changes.update_value(|changes| *changes += 1);
        let change = self.changes.get_value();
        let settle = move || {
            if self.changes.try_get_value() == Some(change)
                && let Some(pane) = self.pane_on_screen()
            {
                self.stands_here(&pane);
            }
        };
        set_timeout(settle, ROOM_KEPT);
    }

    /// The list stands where it is to stand: what is in view is what is read.
    fn stands_here(self, pane: &Pane) {
        if self.room.get_value() != Room::default() {
            browser::set_room(pane, Room::default());
            self.room.set_value(Room::default());
        }
        self.stood.set_value(Some(browser::distance_from_newest(pane)));
        self.unsettled.set_value(false);
        self.take_position(pane);
    }

    fn is_away(self, pane: &Pane) -> bool {
        let is_at_newest = self.drawn.get_untracked().is_at_newest();
        !is_at_newest || browser::distance_from_newest(pane) > AT_NEWEST_PX
    }

    /// Draws other messages than those around what is in view, which is not kept then.
    fn draw_elsewhere(self, drawn: Stretch) {
        self.stood.set_value(None);
        self.drawn.set(drawn);
    }

    /// What is in view is what is read, unless the list only glides by: returns whether it is.
    fn take_position(self, pane: &Pane) -> bool {
        let below = browser::distance_from_newest(pane);
        let is_away = self.is_away(pane);
        // Further away from the newest only the reader goes.
        if is_away && self.gliding.get_value().is_some_and(|from| below <= from) {
            self.gliding.set_value(Some(below));
            return false;
        }
        self.gliding.set_value(None);
        let place = if is_away {
            let newest = || self.conversation.newest_untracked().map_or(0, |message| message.seq);
            let seen = self.left_at.get_untracked().unwrap_or_else(newest);
            let left_at = seen.max(browser::newest_seen(pane).unwrap_or_default());
            ReadingPosition::Away { anchors: browser::anchors(pane), left_at }
        } else {
            ReadingPosition::Newest
        };
        if place.left_at() != self.left_at.get_untracked() {
            self.left_at.set(place.left_at());
        }
        self.conversation.place.set(place);
        true
    }

    /// Draws more where the reader is near an end of what is drawn, and fetches it if need be.
    fn draw_enough(self, pane: &Pane) {
        let shown = self.drawn.get_untracked();
        let is_away = self.left_at.get_untracked().is_some();
        let below = browser::distance_from_newest(pane);
        let above = browser::distance_from_oldest(pane);
        // Who only looks at the newest needs no more above than what fills the pane.
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
            self.drawn.set(grown);
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
        if let (ReadingPosition::Away { anchors: [Some(Anchor { seq, .. }), _], .. }, true) =
            (self.conversation.place.get_untracked(), self.opened.get_untracked())
        {
            let shown = self.drawn.get_untracked();
            let kept = self.conversation.with_messages_untracked(|all| shown.around(all, seq));
            if kept != shown {
                self.drawn.set(kept);
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
            self.draw_elsewhere(drawn_at_newest(self.conversation));
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
                let around = conversation.with_messages_untracked(|all| Stretch::with(all, seq));
                self.draw_elsewhere(around);
            }
            if self.left_at.get_untracked().is_none() {
                self.left_at.set(conversation.newest_untracked().map(|message| message.seq));
            }
            request_animation_frame(move || {
                if let Some(pane) = self.pane_on_screen() {
                    browser::show_message(&pane, seq);
                    self.stands_here(&pane);
                    self.draw_enough(&pane);
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
                    self.draw_elsewhere(drawn_at_newest(conversation));
                    self.left_at.set(None);
                }
                Some((false, _)) if loaded => self.draw_elsewhere(drawn_at_first(conversation)),
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
                    self.draw_elsewhere(drawn);
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
            (ReadingPosition::Away { anchors, .. }, _) => {
                browser::hold(&pane, anchors, Standing::default());
            }
            (ReadingPosition::Newest, Some(after)) if browser::scroll_up_to(&pane, UNREAD_LINE) => {
                self.left_at.set(Some(after));
            }
            (ReadingPosition::Newest, _) => {}
        }
        self.opened.set(true);
        self.stands_here(&pane);
        self.draw_enough(&pane);
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

    /// After every change of the rows: what is in view stays, and a message that one has just sent
    /// comes into view.
    fn follow(self) {
        let Self { conversation, .. } = self;
        Effect::new(move |sent_before: Option<u32>| {
            self.drawn.track();
            self.unread_after.track();
            conversation.with_messages(|_| ());
            conversation.with_outbox(|_| ());
            conversation.fetch();
            let sent = conversation.sent_here.get();
            if let Some(sent_before) = sent_before {
                // The rows are changed by tasks that wait already.
                spawn_local(async move {
                    self.scrolled();
                    if sent != sent_before && !self.left_at.is_disposed() {
                        self.to_newest();
                    }
                });
            }
            sent
        });
    }

    /// Whatever else changes the height of something, such as a picture or the width of the window.
    fn watch_heights(self) {
        Effect::new(move |_| {
            let Some(pane) = self.pane.get() else { return };
            let resized = move || {
                if self.keep_position().is_some() {
                    // What is drawn before the browser has told of all heights would come too late.
                    request_animation_frame(move || self.scrolled());
                }
            };
            // Kept until the list goes.
            StoredValue::new_local(browser::on_resize(&pane, resized));
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

    fn pane_on_screen(self) -> Option<Pane> {
        self.pane.try_get_untracked().flatten().filter(|pane| browser::is_drawn(pane))
    }
}
