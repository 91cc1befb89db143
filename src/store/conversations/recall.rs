//! Recalling a message: its text is erased from the database, and every later read of it gives the
//! line that it was recalled.

use crate::error::{KithError, Result};
use crate::model::limits::RECALL_WINDOW_MS;
use crate::model::{Contact, Conversation, Event, EventKind, GroupAction, SystemLine, UserId};
use crate::store::fact::AUDIENCE_CONVERSATION;
use crate::store::groups::open_group::OpenGroup;
use crate::store::transaction::{Change, Tx};
use crate::store::{Audience, Failure, lookup, rows, visibility};

use super::mentions;

/// `user` recalls a message: their own while it is new, and with the right role any message of a
/// group. `NotFound` when they may not see it, `NotAllowed` when they may not recall it. Recalling
/// it twice changes nothing.
#[derive(Debug)]
pub struct Recall {
    pub user: UserId,
    pub contact: Contact,
    pub seq: i64,
}

impl Change for Recall {
    type Answer = ();
    const EVENTS: i64 = 1;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let conversation = self.contact.conversation_with(self.user);
        let found = lookup::conversation_id(tx.read(), self.user, self.contact).await?;
        let id = found.ok_or(KithError::NotAContact)?;
        let role = match conversation {
            Conversation::Direct(..) => None,
            Conversation::Group(group) => {
                let open_group = OpenGroup::load(tx, group).await?.ok_or(KithError::NotAContact)?;
                Some(open_group.role_of(self.user).ok_or(KithError::NotAContact)?)
            }
        };
        let text = format!(
            "SELECT {message} FROM message x {quoted} \
             JOIN member m ON m.conversation_id = x.conversation_id \
             WHERE x.conversation_id = $1 AND x.seq = $2 AND m.user_id = $3 AND {visible}",
            message = rows::MESSAGE,
            quoted = rows::QUOTED,
            visible = visibility::MESSAGE,
        );
        let query = sqlx::query(&text).bind(id).bind(self.seq).bind(self.user.0);
        let row = query.fetch_optional(tx.read()).await?.ok_or(KithError::NotFound)?;
        let message = rows::message(&row)?;
        match message.system {
            Some(SystemLine::Recalled { .. }) => return Ok(()),
            Some(_) => return Err(KithError::NotAllowed.into()),
            None => {}
        }
        let is_new = tx.now.0 - message.sent.0 <= RECALL_WINDOW_MS;
        let own = message.sender == self.user && is_new;
        if !own && !role.is_some_and(|role| role.may(GroupAction::Recall)) {
            return Err(KithError::NotAllowed.into());
        }

        let line = SystemLine::Recalled { by: self.user };
        let json = serde_json::to_string(&line).map_err(|e| sqlx::Error::Encode(e.into()))?;
        sqlx::query(
            "UPDATE message SET body = '', reply_to = NULL, system = $1 \
             WHERE conversation_id = $2 AND seq = $3",
        )
        .bind(json)
        .bind(id)
        .bind(self.seq)
        .execute(tx.write())
        .await?;
        tx.erase();
        mentions::remove(tx.write(), id, self.seq).await?;
        let event = tx.next_event();
        let now = tx.now;
        // A second event for the same `seq`. Reading either of them gives the recalled message.
        sqlx::query(
            "INSERT INTO event (id, audience, audience_id, seq, at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(event.0)
        .bind(AUDIENCE_CONVERSATION)
        .bind(id)
        .bind(self.seq)
        .bind(now.0)
        .execute(tx.write())
        .await?;
        let text = format!(
            "SELECT m.user_id FROM member m \
             WHERE m.conversation_id = $1 AND m.joined_seq < $2 AND {}",
            visibility::PRESENT
        );
        // Members who joined later never saw the message.
        let found = sqlx::query(&text).bind(id).bind(self.seq).fetch_all(tx.read()).await?;
        let members: Result<Vec<UserId>, _> =
            found.iter().map(|row| rows::user(row, "user_id")).collect();
        let members = members?;
        let kind = EventKind::Message { conversation, message: message.without_content(line) };
        tx.publish(Event { id: event, kind }, Audience::Users(members));
        Ok(())
    }
}
