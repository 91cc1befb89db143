//! Mentions in messages of a group, for the mark in the chat list of the person mentioned.

use sqlx::AnyConnection;

use crate::model::UserId;
use crate::store::script::Script;
use crate::store::{Failure, sql};

/// The `user_id` of a mention of everybody.
pub const EVERYBODY: UserId = UserId(0);

/// The newest unread message that mentions a member `m` of a conversation `c`, else 0.
pub const UNREAD: &str = "COALESCE((SELECT MAX(n.seq) FROM mention n \
     WHERE n.conversation_id = c.id AND n.user_id IN (m.user_id, 0) \
     AND n.seq > m.read_seq AND n.seq <= COALESCE(m.left_seq, c.last_seq)), 0)";

/// Stores mentions: conversation, person, `seq` of the message.
pub fn add(script: &mut Script<'_>, mentions: &[(i64, UserId, i64)]) {
    for part in sql::parts(mentions) {
        script.add(|first| {
            format!(
                "INSERT INTO mention (conversation_id, user_id, seq) VALUES {}",
                sql::rows(part.len(), 3, first)
            )
        });
        for (conversation, user, seq) in part {
            script.bind(*conversation).bind(user.0).bind(*seq);
        }
    }
}

/// Removes the mentions of a message.
pub async fn remove(
    connection: &mut AnyConnection,
    conversation: i64,
    seq: i64,
) -> Result<(), Failure> {
    sqlx::query("DELETE FROM mention WHERE conversation_id = $1 AND seq = $2")
        .bind(conversation)
        .bind(seq)
        .execute(connection)
        .await?;
    Ok(())
}
