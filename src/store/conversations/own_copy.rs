//! A member's own copy of a conversation: pinned, muted, marked as unread, cleared, deleted. Other
//! members are not told.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::error::{KithError, Result};
use crate::model::{Contact, OwnCopy, Timestamp, UserId};
use crate::store::fact::Fact;
use crate::store::transaction::{Change, Tx};
use crate::store::{Failure, lookup, rows, visibility};

/// The columns of the own copy of a member `m`.
pub const COLUMNS: &str = "m.cleared_seq, m.hidden_count, m.pinned, m.muted_until, m.marked_unread";

pub fn read(row: &AnyRow) -> Result<OwnCopy, sqlx::Error> {
    Ok(OwnCopy {
        cleared_seq: row.try_get("cleared_seq")?,
        hidden_count: row.try_get("hidden_count")?,
        pinned: row.try_get::<Option<i64>, _>("pinned")?.map(Timestamp),
        muted_until: row.try_get::<Option<i64>, _>("muted_until")?.map(Timestamp),
        marked_unread: row.try_get::<i64, _>("marked_unread")? != 0,
    })
}

/// Sets how `user` keeps the conversation with `contact`. `None` leaves a setting as it is.
/// `NotAContact` without a conversation.
#[derive(Debug)]
pub struct SetChat {
    pub user: UserId,
    pub contact: Contact,
    pub pinned: Option<bool>,
    /// The end of muting. A time in the past unmutes.
    pub muted_until: Option<Timestamp>,
    pub marked_unread: Option<bool>,
}

/// `user` deletes for themselves all messages with `contact` up to `seq`, the last that they know.
/// With `hide` the conversation leaves their chat list until the next message.
#[derive(Debug)]
pub struct ClearChat {
    pub user: UserId,
    pub contact: Contact,
    pub seq: i64,
    pub hide: bool,
}

/// `user` deletes one message for themselves. `NotFound` when they may not see it.
#[derive(Debug)]
pub struct HideMessage {
    pub user: UserId,
    pub contact: Contact,
    pub seq: i64,
}

/// A member's row.
struct MemberCopy {
    conversation: i64,
    /// The last message that this member may see.
    last_seq: i64,
    read_seq: i64,
    read_count: i64,
    own: OwnCopy,
}

async fn load(tx: &mut Tx, user: UserId, contact: Contact) -> Result<MemberCopy, Failure> {
    let found = lookup::conversation_id(tx.read(), user, contact).await?;
    let conversation = found.ok_or(KithError::NotAContact)?;
    let text = format!(
        "SELECT COALESCE(m.left_seq, c.last_seq) AS last_seq, m.read_seq, m.read_count, {COLUMNS} \
         FROM member m JOIN conversation c ON c.id = m.conversation_id \
         WHERE m.conversation_id = $1 AND m.user_id = $2"
    );
    let query = sqlx::query(&text).bind(conversation).bind(user.0);
    let row = query.fetch_one(tx.read()).await?;
    Ok(MemberCopy {
        conversation,
        last_seq: row.try_get("last_seq")?,
        read_seq: row.try_get("read_seq")?,
        read_count: row.try_get("read_count")?,
        own: read(&row)?,
    })
}

/// Stores the own copy and tells the pages of `user`.
async fn store(
    tx: &mut Tx,
    user: UserId,
    contact: Contact,
    kept: &MemberCopy,
) -> Result<(), Failure> {
    let own = kept.own;
    sqlx::query(
        "UPDATE member SET cleared_seq = $1, hidden_count = $2, pinned = $3, muted_until = $4, \
         marked_unread = $5 WHERE conversation_id = $6 AND user_id = $7",
    )
    .bind(own.cleared_seq)
    .bind(own.hidden_count)
    .bind(own.pinned.map(|at| at.0))
    .bind(own.muted_until.map(|at| at.0))
    .bind(i64::from(own.marked_unread))
    .bind(kept.conversation)
    .bind(user.0)
    .execute(tx.write())
    .await?;
    let conversation = contact.conversation_with(user);
    tx.log_for_user(user, Fact::ChatSet { conversation, own }).await
}

impl Change for SetChat {
    type Answer = ();
    const EVENTS: i64 = 1;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let mut kept = load(tx, self.user, self.contact).await?;
        let before = kept.own;
        let now = tx.now;
        if let Some(pinned) = self.pinned {
            kept.own.pinned = pinned.then(|| before.pinned.unwrap_or(now));
        }
        if let Some(until) = self.muted_until {
            kept.own.muted_until = (until > now).then_some(until);
        }
        if let Some(marked) = self.marked_unread {
            kept.own.marked_unread = marked;
        }
        if kept.own == before {
            return Ok(());
        }
        store(tx, self.user, self.contact, &kept).await
    }
}

impl Change for ClearChat {
    type Answer = ();
    const EVENTS: i64 = 2;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let mut kept = load(tx, self.user, self.contact).await?;
        // Newer messages, which the user does not know, stay.
        let until = self.seq.min(kept.last_seq).max(kept.own.cleared_seq);
        let row = sqlx::query("SELECT count FROM message WHERE conversation_id = $1 AND seq = $2")
            .bind(kept.conversation)
            .bind(until)
            .fetch_optional(tx.read())
            .await?;
        let count = row.map(|row| row.try_get("count")).transpose()?.unwrap_or(0_i64);
        let (read_seq, read_count) = (until.max(kept.read_seq), count.max(kept.read_count));
        kept.own.cleared_seq = until;
        kept.own.marked_unread = false;
        if self.hide {
            kept.own.hidden_count = count;
            kept.own.pinned = None;
        }
        // Cleared messages must not count as unread.
        sqlx::query(
            "UPDATE member SET read_seq = $1, read_count = $2 \
             WHERE conversation_id = $3 AND user_id = $4",
        )
        .bind(read_seq)
        .bind(read_count)
        .bind(kept.conversation)
        .bind(self.user.0)
        .execute(tx.write())
        .await?;
        let conversation = self.contact.conversation_with(self.user);
        tx.log_for_user(self.user, Fact::Read { conversation, read_seq, read_count }).await?;
        store(tx, self.user, self.contact, &kept).await
    }
}

impl Change for HideMessage {
    type Answer = ();
    const EVENTS: i64 = 1;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let (user, contact, seq) = (self.user, self.contact, self.seq);
        let found = lookup::conversation_id(tx.read(), user, contact).await?;
        let id = found.ok_or(KithError::NotAContact)?;
        let text = format!(
            "SELECT {hidden} FROM message x JOIN member m ON m.conversation_id = x.conversation_id \
             {hidden_from} WHERE x.conversation_id = $2 AND x.seq = $3 AND m.user_id = $1 \
             AND {visible}",
            hidden = rows::HIDDEN,
            hidden_from = rows::hidden_from("$1"),
            visible = visibility::MESSAGE,
        );
        let query = sqlx::query(&text).bind(user.0).bind(id).bind(seq);
        let row = query.fetch_optional(tx.read()).await?.ok_or(KithError::NotFound)?;
        if row.try_get::<Option<i64>, _>("hidden")?.is_some() {
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO hidden_message (user_id, conversation_id, seq) VALUES ($1, $2, $3)",
        )
        .bind(user.0)
        .bind(id)
        .bind(seq)
        .execute(tx.write())
        .await?;
        let conversation = contact.conversation_with(user);
        tx.log_for_user(user, Fact::MessageHidden { conversation, seq }).await
    }
}
