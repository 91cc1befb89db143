//! Friendships: requesting, accepting, declining, remarks and ending.

use sqlx::Row;

use crate::error::{KithError, Result};
use crate::model::UserId;
use crate::model::limits::REQUESTS_WAITING_MAX;
use crate::store::fact::Fact;
use crate::store::transaction::{Change, Tx};
use crate::store::{Failure, rows};

use super::accounts::accounts_exist;

/// `from` sends `to` a friend request. A repeated one changes nothing. If `to` has sent one, the
/// two become friends. `NotFound` when there is no such user, `TooManyRequestsWaiting` when too
/// many requests of `from` wait for an answer.
#[derive(Debug)]
pub struct RequestFriend {
    pub from: UserId,
    pub to: UserId,
    /// Validated.
    pub note: String,
}

/// `user` accepts the request of `from`. `NotFound` without a request, unless they are friends.
#[derive(Debug)]
pub struct AcceptFriend {
    pub user: UserId,
    pub from: UserId,
}

/// Closes any request between the two: it is declined or taken back.
#[derive(Debug)]
pub struct DeclineFriend {
    pub user: UserId,
    pub other: UserId,
}

/// Ends the friendship of the two. Without one nothing changes.
#[derive(Debug)]
pub struct RemoveFriend {
    pub user: UserId,
    pub other: UserId,
}

/// Sets the remark of `user` for `friend`: their own name for them. `NotFound` when they are not
/// friends.
#[derive(Debug)]
pub struct SetRemark {
    pub user: UserId,
    pub friend: UserId,
    /// Validated. Empty removes it.
    pub remark: String,
}

impl Change for RequestFriend {
    type Answer = ();
    const EVENTS: i64 = 2;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let (from, to) = (self.from, self.to);
        if from == to || !accounts_exist(tx, from, to).await? {
            return Err(KithError::NotFound.into());
        }
        if are_friends(tx, from, to).await? || has_asked(tx, from, to).await? {
            return Ok(());
        }
        if has_asked(tx, to, from).await? {
            return befriend(tx, from, to).await;
        }
        let waiting = "SELECT COUNT(*) FROM friend_request WHERE from_user = $1 AND to_user <> $2";
        if count(tx, waiting, from, to).await? >= REQUESTS_WAITING_MAX {
            return Err(KithError::TooManyRequestsWaiting.into());
        }
        let at = tx.now;
        sqlx::query(
            "INSERT INTO friend_request (from_user, to_user, note, at) VALUES ($1, $2, $3, $4)",
        )
        .bind(from.0)
        .bind(to.0)
        .bind(&self.note)
        .bind(at.0)
        .execute(tx.write())
        .await?;
        for user in told_of_request(tx, from, from, to).await? {
            tx.log_for_user(user, Fact::FriendRequested { from, to, note: self.note.clone(), at })
                .await?;
        }
        Ok(())
    }
}

impl Change for AcceptFriend {
    type Answer = ();
    const EVENTS: i64 = 2;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        if are_friends(tx, self.user, self.from).await? {
            return Ok(());
        }
        if !has_asked(tx, self.from, self.user).await? {
            return Err(KithError::NotFound.into());
        }
        befriend(tx, self.user, self.from).await
    }
}

impl Change for DeclineFriend {
    type Answer = ();
    const EVENTS: i64 = 4;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        for (from, to) in [(self.other, self.user), (self.user, self.other)] {
            if has_asked(tx, from, to).await? {
                close_requests(tx, from, to).await?;
                for user in told_of_request(tx, self.user, from, to).await? {
                    tx.log_for_user(user, Fact::FriendRequestClosed { from, to }).await?;
                }
            }
        }
        Ok(())
    }
}

impl Change for RemoveFriend {
    type Answer = ();
    const EVENTS: i64 = UNFRIEND_EVENTS;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        unfriend(tx, self.user, self.other).await.map(|_| ())
    }
}

impl Change for SetRemark {
    type Answer = ();
    const EVENTS: i64 = 1;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let row =
            sqlx::query("SELECT remark FROM friendship WHERE user_id = $1 AND friend_id = $2")
                .bind(self.user.0)
                .bind(self.friend.0)
                .fetch_optional(tx.read())
                .await?
                .ok_or(KithError::NotFound)?;
        if row.try_get::<String, _>("remark")? == self.remark {
            return Ok(());
        }
        sqlx::query("UPDATE friendship SET remark = $1 WHERE user_id = $2 AND friend_id = $3")
            .bind(&self.remark)
            .bind(self.user.0)
            .bind(self.friend.0)
            .execute(tx.write())
            .await?;
        let remark = self.remark.clone();
        tx.log_for_user(self.user, Fact::RemarkSet { user: self.friend, remark }).await
    }
}

