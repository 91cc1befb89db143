//! Which of the messages that are here are drawn: a stretch that grows where one scrolls to and is
//! cut where one comes from, so that a long history costs the page no more than a short one.

use std::sync::Arc;

use crate::model::Message;

/// So many messages are drawn at first, and what is unread with them.
const AT_FIRST: usize = 20;
/// So many more whenever one comes near an end of these.
const STEP: usize = 40;
/// So many are drawn at most when one stops scrolling; else those around what is looked at.
const MOST: usize = 300;
/// So many of them stay drawn on either side.
const AROUND: usize = 100;

/// A stretch of a conversation, by places: from `from` on, up to what is before `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drawn {
    /// 0 is the oldest that is here, whatever is fetched.
    from: i64,
    /// `i64::MAX` is the newest, whatever comes.
    to: i64,
}

impl Drawn {
    /// The newest messages, and those that follow the place `unread_after`, as far as they go.
    pub fn newest(messages: &[Arc<Message>], unread_after: Option<i64>) -> Self {
        let unread = unread_after.map_or(0, |after| messages.len() - index_of(messages, after + 1));
        let first = messages.len().saturating_sub(AT_FIRST + unread);
        Self { from: from(messages, first), to: to(messages, first + MOST) }
    }

    /// The message at a place, with what is around it.
    pub fn with(messages: &[Arc<Message>], seq: i64) -> Self {
        let at = index_of(messages, seq);
        Self { from: from(messages, at.saturating_sub(AT_FIRST)), to: to(messages, at + AT_FIRST) }
    }

    /// Whether the message at a place is among them.
    pub fn holds(self, seq: i64) -> bool {
        (self.from..self.to).contains(&seq)
    }

    /// The same messages as when the conversation was left, at whichever end older ones have come.
    pub fn again(self, messages: &[Arc<Message>]) -> Self {
        Self { from: from(messages, index_of(messages, self.from)), ..self }
    }

    /// The same, with its first message named, so that it stays the first.
    pub fn named(self, messages: &[Arc<Message>]) -> Self {
        let first = messages.get(index_of(messages, self.from));
        Self { from: first.map_or(self.from, |message| message.seq), ..self }
    }

    pub fn of(self, messages: &[Arc<Message>]) -> &[Arc<Message>] {
        let (first, end) = self.ends(messages);
        &messages[first..end]
    }

    /// Whether nothing that is here is older.
    pub fn is_at_oldest(self) -> bool {
        self.from == 0
    }

    /// Whether nothing that is here is newer.
    pub fn is_at_newest(self) -> bool {
        self.to == i64::MAX
    }

    /// The place behind its newest message.
    pub fn end(self) -> i64 {
        self.to
    }

    /// With more of the older ones.
    pub fn further_up(self, messages: &[Arc<Message>]) -> Self {
        let (first, _) = self.ends(messages);
        Self { from: from(messages, first.saturating_sub(STEP)), ..self }
    }

    /// With more of the newer ones.
    pub fn further_down(self, messages: &[Arc<Message>]) -> Self {
        let (_, end) = self.ends(messages);
        Self { to: to(messages, end + STEP), ..self }
    }

    /// Without what lies far from the place `seen`, if that is much.
    pub fn around(self, messages: &[Arc<Message>], seen: i64) -> Self {
        let (first, end) = self.ends(messages);
        if end - first <= MOST {
            return self;
        }
        let at = index_of(messages, seen);
        let above = at.saturating_sub(AROUND);
        let below = at + AROUND;
        Self {
            from: if above > first { from(messages, above) } else { self.from },
            to: if below < end { to(messages, below) } else { self.to },
        }
    }

    fn ends(self, messages: &[Arc<Message>]) -> (usize, usize) {
        let first = index_of(messages, self.from);
        (first, index_of(messages, self.to).max(first))
    }
}

fn index_of(messages: &[Arc<Message>], seq: i64) -> usize {
    messages.partition_point(|message| message.seq < seq)
}

fn from(messages: &[Arc<Message>], first: usize) -> i64 {
    match first {
        0 => 0,
        first => messages.get(first).map_or(0, |message| message.seq),
    }
}

