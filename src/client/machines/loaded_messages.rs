//! The loaded messages of one conversation, merged from events, answers and pages of history. These
//! may arrive in any order, and more than once.

use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::model::{History, Message, Quote, SystemLine};

/// The newest messages of a conversation that this page has loaded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LoadedMessages {
    /// Sorted by `seq`. Shared with the rows that show them: a change in a list of thousands must
    /// not copy their texts.
    messages: Vec<Arc<Message>>,
    has_older: bool,
    has_newest_page: bool,
    /// The user deleted their copy of everything up to this `seq`.
    floor: i64,
    /// Messages that were recalled or deleted, by `seq`. A page that was requested before may still
    /// bring their texts.
    emptied: Vec<(i64, SystemLine)>,
}

impl LoadedMessages {
    /// Starts with the newest message alone; the rest is fetched when the conversation is opened.
    /// Messages up to `floor` are dropped.
    pub fn of_newest(message: Option<Message>, floor: i64) -> Self {
        let message = message.filter(|m| m.seq > floor);
        let has_older = message.as_ref().is_some_and(|m| m.seq > floor + 1);
        let messages = message.map(Arc::new).into_iter().collect();
        Self { messages, has_older, has_newest_page: false, floor, emptied: Vec::new() }
    }

    /// The messages, sorted by `seq`.
    pub fn messages(&self) -> &[Arc<Message>] {
        &self.messages
    }

    /// Whether older messages can be fetched.
    pub fn has_older(&self) -> bool {
        self.has_older
    }

    /// Whether the newest page has been fetched.
    pub fn is_loaded(&self) -> bool {
        self.has_newest_page
    }

    /// Adds a message that came by an event or as the answer to a send. A known message changes
    /// nothing, unless it was recalled since. A message before the first loaded one is dropped:
    /// history brings it.
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
            // The first message of the conversation is loaded, so a later one overtook this one.
            Err(0) if self.has_newest_page && !self.has_older => self.messages.insert(0, message),
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

