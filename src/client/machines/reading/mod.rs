//! The reader of a conversation: decides which messages are rendered, where the list opens, what it
//! follows, and which messages count as read.
//!
//! `ui::messages::scroll` measures the pane, reports inputs, and carries out the actions. After
//! every change of the list it asks `keep_position` for the anchors that must not move (see
//! `anchor`), scrolls the pane back there, and reports the position.

use std::mem;

use super::anchor::{Anchor, Anchors, ScrollPosition};
use super::stretch::{Stretch, are_all_after};

mod inputs;
mod position;
#[cfg(test)]
mod tests;

use position::Glide;

pub use inputs::{
    OpensAt, ReadingAction, ReadingContext, ReadingInput, ReadingPosition, Timer, View,
};

/// Distance from an end of the rendered messages at which more are rendered or fetched, in pixels.
const NEAR_END_PX: i32 = 1000;
/// Maximum duration of a smooth scroll to the newest message, in milliseconds.
const GLIDE_MS: u32 = 2_000;
/// Maximum number of messages that are fetched to open the list where the unread ones begin.
const UNREAD_FETCHED_MAX: i64 = 500;

/// The stages of opening. Before the list is open, nothing counts as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Messages that the list opens with are being fetched.
    Fetching,
    /// They are rendered. The list is not scrolled yet.
    Ready,
    Open,
}

/// Values of the context at the last change, to notice which of them differ.
#[derive(Debug, Clone, Copy)]
struct Before {
    is_loaded: bool,
    is_visible: bool,
    cleared_seq: i64,
    sent: u32,
}

impl From<&ReadingContext<'_>> for Before {
    fn from(context: &ReadingContext<'_>) -> Self {
        let ReadingContext { is_loaded, is_visible, cleared_seq, sent, .. } = *context;
        Self { is_loaded, is_visible, cleared_seq, sent }
    }
}

#[derive(Debug)]
pub struct Reading {
    rendered: Stretch,
    position: ReadingPosition,
    /// The unread line is below the message with this `seq`, until the user leaves.
    unread_after: Option<i64>,
    stage: Stage,
    /// The last position of the pane. `None` after a jump to other messages.
    last_position: Option<ScrollPosition>,
    /// Whether the reader has scrolled since then.
    has_scrolled: bool,
    /// The end of the time in which removed rows may be replaced; `None` if none were removed.
    replaceable_until_ms: Option<f64>,
    glide: Option<Glide>,
    /// Whether the reader may scroll soon.
    expects_scroll: bool,
    /// Whether more was rendered less than two frames ago. More at once would make a frame late.
    pauses: bool,
    /// The message to jump to. It may have to be fetched.
    jump: Option<i64>,
    before: Before,
}

impl Reading {
    pub fn new(position: ReadingPosition, context: &ReadingContext) -> Self {
        Self {
            rendered: rendered_at_first(position, context),
            position,
            unread_after: context.unread_after,
            stage: Stage::Fetching,
            last_position: None,
            has_scrolled: false,
            replaceable_until_ms: None,
            glide: None,
            expects_scroll: false,
            pauses: false,
            jump: None,
            before: context.into(),
        }
    }

    /// The messages to render.
    pub fn rendered(&self) -> Stretch {
        self.rendered
    }

    pub fn position(&self) -> ReadingPosition {
        self.position
    }

    /// The unread line is below the message with this `seq`.
    pub fn unread_after(&self) -> Option<i64> {
        self.unread_after
    }

    pub fn is_open(&self) -> bool {
        self.stage == Stage::Open
    }

    /// Whether the reader has the newest message in view.
    pub fn is_reading_newest(&self) -> bool {
        self.is_open() && self.position == ReadingPosition::AtNewest
    }

    pub fn opens_at(&self) -> OpensAt {
        match (self.position, self.unread_after) {
            (ReadingPosition::Away { anchors, .. }, _) => OpensAt::Anchors(anchors),
            (ReadingPosition::AtNewest, Some(_)) => OpensAt::UnreadLine,
            (ReadingPosition::AtNewest, None) => OpensAt::Newest,
        }
    }

