//! System lines: messages that Kith itself writes into a group.

use crate::model::{ClientId, Conversation, Event, EventKind, Message, SystemLine, UserId};
use crate::store::fact::AUDIENCE_CONVERSATION;
use crate::store::transaction::Tx;
use crate::store::{Audience, Failure};

use super::open_group::OpenGroup;

impl OpenGroup {
    /// Writes a line into the conversation, with `by` as its sender. It takes a `seq` but no
    /// `count`, so it never makes a badge.
    pub async fn add_line(
        &mut self,
        tx: &mut Tx,
        by: UserId,
        line: SystemLine,
    ) -> Result<(), Failure> {
        self.add_line_keeping_unread(tx, by, line).await?;
        // A member who acts in a group has read it up to here. `left_event IS NULL`: an
        // administrator may be a former member, and their copy must stay as it was.
        sqlx::query(
            "UPDATE member SET read_seq = $1, read_count = $2, marked_unread = 0 \
             WHERE conversation_id = $3 AND user_id = $4 AND left_event IS NULL",
        )
        .bind(self.last_seq)
        .bind(self.last_count)
        .bind(self.id.0)
        .bind(by.0)
        .execute(tx.write())
        .await?;
        Ok(())
    }

    /// The same for a sender who is absent: their read mark stays where it is.
    pub async fn add_line_keeping_unread(
        &mut self,
        tx: &mut Tx,
        by: UserId,
        line: SystemLine,
    ) -> Result<(), Failure> {
        self.last_seq += 1;
        let (group, now) = (self.id.0, tx.now);
        let client_id = ClientId::random();
        let json = serde_json::to_string(&line).map_err(|e| sqlx::Error::Encode(e.into()))?;
        sqlx::query(
            "INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, \
             system, sent) VALUES ($1, $2, $3, $4, $5, '', $6, $7)",
        )
        .bind(group)
        .bind(self.last_seq)
        .bind(self.last_count)
        .bind(by.0)
        .bind(client_id.as_str())
        .bind(json)
        .bind(now.0)
        .execute(tx.write())
        .await?;
        sqlx::query("UPDATE conversation SET last_seq = $1, activity = $2 WHERE id = $3")
            .bind(self.last_seq)
            .bind(now.0)
            .bind(group)
            .execute(tx.write())
            .await?;
        let id = tx.next_event();
        sqlx::query(
            "INSERT INTO event (id, audience, audience_id, seq, at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(id.0)
        .bind(AUDIENCE_CONVERSATION)
        .bind(group)
        .bind(self.last_seq)
        .bind(now.0)
        .execute(tx.write())
        .await?;
        let message = Message {
            seq: self.last_seq,
            count: self.last_count,
            sender: by,
            client_id: Some(client_id),
            text: String::new(),
            reply: None,
            system: Some(line),
            sent: now,
        };
        let conversation = Conversation::Group(self.id);
        let kind = EventKind::Message { conversation, message };
        tx.publish(Event { id, kind }, Audience::Users(self.member_ids()));
        Ok(())
    }
}