/// Makes the two friends and closes their requests.
async fn befriend(tx: &mut Tx, one: UserId, other: UserId) -> Result<(), Failure> {
    close_requests(tx, one, other).await?;
    close_requests(tx, other, one).await?;
    let since = tx.now;
    for (user, friend) in [(one, other), (other, one)] {
        sqlx::query("INSERT INTO friendship (user_id, friend_id, since) VALUES ($1, $2, $3)")
            .bind(user.0)
            .bind(friend.0)
            .bind(since.0)
            .execute(tx.write())
            .await?;
        tx.log_for_user(user, Fact::FriendAdded { friend, since }).await?;
    }
    Ok(())
}

/// Number of events that the end of a friendship writes.
pub(in crate::store) const UNFRIEND_EVENTS: i64 = 2;

/// Ends a friendship and tells both. Returns `false` when there was none.
pub(in crate::store) async fn unfriend(
    tx: &mut Tx,
    one: UserId,
    other: UserId,
) -> Result<bool, Failure> {
    if !are_friends(tx, one, other).await? {
        return Ok(false);
    }
    tx.erase();
    for (user, friend) in [(one, other), (other, one)] {
        sqlx::query("DELETE FROM friendship WHERE user_id = $1 AND friend_id = $2")
            .bind(user.0)
            .bind(friend.0)
            .execute(tx.write())
            .await?;
        tx.log_for_user(user, Fact::FriendRemoved { user: friend }).await?;
    }
    Ok(true)
}

async fn close_requests(tx: &mut Tx, from: UserId, to: UserId) -> Result<(), Failure> {
    sqlx::query("DELETE FROM friend_request WHERE from_user = $1 AND to_user = $2")
        .bind(from.0)
        .bind(to.0)
        .execute(tx.write())
        .await?;
    Ok(())
}

/// Returns who is told that `by` made or closed the request of `from` to `to`: both, but not `to`
/// while they block `from`. They are told what has become of it when they end the block.
async fn told_of_request(
    tx: &mut Tx,
    by: UserId,
    from: UserId,
    to: UserId,
) -> Result<Vec<UserId>, Failure> {
    let text = "SELECT COUNT(*) FROM block WHERE user_id = $1 AND blocked_id = $2";
    let hidden = by == from && count(tx, text, to, from).await? > 0;
    Ok(if hidden { vec![from] } else { vec![to, from] })
}

/// Tells `to`, who has just ended their block of `from`, of the request that `from` made meanwhile
/// or that is gone.
pub(in crate::store) async fn tell_of_request(
    tx: &mut Tx,
    from: UserId,
    to: UserId,
) -> Result<(), Failure> {
    let text = "SELECT note, at FROM friend_request WHERE from_user = $1 AND to_user = $2";
    let found = sqlx::query(text).bind(from.0).bind(to.0).fetch_optional(tx.read()).await?;
    let fact = match found {
        Some(row) => {
            let (note, at) = (row.try_get("note")?, rows::time(&row, "at")?);
            Fact::FriendRequested { from, to, note, at }
        }
        None => Fact::FriendRequestClosed { from, to },
    };
    tx.log_for_user(to, fact).await
}

async fn are_friends(tx: &mut Tx, one: UserId, other: UserId) -> Result<bool, Failure> {
    let text = "SELECT COUNT(*) FROM friendship WHERE user_id = $1 AND friend_id = $2";
    Ok(count(tx, text, one, other).await? > 0)
}

async fn has_asked(tx: &mut Tx, from: UserId, to: UserId) -> Result<bool, Failure> {
    let text = "SELECT COUNT(*) FROM friend_request WHERE from_user = $1 AND to_user = $2";
    Ok(count(tx, text, from, to).await? > 0)
}

async fn count(tx: &mut Tx, text: &str, one: UserId, other: UserId) -> Result<i64, Failure> {
    let row = sqlx::query(text).bind(one.0).bind(other.0).fetch_one(tx.read()).await?;
    Ok(row.try_get(0)?)
}
