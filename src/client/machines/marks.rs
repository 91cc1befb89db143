//! Marks of one conversation: its last message, how far the user has read, the newest mention, and
//! the user's own copy.

use crate::model::{ConversationState, Message, OwnCopy};

/// The four `seq` and `count` values of the last message and of the last read one never decrease.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks {
    pub last_seq: i64,
    pub last_count: i64,
    pub read_seq: i64,
    pub read_count: i64,
    /// The newest message that mentions the user. 0: there is none.
    pub mention_seq: i64,
    /// Time of the last activity. Its message may have been cleared since.
    pub activity: Option<i64>,
    /// The user's own copy: cleared, hidden, pinned, muted, marked as unread.
    pub own: OwnCopy,
}

impl From<&ConversationState> for Marks {
    fn from(state: &ConversationState) -> Self {
        Self {
            last_seq: state.last_seq,
            last_count: state.last_count,
            read_seq: state.read_seq,
            read_count: state.read_count,
            mention_seq: state.mention_seq,
            activity: Some(state.activity.0),
            own: state.own,
        }
    }
}

impl Marks {
    /// Number of unread messages.
    pub fn unread(&self) -> i64 {
        (self.last_count - self.read_count).max(0)
    }

    /// Whether an unread message mentions the user.
    pub fn is_mentioned(&self) -> bool {
        self.mention_seq > self.read_seq
    }

    /// Notes whether a message mentions the user. A recalled message no longer does.
    pub fn mention(&mut self, seq: i64, mentions_me: bool) {
        if mentions_me {
            self.mention_seq = self.mention_seq.max(seq);
        } else if self.mention_seq == seq {
            self.mention_seq = 0;
        }
    }

    /// Notes a message. Its author has read everything up to it.
    pub fn message(&mut self, message: &Message, by_me: bool) {
        self.last_seq = self.last_seq.max(message.seq);
        self.last_count = self.last_count.max(message.count);
        self.activity = self.activity.max(Some(message.sent.0));
        if by_me && message.seq > self.read_seq {
            self.read(message.seq, message.count);
        }
    }

    /// Notes a read mark.
    pub fn read(&mut self, seq: i64, count: i64) {
        self.read_seq = self.read_seq.max(seq);
        self.read_count = self.read_count.max(count);
        // Reading also removes the "marked as unread" flag.
        self.own.marked_unread = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mention_lasts_until_it_is_read_or_recalled() {
        let mut marks = Marks::default();
        marks.message(&Message::example(4), false);
        marks.mention(4, true);
        assert!(marks.is_mentioned());
        marks.mention(4, false);
        assert!(!marks.is_mentioned());
        marks.mention(4, true);
        marks.read(4, 4);
        assert!(!marks.is_mentioned());
    }

    #[test]
    fn marks_never_decrease_and_unread_is_never_negative() {
        let mut marks = Marks::default();
        marks.message(&Message::example(4), false);
        assert_eq!(marks.unread(), 4);
        marks.read(3, 3);
        marks.read(2, 2);
        assert_eq!((marks.read_seq, marks.unread()), (3, 1));
        marks.message(&Message::example(2), false);
        assert_eq!((marks.last_seq, marks.unread()), (4, 1));
        marks.message(&Message::example(5), true);
        assert_eq!(marks.unread(), 0);
        marks.read(9, 9);
        assert_eq!(marks.unread(), 0);
    }
}
