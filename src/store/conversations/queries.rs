//! Reading conversations: their states for the chat list, and pages of history.

use std::collections::BTreeSet;

use sqlx::Row;

use crate::error::{KithError, Result};
use crate::model::limits::HISTORY_PAGE;
use crate::model::{Contact, Contacts, Conversation, ConversationState, History, UserId};
use crate::store::people::write_access::open_pairs;
use crate::store::rows::{self, KIND_GROUP};
use crate::store::{Failure, Store, lookup, visibility};

use super::{mentions, own_copy};

impl Store {
    /// Returns all conversations of `user` that have messages, the newest first.
    pub async fn conversations(&self, user: UserId) -> Result<Vec<ConversationState>> {
        let text = format!(
            "SELECT {conversation}, COALESCE(m.left_seq, c.last_seq) AS last_seq, \
             COALESCE(m.left_count, c.last_count) AS last_count, m.read_seq, m.read_count, \
             CASE WHEN m.left_seq IS NULL THEN c.activity ELSE COALESCE(x.sent, 0) END \
             AS activity, \
             {own}, {mention} AS mention_seq, \
             {person}, {message}, {hidden} FROM member m \
             JOIN conversation c ON c.id = m.conversation_id \
             LEFT JOIN message x ON x.conversation_id = c.id \
               AND x.seq = COALESCE(m.left_seq, c.last_seq) AND {visible} {quoted} {hidden_from} \
             LEFT JOIN users p ON p.id = CASE WHEN c.low_user = m.user_id THEN c.high_user \
               ELSE c.low_user END \
             WHERE m.user_id = $1 AND c.last_seq > m.joined_seq \
             ORDER BY COALESCE(x.sent, c.activity) DESC, c.id DESC",
            conversation = rows::CONVERSATION,
            person = rows::PERSON,
            own = own_copy::COLUMNS,
            mention = mentions::UNREAD,
            message = rows::MESSAGE,
            hidden = rows::HIDDEN,
            visible = visibility::MESSAGE,
            quoted = rows::QUOTED,
            hidden_from = rows::hidden_from("$1"),
        );
        self.all(&text, user, |row| {
            Ok(ConversationState {
                contact: rows::conversation(row)?.contact_of(user),
                person: rows::person_or_none(row)?,
                last_seq: row.try_get("last_seq")?,
                last_count: row.try_get("last_count")?,
                read_seq: row.try_get("read_seq")?,
                read_count: row.try_get("read_count")?,
                mention_seq: row.try_get("mention_seq")?,
                activity: rows::time(row, "activity")?,
                own: own_copy::read(row)?,
                last_message: rows::own_message_or_none(row, user)?,
            })
        })
        .await
    }

    /// Returns the page of messages before the `seq` `before`, or the newest page without it: those
    /// that `user` may see. Empty before the first message. `NotAContact` without a conversation,
    /// unless `user` could begin one with `contact`.
    pub async fn history(
        &self,
        user: UserId,
        contact: Contact,
        before: Option<i64>,
        contacts: Contacts,
    ) -> Result<History> {
        let found = {
            let mut connection = self.reads.acquire().await.map_err(Failure::from)?;
            lookup::conversation_id(&mut connection, user, contact).await?
        };
        match (found, contact) {
            (Some(id), _) => Ok(self.page(user, id, before).await?),
            (None, Contact::User(other)) if self.is_contact(user, other, contacts).await? => {
                Ok(History::default())
            }
            (None, _) => Err(KithError::NotAContact),
        }
    }

    /// Returns whether `user` could begin a conversation with `other`. Blocks are ignored here, so
    /// that they stay secret.
    pub async fn is_contact(
        &self,
        user: UserId,
        other: UserId,
        contacts: Contacts,
    ) -> Result<bool> {
        let text = match contacts {
            Contacts::Friends => {
                "SELECT COUNT(*) FROM friendship WHERE user_id = $1 AND friend_id = $2"
            }
            Contacts::Everyone => {
                "SELECT COUNT(*) FROM users WHERE id <> $1 AND id = $2 AND deleted = 0"
            }
        };
        let query = sqlx::query(text).bind(user.0).bind(other.0);
        let row = query.fetch_one(&self.reads).await.map_err(Failure::from)?;
        Ok(row.try_get::<i64, _>(0).map_err(Failure::from)? > 0)
    }

    /// Returns whether `user` may write to `contact` now.
    pub async fn may_write(
        &self,
        user: UserId,
        contact: Contact,
        contacts: Contacts,
    ) -> Result<bool> {
        let mut connection = self.reads.acquire().await.map_err(Failure::from)?;
        match contact.conversation_with(user) {
            Conversation::Direct(low, high) => {
                let pair = BTreeSet::from([(low.0, high.0)]);
                Ok(!open_pairs(&mut connection, &pair, contacts).await?.is_empty())
            }
            Conversation::Group(group) => {
                let text = format!(
                    "SELECT COUNT(*) FROM member m JOIN conversation c ON c.id = m.conversation_id \
                     WHERE m.user_id = $1 AND c.id = $2 AND c.kind = {KIND_GROUP} AND {}",
                    visibility::PRESENT
                );
                let query = sqlx::query(&text).bind(user.0).bind(group.0);
                let row = query.fetch_one(&mut *connection).await.map_err(Failure::from)?;
                Ok(row.try_get::<i64, _>(0).map_err(Failure::from)? > 0)
            }
        }
    }

    async fn page(&self, user: UserId, id: i64, before: Option<i64>) -> Result<History, Failure> {
        let text = format!(
            "SELECT {message}, {hidden} FROM message x JOIN member m \
             ON m.conversation_id = x.conversation_id AND m.user_id = $1 {quoted} {hidden_from} \
             WHERE x.conversation_id = $2 AND x.seq < $3 AND {visible} \
             ORDER BY x.seq DESC LIMIT $4",
            message = rows::MESSAGE,
            hidden = rows::HIDDEN,
            quoted = rows::QUOTED,
            hidden_from = rows::hidden_from("$1"),
            visible = visibility::MESSAGE,
        );
        let found = sqlx::query(&text)
            .bind(user.0)
            .bind(id)
            .bind(before.unwrap_or(i64::MAX))
            .bind(HISTORY_PAGE + 1)
            .fetch_all(&self.reads)
            .await?;
        let read = |row| rows::own_message(row, user);
        let mut messages = found.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let has_older = messages.len() as i64 > HISTORY_PAGE;
        messages.truncate(HISTORY_PAGE as usize);
        messages.reverse();
        Ok(History { messages, has_older })
    }
}
