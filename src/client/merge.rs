//! Messages and marks of one conversation, put together from events, answers and pages of
//! history in whatever order and however often they come.

use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::model::{ConversationState, History, Message};

/// The part of a conversation that this page holds: its newest messages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Window {
    /// Shared with the rows that show them: a list of thousands is put together for each change.
    messages: Vec<Arc<Message>>,
    has_older: bool,
    loaded: bool,
}

impl Window {
    /// Starts from the newest message alone; the rest is fetched when the conversation is opened.
    pub fn of_newest(message: Option<Message>) -> Self {
        let has_older = message.as_ref().is_some_and(|m| m.seq > 1);
        Self { messages: message.map(Arc::new).into_iter().collect(), has_older, loaded: false }
    }

    /// In the order of their places.
    pub fn messages(&self) -> &[Arc<Message>] {
        &self.messages
    }

    /// Whether older messages can be fetched.
    pub fn has_older(&self) -> bool {
        self.has_older
    }

    /// Whether the newest page has been fetched.
    pub fn is_loaded(&self) -> bool {
        self.loaded
    }

    /// Puts a message in its place, whether it came by an event or as the answer to a send.
    /// One that is there already, or lies before the window, changes nothing.
    pub fn add(&mut self, message: Arc<Message>) {
        match self.messages.binary_search_by_key(&message.seq, |m| m.seq) {
            Ok(_) => {}
            Err(0) => {
                let follows = self.messages.first().is_none_or(|m| m.seq == message.seq + 1);
                self.has_older = !follows || message.seq > 1;
                if follows {
                    self.messages.insert(0, message);
                }
            }
            Err(place) => self.messages.insert(place, message),
        }
    }

    /// Joins a page of history: the newest one, or one before what is here.
    pub fn join(&mut self, page: History) {
        let first = page.messages.first().map(|m| m.seq);
        let first_here = self.messages.first().map_or(i64::MAX, |m| m.seq);
        if first.is_none_or(|first| first <= first_here) {
            self.has_older = page.has_older;
        }
        for message in page.messages {
            if let Err(place) = self.messages.binary_search_by_key(&message.seq, |m| m.seq) {
                self.messages.insert(place, Arc::new(message));
            }
        }
        self.loaded = true;
    }

    /// Lets go of everything but the newest `count` messages, which can be fetched again.
    pub fn keep_newest(&mut self, count: usize) {
        let gone = self.messages.len().saturating_sub(count);
        if gone > 0 {
            self.messages.drain(..gone);
            self.messages.shrink_to_fit();
            self.has_older = true;
        }
    }

    /// Lets go of everything but the newest message; the rest is fetched when it is opened.
    pub fn unload(&mut self) {
        self.keep_newest(1);
        self.loaded = false;
    }

    /// The newest places that are missing between messages that are here. Answers to sends
    /// overtake events, so a hole is usually filled by itself a moment later.
    pub fn hole(&self) -> Option<RangeInclusive<i64>> {
        self.messages
            .windows(2)
            .rev()
            .find(|pair| pair[1].seq > pair[0].seq + 1)
            .map(|pair| pair[0].seq + 1..=pair[1].seq - 1)
    }
}

/// How far a conversation goes, and how far its owner has read. Nothing here ever goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks {
    pub last_seq: i64,
    pub last_count: i64,
    pub read_seq: i64,
    pub read_count: i64,
}

impl From<&ConversationState> for Marks {
    fn from(state: &ConversationState) -> Self {
        Self {
            last_seq: state.last_seq,
            last_count: state.last_count,
            read_seq: state.read_seq,
            read_count: state.read_count,
        }
    }
}

impl Marks {
    /// How many messages wait to be read.
    pub fn unread(&self) -> i64 {
        (self.last_count - self.read_count).max(0)
    }

    /// Takes note of a message; who wrote it has read up to it.
    pub fn message(&mut self, message: &Message, by_me: bool) {
        self.last_seq = self.last_seq.max(message.seq);
        self.last_count = self.last_count.max(message.count);
        if by_me {
            self.read(message.seq, message.count);
        }
    }

