//! The messages of a conversation that are rendered: a stretch that grows where the reader scrolls
//! to, and is cut where the reader comes from. A long history costs the page no more than a short
//! one.

use std::sync::Arc;

use crate::model::Message;

/// Approximate height of a line of text, in pixels.
const LINE_PX: usize = 22;
/// Approximate height of the space around the text of a message, in pixels.
const AROUND_TEXT_PX: usize = 16;
/// Approximate number of bytes in a line of text.
const LINE_BYTES: usize = 80;
/// Number of messages rendered on either side of one that the reader jumps or comes back to.
const BESIDE: usize = 20;
/// Number of values of `seq` in a block. The stretch grows by one block at a time.
const BLOCK: i64 = 8;
/// Maximum number of messages that stay rendered when nobody scrolls.
const STILL_MAX: usize = 120;
/// Maximum number of messages that are rendered while the reader scrolls. A cut below the reader
/// moves the pane, which is too much work for every block.
const SCROLLING_MAX: usize = 2 * STILL_MAX;
/// Number of messages on either side of the reader that a cut leaves.
const KEPT_BESIDE: usize = 50;

/// The number of the block that a message belongs to.
pub fn block_of(seq: i64) -> i64 {
    seq.div_euclid(BLOCK)
}

/// Whether no message after this `seq` is missing at the beginning of the messages.
pub fn are_all_after(messages: &[Arc<Message>], seq: i64) -> bool {
    messages.first().is_none_or(|oldest| oldest.seq <= seq + 1)
}

/// The messages whose `seq` is in `from..to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// 0 in an empty conversation: all messages that arrive are in the stretch.
    from: i64,
    /// `i64::MAX` at the newest message: all messages that arrive there are in the stretch.
    to: i64,
}

impl Stretch {
    /// The newest messages that fill a pane of this height, in pixels. If all messages after
    /// `unread_after` are in the cache, those that fill the pane above them, and as many of them as
    /// may be rendered.
    pub fn newest(messages: &[Arc<Message>], unread_after: Option<i64>, height_px: usize) -> Self {
        let unread_after = unread_after.filter(|after| are_all_after(messages, *after));
        let unread = unread_after.map_or(messages.len(), |after| index_of(messages, after + 1));
        let first = first_filling(&messages[..unread], height_px);
        Self { from: from(messages, first), to: to(messages, first + STILL_MAX) }
    }

    /// A message and some on either side.
    pub fn beside(messages: &[Arc<Message>], seq: i64) -> Self {
        let index = index_of(messages, seq);
        let first = index.saturating_sub(BESIDE);
        Self { from: from(messages, first), to: to(messages, index + BESIDE) }
    }

    /// A message, the ones that fill a pane of this height above it, in pixels, and some below it.
    pub fn up_from(messages: &[Arc<Message>], seq: i64, height_px: usize) -> Self {
        let end = index_of(messages, seq + 1);
        let first = first_filling(&messages[..end], height_px);
        Self { from: from(messages, first), to: to(messages, end + BESIDE) }
    }

    pub fn contains(self, seq: i64) -> bool {
        (self.from..self.to).contains(&seq)
    }

    /// Those of the messages that are in the stretch.
    pub fn of(self, messages: &[Arc<Message>]) -> &[Arc<Message>] {
        let (first, end) = self.indices(messages);
        &messages[first..end]
    }

    /// Whether the oldest of the messages is in the stretch.
    pub fn is_at_oldest(self, messages: &[Arc<Message>]) -> bool {
        self.indices(messages).0 == 0
    }

    /// Whether the newest message is in the stretch, and each one that arrives.
    pub fn is_at_newest(self) -> bool {
        self.to == i64::MAX
    }

    /// The stretch with one more block of older messages. At its maximum it loses newer ones first.
    pub fn further_up(self, messages: &[Arc<Message>]) -> Self {
        let (first, end) = self.indices(messages);
        if end - first >= SCROLLING_MAX {
            return Self { to: to(messages, first + STILL_MAX), ..self };
        }
        let begin = messages[..first].last().map_or(0, |older| block_of(older.seq) * BLOCK);
        Self { from: from(messages, index_of(messages, begin)), ..self }
    }

