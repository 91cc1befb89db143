//! The arithmetic that keeps the messages in view in position while others come and go.
//!
//! A message list scrolls in reverse: its position is the distance from the lower edge of the pane
//! to the newest message. A change above the reader leaves that distance alone, a change below does
//! not. If the list becomes too short for its position, the browser moves the pane, and does not
//! move it back when the list grows again. Therefore a row in view is the anchor. Only the reader
//! moves the anchor, and the pane returns to it after every change.

/// A row of the list and its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// The `seq` of its message.
    pub seq: i64,
    /// Distance from the lower edge of the pane up to the top of the row, in pixels.
    pub px: i32,
}

/// The lowest row in view, and the one above it in case the first one is removed.
pub type Anchors = [Option<Anchor>; 2];

/// Free space at the ends of the list, in pixels. For a moment it replaces rows that were removed,
/// so that the pane can keep its position until others arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Room {
    pub above: i32,
    pub below: i32,
}

/// The scroll position of a pane, in pixels. It is valid only for the rows that are rendered.
/// `ReadingPosition` names messages instead, and is kept when the list is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ScrollPosition {
    /// Distance from the lower edge of the pane down to the end of the list, in pixels.
    pub distance: i32,
    /// The room below is part of the distance.
    pub room: Room,
}

impl ScrollPosition {
    /// How far up the reader scrolled since this position, in pixels. A list that became too short
    /// makes the browser move the pane to its limit. The reader did not scroll then.
    pub fn scrolled_px(self, distance: i32, largest_distance: i32) -> i32 {
        // Both are rounded from fractions of pixels.
        let is_at_limit = distance >= largest_distance - 1;
        if self.distance > largest_distance && is_at_limit { 0 } else { distance - self.distance }
    }

    /// The position in which a point of the list, `from_end` above its end, is `from_edge` above
    /// the lower edge of the pane. The heights do not include room. All values are in pixels.
    pub fn of(from_end: i32, from_edge: i32, list_height: i32, pane_height: i32) -> Self {
        let distance = from_end - from_edge;
        let below = (-distance).max(0);
        let above = (distance + pane_height - list_height).max(0);
        Self { distance: distance + below, room: Room { above, below } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PANE: i32 = 600;

    fn position(distance: i32, above: i32, below: i32) -> ScrollPosition {
        ScrollPosition { distance, room: Room { above, below } }
    }

    #[test]
    fn rows_that_come_or_go_below_the_anchor_move_the_pane_by_their_height() {
        // The row was 900 px above the end and 400 px above the edge.
        assert_eq!(ScrollPosition::of(900, 400, 2000, PANE), position(500, 0, 0));
        assert_eq!(ScrollPosition::of(1000, 400, 2100, PANE), position(600, 0, 0));
        assert_eq!(ScrollPosition::of(700, 400, 1800, PANE), position(300, 0, 0));
    }

    #[test]
    fn rows_that_come_or_go_above_the_anchor_move_nothing() {
        assert_eq!(ScrollPosition::of(900, 400, 3000, PANE), position(500, 0, 0));
        assert_eq!(ScrollPosition::of(900, 400, 1100, PANE), position(500, 0, 0));
    }

    #[test]
    fn a_list_that_became_too_short_above_gets_room_above() {
        // At the oldest end: nothing is above the pane.
        assert_eq!(ScrollPosition::of(900, 400, 1100, PANE), position(500, 0, 0));
        assert_eq!(ScrollPosition::of(900, 400, 1073, PANE), position(500, 27, 0));
    }

    #[test]
    fn a_list_that_became_too_short_below_gets_room_below() {
        // The reader was 50 px from the newest, and 80 px went there.
        assert_eq!(ScrollPosition::of(450, 400, 2000, PANE), position(50, 0, 0));
        assert_eq!(ScrollPosition::of(370, 400, 1920, PANE), position(0, 0, 30));
    }

    #[test]
    fn a_list_shorter_than_the_pane_gets_room_at_both_ends() {
        let room = ScrollPosition::of(370, 400, 500, PANE);
        assert_eq!(room, position(0, 70, 30));
        assert_eq!(500 + room.room.above + room.room.below, PANE);
    }

    #[test]
    fn a_move_to_the_limit_of_a_list_that_shrank_is_not_a_scroll() {
        let before = position(500, 0, 0);
        assert_eq!(before.scrolled_px(500, 2000), 0);
        assert_eq!(before.scrolled_px(700, 2000), 200);
        assert_eq!(before.scrolled_px(300, 2000), -200);
        assert_eq!(before.scrolled_px(473, 473), 0);
        assert_eq!(before.scrolled_px(472, 473), 0, "rounded");
        assert_eq!(before.scrolled_px(499, 500), -1, "the list did not shrink");
        assert_eq!(before.scrolled_px(400, 473), -100);
        assert_eq!(before.scrolled_px(0, 0), 0);
    }
}
