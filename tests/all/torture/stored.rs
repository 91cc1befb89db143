//! The stored messages, read past Kith.

use std::collections::HashMap;

use kith::model::{Conversation, GroupId, UserId};
use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row};

/// All messages by conversation, ordered by `seq`.
pub struct Stored(HashMap<Conversation, Vec<Entry>>);

/// One message.
#[derive(Debug)]
pub struct Entry {
    pub seq: i64,
    pub sender: UserId,
    pub client_id: String,
    pub text: String,
    /// The time of the server's clock, in milliseconds.
    pub sent: i64,
}

const EVERYTHING: &str = "SELECT c.id, c.low_user, c.high_user, m.seq, m.sender_id, m.client_id, \
     m.body, m.sent FROM message m JOIN conversation c ON c.id = m.conversation_id \
     ORDER BY c.id, m.seq";

impl Stored {
    pub async fn read(url: &str) -> Self {
        sqlx::any::install_default_drivers();
        let pool = AnyPool::connect(url).await.expect("a connection beside Kith's");
        let rows = sqlx::query(EVERYTHING).fetch_all(&pool).await.expect("what is stored");
        pool.close().await;
        let mut all: HashMap<Conversation, Vec<Entry>> = HashMap::new();
        for row in &rows {
            let (conversation, entry) = read(row).expect("a message");
            all.entry(conversation).or_default().push(entry);
        }
        Self(all)
    }

    pub fn conversations(&self) -> impl Iterator<Item = (Conversation, &[Entry])> {
        self.0.iter().map(|(conversation, lines)| (*conversation, lines.as_slice()))
    }

    pub fn of(&self, conversation: Conversation) -> &[Entry] {
        self.0.get(&conversation).map_or(&[], Vec::as_slice)
    }

    /// Whether some message has an earlier time than the one before it.
    pub fn has_older_after_newer(&self) -> bool {
        self.0.values().any(|lines| lines.windows(2).any(|pair| pair[1].sent < pair[0].sent))
    }

    pub fn count(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }
}

fn read(row: &AnyRow) -> Result<(Conversation, Entry), sqlx::Error> {
    let (low, high): (Option<i64>, Option<i64>) = (row.try_get(1)?, row.try_get(2)?);
    let conversation = match (low, high) {
        (Some(low), Some(high)) => Conversation::direct(UserId(low), UserId(high)),
        _ => Conversation::Group(GroupId(row.try_get(0)?)),
    };
    let entry = Entry {
        seq: row.try_get(3)?,
        sender: UserId(row.try_get(4)?),
        client_id: row.try_get(5)?,
        text: row.try_get(6)?,
        sent: row.try_get(7)?,
    };
    Ok((conversation, entry))
}
