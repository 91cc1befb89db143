//! A list as the browser would show it, and what the machine makes of it.

use std::sync::Arc;

use super::*;
use crate::client::machines::anchor::Room;
use crate::model::{Message, SystemLine};

const PANE_PX: i32 = 600;
const ROW_PX: i32 = 40;
const NOTE_PX: i32 = 27;

/// A list of messages as the browser shows it, and what was done for its machine.
struct List {
    reading: Reading,
    messages: Vec<Arc<Message>>,
    /// Heights of rows that are not `ROW_PX` high.
    heights: Vec<(i64, i32)>,
    /// Height of the note above the oldest row.
    note_px: i32,
    distance: i32,
    room: Room,
    context: ReadingContext<'static>,
    now_ms: f64,
    /// Frames and timers that are waited for.
    awaits_frames: bool,
    timers: Vec<(Timer, f64)>,
    fetches: u32,
    marked_read: Option<i64>,
    on_screen: bool,
}

fn messages(seqs: impl IntoIterator<Item = i64>) -> Vec<Arc<Message>> {
    seqs.into_iter().map(|seq| Arc::new(Message::example(seq))).collect()
}

const CONTEXT: ReadingContext = ReadingContext {
    messages: &[],
    is_loaded: true,
    has_older: false,
    is_fetching: false,
    has_failed: false,
    unread_after: None,
    read_seq: 0,
    cleared_seq: 0,
    is_visible: true,
    sent: 0,
    height_px: || PANE_PX as usize,
};

impl List {
    /// A list that was left at this position, not mounted yet.
    fn left_at(
        position: ReadingPosition,
        messages: Vec<Arc<Message>>,
        context: ReadingContext<'static>,
    ) -> Self {
        let reading = Reading::new(position, &ReadingContext { messages: &messages, ..context });
        Self {
            reading,
            messages,
            heights: Vec::new(),
            note_px: 0,
            distance: 0,
            room: Room::default(),
            context,
            now_ms: 0.0,
            awaits_frames: false,
            timers: Vec::new(),
            fetches: 0,
            marked_read: None,
            on_screen: true,
        }
    }

    fn opened(seqs: impl IntoIterator<Item = i64>, context: ReadingContext<'static>) -> Self {
        let mut list = Self::left_at(ReadingPosition::AtNewest, messages(seqs), context);
        list.step(ReadingInput::Changed);
        list
    }

    /// A list at its newest message, with the pointer over it.
    fn approached(seqs: impl IntoIterator<Item = i64>, context: ReadingContext<'static>) -> Self {
        let mut list = Self::opened(seqs, context);
        list.step(ReadingInput::Approached);
        while list.awaits_frames {
            list.frames_pass();
        }
        list
    }

    /// A list of which the reader sees this message lowest, at the lower edge of the pane.
    fn reading(
        seq: i64,
        seqs: impl IntoIterator<Item = i64>,
        context: ReadingContext<'static>,
    ) -> Self {
        let mut list = Self::approached(seqs, context);
        while !list.reading.rendered().contains(seq) || list.awaits_frames {
            list.scroll_to(i32::MAX);
            list.frames_pass();
        }
        list.scroll_to(list.top_of(seq).expect("rendered") - ROW_PX);
        list
    }

    fn rows(&self) -> Vec<(i64, i32)> {
        let height = |seq| {
            let own = self.heights.iter().rev().find(|(of, _)| *of == seq);
            own.map_or(ROW_PX, |(_, height)| *height)
        };
        let rendered = self.reading.rendered().of(&self.messages);
        let shown = rendered.iter().filter(|m| m.system != Some(SystemLine::Gone));
        shown.map(|message| (message.seq, height(message.seq))).collect()
    }

    fn list_px(&self) -> i32 {
        self.rows().iter().map(|(_, height)| height).sum::<i32>() + self.note_px
    }

    /// How far the top of a row is above the end of the list.
    fn top_of(&self, seq: i64) -> Option<i32> {
        let rows = self.rows();
        let at = rows.iter().position(|(of, _)| *of == seq)?;
        Some(rows[at..].iter().map(|(_, height)| height).sum())
    }

    /// How far the top of a row is above the lower edge of the pane.
    fn edge_of(&self, seq: i64) -> Option<i32> {
        Some(self.top_of(seq)? + self.room.below - self.distance)
    }