    /// The stretch with one more block of newer messages. At its maximum it loses older ones first.
    pub fn further_down(self, messages: &[Arc<Message>]) -> Self {
        let (first, end) = self.indices(messages);
        if end - first >= SCROLLING_MAX {
            return Self { from: from(messages, end - STILL_MAX), ..self };
        }
        let next = messages.get(end).map_or(i64::MAX, |newer| (block_of(newer.seq) + 1) * BLOCK);
        Self { to: to(messages, index_of(messages, next)), ..self }
    }

    /// The stretch without messages that are far from this one, if it is long.
    pub fn trimmed_around(self, messages: &[Arc<Message>], seq: i64) -> Self {
        let (first, end) = self.indices(messages);
        if end - first <= STILL_MAX {
            return self;
        }
        let index = index_of(messages, seq);
        let above = index.saturating_sub(KEPT_BESIDE);
        let below = index + KEPT_BESIDE;
        Self {
            from: if above > first { from(messages, above) } else { self.from },
            to: if below < end { to(messages, below) } else { self.to },
        }
    }

    fn indices(self, messages: &[Arc<Message>]) -> (usize, usize) {
        let first = index_of(messages, self.from);
        (first, index_of(messages, self.to).max(first))
    }
}

/// The index of the first of the last messages that fill this height, in pixels.
fn first_filling(messages: &[Arc<Message>], height_px: usize) -> usize {
    let mut filled_px = 0;
    let filling = messages.iter().rev().take_while(|message| {
        let has_room = filled_px < height_px;
        filled_px += about_px(message);
        has_room
    });
    messages.len() - filling.count()
}

fn about_px(message: &Message) -> usize {
    AROUND_TEXT_PX + LINE_PX * (1 + message.text.len() / LINE_BYTES)
}

/// The index of the first message with this `seq` or a greater one.
fn index_of(messages: &[Arc<Message>], seq: i64) -> usize {
    messages.partition_point(|message| message.seq < seq)
}

fn from(messages: &[Arc<Message>], first: usize) -> i64 {
    messages.get(first).map_or(0, |message| message.seq)
}