    /// Takes one input and returns what to do.
    pub fn step(
        &mut self,
        input: ReadingInput,
        context: &ReadingContext,
        now_ms: f64,
    ) -> Vec<ReadingAction> {
        match input {
            ReadingInput::Changed => self.changed(context, now_ms),
            ReadingInput::Measured(scroll_position, view) => {
                self.measured(scroll_position, view, context, now_ms)
            }
            ReadingInput::Resized(scroll_position, view) => {
                let mut actions = self.update_position(scroll_position, view, context, now_ms);
                actions.push(ReadingAction::MeasureInFrame);
                actions
            }
            ReadingInput::Opened { .. } if self.is_open() => vec![],
            ReadingInput::Opened { at_unread_line, scroll_position, view } => {
                self.stage = Stage::Open;
                if let (true, Some(seen_seq)) = (at_unread_line, self.unread_after) {
                    let anchors = Anchors::default();
                    self.position = ReadingPosition::Away { anchors, seen_seq };
                }
                self.measured(scroll_position, view, context, now_ms)
            }
            ReadingInput::ScrollEnded => {
                self.trim(context);
                vec![]
            }
            ReadingInput::Approached => self.approached(),
            ReadingInput::Grabbed => {
                self.glide = None;
                self.approached()
            }
            ReadingInput::ToNewest => self.go_to_newest(context, now_ms),
            ReadingInput::Jump(seq) => {
                self.jump = Some(seq);
                self.go_on_jumping(context).into_iter().collect()
            }
            ReadingInput::FramesPassed => {
                self.pauses = false;
                vec![ReadingAction::Measure]
            }
            ReadingInput::TimerFired(Timer::Glide) => {
                let is_over = self.glide.is_some_and(|glide| now_ms >= glide.until_ms);
                self.glide = self.glide.filter(|_| !is_over);
                if is_over { vec![ReadingAction::Measure] } else { vec![] }
            }
            ReadingInput::TimerFired(Timer::Replacement) => self.end_replacement(now_ms),
        }
    }

    fn changed(&mut self, context: &ReadingContext, now_ms: f64) -> Vec<ReadingAction> {
        let before = mem::replace(&mut self.before, context.into());
        if context.cleared_seq != before.cleared_seq || (before.is_loaded && !context.is_loaded) {
            // The user cleared the conversation, or a new snapshot replaced it.
            self.position = ReadingPosition::AtNewest;
            self.render_others(Stretch::newest(context.messages, None, (context.height_px)()));
        } else if context.is_loaded && !before.is_loaded {
            self.render_others(rendered_at_first(self.position, context));
        }
        if context.is_visible && !before.is_visible {
            self.page_came_back(context);
        }
        let mut actions = Vec::new();
        if self.stage == Stage::Fetching {
            if self.waits_for_unread(context) {
                actions.push(ReadingAction::FetchOlder);
            } else {
                self.stage = Stage::Ready;
            }
        }
        if self.stage == Stage::Ready {
            let at_first = rendered_at_first(self.position, context);
            if at_first != self.rendered {
                self.render_others(at_first);
            }
            actions.push(ReadingAction::Open);
        }
        if context.sent != before.sent {
            actions.extend(self.go_to_newest(context, now_ms));
        }
        actions.extend(self.go_on_jumping(context));
        actions.extend(self.mark_read(context));
        actions
    }

    /// Messages that arrived while the page was hidden are unread. The list opens again at them.
    fn page_came_back(&mut self, context: &ReadingContext) {
        if self.position == ReadingPosition::AtNewest && context.unread_after.is_some() {
            self.unread_after = context.unread_after;
            if self.is_open() {
                self.stage = Stage::Ready;
            }
        }
    }

    /// Whether unread messages have to be fetched before the list can open at the first one.
    fn waits_for_unread(&self, context: &ReadingContext) -> bool {
        let (ReadingPosition::AtNewest, Some(after)) = (self.position, self.unread_after) else {
            return false;
        };
        let are_here = are_all_after(context.messages, after);
        let are_far = context.newest_seq() - after > UNREAD_FETCHED_MAX;
        let can_come = context.has_older && !are_here && !are_far;
        !context.has_failed && (can_come || !context.is_loaded)
    }

    fn measured(
        &mut self,
        scroll_position: ScrollPosition,
        view: View,
        context: &ReadingContext,
        now_ms: f64,
    ) -> Vec<ReadingAction> {
        let mut actions = self.update_position(scroll_position, view, context, now_ms);
        if self.is_open() && self.glide.is_none() {
            actions.extend(self.render_enough(scroll_position, view, context));
            actions.extend(self.mark_read(context));
        }
        actions
    }

