//! Read marks.

use sqlx::Row;

use crate::error::{KithError, Result};
use crate::model::{Contact, UserId};
use crate::store::fact::Fact;
use crate::store::transaction::{Change, Tx};
use crate::store::{Failure, lookup, visibility};

use super::own_copy::SetChat;

/// `user` has read everything up to `seq`. A mark never goes back, nor past the last message.
#[derive(Debug)]
pub struct MarkRead {
    pub user: UserId,
    pub contact: Contact,
    pub seq: i64,
}

impl Change for MarkRead {
    type Answer = ();
    const EVENTS: i64 = 1;
    const KEEPS_SEND_CACHE: bool = true;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let Some(id) = lookup::conversation_id(tx.read(), self.user, self.contact).await? else {
            return Err(KithError::NotAContact.into());
        };
        let text = format!(
            "SELECT x.seq, x.count FROM message x JOIN member m \
             ON m.conversation_id = x.conversation_id \
             WHERE m.conversation_id = $1 AND m.user_id = $2 AND m.read_seq < x.seq \
             AND x.seq <= $3 AND {} ORDER BY x.seq DESC LIMIT 1",
            visibility::MESSAGE
        );
        let row = sqlx::query(&text)
            .bind(id)
            .bind(self.user.0)
            .bind(self.seq)
            .fetch_optional(tx.read())
            .await?;
        let Some(row) = row else {
            // All is read, but the user may have marked it as unread.
            let (user, contact, marked_unread) = (self.user, self.contact, Some(false));
            let unmarked =
                SetChat { user, contact, pinned: None, muted_until: None, marked_unread };
            return unmarked.apply(tx).await;
        };
        let (read_seq, read_count): (i64, i64) = (row.try_get("seq")?, row.try_get("count")?);
        sqlx::query(
            "UPDATE member SET read_seq = $1, read_count = $2, marked_unread = 0 \
             WHERE conversation_id = $3 AND user_id = $4",
        )
        .bind(read_seq)
        .bind(read_count)
        .bind(id)
        .bind(self.user.0)
        .execute(tx.write())
        .await?;
        let conversation = self.contact.conversation_with(self.user);
        tx.log_for_user(self.user, Fact::Read { conversation, read_seq, read_count }).await
    }
}