fn to(messages: &[Arc<Message>], end: usize) -> i64 {
    messages.get(end).map_or(i64::MAX, |message| message.seq)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClientId, Timestamp, UserId};

    fn messages(seqs: impl IntoIterator<Item = i64>) -> Vec<Arc<Message>> {
        let message = |seq| {
            Arc::new(Message {
                seq,
                count: seq,
                sender: UserId(1),
                client_id: ClientId::try_from(format!("c-{seq}")).ok(),
                text: "hello".into(),
                reply: None,
                system: None,
                sent: Timestamp(0),
            })
        };
        seqs.into_iter().map(message).collect()
    }

    fn seqs(drawn: Drawn, messages: &[Arc<Message>]) -> (i64, i64, usize) {
        let all = drawn.of(messages);
        (all[0].seq, all[all.len() - 1].seq, all.len())
    }

    #[test]
    fn a_conversation_opens_with_its_newest_messages() {
        let few = messages(1..=10);
        let drawn = Drawn::newest(&few, None);
        assert_eq!(seqs(drawn, &few), (1, 10, 10));
        assert!(drawn.is_at_oldest() && drawn.is_at_newest());
        let many = messages(1..=1000);
        let drawn = Drawn::newest(&many, None);
        assert_eq!(seqs(drawn, &many), (981, 1000, 20));
        assert!(!drawn.is_at_oldest() && drawn.is_at_newest());
        assert_eq!(Drawn::newest(&[], None).of(&[]).len(), 0);
    }

    #[test]
    fn what_is_unread_is_drawn_from_its_beginning() {
        let many = messages(1..=1000);
        assert_eq!(seqs(Drawn::newest(&many, Some(900)), &many), (881, 1000, 120));
        let drawn = Drawn::newest(&many, Some(100));
        assert_eq!(seqs(drawn, &many), (81, 380, 300));
        assert!(!drawn.is_at_newest());
    }

    #[test]
    fn what_comes_is_drawn_at_an_end_that_is_reached() {
        let drawn = Drawn::newest(&messages(51..=60), None);
        assert_eq!(seqs(drawn, &messages(1..=70)), (1, 70, 70));
        let drawn = Drawn::newest(&messages(1..=1000), None);
        assert_eq!(seqs(drawn, &messages(1..=1010)), (981, 1010, 30));
        let up = drawn.around(&messages(1..=1000), 980);
        assert_eq!(up, drawn, "there is little to let go of");
    }

    #[test]
    fn it_grows_to_where_one_goes_and_is_cut_where_one_comes_from() {
        let many = messages(1..=1000);
        let mut drawn = Drawn::newest(&many, None);
        for _ in 0..8 {
            drawn = drawn.further_up(&many);
        }
        assert_eq!(seqs(drawn, &many), (661, 1000, 340));
        let cut = drawn.around(&many, 690);
        assert_eq!(seqs(cut, &many), (661, 789, 129));
        assert!(!cut.is_at_newest());
        let down = cut.further_down(&many);
        assert_eq!(seqs(down, &many), (661, 829, 169));
        let down = (0..6).fold(down, |drawn, _| drawn.further_down(&many));
        assert!(down.is_at_newest());
        assert_eq!(seqs(down.around(&many, 950), &many), (850, 1000, 151));
        let top = (0..17).fold(cut, |drawn, _| drawn.further_up(&many));
        assert!(top.is_at_oldest());
    }

    #[test]
    fn one_is_led_to_a_message_with_what_is_around_it() {
        let many = messages(1..=1000);
        let drawn = Drawn::with(&many, 500);
        assert_eq!(seqs(drawn, &many), (480, 519, 40));
        assert!(drawn.holds(480) && drawn.holds(519) && !drawn.holds(520));
        assert!(Drawn::with(&many, 990).is_at_newest());
        assert!(Drawn::with(&many, 3).is_at_oldest());
    }

    #[test]
    fn it_is_found_again_when_older_ones_have_come() {
        let first = messages(951..=1000);
        let left = Drawn::newest(&first, Some(951)).named(&first);
        assert_eq!(seqs(left, &messages(901..=1000)), (951, 1000, 50));
        assert!(left.again(&first).is_at_oldest());
        assert!(!left.again(&messages(901..=1000)).is_at_oldest());
    }
}
