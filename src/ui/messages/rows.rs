//! The rows of a message list: the messages in their order, then those in the outbox, with a
//! separator where each day begins.

use std::sync::Arc;

use crate::client::machines::clock::{Date, Moment};
use crate::client::machines::outbox::OutboxItem;
use crate::client::machines::stretch::{are_all_after, block_of};
use crate::model::{ClientId, Message, Quote, SystemLine, Timestamp, UserId};

/// Maximum interval between two messages of a run, in milliseconds.
const RUN_MS: i64 = 5 * 60_000;
/// Number of messages that are searched together for the beginning of a day.
const TOGETHER: usize = 64;

/// Whether a message is the first or the last of its run: messages that one sender wrote in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Run {
    pub first: bool,
    pub last: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A day begins with this message.
    Day {
        date: Date,
        time: Timestamp,
        seq: i64,
    },
    /// The messages below were unread when the conversation was opened.
    Unread,
    /// A line by Kith itself.
    System(Arc<Message>),
    Stored(Arc<Message>, Run),
    Unsent(OutboxItem, Run),
}

impl Row {
    /// The key of a row. It contains the client id, so a message keeps its row when it is stored.
    /// It changes when the message it replies to is recalled, so that the quote is rendered again.
    pub fn key(&self, me: UserId) -> String {
        let line = |name: String, reply: Option<&Quote>| match reply {
            Some(quote) if quote.text.is_empty() => name + " no-quote",
            _ => name,
        };
        let own = |id: &ClientId| format!("own {}", id.as_str());
        match self {
            Self::Day { date: (year, month, day), seq, .. } => {
                format!("day {year}-{month}-{day} {seq}")
            }
            Self::Unread => "unread".to_string(),
            Self::System(message) => format!("system {}", message.seq),
            Self::Stored(message, _) => match &message.client_id {
                Some(id) if message.sender == me => line(own(id), message.reply.as_ref()),
                _ => line(message.seq.to_string(), message.reply.as_ref()),
            },
            Self::Unsent(item, _) => line(own(&item.client_id), item.reply.as_ref()),
        }
    }

    /// `None` for separators and lines.
    pub fn run(&self) -> Option<Run> {
        match self {
            Self::Day { .. } | Self::Unread | Self::System(_) => None,
            Self::Stored(_, run) | Self::Unsent(_, run) => Some(*run),
        }
    }

    fn run_mut(&mut self) -> Option<&mut Run> {
        match self {
            Self::Day { .. } | Self::Unread | Self::System(_) => None,
            Self::Stored(_, run) | Self::Unsent(_, run) => Some(run),
        }
    }
}

/// The rows of a block of messages. If rows are inserted, the framework takes out every row after
/// them and puts it back, and the browser lays all of them out again. Few blocks make that cheap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub number: i64,
    pub rows: Vec<Row>,
}

/// The rows so far, and what the next one depends on.
struct Rows {
    blocks: Vec<Block>,
    day: Option<Date>,
    sender: Option<UserId>,
    time: Timestamp,
}

impl Rows {
    /// The next rows belong to this block.
    fn begin(&mut self, number: i64) {
        if self.blocks.last().is_none_or(|block| block.number != number) {
            self.blocks.push(Block { number, rows: Vec::new() });
        }
    }

    fn add(&mut self, row: Row) {
        if let Some(block) = self.blocks.last_mut() {
            block.rows.push(row);
        }
    }

    fn last_mut(&mut self) -> Option<&mut Row> {
        self.blocks.iter_mut().rev().find_map(|block| block.rows.last_mut())
    }

    /// Adds a message to the run before it, or to a new one.
    fn push(&mut self, sender: UserId, time: Timestamp, row: impl FnOnce(Run) -> Row) {
        let near = (time.0 - self.time.0).abs() < RUN_MS;
        let follows = near && self.sender == Some(sender);
        let before = self.last_mut().and_then(Row::run_mut).filter(|_| follows);
        let goes_on = before.is_some();
        if let Some(before) = before {
            before.last = false;
        }
        (self.sender, self.time) = (Some(sender), time);
        self.add(row(Run { first: !goes_on, last: true }));
    }
}

