//! What administrators do with accounts.

use crate::error::Result;
use crate::model::UserId;
use crate::model::administration::{Act, By};
use crate::store::fact::Fact;
use crate::store::people::accounts::{
    self, NewUser, check_not_last_administrator, is_disabled, one_time_until,
};
use crate::store::people::{credentials, friends, own_account, sign_ins};
use crate::store::transaction::Tx;
use crate::store::{Failure, groups};

use super::{ActionOutcome, AdminAction, account, usable_account};

/// Makes an account for somebody else. The first account is the administrator's. `UsernameTaken`
/// when somebody is called so.
#[derive(Debug)]
pub struct CreateUser {
    pub user: NewUser,
    pub administrator: bool,
}

/// Sets what an account says of `user`. Everybody hears of another name.
#[derive(Debug)]
pub struct EditUser {
    pub user: UserId,
    /// Validated, like the rest.
    pub username: String,
    pub display_name: String,
    pub bio: String,
}

/// Says whether `user` may sign in. Disabling ends their sign-ins and hands over what they own;
/// `LastAdministrator` when nobody else looks after this Kith.
#[derive(Debug)]
pub struct SetDisabled {
    pub user: UserId,
    pub disabled: bool,
    /// Whether everybody hears of somebody who is back.
    pub announced: bool,
}

/// Sets the password of `user` and ends their sign-ins.
#[derive(Debug)]
pub struct SetPassword {
    pub user: UserId,
    pub password_hash: String,
    /// Whether they must replace it.
    pub one_time: bool,
}

/// Ends the sign-ins of `user`, with the receives that these hold.
#[derive(Debug)]
pub struct SignOutUser {
    pub user: UserId,
}

/// `LastAdministrator` when there would be none, `AccountDisabled` when `user` could not be one.
#[derive(Debug)]
pub struct SetAdministrator {
    pub user: UserId,
    pub administrator: bool,
}

/// Deletes an account, as its owner could.
#[derive(Debug)]
pub struct DeleteUser {
    pub user: UserId,
}

/// Ends the friendship of the two. Without one nothing changes.
#[derive(Debug)]
pub struct EndFriendship {
    pub user: UserId,
    pub friend: UserId,
}

impl AdminAction for CreateUser {
    type Answer = UserId;
    const EVENTS: i64 = 1;

    async fn apply(&self, tx: &mut Tx, _: By) -> Result<ActionOutcome<UserId>, Failure> {
        let administrator = self.administrator || accounts::is_first(tx).await?;
        let user = self.user.store(tx, administrator).await?;
        let username = self.user.username.clone();
        let act = Some(Act::CreateUser { user, username, administrator });
        Ok(ActionOutcome { answer: user, act })
    }
}

impl AdminAction for EditUser {
    type Answer = ();
    const EVENTS: i64 = 1;

    async fn apply(&self, tx: &mut Tx, _: By) -> Result<ActionOutcome<()>, Failure> {
        let user = self.user;
        let before = account(tx, user).await?;
        let renamed = before != self.username;
        if renamed {
            accounts::set_username(tx, user, &self.username).await?;
        }
        let (display_name, username) = (self.display_name.clone(), self.username.clone());
        match own_account::describe(tx, user, &display_name, &self.bio, renamed).await? {
            false => Ok(ActionOutcome::nothing()),
            true => {
                let was = renamed.then_some(before);
                Ok(ActionOutcome::noting(Act::EditUser { user, username, display_name, was }))
            }
        }
    }
}

impl AdminAction for SetDisabled {
    type Answer = ();
    /// Besides those of the groups that are handed over.
    const EVENTS: i64 = 1;

    async fn apply(&self, tx: &mut Tx, _: By) -> Result<ActionOutcome<()>, Failure> {
        let user = self.user;
        let username = account(tx, user).await?;
        if is_disabled(tx, user).await? == self.disabled {
            return Ok(ActionOutcome::nothing());
        }
        if self.disabled {
            check_not_last_administrator(tx, user).await?;
        }
        sqlx::query("UPDATE users SET disabled = $1 WHERE id = $2")
            .bind(i64::from(self.disabled))
            .bind(user.0)
            .execute(tx.write())
            .await?;
        if self.disabled {
            sign_ins::end(tx, user, |_| true).await?;
            groups::hand_over_all(tx, user).await?;
            return Ok(ActionOutcome::noting(Act::DisableUser { user, username }));
        }
        if self.announced {
            tx.tell_everybody(Fact::PersonChanged { user }).await?;
        }
        Ok(ActionOutcome::noting(Act::EnableUser { user, username }))
    }
}

impl AdminAction for SetPassword {
    type Answer = ();
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx, _: By) -> Result<ActionOutcome<()>, Failure> {
        let user = self.user;
        let username = account(tx, user).await?;
        let until = one_time_until(tx.now, self.one_time);
        credentials::set_password(tx, user, &self.password_hash, until).await?;
        sign_ins::end(tx, user, |_| true).await?;
        Ok(ActionOutcome::noting(Act::SetPassword { user, username }))
    }
}

impl AdminAction for SignOutUser {
    type Answer = ();
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx, _: By) -> Result<ActionOutcome<()>, Failure> {
        let user = self.user;
        let username = account(tx, user).await?;
        Ok(match sign_ins::end(tx, user, |_| true).await? {
            0 => ActionOutcome::nothing(),
            _ => ActionOutcome::noting(Act::SignOutUser { user, username }),
        })
    }
}

impl AdminAction for SetAdministrator {
    type Answer = ();
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx, _: By) -> Result<ActionOutcome<()>, Failure> {
        let (user, administrator) = (self.user, self.administrator);
        let username = if administrator {
            usable_account(tx, user).await?
        } else {
            check_not_last_administrator(tx, user).await?;
            account(tx, user).await?
        };
        let changed = sqlx::query(
            "UPDATE users SET administrator = $1 WHERE id = $2 AND administrator <> $1",
        )
        .bind(i64::from(administrator))
        .bind(user.0)
        .execute(tx.write())
        .await?;
        Ok(match changed.rows_affected() {
            0 => ActionOutcome::nothing(),
            _ => ActionOutcome::noting(Act::SetAdministrator { user, username, administrator }),
        })
    }
}

impl AdminAction for DeleteUser {
    type Answer = ();
    const EVENTS: i64 = own_account::FAREWELL_EVENTS;

    async fn apply(&self, tx: &mut Tx, _: By) -> Result<ActionOutcome<()>, Failure> {
        let user = self.user;
        let username = account(tx, user).await?;
        own_account::end(tx, user).await?;
        Ok(ActionOutcome::noting(Act::DeleteUser { user, username }))
    }
}

impl AdminAction for EndFriendship {
    type Answer = ();
    const EVENTS: i64 = friends::PARTING_EVENTS;

    async fn apply(&self, tx: &mut Tx, _: By) -> Result<ActionOutcome<()>, Failure> {
        let (user, friend) = (self.user, self.friend);
        let (username, friend_username) = (account(tx, user).await?, account(tx, friend).await?);
        Ok(match friends::part(tx, user, friend).await? {
            false => ActionOutcome::nothing(),
            true => ActionOutcome::noting(Act::EndFriendship {
                user,
                username,
                friend,
                friend_username,
            }),
        })
    }
}
