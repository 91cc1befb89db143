//! The pane of a message list: measures it for the reading machine, reports what happens to it, and
//! carries out the machine's actions.
//!
//! The browser keeps the distance from the newest message, not the rows in view (see
//! `machines::anchor`). Therefore the pane is scrolled back after every change, before painting: in
//! the task that changed rows, and by a size observer after all other changes of heights.

use std::time::Duration;

use leptos::html::{Div, ElementType};
use leptos::prelude::*;
use leptos::task::{spawn_local, tick};

use crate::client::browser;
use crate::client::cache::conversation::{ConversationCache, Fetch};
use crate::client::driver::Driver;
use crate::client::machines::anchor::ScrollPosition;
use crate::client::machines::reading::{
    OpensAt, Reading, ReadingAction, ReadingContext, ReadingInput, View,
};
use crate::client::machines::stretch::Stretch;
use crate::ui::route::CurrentRoute;
use crate::ui::text::time::Hydrated;

/// Height of the list if that of the window is unknown, in pixels.
const HEIGHT_PX: usize = 800;
/// Minimum height of the header and the composer around the list, in pixels.
const SURROUNDINGS_PX: usize = 110;
/// The line above the unread messages.
const UNREAD_LINE: &str = ".unread-separator";

type Pane = <Div as ElementType>::Output;

/// A message list in its pane. Its signals follow the state of the machine.
#[derive(Clone, Copy)]
pub struct Scroll {
    driver: Driver,
    route: CurrentRoute,
    conversation: ConversationCache,
    hydrated: RwSignal<bool>,
    machine: StoredValue<Reading>,
    pub pane: NodeRef<Div>,
    pub rendered: RwSignal<Stretch>,
    pub unread_after: RwSignal<Option<i64>>,
    /// The newest `seq` that was in view; `None` at the newest message.
    pub seen_seq: RwSignal<Option<i64>>,
}

impl Scroll {
    /// Opens the list of a conversation.
    pub fn new(driver: Driver, conversation: ConversationCache) -> Self {
        let Hydrated(hydrated) = expect_context();
        let position = conversation.position.get_untracked();
        let machine = with_reading_context(driver, conversation, hydrated, |context| {
            Reading::new(position, context)
        });
        let scroll = Self {
            driver,
            route: expect_context(),
            conversation,
            hydrated,
            pane: NodeRef::new(),
            rendered: RwSignal::new(machine.rendered()),
            unread_after: RwSignal::new(machine.unread_after()),
            seen_seq: RwSignal::new(position.seen_seq()),
            machine: StoredValue::new(machine),
        };
        scroll.follow_changes();
        scroll.follow_sizes();
        scroll
    }

    pub fn to_newest(self) {
        self.step(ReadingInput::ToNewest);
    }

    /// Brings a message into view, which may have to be fetched.
    pub fn jump_to(self, seq: i64) {
        self.step(ReadingInput::Jump(seq));
    }

    /// The pointer has entered the list.
    pub fn approached(self) {
        self.step(ReadingInput::Approached);
    }

    /// A button or a key was pressed in the list.
    pub fn grabbed(self) {
        self.step(ReadingInput::Grabbed);
    }

    /// Scrolling has ended.
    pub fn scroll_ended(self) {
        self.step(ReadingInput::ScrollEnded);
    }

    /// Keeps the position of the pane and measures it, after the reader scrolled or the list
    /// changed.
    pub fn measure(self) {
        if let Some((scroll_position, view)) = self.keep_position() {
            self.step(ReadingInput::Measured(scroll_position, view));
        }
    }

    fn follow_changes(self) {
        Effect::new(move |_| {
            self.conversation.track();
            self.driver.is_visible();
            // A profile may cover the list.
            self.route.is_profile.track();
            let actions = self.decide(ReadingInput::Changed);
            self.after_rows(actions);
        });
    }

    /// Measures and acts once the rows have changed.
    fn after_rows(self, actions: Vec<ReadingAction>) {
        spawn_local(async move {
            // The tasks that change the rows are queued already. They may queue others.
            tick().await;
            self.measure();
            self.perform(actions);
        });
    }

    fn follow_sizes(self) {
        Effect::new(move |_| {
            let Some(pane) = self.pane.get() else { return };
            let changed = move || {
                if let Some((scroll_position, view)) = self.keep_position() {
                    self.step(ReadingInput::Resized(scroll_position, view));
                }
            };
            // It lives as long as the list is rendered.
            StoredValue::new_local(browser::observe_sizes(&pane, changed));
        });
    }

    /// Scrolls the pane back to where it has to be, and measures it. `None`: the list is closed.
    fn keep_position(self) -> Option<(ScrollPosition, View)> {
        let pane = self.pane_on_screen()?;
        let distance = browser::distance_from_newest(&pane);
        let largest = browser::largest_distance(&pane);
        let keep = move |machine: &mut Reading| {
            machine.is_open().then(|| machine.keep_position(distance, largest))
        };
        let scroll_position = match self.machine.try_update_value(keep).flatten()? {
            Some((anchors, last)) => browser::keep_position(&pane, anchors, last),
            None => browser::release(&pane),
        };
        Some((scroll_position, browser::view(&pane)))
    }

