//! What stands in a message list, row by row: messages in their order, then what is on its way,
//! with a separator wherever a day begins.

use std::collections::HashSet;

use crate::client::clock::Moment;
use crate::client::outbox::Item;
use crate::model::{ClientId, Message, Timestamp, UserId};

/// What a row is, for as long as it is in the list. A message that is sent keeps its row when it
/// is stored.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RowKey {
    Day((i64, u32, u32), i64),
    Line(UserId, ClientId),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A day begins with the message of this place.
    Day {
        date: (i64, u32, u32),
        time: Timestamp,
        seq: i64,
    },
    Stored(Message),
    OnItsWay(Item),
}

impl Row {
    pub fn key(&self, me: UserId) -> RowKey {
        match self {
            Self::Day { date, seq, .. } => RowKey::Day(*date, *seq),
            Self::Stored(message) => RowKey::Line(message.sender, message.client_id.clone()),
            Self::OnItsWay(item) => RowKey::Line(me, item.client_id.clone()),
        }
    }
}

/// Puts the rows together. `moment` reads a time in the zone in which days are counted.
pub fn rows(
    me: UserId,
    messages: &[Message],
    outbox: Vec<Item>,
    moment: impl Fn(Timestamp) -> Moment,
) -> Vec<Row> {
    let mut rows = Vec::with_capacity(messages.len() + outbox.len() + 8);
    let mut day = None;
    for message in messages {
        let date = moment(message.sent).date();
        if day != Some(date) {
            day = Some(date);
            rows.push(Row::Day { date, time: message.sent, seq: message.seq });
        }
        rows.push(Row::Stored(message.clone()));
    }
    // An answer may be here a moment before its item leaves the outbox.
    let stored: HashSet<&ClientId> =
        messages.iter().filter(|m| m.sender == me).map(|m| &m.client_id).collect();
    let waiting = outbox.into_iter().filter(|item| !stored.contains(&item.client_id));
    rows.extend(waiting.map(Row::OnItsWay));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Contact;

    const ME: UserId = UserId(1);

    fn message(seq: i64, sender: UserId, hour: i64) -> Message {
        Message {
            seq,
            count: seq,
            sender,
            client_id: ClientId::try_from(format!("c-{seq}")).expect("plain"),
            text: "hello".into(),
            sent: Timestamp(hour * 3_600_000),
        }
    }

    fn item(name: &str) -> Item {
        Item {
            client_id: ClientId::try_from(name.to_string()).expect("plain"),
            contact: Contact::User(UserId(2)),
            text: "hello".into(),
            at: Timestamp(0),
            refused: None,
        }
    }

    fn kinds(rows: &[Row]) -> String {
        let kind = |row: &Row| match row {
            Row::Day { .. } => 'd',
            Row::Stored(_) => 's',
            Row::OnItsWay(_) => 'w',
        };
        rows.iter().map(kind).collect()
    }

    #[test]
    fn every_day_has_one_separator() {
        let messages = [message(1, ME, 1), message(2, ME, 23), message(3, ME, 25)];
        let rows = rows(ME, &messages, vec![item("x")], Moment::utc);
        assert_eq!(kinds(&rows), "dssdsw");
    }

    #[test]
    fn a_message_keeps_its_row_when_it_is_stored() {
        let before = rows(ME, &[], vec![item("c-1")], Moment::utc);
        let after = rows(ME, &[message(1, ME, 1)], vec![item("c-1")], Moment::utc);
        assert_eq!(kinds(&after), "ds");
        assert_eq!(before[0].key(ME), after[1].key(ME));
    }

    #[test]
    fn the_same_client_id_of_somebody_else_is_another_message() {
        let rows = rows(ME, &[message(1, UserId(2), 1)], vec![item("c-1")], Moment::utc);
        assert_eq!(kinds(&rows), "dsw");
        assert_ne!(rows[1].key(ME), rows[2].key(ME));
    }
}