    /// Renders more if the reader is near an end of what is rendered, and fetches older messages if
    /// all are rendered.
    fn render_enough(
        &mut self,
        scroll_position: ScrollPosition,
        view: View,
        context: &ReadingContext,
    ) -> Option<ReadingAction> {
        if !self.pauses {
            // A reader at the newest message needs no more above than what fills the pane.
            let is_away = self.position != ReadingPosition::AtNewest;
            let ahead_px = if is_away || self.expects_scroll { NEAR_END_PX } else { 1 };
            let before = self.rendered;
            if view.above_px < ahead_px && !before.is_at_oldest(context.messages) {
                self.rendered = before.further_up(context.messages);
            } else if scroll_position.distance < NEAR_END_PX {
                // At the newest message this drops older ones.
                self.rendered = before.further_down(context.messages);
            }
            if self.rendered != before {
                self.pauses = true;
                return Some(ReadingAction::AwaitFrames);
            }
        }
        let fetches = view.above_px < NEAR_END_PX
            && self.rendered.is_at_oldest(context.messages)
            && context.has_older
            && !context.is_fetching
            && !context.has_failed;
        fetches.then_some(ReadingAction::FetchOlder)
    }

    fn mark_read(&self, context: &ReadingContext) -> Option<ReadingAction> {
        let newest = context.newest().filter(|_| self.is_reading_newest() && context.is_visible)?;
        let (seq, count) = (newest.seq, newest.count);
        (seq > context.read_seq).then_some(ReadingAction::MarkRead { seq, count })
    }

    /// Drops rendered messages that are far from the reader.
    fn trim(&mut self, context: &ReadingContext) {
        if let (ReadingPosition::Away { anchors: [Some(Anchor { seq, .. }), _], .. }, true) =
            (self.position, self.is_open())
        {
            self.rendered = self.rendered.trimmed_around(context.messages, seq);
        }
    }

    fn approached(&mut self) -> Vec<ReadingAction> {
        let expected = mem::replace(&mut self.expects_scroll, true);
        if expected { vec![] } else { vec![ReadingAction::Measure] }
    }

    fn go_to_newest(&mut self, context: &ReadingContext, now_ms: f64) -> Vec<ReadingAction> {
        self.position = ReadingPosition::AtNewest;
        self.jump = None;
        let until_ms = now_ms + f64::from(GLIDE_MS);
        self.glide = Some(Glide { distance: i32::MAX, until_ms });
        let smoothly = self.rendered.is_at_newest();
        if !smoothly {
            self.render_others(Stretch::newest(context.messages, None, (context.height_px)()));
        }
        // A smooth scroll can be interrupted, and not every browser reports it.
        vec![
            ReadingAction::ScrollToNewest { smoothly },
            ReadingAction::Start(Timer::Glide, GLIDE_MS),
        ]
    }

    /// Fetches until the message to jump to is here, and shows it.
    fn go_on_jumping(&mut self, context: &ReadingContext) -> Option<ReadingAction> {
        let seq = self.jump?;
        if !context.has(seq) {
            if context.is_fetching {
                return None;
            }
            if context.has_older && !context.has_failed {
                return Some(ReadingAction::FetchOlder);
            }
            // The fetch failed, or this user may not see the message.
            self.jump = None;
            return None;
        }
        self.jump = None;
        self.glide = None;
        if !self.rendered.contains(seq) {
            self.render_others(Stretch::beside(context.messages, seq));
        }
        if self.position == ReadingPosition::AtNewest {
            let (anchors, seen_seq) = (Anchors::default(), context.newest_seq());
            self.position = ReadingPosition::Away { anchors, seen_seq };
        }
        Some(ReadingAction::ShowMessage(seq))
    }

    /// Renders other messages. The rows in view do not keep their position.
    fn render_others(&mut self, rendered: Stretch) {
        self.rendered = rendered;
        self.last_position = None;
    }
}

/// The messages that a list opens with: those that were in view when it was left, else the newest
/// ones with all that are unread.
fn rendered_at_first(position: ReadingPosition, context: &ReadingContext) -> Stretch {
    let ReadingContext { messages, unread_after, height_px, .. } = *context;
    match position {
        ReadingPosition::Away { anchors: [Some(Anchor { seq, .. }), _], .. } => {
            Stretch::up_from(messages, seq, height_px())
        }
        _ => Stretch::newest(messages, unread_after, height_px()),
    }
}
