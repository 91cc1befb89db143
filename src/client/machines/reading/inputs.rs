//! The inputs and the actions of the reading machine.

use std::sync::Arc;

use crate::client::machines::anchor::{Anchors, ScrollPosition};
use crate::model::{Message, SystemLine};

/// The position of the reader among the messages. Unlike `ScrollPosition`, it is kept when the user
/// leaves the conversation, so that the list opens there again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReadingPosition {
    /// At the newest message. The list follows new ones.
    #[default]
    AtNewest,
    /// Further up. The list keeps its anchors in position.
    Away {
        anchors: Anchors,
        /// The newest `seq` that was in view. Messages after it are counted as new.
        seen_seq: i64,
    },
}

impl ReadingPosition {
    /// The newest `seq` that was in view; `None` at the newest message.
    pub fn seen_seq(self) -> Option<i64> {
        match self {
            Self::AtNewest => None,
            Self::Away { seen_seq, .. } => Some(seen_seq),
        }
    }
}

/// The state outside the machine on which its decisions depend.
#[derive(Debug, Clone, Copy)]
pub struct ReadingContext<'a> {
    /// The messages of the conversation that are in the cache.
    pub messages: &'a [Arc<Message>],
    /// Whether the newest page of them was fetched.
    pub is_loaded: bool,
    /// Whether the server has older ones.
    pub has_older: bool,
    pub is_fetching: bool,
    /// Whether the last fetch failed, and nothing was tried since.
    pub has_failed: bool,
    /// The unread messages are those after this `seq`; `None` if there are none.
    pub unread_after: Option<i64>,
    /// The read mark.
    pub read_seq: i64,
    /// The user deleted everything up to this `seq` for themselves.
    pub cleared_seq: i64,
    /// Whether the page is visible.
    pub is_visible: bool,
    /// Changes with each message that is sent from this tab.
    pub sent: u32,
    /// Height that the rendered messages have to fill when the list opens, in pixels.
    pub height_px: fn() -> usize,
}

impl ReadingContext<'_> {
    pub(super) fn newest(&self) -> Option<&Message> {
        self.messages.last().map(|message| &**message)
    }

    pub(super) fn newest_seq(&self) -> i64 {
        self.newest().map_or(0, |message| message.seq)
    }

    pub(super) fn has(&self, seq: i64) -> bool {
        self.find(seq).is_some()
    }

    /// Whether the message has a row in the list. A message that the user deleted has none.
    pub(super) fn has_row(&self, seq: i64) -> bool {
        self.find(seq).is_some_and(|message| message.system != Some(SystemLine::Gone))
    }

    fn find(&self, seq: i64) -> Option<&Message> {
        let index = self.messages.binary_search_by_key(&seq, |message| message.seq).ok()?;
        Some(&*self.messages[index])
    }
}

/// The visible part of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct View {
    /// Distance from the upper edge of the pane up to the beginning of the list, in pixels.
    pub above_px: i32,
    pub anchors: Anchors,
    /// The `seq` of the newest message that is completely in view.
    pub newest_whole: Option<i64>,
}

/// An input of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadingInput {
    /// The context has changed, or the list has appeared on the screen.
    Changed,
    /// The position of the pane, measured after the reader scrolled or the list changed.
    Measured(ScrollPosition, View),
    /// The same, from the size observer, which runs just before painting. Rows that are rendered
    /// there would be painted before it runs again.
    Resized(ScrollPosition, View),
    /// The list was scrolled to `opens_at`. The unread line may be too near to the end for that.
    Opened {
        at_unread_line: bool,
        scroll_position: ScrollPosition,
        view: View,
    },
    /// Scrolling has ended.
    ScrollEnded,
    /// The pointer has entered the list: the reader may scroll soon.
    Approached,
    /// The reader pressed a button or a key in the list.
    Grabbed,
    /// The button to the newest message was pressed.
    ToNewest,
    /// The quote of this message was pressed.
    Jump(i64),
    /// Two frames have passed since more was rendered.
    FramesPassed,
    TimerFired(Timer),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timer {
    Glide,
    Replacement,
}

/// An action for `ui::messages::scroll`. The list also renders the messages in `rendered`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadingAction {
    /// Fetch the page before the oldest message.
    FetchOlder,
    /// In the next frame scroll the list to `opens_at` and report `Opened`, if it is on screen.
    Open,
    ScrollToNewest {
        smoothly: bool,
    },
    /// In the next frame scroll this message into view and report `Measured`.
    ShowMessage(i64),
    /// Report `Measured`.
    Measure,
    /// Report `Measured` in the next frame.
    MeasureInFrame,
    /// In the next frame set the read mark, if the list is on the screen and `is_reading_newest`.
    MarkRead {
        seq: i64,
        count: i64,
    },
    /// Report `FramesPassed` in two frames.
    AwaitFrames,
    /// Report `TimerFired` after this number of milliseconds.
    Start(Timer, u32),
}

/// The position in which the list opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpensAt {
    Newest,
    UnreadLine,
    /// The position in which it was left.
    Anchors(Anchors),
}