    fn largest_distance(&self) -> i32 {
        (self.list_px() + self.room.above + self.room.below - PANE_PX).max(0)
    }

    fn view(&self) -> View {
        let mut bottom = self.room.below - self.distance;
        let in_view = self.rows().into_iter().rev().filter_map(|(seq, height)| {
            let px = bottom + height;
            let row = (Anchor { seq, px }, bottom);
            bottom = px;
            (px > 0).then_some(row)
        });
        let in_view: Vec<(Anchor, i32)> = in_view.take(2).collect();
        let whole = in_view.iter().find(|(_, bottom)| *bottom >= 0);
        View {
            above_px: self.largest_distance() - self.distance,
            anchors: [0, 1].map(|index| in_view.get(index).map(|(anchor, _)| *anchor)),
            newest_whole: whole.map(|(anchor, _)| anchor.seq),
        }
    }

    /// The pane has changed or was scrolled: the browser clamps its position, and `keep_position`
    /// restores it.
    fn measure(&mut self) {
        if !self.reading.is_open() || !self.on_screen {
            return;
        }
        self.distance = self.distance.clamp(0, self.largest_distance());
        match self.reading.keep_position(self.distance, self.largest_distance()) {
            Some((anchors, position)) => self.keep_position(anchors, position),
            None => self.room = Room::default(),
        }
        self.distance = self.distance.clamp(0, self.largest_distance());
        let scroll_position = ScrollPosition { distance: self.distance, room: self.room };
        self.step(ReadingInput::Measured(scroll_position, self.view()));
    }

    fn keep_position(&mut self, anchors: Anchors, position: ScrollPosition) {
        let row = anchors.iter().flatten().find_map(|row| Some((self.top_of(row.seq)?, row.px)));
        let distance = position.distance - position.room.below;
        if let Some((from_end, px)) = row.or((distance > 0).then_some((0, -distance))) {
            let position = ScrollPosition::of(from_end, px, self.list_px(), PANE_PX);
            (self.distance, self.room) = (position.distance, position.room);
        }
    }

    fn step(&mut self, input: ReadingInput) {
        let rendered = self.reading.rendered();
        let context = ReadingContext { messages: &self.messages, ..self.context };
        let actions = self.reading.step(input, &context, self.now_ms);
        if self.reading.rendered() != rendered {
            self.measure();
        }
        actions.into_iter().for_each(|action| self.perform(action));
    }

    fn perform(&mut self, action: ReadingAction) {
        match action {
            ReadingAction::FetchOlder => self.fetches += 1,
            ReadingAction::Open if self.on_screen => self.open(),
            ReadingAction::Open => {}
            ReadingAction::ScrollToNewest { smoothly: true } => {}
            ReadingAction::ScrollToNewest { smoothly: false } => self.scroll_to(0),
            ReadingAction::ShowMessage(seq) => {
                self.scroll_to(self.top_of(seq).expect("rendered") - PANE_PX / 2);
            }
            ReadingAction::Measure | ReadingAction::MeasureInFrame => self.measure(),
            ReadingAction::MarkRead { seq, .. } => {
                if self.reading.is_reading_newest() && self.on_screen {
                    self.marked_read = Some(seq);
                }
            }
            ReadingAction::AwaitFrames => self.awaits_frames = true,
            ReadingAction::Start(timer, ms) => {
                self.timers.push((timer, self.now_ms + f64::from(ms)));
            }
        }
    }

    fn open(&mut self) {
        let mut at_unread_line = false;
        match self.reading.opens_at() {
            OpensAt::Newest => {}
            OpensAt::Anchors(anchors) => self.keep_position(anchors, ScrollPosition::default()),
            OpensAt::UnreadLine => {
                let after = self.reading.unread_after().unwrap_or_default();
                let top = self.top_of(after + 1).unwrap_or_default();
                at_unread_line = top > PANE_PX;
                self.distance = (top - PANE_PX).max(0);
            }
        }
        let scroll_position = ScrollPosition { distance: self.distance, room: Room::default() };
        let view = self.view();
        self.step(ReadingInput::Opened { at_unread_line, scroll_position, view });
    }

