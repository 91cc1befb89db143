//! Telling of a new name, and whom: those who know the person. To everybody else it would be a
//! directory of the people here.

use sqlx::Row;

use crate::error::Result;
use crate::model::UserId;
use crate::store::fact::{AUDIENCE_CONVERSATION, AUDIENCE_USER, Fact};
use crate::store::transaction::Tx;
use crate::store::{Failure, rows};

/// Maximum number of rows in the log for one new name. Friends and the conversations in which
/// something was said last come first; the pages of the others show the name when they are loaded
/// again.
const ROWS_MAX: usize = 500;

/// The present conversations of the user `$1` with others, the latest first; `$2` is the maximum.
const CONVERSATIONS: &str = "SELECT c.id FROM member m JOIN conversation c \
     ON c.id = m.conversation_id WHERE m.user_id = $1 AND m.left_event IS NULL \
     AND EXISTS (SELECT 1 FROM member o WHERE o.conversation_id = c.id AND o.user_id <> $1 \
       AND o.left_event IS NULL) \
     ORDER BY c.activity DESC, c.id DESC LIMIT $2";

/// Tells those who know `user` of their new name: their friends, and the people with whom they have
/// a conversation. Their own other pages hear of it, too.
pub(in crate::store) async fn tell_of_new_name(tx: &mut Tx, user: UserId) -> Result<(), Failure> {
    let text = "SELECT friend_id FROM friendship WHERE user_id = $1 ORDER BY since DESC LIMIT $2";
    let found = sqlx::query(text).bind(user.0).bind(ROWS_MAX as i64).fetch_all(tx.read()).await?;
    let friends: Result<Vec<UserId>, _> =
        found.iter().map(|row| rows::user(row, "friend_id")).collect();
    let friends = friends?;

    let room = ROWS_MAX.saturating_sub(friends.len()) as i64;
    let found = sqlx::query(CONVERSATIONS).bind(user.0).bind(room).fetch_all(tx.read()).await?;
    let conversations: Result<Vec<i64>, _> = found.iter().map(|row| row.try_get("id")).collect();
    let text = format!(
        "SELECT DISTINCT n.user_id FROM member n WHERE n.left_event IS NULL \
         AND n.conversation_id IN ({CONVERSATIONS})"
    );
    let found = sqlx::query(&text).bind(user.0).bind(room).fetch_all(tx.read()).await?;
    let people: Result<Vec<UserId>, _> =
        found.iter().map(|row| rows::user(row, "user_id")).collect();
    let mut people = people?;

    let conversations = conversations?.into_iter().map(|id| (AUDIENCE_CONVERSATION, id));
    let mut audiences: Vec<(i64, i64)> = conversations.collect();
    for other in friends.into_iter().chain([user]) {
        if !people.contains(&other) {
            people.push(other);
            audiences.push((AUDIENCE_USER, other.0));
        }
    }
    tx.reserve(audiences.len() as i64).await?;
    tx.log_for_all(&audiences, Fact::PersonChanged { user }, people).await
}