/// The rows of the messages and of the outbox, block by block. The messages of others after
/// `unread_after` were unread when the conversation was opened. `moment` converts a time to the
/// time zone in which days are counted.
pub fn rows(
    me: UserId,
    messages: &[Arc<Message>],
    outbox: &[OutboxItem],
    unread_after: Option<i64>,
    moment: impl Fn(Timestamp) -> Moment,
) -> Vec<Block> {
    let mut rows = Rows { blocks: Vec::new(), day: None, sender: None, time: Timestamp(0) };
    // Without the message before, an older unread one may be missing.
    let mut unread_after = unread_after.filter(|after| are_all_after(messages, *after));
    let date = |time| moment(time).date();
    for (message, date) in messages.iter().zip(dates(messages, date)) {
        if message.system == Some(SystemLine::Gone) {
            continue;
        }
        rows.begin(block_of(message.seq));
        if rows.day != Some(date) {
            rows.day = Some(date);
            rows.add(Row::Day { date, time: message.sent, seq: message.seq });
        }
        if message.system.is_some() {
            rows.add(Row::System(Arc::clone(message)));
            continue;
        }
        if unread_after.is_some_and(|after| message.seq > after && message.sender != me) {
            unread_after = None;
            rows.add(Row::Unread);
        }
        let stored = |run| Row::Stored(Arc::clone(message), run);
        rows.push(message.sender, message.sent, stored);
    }
    // A stored message may arrive a moment before it leaves the outbox.
    let is_stored = |item: &&OutboxItem| {
        let newest = messages.iter().rev().take(TOGETHER);
        let id = Some(&item.client_id);
        newest.into_iter().any(|m| m.sender == me && m.client_id.as_ref() == id)
    };
    for item in outbox.iter().filter(|item| !is_stored(item)) {
        // Most likely it will be stored in the same block.
        rows.begin(rows.blocks.last().map_or(0, |block| block.number));
        rows.push(me, item.at, |run| Row::Unsent(item.clone(), run));
    }
    rows.blocks
}