    fn scroll_to(&mut self, distance: i32) {
        self.distance = distance.clamp(0, self.largest_distance());
        self.measure();
    }

    fn scroll(&mut self, up_px: i32) {
        self.scroll_to(self.distance.saturating_add(up_px));
    }

    fn frames_pass(&mut self) {
        if mem::take(&mut self.awaits_frames) {
            self.step(ReadingInput::FramesPassed);
        }
    }

    fn wait(&mut self, ms: u32) {
        self.now_ms += f64::from(ms);
        let (due, later) = self.timers.iter().partition(|(_, at)| *at <= self.now_ms);
        self.timers = later;
        let due: Vec<(Timer, f64)> = due;
        due.into_iter().for_each(|(timer, _)| self.step(ReadingInput::TimerFired(timer)));
    }

    fn change(&mut self, change: impl FnOnce(&mut Self)) {
        change(self);
        self.step(ReadingInput::Changed);
        self.measure();
    }

    /// Messages come from the server, older and newer ones.
    fn receive(&mut self, seqs: impl IntoIterator<Item = i64>) {
        self.change(|list| {
            list.messages.extend(messages(seqs));
            list.messages.sort_by_key(|message| message.seq);
        });
    }

    fn delete(&mut self, seq: i64) {
        self.change(|list| {
            let at = list.messages.binary_search_by_key(&seq, |message| message.seq);
            let message = &mut list.messages[at.expect("here")];
            Arc::make_mut(message).system = Some(SystemLine::Gone);
        });
    }

    fn seen_seq(&self) -> Option<i64> {
        self.reading.position().seen_seq()
    }
}

#[test]
fn a_list_without_unread_messages_opens_at_the_newest() {
    let list = List::opened(1..=200, ReadingContext { read_seq: 200, ..CONTEXT });
    assert!(list.reading.is_reading_newest());
    assert_eq!(list.distance, 0);
    assert!(list.reading.rendered().is_at_newest());
    assert!(list.reading.rendered().of(&list.messages).len() < 50);
    assert_eq!((list.fetches, list.marked_read), (0, None));
}

#[test]
fn a_list_opens_with_the_first_unread_message_at_its_top() {
    let context = ReadingContext { unread_after: Some(120), read_seq: 120, ..CONTEXT };
    let list = List::opened(1..=200, context);
    assert_eq!(list.edge_of(121), Some(PANE_PX));
    assert_eq!(list.seen_seq(), Some(135), "as many as fit into the pane");
    assert_eq!(list.marked_read, None);
}

#[test]
fn a_few_unread_messages_that_fit_are_read_at_once() {
    let context = ReadingContext { unread_after: Some(195), read_seq: 195, ..CONTEXT };
    let list = List::opened(1..=200, context);
    assert!(list.reading.is_reading_newest());
    assert_eq!(list.marked_read, Some(200));
    assert_eq!(list.reading.unread_after(), Some(195), "the line stays");
}

#[test]
fn a_list_waits_for_the_page_with_the_first_unread_message() {
    let context =
        ReadingContext { unread_after: Some(100), read_seq: 100, has_older: true, ..CONTEXT };
    let mut list = List::opened(151..=200, context);
    assert_eq!(list.fetches, 1);
    assert!(!list.reading.is_open());
    list.receive(101..=150);
    assert!(list.reading.is_open());
    assert_eq!(list.edge_of(101), Some(PANE_PX));
}

#[test]
fn a_list_opens_at_the_newest_if_unread_messages_are_too_many_or_cannot_be_fetched() {
    let context =
        ReadingContext { unread_after: Some(100), read_seq: 100, has_older: true, ..CONTEXT };
    let mut list = List::opened(151..=200, context);
    list.change(|list| list.context.has_failed = true);
    assert!(list.reading.is_reading_newest());
    let list = List::opened(951..=1000, context);
    assert!(list.reading.is_reading_newest());
    assert_eq!(list.marked_read, Some(1000));
}

#[test]
fn a_list_that_was_left_further_up_opens_there() {
    let mut list = List::reading(120, 1..=200, ReadingContext { read_seq: 200, ..CONTEXT });
    list.scroll(-15);
    let (position, edge) = (list.reading.position(), list.edge_of(120));
    let mut again = List::left_at(position, messages(1..=230), CONTEXT);
    again.step(ReadingInput::Changed);
    assert_eq!(again.edge_of(120), edge);
    assert_eq!(again.seen_seq(), Some(200), "messages that came since are new");
}

