//! Reading a user's friends, friend requests and blocks.

use sqlx::Row;

use crate::error::Result;
use crate::model::{Friend, FriendRequest, Person, UserId};
use crate::store::{Store, rows};

impl Store {
    /// Returns the friends of `user`, in no order.
    pub async fn friends(&self, user: UserId) -> Result<Vec<Friend>> {
        let text = format!(
            "SELECT f.since, f.remark, {} FROM friendship f JOIN users p ON p.id = f.friend_id \
             WHERE f.user_id = $1",
            rows::PERSON
        );
        self.all(&text, user, |row| {
            Ok(Friend {
                person: rows::person(row)?,
                since: rows::time(row, "since")?,
                remark: row.try_get("remark")?,
            })
        })
        .await
    }

    /// Returns the unanswered friend requests from and to `user`, the newest first, without those
    /// of people whom they block.
    pub async fn friend_requests(&self, user: UserId) -> Result<Vec<FriendRequest>> {
        let text = "SELECT r.note, r.at, f.id AS from_id, f.username AS from_username, \
             f.display_name AS from_display_name, t.id AS to_id, t.username AS to_username, \
             t.display_name AS to_display_name FROM friend_request r \
             JOIN users f ON f.id = r.from_user JOIN users t ON t.id = r.to_user \
             WHERE r.from_user = $1 OR (r.to_user = $1 AND NOT EXISTS (SELECT 1 FROM block b \
               WHERE b.user_id = $1 AND b.blocked_id = r.from_user)) ORDER BY r.at DESC";
        let person = |row: &sqlx::any::AnyRow, side: &str| {
            Ok::<_, sqlx::Error>(Person {
                id: rows::user(row, &format!("{side}_id"))?,
                username: row.try_get(format!("{side}_username").as_str())?,
                display_name: row.try_get(format!("{side}_display_name").as_str())?,
                // Deleting an account deletes its requests.
                deleted: false,
            })
        };
        self.all(text, user, |row| {
            Ok(FriendRequest {
                from: person(row, "from")?,
                to: person(row, "to")?,
                note: row.try_get("note")?,
                at: rows::time(row, "at")?,
            })
        })
        .await
    }

    /// Returns the people whom `user` blocks, the longest blocked first.
    pub async fn blocked(&self, user: UserId) -> Result<Vec<Person>> {
        let text = format!(
            "SELECT {} FROM block b JOIN users p ON p.id = b.blocked_id \
             WHERE b.user_id = $1 ORDER BY b.since, p.id",
            rows::PERSON
        );
        self.all(&text, user, rows::person).await
    }
}
