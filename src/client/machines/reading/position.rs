//! The position of the reader. Scrolling changes it at once. A change of the list moves the reader
//! to the newest message only if it lasts for a moment.

use std::mem;

use crate::client::machines::anchor::{Anchor, Anchors, Room, ScrollPosition};

use super::Reading;
use super::inputs::{ReadingAction, ReadingContext, ReadingPosition, Timer, View};

/// Distance from the newest message that counts as being there, in pixels.
const AT_NEWEST_PX: i32 = 40;
/// Time for which removed rows may be replaced before the reader counts as being somewhere else,
/// in milliseconds. Rendering takes less. A longer time would make the move look like a change of
/// its own.
pub(super) const REPLACEMENT_MS: u32 = 150;

/// A smooth scroll to the newest message. Rows that pass by are not read, and an anchor among them
/// would end the scroll.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glide {
    /// The last distance from the newest message, in pixels. It only becomes smaller.
    pub distance: i32,
    pub until_ms: f64,
}

impl Reading {
    /// The anchors that have to keep their position, and the last position of the pane. Arguments:
    /// the present distance and the largest possible one, in pixels. Returns `None` if the pane may
    /// stay as it is.
    pub fn keep_position(
        &mut self,
        distance: i32,
        largest_distance: i32,
    ) -> Option<(Anchors, ScrollPosition)> {
        let last = self.last_position.filter(|_| self.is_open())?;
        let scrolled_px = last.scrolled_px(distance, largest_distance);
        self.has_scrolled |= scrolled_px != 0;
        let anchors = match self.position {
            ReadingPosition::AtNewest => Anchors::default(),
            ReadingPosition::Away { anchors, .. } => anchors
                .map(|row| row.map(|Anchor { seq, px }| Anchor { seq, px: px - scrolled_px })),
        };
        Some((anchors, ScrollPosition { distance: last.distance + scrolled_px, ..last }))
    }

    /// Updates the position of the reader. If only the list has changed, and may change back, the
    /// reader keeps the former position for a moment.
    pub(super) fn update_position(
        &mut self,
        scroll_position: ScrollPosition,
        view: View,
        context: &ReadingContext,
        now_ms: f64,
    ) -> Vec<ReadingAction> {
        if !self.is_open() {
            return vec![];
        }
        let has_scrolled = mem::take(&mut self.has_scrolled);
        let before = self.last_position.replace(scroll_position);
        let has_room = scroll_position.room != Room::default();
        let was_away = self.position != ReadingPosition::AtNewest;
        let may_come_back = was_away && !self.is_away_at(scroll_position);
        let takes_position = before.is_none() || has_scrolled || !may_come_back;
        if takes_position && !self.glides(scroll_position) {
            self.take_position(scroll_position, view, context, has_scrolled);
        }
        if !has_room && takes_position {
            self.replaceable_until_ms = None;
            return vec![];
        }
        let has_changed = before.is_some_and(|before| before.room != scroll_position.room);
        if self.replaceable_until_ms.is_some() && (has_scrolled || !has_changed) {
            return vec![];
        }
        self.replaceable_until_ms = Some(now_ms + f64::from(REPLACEMENT_MS));
        vec![ReadingAction::Start(Timer::Replacement, REPLACEMENT_MS)]
    }

    /// Whether the pane is still on its way to the newest message. Only the reader moves away.
    fn glides(&mut self, scroll_position: ScrollPosition) -> bool {
        let distance = scroll_position.distance;
        let goes_on =
            |glide: &Glide| self.is_away_at(scroll_position) && distance <= glide.distance;
        self.glide = self.glide.filter(goes_on).map(|glide| Glide { distance, ..glide });
        self.glide.is_some()
    }

    fn is_away_at(&self, scroll_position: ScrollPosition) -> bool {
        scroll_position.distance > AT_NEWEST_PX || !self.rendered.is_at_newest()
    }

    fn take_position(
        &mut self,
        scroll_position: ScrollPosition,
        view: View,
        context: &ReadingContext,
        has_scrolled: bool,
    ) {
        if !self.is_away_at(scroll_position) {
            self.position = ReadingPosition::AtNewest;
            return;
        }
        let seen_seq = self.position.seen_seq().unwrap_or_else(|| context.newest_seq());
        let seen_seq = seen_seq.max(view.newest_whole.unwrap_or_default());
        // Rows that come into view without scrolling do not become anchors: they may still change
        // in the same frame, and every measurement rounds pixels.
        let kept = match self.position {
            ReadingPosition::Away { anchors, .. } if !has_scrolled => Some(anchors),
            _ => None,
        };
        let is_row = |anchors: &Anchors| {
            anchors[0]
                .is_some_and(|row| self.rendered.contains(row.seq) && context.has_row(row.seq))
        };
        let anchors = kept.filter(is_row).unwrap_or(view.anchors);
        self.position = ReadingPosition::Away { anchors, seen_seq };
    }

    /// The removed rows were not replaced: the position of the pane is that of the reader.
    pub(super) fn end_replacement(&mut self, now_ms: f64) -> Vec<ReadingAction> {
        let Some(until_ms) = self.replaceable_until_ms else { return vec![] };
        if now_ms < until_ms {
            let left_ms = (until_ms - now_ms).ceil() as u32;
            return vec![ReadingAction::Start(Timer::Replacement, left_ms)];
        }
        self.last_position = None;
        vec![ReadingAction::Measure]
    }
}