#[test]
fn a_list_behind_a_profile_opens_when_it_is_uncovered() {
    let mut list = List::left_at(ReadingPosition::AtNewest, messages(1..=9), CONTEXT);
    list.on_screen = false;
    list.step(ReadingInput::Changed);
    assert!(!list.reading.is_open());
    assert_eq!(list.marked_read, None);
    list.change(|list| list.on_screen = true);
    assert!(list.reading.is_open());
    assert_eq!(list.marked_read, Some(9));
}

#[test]
fn a_list_at_the_newest_follows_and_marks_messages_as_read() {
    let mut list = List::approached(1..=200, ReadingContext { read_seq: 200, ..CONTEXT });
    list.scroll(30);
    list.receive([201]);
    assert!(list.reading.is_reading_newest());
    assert_eq!((list.distance, list.marked_read), (30, Some(201)));
}

#[test]
fn nothing_is_read_while_the_page_is_hidden_or_the_reader_is_further_up() {
    let hidden = ReadingContext { read_seq: 200, is_visible: false, ..CONTEXT };
    let mut list = List::opened(1..=200, hidden);
    list.receive([201]);
    assert_eq!(list.marked_read, None);
    let mut list = List::approached(1..=200, ReadingContext { read_seq: 200, ..CONTEXT });
    list.scroll(100);
    list.receive([201]);
    assert_eq!((list.seen_seq(), list.marked_read), (Some(200), None));
}

#[test]
fn messages_that_came_while_the_page_was_hidden_are_below_an_unread_line() {
    let mut list = List::opened(1..=200, ReadingContext { read_seq: 200, ..CONTEXT });
    list.change(|list| list.context.is_visible = false);
    list.change(|list| list.context.unread_after = Some(200));
    list.receive(201..=260);
    list.change(|list| list.context.is_visible = true);
    assert_eq!(list.reading.unread_after(), Some(200));
    assert_eq!(list.edge_of(201), Some(PANE_PX));
    assert_eq!(list.marked_read, None);
}

#[test]
fn messages_that_come_below_leave_the_reader_and_are_counted() {
    let mut list = List::reading(120, 1..=200, ReadingContext { read_seq: 200, ..CONTEXT });
    let edge = list.edge_of(120);
    list.receive(201..=205);
    assert_eq!((list.edge_of(120), list.seen_seq()), (edge, Some(200)));
}

#[test]
fn messages_are_seen_once_they_were_in_view_as_a_whole() {
    let context = ReadingContext { unread_after: Some(120), read_seq: 120, ..CONTEXT };
    let mut list = List::opened(1..=200, context);
    list.scroll(-ROW_PX - 10);
    assert_eq!(list.seen_seq(), Some(136));
    list.scroll(500);
    assert_eq!(list.seen_seq(), Some(136), "going back makes nothing unseen");
}

#[test]
fn an_end_that_comes_near_is_rendered_further_block_by_block_and_then_fetched() {
    let context = ReadingContext { read_seq: 200, has_older: true, ..CONTEXT };
    let mut list = List::opened(151..=200, context);
    let rendered = |list: &List| list.reading.rendered().of(&list.messages).len();
    let before = rendered(&list);
    list.step(ReadingInput::Approached);
    let more = rendered(&list);
    assert!((before + 1..=before + 8).contains(&more), "{before} {more}");
    list.measure();
    assert_eq!(rendered(&list), more, "the next block waits for two frames");
    while list.awaits_frames {
        list.frames_pass();
    }
    assert_eq!(list.fetches, 0, "there is enough above");
    list.scroll(1200);
    while list.awaits_frames {
        list.frames_pass();
    }
    assert_eq!(rendered(&list), 50);
    assert!(list.fetches > 0);
}

#[test]
fn no_history_is_fetched_while_it_is_fetched_or_after_it_failed() {
    for context in [
        ReadingContext { is_fetching: true, has_older: true, ..CONTEXT },
        ReadingContext { has_failed: true, has_older: true, ..CONTEXT },
        CONTEXT,
    ] {
        let mut list = List::opened(1..=20, context);
        list.step(ReadingInput::Approached);
        list.scroll(1000);
        assert_eq!(list.fetches, 0);
    }
}

