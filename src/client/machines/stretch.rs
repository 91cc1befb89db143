//! Which of the messages that are here are drawn: a stretch that grows where one scrolls to and is
//! cut where one comes from, so that a long history costs the page no more than a short one.

use std::sync::Arc;

use crate::model::Message;

/// A message is about as high as its lines and what stands around them, in pixels.
const LINE_PX: usize = 22;
const AROUND_LINES_PX: usize = 16;
/// A line holds about as many bytes.
const LINE_BYTES: usize = 80;
/// So many are drawn beside a message that one is led to or comes back to.
const BESIDE: usize = 20;
/// The places of so many messages make a block. One more is drawn whenever one comes near an end.
const BLOCK: i64 = 8;
/// So many are drawn at most when one stops scrolling; else those around what is looked at.
const MOST: usize = 120;
/// So many are drawn at most while one scrolls. To let go of what is below moves what one reads,
/// and has to be made good: that is not for every block.
const MOST_MEANWHILE: usize = 2 * MOST;
/// So many of them stay drawn on either side.
const AROUND: usize = 50;

/// The number of the block that a place belongs to.
pub fn block_of(seq: i64) -> i64 {
    seq.div_euclid(BLOCK)
}

/// Whether the messages that are here begin at a place or before it: nothing behind it is missing.
pub fn are_all_after(messages: &[Arc<Message>], place: i64) -> bool {
    messages.first().is_none_or(|oldest| oldest.seq <= place + 1)
}

/// A stretch of a conversation, by places: from `from` on, up to what is before `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// 0 if nothing was here: everything that comes is drawn.
    from: i64,
    /// `i64::MAX` is the newest, whatever comes.
    to: i64,
}

impl Stretch {
    /// The newest messages, as many as fill so many pixels, and those that follow the place
    /// `unread_after` besides, as far as they go, if all of them are here.
    pub fn newest(messages: &[Arc<Message>], unread_after: Option<i64>, room_px: usize) -> Self {
        let unread_after = unread_after.filter(|after| are_all_after(messages, *after));
        let unread = unread_after.map_or(messages.len(), |after| index_of(messages, after + 1));
        let first = first_filling(&messages[..unread], room_px);
        Self { from: from(messages, first), to: to(messages, first + MOST) }
    }

    /// The message at a place, with what is around it.
    pub fn with(messages: &[Arc<Message>], seq: i64) -> Self {
        let at = index_of(messages, seq);
        Self { from: from(messages, at.saturating_sub(BESIDE)), to: to(messages, at + BESIDE) }
    }

    /// The message at a place with what fills so many pixels up from it, and some below it.
    pub fn up_from(messages: &[Arc<Message>], seq: i64, room_px: usize) -> Self {
        let end = index_of(messages, seq + 1);
        let first = first_filling(&messages[..end], room_px);
        Self { from: from(messages, first), to: to(messages, end + BESIDE) }
    }

    /// Whether the message at a place is among them.
    pub fn holds(self, seq: i64) -> bool {
        (self.from..self.to).contains(&seq)
    }

    pub fn of(self, messages: &[Arc<Message>]) -> &[Arc<Message>] {
        let (first, end) = self.ends(messages);
        &messages[first..end]
    }

    /// Whether nothing that is here is older.
    pub fn is_at_oldest(self, messages: &[Arc<Message>]) -> bool {
        self.ends(messages).0 == 0
    }

    /// Whether nothing that is here is newer.
    pub fn is_at_newest(self) -> bool {
        self.to == i64::MAX
    }

    /// The place behind its newest message.
    pub fn end(self) -> i64 {
        self.to
    }

    /// With a block more of the older ones; or with less of the newer ones, if it is too much.
    pub fn further_up(self, messages: &[Arc<Message>]) -> Self {
        let (first, end) = self.ends(messages);
        if end - first >= MOST_MEANWHILE {
            return Self { to: to(messages, first + MOST), ..self };
        }
        let begin = messages[..first].last().map_or(0, |older| block_of(older.seq) * BLOCK);
        Self { from: from(messages, index_of(messages, begin)), ..self }
    }

