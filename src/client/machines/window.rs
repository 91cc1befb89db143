//! Messages of one conversation, put together from events, answers and pages of
//! history in whatever order and however often they come.

use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::model::{History, Message, Quote, SystemLine};

/// The part of a conversation that this page holds: its newest messages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Window {
    /// Shared with the rows that show them: a list of thousands is put together for each change.
    messages: Vec<Arc<Message>>,
    has_older: bool,
    loaded: bool,
    /// One deleted everything up to this index for oneself.
    floor: i64,
    /// Places that were emptied while they were not here: a page that is on its way may still have
    /// what was said there.
    emptied: Vec<(i64, SystemLine)>,
}

impl Window {
    /// Starts from the newest message alone; the rest is fetched when the conversation is opened.
    /// Nothing up to `floor` is kept.
    pub fn of_newest(message: Option<Message>, floor: i64) -> Self {
        let message = message.filter(|m| m.seq > floor);
        let has_older = message.as_ref().is_some_and(|m| m.seq > floor + 1);
        let messages = message.map(Arc::new).into_iter().collect();
        Self { messages, has_older, loaded: false, floor, emptied: Vec::new() }
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

    /// Puts a message in its index, whether it came by an event or as the answer to a send.
    /// One that is there already changes nothing, unless it was recalled since; nor does one that
    /// lies before the window.
    pub fn add(&mut self, message: Arc<Message>) {
        if message.seq <= self.floor {
            return;
        }
        if let Some(line @ SystemLine::Recalled { .. }) = &message.system {
            self.unquote(message.seq);
            self.emptied.push((message.seq, line.clone()));
        }
        match self.messages.binary_search_by_key(&message.seq, |m| m.seq) {
            Ok(index) => self.update_at(index, message),
            // It begins where the conversation does: what is missing was overtaken.
            Err(0) if self.loaded && !self.has_older => self.messages.insert(0, message),
            Err(0) => {
                let follows = self.messages.first().is_none_or(|m| m.seq == message.seq + 1);
                self.has_older = !follows || message.seq > self.floor + 1;
                if follows {
                    self.messages.insert(0, message);
                }
            }
            Err(index) => self.messages.insert(index, message),
        }
    }

    /// Joins a page of history: the newest one, or one before what is here.
    pub fn add_page(&mut self, page: History) {
        let first = page.messages.first().map(|m| m.seq);
        let first_here = self.messages.first().map_or(i64::MAX, |m| m.seq);
        if first.is_none_or(|first| first <= first_here) {
            self.has_older = page.has_older;
        }
        let floor = self.floor;
        for message in page.messages.into_iter().filter(|message| message.seq > floor) {
            let emptied = self.emptied.iter().find(|(seq, _)| *seq == message.seq);
            let message = match emptied {
                Some((_, line)) if message.system.is_none() => message.emptied(line.clone()),
                _ => message,
            };
            match self.messages.binary_search_by_key(&message.seq, |m| m.seq) {
                Ok(index) => self.update_at(index, Arc::new(message)),
                Err(index) => self.messages.insert(index, Arc::new(message)),
            }
        }
        self.loaded = true;
    }

    /// What is said of a index again: it never says more than before.
    fn update_at(&mut self, index: usize, message: Arc<Message>) {
        let here = &mut self.messages[index];
        if here.system.is_none() && message.system.is_some() {
            *here = message;
        } else if message.reply.as_ref().is_some_and(|quote| quote.text.is_empty()) {
            let answered = message.reply.as_ref().map(|quote| quote.seq);
            self.unquote(answered.unwrap_or_default());
        }
    }

    /// What was recalled is quoted no longer.
    fn unquote(&mut self, seq: i64) {
        for other in &mut self.messages {
            let answers = |reply: &Quote| reply.seq == seq && !reply.text.is_empty();
            if other.reply.as_ref().is_some_and(answers)
                && let Some(reply) = &mut Arc::make_mut(other).reply
            {
                reply.text.clear();
            }
        }
    }

    /// One deletes a message for oneself.
    pub fn hide(&mut self, seq: i64) {
        self.emptied.push((seq, SystemLine::Gone));
        if let Ok(index) = self.messages.binary_search_by_key(&seq, |m| m.seq) {
            let message = Message::clone(&self.messages[index]);
            self.messages[index] = Arc::new(message.emptied(SystemLine::Gone));
        }
    }

    /// One deletes everything up to `floor` for oneself.
    pub fn clear(&mut self, floor: i64) {
        self.floor = floor;
        self.messages.retain(|message| message.seq > floor);
        if self.messages.first().is_none_or(|first| first.seq == floor + 1) {
            self.has_older = false;
        }
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
    pub fn gap(&self) -> Option<RangeInclusive<i64>> {
        self.messages
            .windows(2)
            .rev()
            .find(|pair| pair[1].seq > pair[0].seq + 1)
            .map(|pair| pair[0].seq + 1..=pair[1].seq - 1)
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
            client_id: ClientId::try_from(format!("c-{seq}")).ok(),
            text: format!("line {seq}"),
            reply: None,
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
    fn what_was_overtaken_finds_its_place_at_the_beginning() {
        let mut window = Window::of_newest(None, 0);
        window.add_page(History::default());
        for seq in [3, 1, 2] {
            window.add(arc(seq));
        }
        assert_eq!((seqs(&window), window.has_older()), (vec![1, 2, 3], false));
    }

    #[test]
    fn messages_are_ordered_by_place_and_doubles_dropped() {
        let mut window = Window::of_newest(None, 0);
        window.add_page(page(1..=3, false));
        for seq in [5, 4, 5, 3, 6, 4] {
            window.add(arc(seq));
        }
        assert_eq!(seqs(&window), [1, 2, 3, 4, 5, 6]);
        assert_eq!(window.gap(), None);
    }

    #[test]
    fn an_answer_that_overtakes_an_event_leaves_a_hole_for_it() {
        let mut window = Window::of_newest(None, 0);
        window.add_page(page(1..=3, false));
        window.add(arc(6));
        assert_eq!(window.gap(), Some(4..=5));
        window.add(arc(4));
        assert_eq!(window.gap(), Some(5..=5));
        window.add(arc(5));
        assert_eq!(window.gap(), None);
    }

    #[test]
    fn a_hole_is_filled_from_history() {
        let mut window = Window::of_newest(None, 0);
        window.add_page(page(100..=120, true));
        window.add(arc(200));
        window.add_page(page(150..=199, true));
        assert_eq!(window.gap(), Some(121..=149));
        window.add_page(page(100..=149, true));
        assert_eq!(window.gap(), None);
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
        let mut window = Window::of_newest(Some(message(50)), 0);
        window.add(arc(20));
        assert_eq!(seqs(&window), [50]);
        assert!(window.has_older());
        window.add_page(page(1..=49, false));
        assert_eq!(window.messages().len(), 50);
        assert!(!window.has_older());
    }

    #[test]
    fn a_page_that_was_read_before_newer_events_does_not_undo_them() {
        let mut window = Window::of_newest(Some(message(60)), 0);
        window.add(arc(61));
        window.add_page(page(11..=60, true));
        assert_eq!(seqs(&window).last(), Some(&61));
        assert!(window.is_loaded() && window.has_older());
        window.add_page(page(1..=10, false));
        assert!(!window.has_older());
        window.add_page(page(12..=61, true));
        assert!(!window.has_older(), "a newest page says nothing about what is older than ours");
    }

    #[test]
    fn a_window_that_was_cut_fetches_the_rest_again() {
        let mut window = Window::of_newest(None, 0);
        window.add_page(page(1..=9, false));
        window.keep_newest(20);
        assert!(!window.has_older());
        window.keep_newest(3);
        assert_eq!(seqs(&window), [7, 8, 9]);
        assert!(window.has_older() && window.is_loaded());
        window.unload();
        assert_eq!(seqs(&window), [9]);
        assert!(window.has_older() && !window.is_loaded());
        window.add_page(page(1..=9, false));
        assert_eq!(window.messages().len(), 9);
        assert!(!window.has_older());
    }

    #[test]
    fn what_was_recalled_stays_so_and_is_quoted_nowhere() {
        let mut window = Window::of_newest(None, 0);
        window.add_page(page(1..=3, false));
        let reply = Some(Quote::new(2, UserId(1), "line 2"));
        window.add(Arc::new(Message { reply, ..message(4) }));
        let recalled = message(2).emptied(SystemLine::Recalled { by: UserId(1) });
        for again in [recalled.clone(), message(2), recalled.clone()] {
            window.add(Arc::new(again));
            assert_eq!(*window.messages()[1], recalled);
        }
        assert_eq!(window.messages()[3].reply, Some(Quote::new(2, UserId(1), "")));
        window.hide(3);
        window.add(arc(3));
        window.add_page(page(1..=3, false));
        assert_eq!(*window.messages()[2], message(3).emptied(SystemLine::Gone));
    }

    #[test]
    fn a_page_that_was_on_its_way_does_not_bring_back_what_was_recalled() {
        let mut window = Window::of_newest(Some(message(9)), 0);
        window.add(Arc::new(message(4).emptied(SystemLine::Recalled { by: UserId(1) })));
        window.hide(5);
        window.add_page(page(1..=8, false));
        let lines: Vec<i64> =
            window.messages().iter().filter(|m| m.system.is_some()).map(|m| m.seq).collect();
        assert_eq!(lines, [4, 5]);
    }

    #[test]
    fn what_was_cleared_does_not_come_back() {
        let mut window = Window::of_newest(None, 0);
        window.add_page(page(5..=9, true));
        window.clear(7);
        assert_eq!((seqs(&window), window.has_older()), (vec![8, 9], false));
        window.clear(9);
        window.add_page(page(1..=9, false));
        window.add(arc(4));
        assert_eq!((seqs(&window), window.has_older()), (vec![], false));
        window.add(arc(10));
        assert_eq!((seqs(&window), window.has_older()), (vec![10], false));
        let window = Window::of_newest(Some(message(12)), 9);
        assert!(window.has_older());
        assert!(Window::of_newest(Some(message(9)), 9).messages().is_empty());
    }
}