#[test]
fn rows_that_are_far_away_are_dropped_when_scrolling_ends_and_the_reader_stays() {
    let mut list = List::reading(1, 1..=400, ReadingContext { read_seq: 400, ..CONTEXT });
    list.scroll(5);
    let (anchor, edge) = (list.view().anchors[0].expect("a row").seq, list.distance);
    let before = list.edge_of(anchor);
    list.step(ReadingInput::ScrollEnded);
    assert_ne!(list.distance, edge);
    assert_eq!(list.edge_of(anchor), before);
    assert!(list.reading.rendered().of(&list.messages).len() <= 120);
    assert!(!list.reading.rendered().is_at_newest());
}

#[test]
fn a_note_that_leaves_before_older_messages_come_moves_nothing() {
    let context = ReadingContext { read_seq: 120, has_older: true, ..CONTEXT };
    let mut list = List::reading(90, 71..=120, context);
    list.change(|list| (list.context.is_fetching, list.note_px) = (true, NOTE_PX));
    list.scroll(i32::MAX);
    let edge = list.edge_of(80);
    // The browser clamps the pane in between.
    list.change(|list| list.note_px = 0);
    assert_eq!(list.edge_of(80), edge);
    assert_eq!(list.room.above, NOTE_PX);
    list.receive(21..=70);
    assert_eq!(list.edge_of(80), edge);
    list.frames_pass();
    assert_eq!((list.edge_of(80), list.room), (edge, Room::default()));
}

#[test]
fn rows_that_leave_below_for_a_moment_move_nothing() {
    let mut list = List::approached(1..=200, ReadingContext { read_seq: 200, ..CONTEXT });
    list.scroll(60);
    let edge = list.edge_of(195);
    list.change(|list| list.heights.push((200, 0)));
    list.change(|list| list.heights.push((199, 0)));
    assert_eq!((list.edge_of(195), list.room.below), (edge, 20));
    assert_eq!(list.seen_seq(), Some(200), "still further up");
    list.change(|list| list.heights.push((200, 300)));
    assert_eq!((list.edge_of(195), list.room), (edge, Room::default()));
    list.wait(1000);
    assert_eq!(list.edge_of(195), edge);
}

#[test]
fn a_list_that_stays_shorter_ends_at_its_newest_message() {
    let mut list = List::approached(1..=200, ReadingContext { read_seq: 200, ..CONTEXT });
    list.scroll(60);
    list.delete(200);
    list.delete(199);
    assert_eq!(list.room.below, 20);
    list.wait(position::REPLACEMENT_MS - 1);
    assert_eq!(list.room.below, 20);
    list.wait(1);
    assert_eq!((list.distance, list.room), (0, Room::default()));
    assert!(list.reading.is_reading_newest());
}

#[test]
fn rows_that_leave_just_the_newest_below_for_a_moment_move_nothing() {
    let mut list = List::approached(1..=200, ReadingContext { read_seq: 200, ..CONTEXT });
    list.scroll(60);
    let edge = list.edge_of(190);
    list.change(|list| list.heights.push((200, 0)));
    assert_eq!((list.edge_of(190), list.distance), (edge, 20));
    assert_eq!(list.seen_seq(), Some(200), "not at the newest yet");
    list.change(|list| list.heights.push((200, 300)));
    list.wait(position::REPLACEMENT_MS);
    assert_eq!(list.edge_of(190), edge);
    list.change(|list| list.heights.push((200, 0)));
    list.wait(position::REPLACEMENT_MS);
    assert!(list.reading.is_reading_newest());
}

#[test]
fn a_reader_who_scrolls_to_the_newest_is_there_at_once() {
    let mut list = List::approached(1..=200, ReadingContext { read_seq: 200, ..CONTEXT });
    list.scroll(60);
    list.receive([201]);
    assert_eq!(list.marked_read, None);
    list.scroll(-200);
    assert_eq!((list.seen_seq(), list.marked_read), (None, Some(201)));
}

