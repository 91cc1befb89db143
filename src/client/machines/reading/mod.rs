//! The reader of a conversation: which messages are rendered, where the list opens, what it
//! follows, and what counts as read.
//!
//! `ui::messages::scroll` measures the pane, reports what happened, and carries out the actions.
//! After every change of the list it asks `hold` what has to keep its position (see `anchor`),
//! scrolls the pane back there, and reports the position.

use std::mem;

use super::anchor::{Anchor, Anchors, Standing};
use super::stretch::{Stretch, are_all_after};

mod inputs;
mod position;
#[cfg(test)]
mod tests;

use position::Glide;

pub use inputs::{Facts, OpensAt, ReadingAction, ReadingInput, ReadingPosition, Timer, View};

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

/// The facts at the last change, to notice what is different.
#[derive(Debug, Clone, Copy)]
struct Before {
    is_loaded: bool,
    is_visible: bool,
    cleared_seq: i64,
    sent: u32,
}

impl From<&Facts<'_>> for Before {
    fn from(facts: &Facts<'_>) -> Self {
        let Facts { is_loaded, is_visible, cleared_seq, sent, .. } = *facts;
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
    stood: Option<Standing>,
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
    pub fn new(position: ReadingPosition, facts: &Facts) -> Self {
        Self {
            rendered: rendered_at_first(position, facts),
            position,
            unread_after: facts.unread_after,
            stage: Stage::Fetching,
            stood: None,
            has_scrolled: false,
            replaceable_until_ms: None,
            glide: None,
            expects_scroll: false,
            pauses: false,
            jump: None,
            before: facts.into(),
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
    pub fn step(&mut self, input: ReadingInput, facts: &Facts, now_ms: f64) -> Vec<ReadingAction> {
        match input {
            ReadingInput::Changed => self.changed(facts, now_ms),
            ReadingInput::Stands(standing, view) => self.stands(standing, view, facts, now_ms),
            ReadingInput::Resized(standing, view) => {
                let mut actions = self.keep_standing(standing, view, facts, now_ms);
                actions.push(ReadingAction::MeasureInFrame);
                actions
            }
            ReadingInput::Opened { .. } if self.is_open() => vec![],
            ReadingInput::Opened { at_unread_line, standing, view } => {
                self.stage = Stage::Open;
                if let (true, Some(seen_seq)) = (at_unread_line, self.unread_after) {
                    let anchors = Anchors::default();
                    self.position = ReadingPosition::Away { anchors, seen_seq };
                }
                self.stands(standing, view, facts, now_ms)
            }
            ReadingInput::Rested => {
                self.trim(facts);
                vec![]
            }
            ReadingInput::Approached => self.approached(),
            ReadingInput::Grabbed => {
                self.glide = None;
                self.approached()
            }
            ReadingInput::ToNewest => self.go_to_newest(facts, now_ms),
            ReadingInput::Jump(seq) => {
                self.jump = Some(seq);
                self.go_on_jumping(facts).into_iter().collect()
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

    fn changed(&mut self, facts: &Facts, now_ms: f64) -> Vec<ReadingAction> {
        let before = mem::replace(&mut self.before, facts.into());
        if facts.cleared_seq != before.cleared_seq || (before.is_loaded && !facts.is_loaded) {
            // The user cleared the conversation, or a new snapshot replaced it.
            self.position = ReadingPosition::AtNewest;
            self.render_others(Stretch::newest(facts.messages, None, (facts.height_px)()));
        } else if facts.is_loaded && !before.is_loaded {
            self.render_others(rendered_at_first(self.position, facts));
        }
        if facts.is_visible && !before.is_visible {
            self.page_came_back(facts);
        }
        let mut actions = Vec::new();
        if self.stage == Stage::Fetching {
            if self.waits_for_unread(facts) {
                actions.push(ReadingAction::FetchOlder);
            } else {
                self.stage = Stage::Ready;
            }
        }
        if self.stage == Stage::Ready {
            let at_first = rendered_at_first(self.position, facts);
            if at_first != self.rendered {
                self.render_others(at_first);
            }
            actions.push(ReadingAction::Open);
        }
        if facts.sent != before.sent {
            actions.extend(self.go_to_newest(facts, now_ms));
        }
        actions.extend(self.go_on_jumping(facts));
        actions.extend(self.mark_read(facts));
        actions
    }

    /// Messages that arrived while the page was hidden are unread. The list opens again at them.
    fn page_came_back(&mut self, facts: &Facts) {
        if self.position == ReadingPosition::AtNewest && facts.unread_after.is_some() {
            self.unread_after = facts.unread_after;
            if self.is_open() {
                self.stage = Stage::Ready;
            }
        }
    }

    /// Whether unread messages have to be fetched before the list can open at the first one.
    fn waits_for_unread(&self, facts: &Facts) -> bool {
        let (ReadingPosition::AtNewest, Some(after)) = (self.position, self.unread_after) else {
            return false;
        };
        let are_here = are_all_after(facts.messages, after);
        let are_far = facts.newest_seq() - after > UNREAD_FETCHED_MAX;
        let can_come = facts.has_older && !are_here && !are_far;
        !facts.has_failed && (can_come || !facts.is_loaded)
    }

    fn stands(
        &mut self,
        standing: Standing,
        view: View,
        facts: &Facts,
        now_ms: f64,
    ) -> Vec<ReadingAction> {
        let mut actions = self.keep_standing(standing, view, facts, now_ms);
        if self.is_open() && self.glide.is_none() {
            actions.extend(self.render_enough(standing, view, facts));
            actions.extend(self.mark_read(facts));
        }
        actions
    }

    /// Renders more if the reader is near an end of what is rendered, and fetches older messages if
    /// all are rendered.
    fn render_enough(
        &mut self,
        standing: Standing,
        view: View,
        facts: &Facts,
    ) -> Option<ReadingAction> {
        if !self.pauses {
            // A reader at the newest message needs no more above than what fills the pane.
            let is_away = self.position != ReadingPosition::AtNewest;
            let ahead_px = if is_away || self.expects_scroll { NEAR_END_PX } else { 1 };
            let before = self.rendered;
            if view.above_px < ahead_px && !before.is_at_oldest(facts.messages) {
                self.rendered = before.further_up(facts.messages);
            } else if standing.distance < NEAR_END_PX {
                // At the newest message this drops older ones.
                self.rendered = before.further_down(facts.messages);
            }
            if self.rendered != before {
                self.pauses = true;
                return Some(ReadingAction::AwaitFrames);
            }
        }
        let fetches = view.above_px < NEAR_END_PX
            && self.rendered.is_at_oldest(facts.messages)
            && facts.has_older
            && !facts.is_fetching
            && !facts.has_failed;
        fetches.then_some(ReadingAction::FetchOlder)
    }

    fn mark_read(&self, facts: &Facts) -> Option<ReadingAction> {
        let newest = facts.newest().filter(|_| self.is_reading_newest() && facts.is_visible)?;
        let (seq, count) = (newest.seq, newest.count);
        (seq > facts.read_seq).then_some(ReadingAction::MarkRead { seq, count })
    }

    /// Drops rendered messages that are far from the reader.
    fn trim(&mut self, facts: &Facts) {
        if let (ReadingPosition::Away { anchors: [Some(Anchor { seq, .. }), _], .. }, true) =
            (self.position, self.is_open())
        {
            self.rendered = self.rendered.trimmed_around(facts.messages, seq);
        }
    }

    fn approached(&mut self) -> Vec<ReadingAction> {
        let expected = mem::replace(&mut self.expects_scroll, true);
        if expected { vec![] } else { vec![ReadingAction::Measure] }
    }

    fn go_to_newest(&mut self, facts: &Facts, now_ms: f64) -> Vec<ReadingAction> {
        self.position = ReadingPosition::AtNewest;
        self.jump = None;
        let until_ms = now_ms + f64::from(GLIDE_MS);
        self.glide = Some(Glide { distance: i32::MAX, until_ms });
        let smoothly = self.rendered.is_at_newest();
        if !smoothly {
            self.render_others(Stretch::newest(facts.messages, None, (facts.height_px)()));
        }
        // A smooth scroll can be interrupted, and not every browser reports it.
        vec![
            ReadingAction::ScrollToNewest { smoothly },
            ReadingAction::Start(Timer::Glide, GLIDE_MS),
        ]
    }

    /// Fetches until the message to jump to is here, and shows it.
    fn go_on_jumping(&mut self, facts: &Facts) -> Option<ReadingAction> {
        let seq = self.jump?;
        if !facts.has(seq) {
            if facts.is_fetching {
                return None;
            }
            if facts.has_older && !facts.has_failed {
                return Some(ReadingAction::FetchOlder);
            }
            // The fetch failed, or this user may not see the message.
            self.jump = None;
            return None;
        }
        self.jump = None;
        self.glide = None;
        if !self.rendered.contains(seq) {
            self.render_others(Stretch::beside(facts.messages, seq));
        }
        if self.position == ReadingPosition::AtNewest {
            let (anchors, seen_seq) = (Anchors::default(), facts.newest_seq());
            self.position = ReadingPosition::Away { anchors, seen_seq };
        }
        Some(ReadingAction::ShowMessage(seq))
    }

    /// Renders other messages. The rows in view do not keep their position.
    fn render_others(&mut self, rendered: Stretch) {
        self.rendered = rendered;
        self.stood = None;
    }
}

/// The messages that a list opens with: those that were in view when it was left, else the newest
/// ones with all that are unread.
fn rendered_at_first(position: ReadingPosition, facts: &Facts) -> Stretch {
    let Facts { messages, unread_after, height_px, .. } = *facts;
    match position {
        ReadingPosition::Away { anchors: [Some(Anchor { seq, .. }), _], .. } => {
            Stretch::up_from(messages, seq, height_px())
        }
        _ => Stretch::newest(messages, unread_after, height_px()),
    }
}
