//! Deleting an account.

use super::fact::{AUDIENCE_USER, Fact};
use super::people::accounts::check_not_last_administrator;
use super::people::own_account::PasswordProof;
use super::people::sign_ins;
use super::transaction::{Change, Tx};
use super::{Failure, groups, rows};
use crate::error::Result;
use crate::model::UserId;

/// Deletes the account: erases its personal data, ends its relationships, memberships and sign-ins.
/// Messages stay. `LastAdministrator` when it is the only administrator's.
#[derive(Debug)]
pub struct DeleteAccount {
    pub by: PasswordProof,
}

/// Statements that delete an account, in this order. The other row of each friendship is found
/// through the account's own: no index leads to it.
const STATEMENTS: [&str; 5] = [
    "DELETE FROM friendship WHERE friend_id = $1 \
     AND user_id IN (SELECT f.friend_id FROM friendship f WHERE f.user_id = $1)",
    "DELETE FROM friendship WHERE user_id = $1",
    "DELETE FROM friend_request WHERE from_user = $1 OR to_user = $1",
    "DELETE FROM block WHERE user_id = $1 OR blocked_id = $1",
    "UPDATE users SET username = '', display_name = '', name_key = '', bio = '', \
     password_hash = '', administrator = 0, deleted = 1 WHERE id = $1",
];

/// Number of events that deleting an account writes, besides one for each relationship.
pub(in crate::store) const DELETE_ACCOUNT_EVENTS: i64 = 1;

impl Change for DeleteAccount {
    type Answer = ();
    const EVENTS: i64 = DELETE_ACCOUNT_EVENTS;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        self.by.check(tx).await?;
        delete_account(tx, self.by.user).await
    }
}

/// Deletes an account. `LastAdministrator` when it is the only administrator's.
pub(in crate::store) async fn delete_account(tx: &mut Tx, user: UserId) -> Result<(), Failure> {
    check_not_last_administrator(tx, user).await?;
    groups::leave_all(tx, user).await?;
    let endings = relationship_endings(tx, user).await?;
    tx.reserve(endings.len() as i64).await?;
    tx.erase();
    for text in STATEMENTS {
        sqlx::query(text).bind(user.0).execute(tx.write()).await?;
    }
    // Usernames have no spaces, so this key blocks no username.
    sqlx::query("UPDATE users SET username_key = $1 WHERE id = $2")
        .bind(format!("deleted {user}"))
        .bind(user.0)
        .execute(tx.write())
        .await?;
    // Nobody can receive the user's own events any more, and they hold personal data.
    sqlx::query("DELETE FROM event WHERE audience = $1 AND audience_id = $2")
        .bind(AUDIENCE_USER)
        .bind(user.0)
        .execute(tx.write())
        .await?;
    sign_ins::end_sign_ins(tx, user, |_| true).await?;
    for (other, fact) in endings {
        tx.log_for_user(other, fact).await?;
    }
    tx.log_for_everybody(Fact::PersonChanged { user }).await
}

/// Returns the other side of each relationship of `user`, with the event that tells them of its
/// end.
async fn relationship_endings(tx: &mut Tx, user: UserId) -> Result<Vec<(UserId, Fact)>, Failure> {
    let mut endings = Vec::new();
    let text = "SELECT friend_id FROM friendship WHERE user_id = $1";
    for row in sqlx::query(text).bind(user.0).fetch_all(tx.read()).await? {
        endings.push((rows::user(&row, "friend_id")?, Fact::FriendRemoved { user }));
    }
    let text = "SELECT from_user, to_user FROM friend_request WHERE from_user = $1 OR to_user = $1";
    for row in sqlx::query(text).bind(user.0).fetch_all(tx.read()).await? {
        let (from, to) = (rows::user(&row, "from_user")?, rows::user(&row, "to_user")?);
        let other = if from == user { to } else { from };
        endings.push((other, Fact::FriendRequestClosed { from, to }));
    }
    let text = "SELECT user_id FROM block WHERE blocked_id = $1";
    for row in sqlx::query(text).bind(user.0).fetch_all(tx.read()).await? {
        endings.push((rows::user(&row, "user_id")?, Fact::BlockSet { user, blocked: false }));
    }
    Ok(endings)
}

#[cfg(test)]
mod tests {
    use crate::model::Timestamp;
    use crate::store;

    #[tokio::test]
    async fn deleting_an_account_scans_no_table() {
        let folder = tempfile::tempdir().expect("a folder");
        let opened = store::open(None, folder.path(), || Timestamp(0)).await;
        let reads = opened.expect("a store").reads;
        for text in super::STATEMENTS {
            let plan = store::sql::plan(&reads, text).await;
            assert!(plan.iter().all(|step| !step.starts_with("SCAN")), "{text}: {plan:#?}");
        }
    }
}