#[test]
fn many_changes_do_not_add_up_their_rounded_pixels() {
    let mut list = List::reading(120, 1..=200, ReadingContext { read_seq: 200, ..CONTEXT });
    list.scroll(13);
    let (anchor, before) = list.view().anchors[0].map(|row| (row.seq, row.px)).expect("a row");
    for n in 0..50 {
        list.heights.push((150, 40 + n));
        list.measure();
        // The browser rounds.
        list.distance += 1;
        list.step(ReadingInput::Measured(
            ScrollPosition { distance: list.distance, room: list.room },
            list.view(),
        ));
    }
    list.measure();
    let after = list.edge_of(anchor).expect("rendered");
    assert!((after - before).abs() <= 1, "{before} {after}");
}

#[test]
fn room_is_kept_for_as_long_after_the_last_row_went() {
    let mut list = List::approached(1..=30, ReadingContext { read_seq: 30, ..CONTEXT });
    list.change(|list| list.note_px = NOTE_PX);
    list.scroll(i32::MAX);
    list.change(|list| list.note_px = 0);
    assert_eq!(list.room.above, NOTE_PX);
    list.wait(100);
    list.change(|list| list.heights.push((1, 10)));
    assert_eq!(list.room.above, NOTE_PX + 30);
    list.wait(100);
    assert_eq!(list.room.above, NOTE_PX + 30);
    list.wait(50);
    assert_eq!(list.room, Room::default());
    assert_eq!(list.distance, list.largest_distance());
}

#[test]
fn rows_that_come_into_view_without_scrolling_are_no_anchors() {
    let mut list = List::reading(120, 1..=200, ReadingContext { read_seq: 200, ..CONTEXT });
    list.heights.push((120, 300));
    list.measure();
    let edge = list.edge_of(119);
    // The lowest message is recalled, and the one below it begins another run.
    list.change(|list| list.heights.push((120, 27)));
    list.change(|list| list.heights.push((121, ROW_PX + 8)));
    assert_eq!(list.edge_of(119), edge);
}

#[test]
fn the_row_above_is_the_anchor_if_the_lowest_one_goes() {
    let mut list = List::reading(120, 1..=200, ReadingContext { read_seq: 200, ..CONTEXT });
    let edge = list.edge_of(119);
    list.delete(120);
    assert_eq!(list.edge_of(119), edge);
    // Now 121 is the lowest one.
    list.delete(121);
    assert_eq!(list.edge_of(119), edge);
}

#[test]
fn heights_that_change_above_and_below_leave_the_reader() {
    let mut list = List::reading(120, 1..=200, ReadingContext { read_seq: 200, ..CONTEXT });
    list.scroll(13);
    let (anchor, edge) = (list.view().anchors[0].expect("a row").seq, list.distance);
    let before = list.edge_of(anchor);
    for (seq, height) in [(150, 300), (90, 200), (150, 20), (anchor - 1, 90), (90, 10)] {
        list.heights.push((seq, height));
        list.measure();
        assert_eq!(list.edge_of(anchor), before, "{seq} is {height} px high");
    }
    assert_ne!(list.distance, edge);
}

#[test]
fn a_reader_who_scrolls_while_rows_change_goes_as_far_as_they_scrolled() {
    let mut list = List::reading(120, 1..=200, ReadingContext { read_seq: 200, ..CONTEXT });
    let edge = list.edge_of(118).expect("rendered");
    list.heights.push((150, 300));
    list.scroll(70);
    assert_eq!(list.edge_of(118), Some(edge - 70));
}

#[test]
fn a_message_sent_here_brings_the_list_to_the_newest() {
    let mut list = List::reading(120, 1..=200, ReadingContext { read_seq: 200, ..CONTEXT });
    list.change(|list| list.context.sent += 1);
    assert_eq!(list.seen_seq(), None);
    for _ in 0..100 {
        list.scroll(-50);
        assert_eq!(list.seen_seq(), None, "rows that pass by are not read");
    }
    assert!(list.reading.is_reading_newest());
    assert_eq!(list.distance, 0);
}

