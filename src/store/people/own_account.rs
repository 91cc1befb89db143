//! Changing one's own account: what others see of it, its password, and its end.

use sqlx::Row;

use crate::error::{KithError, Result};
use crate::model::validation::name_key;
use crate::model::{SignInId, UserId};
use crate::store::fact::{AUDIENCE_USER, Fact};
use crate::store::transaction::{Change, Tx};
use crate::store::{Failure, rows};

use super::accounts::check_not_last_administrator;
use super::credentials::set_password;
use super::sign_ins;

/// Sets what others see of `user`. Everybody hears of another name.
#[derive(Debug)]
pub struct SetProfile {
    pub user: UserId,
    /// Validated, like the bio.
    pub display_name: String,
    pub bio: String,
}

/// Somebody whose password was right a moment ago.
#[derive(Debug, Clone)]
pub struct Proof {
    pub user: UserId,
    pub sign_in: SignInId,
    /// The hash that their password was checked against.
    pub password_hash: String,
}

/// Sets the password and ends all other sign-ins. `WrongPassword` when somebody else has changed it
/// meanwhile.
#[derive(Debug)]
pub struct ChangePassword {
    pub by: Proof,
    pub new_hash: String,
}

/// Deletes the account: erases what it says of a person, ends what ties it to others, and ends
/// its sign-ins. Messages stay. `LastAdministrator` when nobody could look
/// after this Kith any more.
#[derive(Debug)]
pub struct DeleteAccount {
    pub by: Proof,
}

impl Change for SetProfile {
    type Answer = ();
    const EVENTS: i64 = 1;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        describe(tx, self.user, &self.display_name, &self.bio, false).await.map(|_| ())
    }
}

/// Sets what an account says of `user`, which everybody hears of if it is another name, or if their
/// username was `renamed` just now. Returns whether anything has changed.
pub(in crate::store) async fn describe(
    tx: &mut Tx,
    user: UserId,
    display_name: &str,
    bio: &str,
    renamed: bool,
) -> Result<bool, Failure> {
    let row = sqlx::query("SELECT display_name, bio FROM users WHERE id = $1 AND deleted = 0")
        .bind(user.0)
        .fetch_optional(tx.read())
        .await?
        .ok_or(KithError::Unauthorised)?;
    let renamed = renamed || row.try_get::<String, _>("display_name")? != display_name;
    if !renamed && row.try_get::<String, _>("bio")? == bio {
        return Ok(false);
    }
    sqlx::query("UPDATE users SET display_name = $1, name_key = $2, bio = $3 WHERE id = $4")
        .bind(display_name)
        .bind(name_key(display_name))
        .bind(bio)
        .bind(user.0)
        .execute(tx.write())
        .await?;
    if renamed {
        tx.tell_everybody(Fact::PersonChanged { user }).await?;
    }
    Ok(true)
}

impl Proof {
    /// Refuses when the sign-in has ended or the password was changed since it was checked.
    async fn check(&self, tx: &mut Tx) -> Result<(), Failure> {
        let row = sqlx::query(
            "SELECT (SELECT COUNT(*) FROM sign_in WHERE id = $1 AND user_id = $2) AS signed_in, \
             (SELECT COUNT(*) FROM users WHERE id = $2 AND password_hash = $3) AS proven",
        )
        .bind(self.sign_in.0)
        .bind(self.user.0)
        .bind(&self.password_hash)
        .fetch_one(tx.read())
        .await?;
        if row.try_get::<i64, _>("signed_in")? == 0 {
            return Err(KithError::Unauthorised.into());
        }
        if row.try_get::<i64, _>("proven")? == 0 {
            return Err(KithError::WrongPassword.into());
        }
        Ok(())
    }
}

impl Change for ChangePassword {
    type Answer = ();
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        self.by.check(tx).await?;
        set_password(tx, self.by.user, &self.new_hash, None).await?;
        let here = self.by.sign_in;
        sign_ins::end(tx, self.by.user, |id| id != here).await?;
        Ok(())
    }
}