    /// With a block more of the newer ones; or with less of the older ones, if it is too much.
    pub fn further_down(self, messages: &[Arc<Message>]) -> Self {
        let (first, end) = self.ends(messages);
        if end - first >= MOST_MEANWHILE {
            return Self { from: from(messages, end - MOST), ..self };
        }
        let next = messages.get(end).map_or(i64::MAX, |newer| (block_of(newer.seq) + 1) * BLOCK);
        Self { to: to(messages, index_of(messages, next)), ..self }
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

/// The first of the last ones that fill so many pixels.
fn first_filling(messages: &[Arc<Message>], room_px: usize) -> usize {
    let mut filled_px = 0;
    let filling = messages.iter().rev().take_while(|message| {
        let has_room = filled_px < room_px;
        filled_px += about_px(message);
        has_room
    });
    messages.len() - filling.count()
}

fn about_px(message: &Message) -> usize {
    AROUND_LINES_PX + LINE_PX * (1 + message.text.len() / LINE_BYTES)
}

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

    fn seqs(drawn: Stretch, messages: &[Arc<Message>]) -> (i64, i64, usize) {
        let all = drawn.of(messages);
        (all[0].seq, all[all.len() - 1].seq, all.len())
    }

    #[test]
    fn a_conversation_opens_with_as_many_messages_as_fill_the_pane() {
        let few = messages(1..=10);
        let drawn = Stretch::newest(&few, None, 800);
        assert_eq!(seqs(drawn, &few), (1, 10, 10));
        assert!(drawn.is_at_oldest(&few) && drawn.is_at_newest());
        let mut many = messages(1..=1000);
        let drawn = Stretch::newest(&many, None, 800);
        assert_eq!(seqs(drawn, &many), (979, 1000, 22));
        assert!(!drawn.is_at_oldest(&many) && drawn.is_at_newest());
        Arc::make_mut(&mut many[990]).text = "hello ".repeat(1000);
        assert_eq!(seqs(Stretch::newest(&many, None, 800), &many), (991, 1000, 10));
        assert_eq!(Stretch::newest(&[], None, 800).of(&[]).len(), 0);
    }

    #[test]
    fn what_is_unread_is_drawn_from_its_beginning() {
        let many = messages(1..=1000);
        assert_eq!(seqs(Stretch::newest(&many, Some(900), 800), &many), (879, 998, 120));
        let drawn = Stretch::newest(&many, Some(100), 800);
        assert_eq!(seqs(drawn, &many), (79, 198, 120));
        assert!(!drawn.is_at_newest());
        let cut = messages(501..=1000);
        assert_eq!(seqs(Stretch::newest(&cut, Some(500), 800), &cut), (501, 620, 120));
        assert_eq!(Stretch::newest(&cut, Some(499), 800), Stretch::newest(&cut, None, 800));
    }

    #[test]
    fn what_comes_is_drawn_at_an_end_that_is_reached() {
        let drawn = Stretch::newest(&messages(51..=60), None, 800);
        assert_eq!(seqs(drawn, &messages(51..=70)), (51, 70, 20));
        let fetched = messages(1..=70);
        assert_eq!(seqs(drawn, &fetched), (51, 70, 20), "what is fetched is drawn block by block");
        assert!(!drawn.is_at_oldest(&fetched));
        assert_eq!(seqs(drawn.further_up(&fetched), &fetched), (48, 70, 23));
        assert_eq!(seqs(Stretch::newest(&[], None, 800), &fetched), (1, 70, 70));
        let drawn = Stretch::newest(&messages(1..=1000), None, 800);
        assert_eq!(seqs(drawn, &messages(1..=1010)), (979, 1010, 32));
        let up = drawn.around(&messages(1..=1000), 980);
        assert_eq!(up, drawn, "there is little to let go of");
    }

    #[test]
    fn it_grows_to_where_one_goes_and_is_cut_where_one_comes_from() {
        let many = messages(1..=1000);
        let mut drawn = Stretch::newest(&many, None, 800);
        drawn = drawn.further_up(&many);
        assert_eq!(seqs(drawn, &many), (976, 1000, 25), "the block is made whole");
        for _ in 0..13 {
            drawn = drawn.further_up(&many);
        }
        assert_eq!(seqs(drawn, &many), (872, 1000, 129));
        let cut = drawn.around(&many, 880);
        assert_eq!(seqs(cut, &many), (872, 929, 58));
        assert!(!cut.is_at_newest());
        let down = cut.further_down(&many);
        assert_eq!(seqs(down, &many), (872, 935, 64));
        let down = (0..9).fold(down, |drawn, _| drawn.further_down(&many));
        assert!(down.is_at_newest());
        assert_eq!(seqs(down.around(&many, 960), &many), (910, 1000, 91));
        let top = (0..120).fold(cut, |drawn, _| drawn.further_up(&many));
        assert!(top.is_at_oldest(&many));
    }

    #[test]
    fn it_is_cut_while_one_goes_on_too() {
        let many = messages(1..=1000);
        let mut drawn = Stretch::newest(&many, None, 800);
        let mut most = 0;
        for _ in 0..140 {
            drawn = drawn.further_up(&many);
            most = most.max(drawn.of(&many).len());
        }
        assert!(drawn.is_at_oldest(&many) && !drawn.is_at_newest());
        assert!((MOST..MOST_MEANWHILE + 8).contains(&most), "{most}");
        for _ in 0..140 {
            drawn = drawn.further_down(&many);
            most = most.max(drawn.of(&many).len());
        }
        assert!(!drawn.is_at_oldest(&many) && drawn.is_at_newest());
        assert!(most < MOST_MEANWHILE + 8, "{most}");
    }

    #[test]
    fn what_comes_does_not_pile_up_while_one_is_at_the_newest() {
        let drawn = Stretch::newest(&messages(1..=1000), None, 800);
        let many = messages(1..=1200);
        assert_eq!(seqs(drawn, &many), (979, 1200, 222));
        assert_eq!(drawn.further_down(&many), drawn);
        let many = messages(1..=1300);
        let cut = drawn.further_down(&many);
        assert_eq!(seqs(cut, &many), (1181, 1300, 120));
        assert!(cut.is_at_newest());
    }

    #[test]
    fn one_comes_back_to_where_one_was() {
        let many = messages(1..=1000);
        let drawn = Stretch::up_from(&many, 500, 350);
        assert_eq!(seqs(drawn, &many), (491, 520, 30));
        assert!(!drawn.is_at_oldest(&many) && !drawn.is_at_newest());
        assert!(Stretch::up_from(&many, 995, 350).is_at_newest());
        assert!(Stretch::up_from(&many, 5, 350).is_at_oldest(&many));
    }

    #[test]
    fn one_is_led_to_a_message_with_what_is_around_it() {
        let many = messages(1..=1000);
        let drawn = Stretch::with(&many, 500);
        assert_eq!(seqs(drawn, &many), (480, 519, 40));
        assert!(drawn.holds(480) && drawn.holds(519) && !drawn.holds(520));
        assert!(Stretch::with(&many, 990).is_at_newest());
        assert!(Stretch::with(&many, 3).is_at_oldest(&many));
    }
}