#[test]
fn the_reader_ends_a_glide_by_going_up_or_by_taking_over() {
    let context = ReadingContext { read_seq: 200, ..CONTEXT };
    let ends: [fn(&mut List); 2] =
        [|list| list.scroll(10), |list| list.step(ReadingInput::Grabbed)];
    for ends in ends {
        let mut list = List::reading(120, 1..=200, context);
        list.step(ReadingInput::ToNewest);
        let rendered = list.reading.rendered();
        list.scroll(-300);
        assert_eq!(list.seen_seq(), None);
        assert_eq!(list.reading.rendered(), rendered, "a glide renders nothing more");
        ends(&mut list);
        list.scroll(-10);
        assert!(list.seen_seq().is_some());
    }
}

#[test]
fn a_glide_that_was_broken_off_ends_by_itself() {
    let mut list = List::reading(120, 1..=200, ReadingContext { read_seq: 200, ..CONTEXT });
    list.step(ReadingInput::ToNewest);
    list.scroll(-300);
    list.wait(GLIDE_MS);
    assert_eq!(list.seen_seq(), Some(200));
}

#[test]
fn far_below_the_newest_messages_are_rendered_instead_of_glided_to() {
    let mut list = List::reading(1, 1..=400, ReadingContext { read_seq: 400, ..CONTEXT });
    list.step(ReadingInput::ScrollEnded);
    assert!(!list.reading.rendered().is_at_newest());
    list.step(ReadingInput::ToNewest);
    assert!(list.reading.is_reading_newest());
    assert!(list.reading.rendered().is_at_newest());
    assert_eq!(list.distance, 0);
}

#[test]
fn a_jump_fetches_page_by_page_until_the_message_is_here() {
    let context = ReadingContext { read_seq: 200, has_older: true, ..CONTEXT };
    let mut list = List::opened(151..=200, context);
    list.step(ReadingInput::Jump(20));
    assert_eq!(list.fetches, 1);
    list.change(|list| list.context.is_fetching = true);
    assert_eq!(list.fetches, 1);
    list.context.is_fetching = false;
    list.receive(101..=150);
    assert_eq!(list.fetches, 2);
    list.receive(1..=100);
    assert_eq!(list.edge_of(20), Some(PANE_PX / 2));
    assert_eq!(list.seen_seq(), Some(200));
}

#[test]
fn a_jump_to_a_rendered_message_renders_no_other_ones() {
    let mut list = List::opened(1..=200, ReadingContext { read_seq: 200, ..CONTEXT });
    list.step(ReadingInput::Jump(190));
    assert!(list.reading.rendered().is_at_newest());
    assert!(!list.reading.rendered().contains(168));
}

#[test]
fn a_jump_to_other_messages_keeps_nothing_of_the_view_before() {
    let mut list = List::approached(1..=200, ReadingContext { read_seq: 200, ..CONTEXT });
    list.scroll(900);
    list.step(ReadingInput::Jump(20));
    assert!(!list.reading.rendered().is_at_newest());
    assert_eq!((list.edge_of(20), list.room), (Some(PANE_PX / 2), Room::default()));
    assert!(list.timers.is_empty());
}

#[test]
fn a_jump_ends_where_nothing_can_be_fetched() {
    let context = ReadingContext { read_seq: 200, ..CONTEXT };
    for context in [context, ReadingContext { has_older: true, has_failed: true, ..context }] {
        let mut list = List::opened(151..=200, context);
        list.step(ReadingInput::Jump(20));
        list.receive(1..=150);
        assert!(list.reading.is_reading_newest());
    }
}

#[test]
fn a_conversation_that_the_user_cleared_begins_anew_at_the_newest() {
    let mut list = List::reading(120, 1..=200, ReadingContext { read_seq: 200, ..CONTEXT });
    list.change(|list| {
        list.messages.clear();
        list.context.cleared_seq = 200;
    });
    assert!(list.reading.is_reading_newest());
    list.receive([201]);
    assert_eq!(list.rows(), [(201, ROW_PX)]);
}

#[test]
fn a_conversation_that_is_fetched_after_a_new_snapshot_is_rendered_as_when_it_opens() {
    let mut list = List::reading(120, 1..=200, ReadingContext { read_seq: 200, ..CONTEXT });
    list.change(|list| {
        list.messages = messages([210]);
        list.context.is_loaded = false;
    });
    assert_eq!(list.seen_seq(), None);
    list.context.is_loaded = true;
    list.receive(161..=209);
    assert!(list.reading.is_reading_newest());
    assert!(list.list_px() >= PANE_PX);
}