/// What ends with an account, in this order. The other half of each friendship is found through
/// the account's own: no index leads to it.
const FAREWELL: [&str; 5] = [
    "DELETE FROM friendship WHERE friend_id = $1 \
     AND user_id IN (SELECT f.friend_id FROM friendship f WHERE f.user_id = $1)",
    "DELETE FROM friendship WHERE user_id = $1",
    "DELETE FROM friend_request WHERE from_user = $1 OR to_user = $1",
    "DELETE FROM block WHERE user_id = $1 OR blocked_id = $1",
    "UPDATE users SET username = '', display_name = '', name_key = '', bio = '', \
     password_hash = '', administrator = 0, deleted = 1 WHERE id = $1",
];

/// How many events the end of an account writes, besides one for each tie to somebody else.
pub(in crate::store) const FAREWELL_EVENTS: i64 = 1;

impl Change for DeleteAccount {
    type Answer = ();
    const EVENTS: i64 = FAREWELL_EVENTS;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        self.by.check(tx).await?;
        end(tx, self.by.user).await
    }
}

/// Ends an account. `LastAdministrator` when nobody else looks after this Kith.
pub(in crate::store) async fn end(tx: &mut Tx, user: UserId) -> Result<(), Failure> {
    check_not_last_administrator(tx, user).await?;
    crate::store::groups::leave_all(tx, user).await?;
    let told = ties(tx, user).await?;
    tx.reserve(told.len() as i64).await?;
    for text in FAREWELL {
        sqlx::query(text).bind(user.0).execute(tx.write()).await?;
    }
    // The username is free again: no username has a space.
    sqlx::query("UPDATE users SET username_key = $1 WHERE id = $2")
        .bind(format!("deleted {user}"))
        .bind(user.0)
        .execute(tx.write())
        .await?;
    // Nobody hears these any more, and they tell of a person.
    sqlx::query("DELETE FROM event WHERE audience = $1 AND audience_id = $2")
        .bind(AUDIENCE_USER)
        .bind(user.0)
        .execute(tx.write())
        .await?;
    sign_ins::end(tx, user, |_| true).await?;
    for (other, fact) in told {
        tx.tell(other, fact).await?;
    }
    tx.tell_everybody(Fact::PersonChanged { user }).await
}

/// Returns what ties others to `user`, as what they are told when it ends.
async fn ties(tx: &mut Tx, user: UserId) -> Result<Vec<(UserId, Fact)>, Failure> {
    let mut told = Vec::new();
    let text = "SELECT friend_id FROM friendship WHERE user_id = $1";
    for row in sqlx::query(text).bind(user.0).fetch_all(tx.read()).await? {
        told.push((rows::user(&row, "friend_id")?, Fact::FriendRemoved { user }));
    }
    let text = "SELECT from_user, to_user FROM friend_request WHERE from_user = $1 OR to_user = $1";
    for row in sqlx::query(text).bind(user.0).fetch_all(tx.read()).await? {
        let (from, to) = (rows::user(&row, "from_user")?, rows::user(&row, "to_user")?);
        let other = if from == user { to } else { from };
        told.push((other, Fact::FriendRequestClosed { from, to }));
    }
    let text = "SELECT user_id FROM block WHERE blocked_id = $1";
    for row in sqlx::query(text).bind(user.0).fetch_all(tx.read()).await? {
        told.push((rows::user(&row, "user_id")?, Fact::BlockSet { user, blocked: false }));
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use crate::model::Timestamp;
    use crate::store;

    #[tokio::test]
    async fn an_account_ends_without_a_look_at_everybody() {
        let folder = tempfile::tempdir().expect("a folder");
        let opened = store::open(None, folder.path(), || Timestamp(0)).await;
        let reads = opened.expect("a store").reads;
        for text in super::FAREWELL {
            let plan = store::sql::plan(&reads, text).await;
            assert!(plan.iter().all(|step| !step.starts_with("SCAN")), "{text}: {plan:#?}");
        }
    }
}
