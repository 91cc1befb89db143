//! Who is spoken to by name in the messages of a group, so that their page marks the conversation.

use sqlx::AnyConnection;

use crate::model::UserId;
use crate::store::script::Script;
use crate::store::{Failure, sql};

/// Everybody in the group.
pub const EVERYBODY: UserId = UserId(0);

/// The newest message that speaks to a member `m` of a conversation `c` and that they have not
/// read, else 0.
pub const UNREAD: &str = "COALESCE((SELECT MAX(n.seq) FROM mention n \
     WHERE n.conversation_id = c.id AND n.user_id IN (m.user_id, 0) \
     AND n.seq > m.read_seq AND n.seq <= COALESCE(m.left_seq, c.last_seq)), 0)";

/// Notes who is spoken to: in which conversation, who, and in which message.
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

/// Forgets whom a message spoke to.
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