    /// Adds a page of history: the newest page, or one before the first loaded message.
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
                Some((_, line)) if message.system.is_none() => {
                    message.without_content(line.clone())
                }
                _ => message,
            };
            match self.messages.binary_search_by_key(&message.seq, |m| m.seq) {
                Ok(index) => self.update_at(index, Arc::new(message)),
                Err(index) => self.messages.insert(index, Arc::new(message)),
            }
        }
        self.has_newest_page = true;
    }

    /// Merges another version of a known message. A version with more text is older, and dropped.
    fn update_at(&mut self, index: usize, message: Arc<Message>) {
        let known = &mut self.messages[index];
        if known.system.is_none() && message.system.is_some() {
            *known = message;
        } else if message.reply.as_ref().is_some_and(|quote| quote.text.is_empty()) {
            let quoted = message.reply.as_ref().map(|quote| quote.seq);
            self.unquote(quoted.unwrap_or_default());
        }
    }

    /// Removes the text of a recalled message from all quotes.
    fn unquote(&mut self, seq: i64) {
        for other in &mut self.messages {
            let quotes = |reply: &Quote| reply.seq == seq && !reply.text.is_empty();
            if other.reply.as_ref().is_some_and(quotes)
                && let Some(reply) = &mut Arc::make_mut(other).reply
            {
                reply.text.clear();
            }
        }
    }

    /// The user deletes their copy of one message.
    pub fn hide(&mut self, seq: i64) {
        self.emptied.push((seq, SystemLine::Gone));
        if let Ok(index) = self.messages.binary_search_by_key(&seq, |m| m.seq) {
            let message = Message::clone(&self.messages[index]);
            self.messages[index] = Arc::new(message.without_content(SystemLine::Gone));
        }
    }

    /// The user deletes their copy of everything up to `floor`.
    pub fn clear(&mut self, floor: i64) {
        self.floor = floor;
        self.messages.retain(|message| message.seq > floor);
        if self.messages.first().is_none_or(|first| first.seq == floor + 1) {
            self.has_older = false;
        }
    }

    /// Drops everything but the newest `count` messages; the rest can be fetched again.
    pub fn keep_newest(&mut self, count: usize) {
        let dropped = self.messages.len().saturating_sub(count);
        if dropped > 0 {
            self.messages.drain(..dropped);
            self.messages.shrink_to_fit();
            self.has_older = true;
        }
    }

    /// Drops everything but the newest message; the rest is fetched when the conversation is
    /// opened.
    pub fn unload(&mut self) {
        self.keep_newest(1);
        self.has_newest_page = false;
    }

    /// The newest range of `seq` that is missing between two messages. Answers to sends overtake
    /// events, so events usually fill a gap a moment later.
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

    use crate::model::UserId;

    fn arc(seq: i64) -> Arc<Message> {
        Arc::new(Message::example(seq))
    }

    fn page(seqs: RangeInclusive<i64>, has_older: bool) -> History {
        History { messages: seqs.map(Message::example).collect(), has_older }
    }

    fn seqs(loaded: &LoadedMessages) -> Vec<i64> {
        loaded.messages().iter().map(|m| m.seq).collect()
    }

    #[test]
    fn an_overtaken_message_is_inserted_at_the_beginning() {
        let mut loaded = LoadedMessages::of_newest(None, 0);
        loaded.add_page(History::default());
        for seq in [3, 1, 2] {
            loaded.add(arc(seq));
        }
        assert_eq!((seqs(&loaded), loaded.has_older()), (vec![1, 2, 3], false));
    }

    #[test]
    fn messages_are_sorted_by_seq_without_duplicates() {
        let mut loaded = LoadedMessages::of_newest(None, 0);
        loaded.add_page(page(1..=3, false));
        for seq in [5, 4, 5, 3, 6, 4] {
            loaded.add(arc(seq));
        }
        assert_eq!(seqs(&loaded), [1, 2, 3, 4, 5, 6]);
        assert_eq!(loaded.gap(), None);
    }

    #[test]
    fn an_answer_that_overtakes_an_event_leaves_a_gap() {
        let mut loaded = LoadedMessages::of_newest(None, 0);
        loaded.add_page(page(1..=3, false));
        loaded.add(arc(6));
        assert_eq!(loaded.gap(), Some(4..=5));
        loaded.add(arc(4));
        assert_eq!(loaded.gap(), Some(5..=5));
        loaded.add(arc(5));
        assert_eq!(loaded.gap(), None);
    }

    #[test]
    fn history_fills_a_gap() {
        let mut loaded = LoadedMessages::of_newest(None, 0);
        loaded.add_page(page(100..=120, true));
        loaded.add(arc(200));
        loaded.add_page(page(150..=199, true));
        assert_eq!(loaded.gap(), Some(121..=149));
        loaded.add_page(page(100..=149, true));
        assert_eq!(loaded.gap(), None);
        assert_eq!(loaded.messages().len(), 101);
        assert!(loaded.has_older());
    }

    #[test]
    fn the_first_two_messages_may_arrive_in_reverse_order() {
        let mut loaded = LoadedMessages::default();
        loaded.add(arc(2));
        assert!(loaded.has_older());
        loaded.add(arc(1));
        assert_eq!(seqs(&loaded), [1, 2]);
        assert!(!loaded.has_older());
    }

    #[test]
    fn a_message_before_the_loaded_ones_is_dropped_until_history_brings_it() {
        let mut loaded = LoadedMessages::of_newest(Some(Message::example(50)), 0);
        loaded.add(arc(20));
        assert_eq!(seqs(&loaded), [50]);
        assert!(loaded.has_older());
        loaded.add_page(page(1..=49, false));
        assert_eq!(loaded.messages().len(), 50);
        assert!(!loaded.has_older());
    }

    #[test]
    fn a_page_that_is_older_than_an_event_does_not_undo_it() {
        let mut loaded = LoadedMessages::of_newest(Some(Message::example(60)), 0);
        loaded.add(arc(61));
        loaded.add_page(page(11..=60, true));
        assert_eq!(seqs(&loaded).last(), Some(&61));
        assert!(loaded.is_loaded() && loaded.has_older());
        loaded.add_page(page(1..=10, false));
        assert!(!loaded.has_older());
        loaded.add_page(page(12..=61, true));
        assert!(
            !loaded.has_older(),
            "a newer page does not tell whether there are messages before the loaded ones"
        );
    }

    #[test]
    fn dropped_messages_can_be_fetched_again() {
        let mut loaded = LoadedMessages::of_newest(None, 0);
        loaded.add_page(page(1..=9, false));
        loaded.keep_newest(20);
        assert!(!loaded.has_older());
        loaded.keep_newest(3);
        assert_eq!(seqs(&loaded), [7, 8, 9]);
        assert!(loaded.has_older() && loaded.is_loaded());
        loaded.unload();
        assert_eq!(seqs(&loaded), [9]);
        assert!(loaded.has_older() && !loaded.is_loaded());
        loaded.add_page(page(1..=9, false));
        assert_eq!(loaded.messages().len(), 9);
        assert!(!loaded.has_older());
    }

    #[test]
    fn a_recalled_message_stays_empty_and_disappears_from_quotes() {
        let mut loaded = LoadedMessages::of_newest(None, 0);
        loaded.add_page(page(1..=3, false));
        let reply = Some(Quote::new(2, UserId(1), "line 2"));
        loaded.add(Arc::new(Message { reply, ..Message::example(4) }));
        let recalled = Message::example(2).without_content(SystemLine::Recalled { by: UserId(1) });
        for again in [recalled.clone(), Message::example(2), recalled.clone()] {
            loaded.add(Arc::new(again));
            assert_eq!(*loaded.messages()[1], recalled);
        }
        assert_eq!(loaded.messages()[3].reply, Some(Quote::new(2, UserId(1), "")));
        loaded.hide(3);
        loaded.add(arc(3));
        loaded.add_page(page(1..=3, false));
        assert_eq!(*loaded.messages()[2], Message::example(3).without_content(SystemLine::Gone));
    }

    #[test]
    fn a_page_requested_earlier_does_not_restore_a_recalled_message() {
        let mut loaded = LoadedMessages::of_newest(Some(Message::example(9)), 0);
        loaded.add(Arc::new(
            Message::example(4).without_content(SystemLine::Recalled { by: UserId(1) }),
        ));
        loaded.hide(5);
        loaded.add_page(page(1..=8, false));
        let lines: Vec<i64> =
            loaded.messages().iter().filter(|m| m.system.is_some()).map(|m| m.seq).collect();
        assert_eq!(lines, [4, 5]);
    }

    #[test]
    fn cleared_messages_do_not_come_back() {
        let mut loaded = LoadedMessages::of_newest(None, 0);
        loaded.add_page(page(5..=9, true));
        loaded.clear(7);
        assert_eq!((seqs(&loaded), loaded.has_older()), (vec![8, 9], false));
        loaded.clear(9);
        loaded.add_page(page(1..=9, false));
        loaded.add(arc(4));
        assert_eq!((seqs(&loaded), loaded.has_older()), (vec![], false));
        loaded.add(arc(10));
        assert_eq!((seqs(&loaded), loaded.has_older()), (vec![10], false));
        let loaded = LoadedMessages::of_newest(Some(Message::example(12)), 9);
        assert!(loaded.has_older());
        assert!(LoadedMessages::of_newest(Some(Message::example(9)), 9).messages().is_empty());
    }
}