    /// Takes note of a read mark.
    pub fn read(&mut self, seq: i64, count: i64) {
        self.read_seq = self.read_seq.max(seq);
        self.read_count = self.read_count.max(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClientId, Timestamp, UserId};

    fn message(seq: i64) -> Message {
        Message {
            seq,
            count: seq,
            sender: UserId(1),
            client_id: ClientId::try_from(format!("c-{seq}")).expect("plain"),
            text: format!("line {seq}"),
            system: None,
            sent: Timestamp(seq * 1000),
        }
    }

    fn arc(seq: i64) -> Arc<Message> {
        Arc::new(message(seq))
    }

    fn page(seqs: RangeInclusive<i64>, has_older: bool) -> History {
        History { messages: seqs.map(message).collect(), has_older }
    }

    fn seqs(window: &Window) -> Vec<i64> {
        window.messages().iter().map(|m| m.seq).collect()
    }

    #[test]
    fn messages_are_ordered_by_place_and_doubles_dropped() {
        let mut window = Window::of_newest(None);
        window.join(page(1..=3, false));
        for seq in [5, 4, 5, 3, 6, 4] {
            window.add(arc(seq));
        }
        assert_eq!(seqs(&window), [1, 2, 3, 4, 5, 6]);
        assert_eq!(window.hole(), None);
    }

    #[test]
    fn an_answer_that_overtakes_an_event_leaves_a_hole_for_it() {
        let mut window = Window::of_newest(None);
        window.join(page(1..=3, false));
        window.add(arc(6));
        assert_eq!(window.hole(), Some(4..=5));
        window.add(arc(4));
        assert_eq!(window.hole(), Some(5..=5));
        window.add(arc(5));
        assert_eq!(window.hole(), None);
    }

    #[test]
    fn a_hole_is_filled_from_history() {
        let mut window = Window::of_newest(None);
        window.join(page(100..=120, true));
        window.add(arc(200));
        window.join(page(150..=199, true));
        assert_eq!(window.hole(), Some(121..=149));
        window.join(page(100..=149, true));
        assert_eq!(window.hole(), None);
        assert_eq!(window.messages().len(), 101);
        assert!(window.has_older());
    }

    #[test]
    fn the_first_two_messages_may_come_the_wrong_way_round() {
        let mut window = Window::default();
        window.add(arc(2));
        assert!(window.has_older());
        window.add(arc(1));
        assert_eq!(seqs(&window), [1, 2]);
        assert!(!window.has_older());
    }

    #[test]
    fn a_message_before_the_window_is_left_to_history() {
        let mut window = Window::of_newest(Some(message(50)));
        window.add(arc(20));
        assert_eq!(seqs(&window), [50]);
        assert!(window.has_older());
        window.join(page(1..=49, false));
        assert_eq!(window.messages().len(), 50);
        assert!(!window.has_older());
    }

    #[test]
    fn a_page_that_was_read_before_newer_events_does_not_undo_them() {
        let mut window = Window::of_newest(Some(message(60)));
        window.add(arc(61));
        window.join(page(11..=60, true));
        assert_eq!(seqs(&window).last(), Some(&61));
        assert!(window.is_loaded() && window.has_older());
        window.join(page(1..=10, false));
        assert!(!window.has_older());
        window.join(page(12..=61, true));
        assert!(!window.has_older(), "a newest page says nothing about what is older than ours");
    }

    #[test]
    fn a_window_that_was_cut_fetches_the_rest_again() {
        let mut window = Window::of_newest(None);
        window.join(page(1..=9, false));
        window.keep_newest(20);
        assert!(!window.has_older());
        window.keep_newest(3);
        assert_eq!(seqs(&window), [7, 8, 9]);
        assert!(window.has_older() && window.is_loaded());
        window.unload();
        assert_eq!(seqs(&window), [9]);
        assert!(window.has_older() && !window.is_loaded());
        window.join(page(1..=9, false));
        assert_eq!(window.messages().len(), 9);
        assert!(!window.has_older());
    }

    #[test]
    fn marks_never_go_back_and_unread_is_never_negative() {
        let mut marks = Marks::default();
        marks.message(&message(4), false);
        assert_eq!(marks.unread(), 4);
        marks.read(3, 3);
        marks.read(2, 2);
        assert_eq!((marks.read_seq, marks.unread()), (3, 1));
        marks.message(&message(2), false);
        assert_eq!((marks.last_seq, marks.unread()), (4, 1));
        marks.message(&message(5), true);
        assert_eq!(marks.unread(), 0);
        marks.read(9, 9);
        assert_eq!(marks.unread(), 0);
    }
}