fn to(messages: &[Arc<Message>], end: usize) -> i64 {
    messages.get(end).map_or(i64::MAX, |message| message.seq)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(seqs: impl IntoIterator<Item = i64>) -> Vec<Arc<Message>> {
        seqs.into_iter().map(|seq| Arc::new(Message::example(seq))).collect()
    }

    fn ends(stretch: Stretch, messages: &[Arc<Message>]) -> (i64, i64, usize) {
        let all = stretch.of(messages);
        (all[0].seq, all[all.len() - 1].seq, all.len())
    }

    #[test]
    fn as_many_messages_are_rendered_at_first_as_fill_the_pane() {
        let few = messages(1..=10);
        let stretch = Stretch::newest(&few, None, 800);
        assert_eq!(ends(stretch, &few), (1, 10, 10));
        assert!(stretch.is_at_oldest(&few) && stretch.is_at_newest());
        let mut many = messages(1..=1000);
        let stretch = Stretch::newest(&many, None, 800);
        assert_eq!(ends(stretch, &many), (979, 1000, 22));
        assert!(!stretch.is_at_oldest(&many) && stretch.is_at_newest());
        Arc::make_mut(&mut many[990]).text = "hello ".repeat(1000);
        assert_eq!(ends(Stretch::newest(&many, None, 800), &many), (991, 1000, 10));
        assert_eq!(Stretch::newest(&[], None, 800).of(&[]).len(), 0);
    }

    #[test]
    fn unread_messages_are_rendered_from_the_first_one_on() {
        let many = messages(1..=1000);
        assert_eq!(ends(Stretch::newest(&many, Some(900), 800), &many), (879, 998, 120));
        let stretch = Stretch::newest(&many, Some(100), 800);
        assert_eq!(ends(stretch, &many), (79, 198, 120));
        assert!(!stretch.is_at_newest());
        let cut = messages(501..=1000);
        assert_eq!(ends(Stretch::newest(&cut, Some(500), 800), &cut), (501, 620, 120));
        assert_eq!(Stretch::newest(&cut, Some(499), 800), Stretch::newest(&cut, None, 800));
    }

    #[test]
    fn messages_that_arrive_are_rendered_only_at_an_end_of_the_stretch() {
        let stretch = Stretch::newest(&messages(51..=60), None, 800);
        assert_eq!(ends(stretch, &messages(51..=70)), (51, 70, 20));
        let fetched = messages(1..=70);
        assert_eq!(
            ends(stretch, &fetched),
            (51, 70, 20),
            "fetched messages are rendered block by block"
        );
        assert!(!stretch.is_at_oldest(&fetched));
        assert_eq!(ends(stretch.further_up(&fetched), &fetched), (48, 70, 23));
        assert_eq!(ends(Stretch::newest(&[], None, 800), &fetched), (1, 70, 70));
        let stretch = Stretch::newest(&messages(1..=1000), None, 800);
        assert_eq!(ends(stretch, &messages(1..=1010)), (979, 1010, 32));
        let up = stretch.trimmed_around(&messages(1..=1000), 980);
        assert_eq!(up, stretch, "it is short");
    }

    #[test]
    fn the_stretch_grows_ahead_of_the_reader_and_is_cut_behind_them() {
        let many = messages(1..=1000);
        let mut stretch = Stretch::newest(&many, None, 800);
        stretch = stretch.further_up(&many);
        assert_eq!(ends(stretch, &many), (976, 1000, 25), "the block is completed");
        for _ in 0..13 {
            stretch = stretch.further_up(&many);
        }
        assert_eq!(ends(stretch, &many), (872, 1000, 129));
        let cut = stretch.trimmed_around(&many, 880);
        assert_eq!(ends(cut, &many), (872, 929, 58));
        assert!(!cut.is_at_newest());
        let down = cut.further_down(&many);
        assert_eq!(ends(down, &many), (872, 935, 64));
        let down = (0..9).fold(down, |stretch, _| stretch.further_down(&many));
        assert!(down.is_at_newest());
        assert_eq!(ends(down.trimmed_around(&many, 960), &many), (910, 1000, 91));
        let top = (0..120).fold(cut, |stretch, _| stretch.further_up(&many));
        assert!(top.is_at_oldest(&many));
    }

    #[test]
    fn the_stretch_keeps_its_maximum_while_the_reader_scrolls_on() {
        let many = messages(1..=1000);
        let mut stretch = Stretch::newest(&many, None, 800);
        let mut most = 0;
        for _ in 0..140 {
            stretch = stretch.further_up(&many);
            most = most.max(stretch.of(&many).len());
        }
        assert!(stretch.is_at_oldest(&many) && !stretch.is_at_newest());
        assert!((STILL_MAX..SCROLLING_MAX + 8).contains(&most), "{most}");
        for _ in 0..140 {
            stretch = stretch.further_down(&many);
            most = most.max(stretch.of(&many).len());
        }
        assert!(!stretch.is_at_oldest(&many) && stretch.is_at_newest());
        assert!(most < SCROLLING_MAX + 8, "{most}");
    }

    #[test]
    fn messages_that_arrive_at_the_newest_end_push_out_old_ones() {
        let stretch = Stretch::newest(&messages(1..=1000), None, 800);
        let many = messages(1..=1200);
        assert_eq!(ends(stretch, &many), (979, 1200, 222));
        assert_eq!(stretch.further_down(&many), stretch);
        let many = messages(1..=1300);
        let cut = stretch.further_down(&many);
        assert_eq!(ends(cut, &many), (1181, 1300, 120));
        assert!(cut.is_at_newest());
    }

    #[test]
    fn a_list_that_was_left_further_up_is_rendered_around_there() {
        let many = messages(1..=1000);
        let stretch = Stretch::up_from(&many, 500, 350);
        assert_eq!(ends(stretch, &many), (491, 520, 30));
        assert!(!stretch.is_at_oldest(&many) && !stretch.is_at_newest());
        assert!(Stretch::up_from(&many, 995, 350).is_at_newest());
        assert!(Stretch::up_from(&many, 5, 350).is_at_oldest(&many));
    }

    #[test]
    fn a_jump_renders_messages_on_either_side() {
        let many = messages(1..=1000);
        let stretch = Stretch::beside(&many, 500);
        assert_eq!(ends(stretch, &many), (480, 519, 40));
        assert!(stretch.contains(480) && stretch.contains(519) && !stretch.contains(520));
        assert!(Stretch::beside(&many, 990).is_at_newest());
        assert!(Stretch::beside(&many, 3).is_at_oldest(&many));
    }
}