/// The date of each message. Conversion to the user's time zone is slow, and most messages have the
/// date of the one before.
fn dates(messages: &[Arc<Message>], date: impl Fn(Timestamp) -> Date) -> Vec<Date> {
    let mut dates = Vec::with_capacity(messages.len());
    for together in messages.chunks(TOGETHER) {
        let (first, last) = (date(together[0].sent), date(together[together.len() - 1].sent));
        if first == last {
            dates.extend(std::iter::repeat_n(first, together.len()));
        } else {
            dates.extend(together.iter().map(|message| date(message.sent)));
        }
    }
    dates
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::model::Contact;

    const ME: UserId = UserId(1);

    fn message(seq: i64, sender: UserId, hour: i64) -> Arc<Message> {
        let sent = Timestamp(hour * 3_600_000);
        Arc::new(Message { sender, sent, ..Message::example(seq) })
    }

    fn item(name: &str) -> OutboxItem {
        OutboxItem {
            client_id: ClientId::try_from(name.to_string()).expect("plain"),
            contact: Contact::User(UserId(2)),
            text: "hello".into(),
            reply: None,
            at: Timestamp(0),
            refused: None,
            tab: String::new(),
        }
    }

    /// All rows, whatever block they are in.
    fn rows(
        me: UserId,
        messages: &[Arc<Message>],
        outbox: &[OutboxItem],
        unread_after: Option<i64>,
        moment: impl Fn(Timestamp) -> Moment,
    ) -> Vec<Row> {
        let blocks = super::rows(me, messages, outbox, unread_after, moment);
        blocks.into_iter().flat_map(|block| block.rows).collect()
    }

    fn kinds(rows: &[Row]) -> String {
        let kind = |row: &Row| match row {
            Row::Day { .. } => 'd',
            Row::Unread => 'u',
            Row::System(..) => 'k',
            Row::Stored(..) => 's',
            Row::Unsent(..) => 'w',
        };
        rows.iter().map(kind).collect()
    }

    #[test]
    fn every_day_has_one_separator() {
        let messages = [message(1, ME, 1), message(2, ME, 23), message(3, ME, 25)];
        let rows = rows(ME, &messages, &[item("x")], None, Moment::utc);
        assert_eq!(kinds(&rows), "dssdsw");
    }

    #[test]
    fn rows_belong_to_the_block_of_their_message() {
        let messages: Vec<Arc<Message>> =
            (6..=9).map(|seq| message(seq, UserId(2), 10 * seq)).collect();
        let blocks = super::rows(ME, &messages, &[item("x")], Some(7), Moment::utc);
        let kinds: Vec<(i64, String)> =
            blocks.iter().map(|block| (block.number, kinds(&block.rows))).collect();
        assert_eq!(kinds, [(0, "dss".to_string()), (1, "duss".to_string() + "w")]);
        let blocks = super::rows(ME, &[], &[item("x")], None, Moment::utc);
        assert_eq!(blocks.len(), 1);
    }

    #[test]
    fn a_message_keeps_its_row_when_it_is_stored() {
        let before = rows(ME, &[], &[item("c-1")], None, Moment::utc);
        let after = rows(ME, &[message(1, ME, 1)], &[item("c-1")], None, Moment::utc);
        assert_eq!(kinds(&after), "ds");
        assert_eq!(before[0].key(ME), after[1].key(ME));
    }

    #[test]
    fn a_message_of_somebody_else_with_the_same_client_id_has_a_row_of_its_own() {
        let rows = rows(ME, &[message(1, UserId(2), 1)], &[item("c-1")], None, Moment::utc);
        assert_eq!(kinds(&rows), "dsw");
        assert_ne!(rows[1].key(ME), rows[2].key(ME));
    }

    #[test]
    fn the_unread_line_is_above_the_first_unread_message_of_somebody_else() {
        let messages: Vec<Arc<Message>> =
            (1..=5).map(|seq| message(seq, if seq == 3 { ME } else { UserId(2) }, 1)).collect();
        let line =
            |messages: &[Arc<Message>], after| kinds(&rows(ME, messages, &[], after, Moment::utc));
        assert_eq!(line(&messages, None), "dsssss");
        assert_eq!(line(&messages, Some(0)), "dusssss");
        assert_eq!(line(&messages, Some(2)), "dsssuss");
        assert_eq!(line(&messages, Some(5)), "dsssss");
        assert_eq!(line(&messages[3..], Some(2)), "dss", "the first unread one is not here yet");
        assert_eq!(line(&messages[3..], Some(3)), "duss");
    }

    #[test]
    fn lines_by_kith_end_a_run_and_are_not_below_the_unread_line() {
        let mut messages: Vec<Arc<Message>> =
            (1..=4).map(|seq| message(seq, UserId(2), 1)).collect();
        Arc::make_mut(&mut messages[1]).system = Some(SystemLine::Left);
        let rows = rows(ME, &messages, &[], Some(1), Moment::utc);
        assert_eq!(kinds(&rows), "dskuss");
        let runs: Vec<Run> = rows.iter().filter_map(Row::run).collect();
        assert_eq!(runs[0], Run { first: true, last: true }, "the line ends the run");
    }

    #[test]
    fn messages_of_one_sender_within_five_minutes_belong_together() {
        let at = |seq, sender, minute: i64| {
            let mut message = Message::clone(&message(seq, sender, 0));
            message.sent = Timestamp(minute * 60_000);
            Arc::new(message)
        };
        let messages = [
            at(1, ME, 0),
            at(2, ME, 4),
            at(3, ME, 9),
            at(4, UserId(2), 9),
            at(5, UserId(2), 10),
            at(6, UserId(2), 11),
        ];
        let runs = |unread_after| -> String {
            let rows = rows(ME, &messages, &[], unread_after, Moment::utc);
            let run = |run: Run| match (run.first, run.last) {
                (true, true) => 'o',
                (true, false) => '<',
                (false, false) => '-',
                (false, true) => '>',
            };
            rows.iter().filter_map(Row::run).map(run).collect()
        };
        assert_eq!(runs(None), "<>o<->");
        assert_eq!(runs(Some(5)), "<>o<>o", "the line ends the run");
    }

    #[test]
    fn every_day_of_a_long_history_has_a_separator() {
        let messages: Vec<Arc<Message>> = (0..1000).map(|n| message(n + 1, ME, n)).collect();
        let rows = rows(ME, &messages, &[], None, Moment::utc);
        assert_eq!(kinds(&rows).matches('d').count(), 42);
    }
}
