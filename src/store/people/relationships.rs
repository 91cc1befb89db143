//! All relationships of a user at once, for presence.

use std::collections::HashMap;

use sqlx::Row;

use crate::error::Result;
use crate::model::{Contacts, UserId};
use crate::store::Store;
use crate::store::rows::{self, KIND_DIRECT};

/// The relationship of another person to a user.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Relationship {
    pub friend: bool,
    /// The two have a direct conversation, with `Contacts::Everyone`. Always `false` with
    /// `Contacts::Friends`: a conversation outlives a friendship.
    pub talked: bool,
    /// The user blocks them.
    pub blocked: bool,
}

impl Store {
    /// Returns everybody to whom `user` has a relationship.
    pub async fn relationships(
        &self,
        user: UserId,
        contacts: Contacts,
    ) -> Result<HashMap<UserId, Relationship>> {
        let (yes, no) = ("CAST(1 AS BIGINT)", "CAST(0 AS BIGINT)");
        let talked = match contacts {
            Contacts::Everyone => format!(
                "UNION ALL \
                 SELECT CASE WHEN c.low_user = $1 THEN c.high_user ELSE c.low_user END, \
                   {no}, {yes}, {no} FROM member m JOIN conversation c ON c.id = m.conversation_id \
                   WHERE m.user_id = $1 AND c.kind = {KIND_DIRECT} "
            ),
            Contacts::Friends => String::new(),
        };
        let text = format!(
            "SELECT t.id, MAX(t.friend) AS friend, MAX(t.talked) AS talked, \
             MAX(t.blocked) AS blocked FROM ( \
               SELECT f.friend_id AS id, {yes} AS friend, {no} AS talked, {no} AS blocked \
                 FROM friendship f WHERE f.user_id = $1 \
               {talked}\
               UNION ALL \
               SELECT b.blocked_id, {no}, {no}, {yes} FROM block b WHERE b.user_id = $1 \
             ) t GROUP BY t.id"
        );
        let found = self
            .all(&text, user, |row| {
                let is = |column| row.try_get::<i64, _>(column).map(|flag| flag != 0);
                let relationship = Relationship {
                    friend: is("friend")?,
                    talked: is("talked")?,
                    blocked: is("blocked")?,
                };
                Ok((rows::user(row, "id")?, relationship))
            })
            .await?;
        Ok(found.into_iter().collect())
    }
}