    fn step(self, input: ReadingInput) {
        let actions = self.decide(input);
        self.perform(actions);
    }

    fn decide(self, input: ReadingInput) -> Vec<ReadingAction> {
        let step = |machine: &mut Reading| {
            with_reading_context(self.driver, self.conversation, self.hydrated, |context| {
                machine.step(input, context, browser::now_ms())
            })
        };
        // Frames and timers may outlive the list.
        let Some(actions) = self.machine.try_update_value(step) else { return vec![] };
        self.publish();
        actions
    }

    fn publish(self) {
        let (rendered, unread_after, position) = self
            .machine
            .with_value(|machine| (machine.rendered(), machine.unread_after(), machine.position()));
        if self.conversation.position.get_untracked() != position {
            self.conversation.position.set(position);
        }
        set_if_changed(self.seen_seq, position.seen_seq());
        set_if_changed(self.unread_after, unread_after);
        if set_if_changed(self.rendered, rendered) {
            self.after_rows(vec![]);
        }
    }

    fn perform(self, actions: Vec<ReadingAction>) {
        for action in actions {
            match action {
                ReadingAction::FetchOlder => self.driver.fetch_older(self.conversation.contact),
                ReadingAction::Open => request_animation_frame(move || self.open()),
                ReadingAction::ScrollToNewest { smoothly } => {
                    if let Some(pane) = self.pane_on_screen() {
                        browser::scroll_to_newest(&pane, smoothly);
                    }
                }
                ReadingAction::ShowMessage(seq) => request_animation_frame(move || self.show(seq)),
                ReadingAction::Measure => self.measure(),
                ReadingAction::MeasureInFrame => request_animation_frame(move || self.measure()),
                ReadingAction::MarkRead { seq, count } => {
                    request_animation_frame(move || self.mark_read(seq, count));
                }
                ReadingAction::AwaitFrames => request_animation_frame(move || {
                    request_animation_frame(move || self.step(ReadingInput::FramesPassed));
                }),
                ReadingAction::Start(timer, ms) => {
                    let fired = move || self.step(ReadingInput::TimerFired(timer));
                    set_timeout(fired, Duration::from_millis(ms.into()));
                }
            }
        }
    }

    fn open(self) {
        let opens_at = |machine: &Reading| (!machine.is_open()).then(|| machine.opens_at());
        let opens_at = self.machine.try_with_value(opens_at).flatten();
        let (Some(opens_at), Some(pane)) = (opens_at, self.pane_on_screen()) else { return };
        let at_unread_line = match opens_at {
            OpensAt::Newest => false,
            OpensAt::UnreadLine => browser::scroll_up_to(&pane, UNREAD_LINE),
            OpensAt::Anchors(anchors) => {
                browser::keep_position(&pane, anchors, ScrollPosition::default());
                false
            }
        };
        let (scroll_position, view) = (browser::release(&pane), browser::view(&pane));
        self.step(ReadingInput::Opened { at_unread_line, scroll_position, view });
    }

    fn show(self, seq: i64) {
        if let Some(pane) = self.pane_on_screen() {
            browser::show_message(&pane, seq);
            self.measure();
        }
    }

    fn mark_read(self, seq: i64, count: i64) {
        let is_reading = self.machine.try_with_value(Reading::is_reading_newest);
        if is_reading == Some(true) && self.pane_on_screen().is_some() {
            self.driver.seen(self.conversation.contact, seq, count);
        }
    }

    fn pane_on_screen(self) -> Option<Pane> {
        self.pane.try_get_untracked().flatten().filter(|pane| browser::is_drawn(pane))
    }
}

fn set_if_changed<T>(signal: RwSignal<T>, value: T) -> bool
where
    T: PartialEq + Copy + Send + Sync + 'static,
{
    let changed = signal.get_untracked() != value;
    if changed {
        signal.set(value);
    }
    changed
}

/// Collects the context for the machine. Follows no signal.
fn with_reading_context<T>(
    driver: Driver,
    conversation: ConversationCache,
    hydrated: RwSignal<bool>,
    read: impl FnOnce(&ReadingContext) -> T,
) -> T {
    let (marks, fetch) = (conversation.marks_untracked(), conversation.fetch_untracked());
    conversation.with_messages_untracked(|messages| {
        read(&ReadingContext {
            messages,
            is_loaded: conversation.is_loaded_untracked(),
            has_older: conversation.has_older_untracked(),
            is_fetching: fetch == Fetch::Running,
            has_failed: matches!(fetch, Fetch::Failed(_)),
            unread_after: conversation.unread_after(),
            read_seq: marks.read_seq,
            cleared_seq: marks.own.cleared_seq,
            is_visible: untrack(|| driver.is_visible()),
            sent: conversation.sent_here.get_untracked(),
            // Hydration has to render the same messages as the server.
            height_px: if hydrated.get_untracked() { height_px } else { || HEIGHT_PX },
        })
    })
}

/// Maximum height of the list, in pixels.
fn height_px() -> usize {
    browser::window_height().map_or(HEIGHT_PX, |height| height.saturating_sub(SURROUNDINGS_PX))
}
