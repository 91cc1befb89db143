//! Administrative actions on accounts.

use crate::error::{KithError, Result};
use crate::model::UserId;
use crate::model::administration::{AdminActor, AuditedAction};
use crate::store::fact::Fact;
use crate::store::people::accounts::{
    self, NewUser, check_not_last_administrator, is_disabled, one_time_until,
};
use crate::store::people::{credentials, friends, own_account, sign_ins};
use crate::store::transaction::Tx;
use crate::store::{Failure, account_deletion, groups};

use super::action::{ActionOutcome, AdminAction, account, usable_account};

/// Creates an account for another person. The first account becomes an administrator's.
/// `UsernameTaken` when another account has the username.
#[derive(Debug)]
pub struct CreateUser {
    pub user: NewUser,
    pub administrator: bool,
}

/// Sets username and profile of `user`. All users are told about a new name.
#[derive(Debug)]
pub struct EditUser {
    pub user: UserId,
    /// Validated.
    pub username: String,
    /// Validated.
    pub display_name: String,
    /// Validated.
    pub bio: String,
}

/// Disables or enables an account. Disabling ends its sign-ins and hands over its groups.
/// `LastAdministrator` for the only administrator.
#[derive(Debug)]
pub struct SetDisabled {
    pub user: UserId,
    pub disabled: bool,
    /// Whether all users are told about an enabled account.
    pub announced: bool,
}

/// Sets the password of `user` and ends their sign-ins. `OwnAccount` for the author's own: a
/// borrowed browser must not take the account over without the present password.
#[derive(Debug)]
pub struct SetPassword {
    pub user: UserId,
    pub password_hash: String,
    /// Whether it is a one-time password, which the user must replace.
    pub one_time: bool,
}

/// Ends all sign-ins of `user` and their held receives.
#[derive(Debug)]
pub struct SignOutUser {
    pub user: UserId,
}

/// Makes `user` an administrator, or takes that away. `LastAdministrator` for the only one,
/// `AccountDisabled` when the account cannot sign in.
#[derive(Debug)]
pub struct SetAdministrator {
    pub user: UserId,
    pub administrator: bool,
}

/// Deletes an account, as its owner can. `OwnAccount` for the author's own, which needs the
/// password.
#[derive(Debug)]
pub struct DeleteUser {
    pub user: UserId,
}

/// Ends the friendship of two people. Without one nothing changes.
#[derive(Debug)]
pub struct EndFriendship {
    pub user: UserId,
    pub friend: UserId,
}

impl AdminAction for CreateUser {
    type Answer = UserId;
    const EVENTS: i64 = 1;

    async fn apply(&self, tx: &mut Tx, _: AdminActor) -> Result<ActionOutcome<UserId>, Failure> {
        let administrator = self.administrator || accounts::is_first_account(tx).await?;
        let user = self.user.store(tx, administrator).await?;
        let username = self.user.username.clone();
        let audited = Some(AuditedAction::CreateUser { user, username, administrator });
        Ok(ActionOutcome { answer: user, audited })
    }
}

impl AdminAction for EditUser {
    type Answer = ();
    /// A new name reserves its own events.
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx, _: AdminActor) -> Result<ActionOutcome<()>, Failure> {
        let user = self.user;
        let before = account(tx, user).await?;
        let renamed = before != self.username;
        if renamed {
            accounts::set_username(tx, user, &self.username).await?;
        }
        let (display_name, username) = (self.display_name.clone(), self.username.clone());
        match own_account::set_profile(tx, user, &display_name, &self.bio, renamed).await? {
            false => Ok(ActionOutcome::unchanged()),
            true => {
                let was = renamed.then_some(before);
                Ok(ActionOutcome::changed(AuditedAction::EditUser {
                    user,
                    username,
                    display_name,
                    was,
                }))
            }
        }
    }
}

impl AdminAction for SetDisabled {
    type Answer = ();
    /// Handing over the groups reserves its own events.
    const EVENTS: i64 = 1;

    async fn apply(&self, tx: &mut Tx, _: AdminActor) -> Result<ActionOutcome<()>, Failure> {
        let user = self.user;
        let username = account(tx, user).await?;
        if is_disabled(tx, user).await? == self.disabled {
            return Ok(ActionOutcome::unchanged());
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
            sign_ins::end_sign_ins(tx, user, |_| true).await?;
            groups::hand_over_all(tx, user).await?;
            return Ok(ActionOutcome::changed(AuditedAction::DisableUser { user, username }));
        }
        if self.announced {
            tx.log_for_everybody(Fact::PersonChanged { user }).await?;
        }
        Ok(ActionOutcome::changed(AuditedAction::EnableUser { user, username }))
    }
}

impl AdminAction for SetPassword {
    type Answer = ();
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx, by: AdminActor) -> Result<ActionOutcome<()>, Failure> {
        let user = self.user;
        check_not_own(by, user)?;
        let username = account(tx, user).await?;
        let until = one_time_until(tx.now, self.one_time);
        credentials::set_password(tx, user, &self.password_hash, until).await?;
        sign_ins::end_sign_ins(tx, user, |_| true).await?;
        Ok(ActionOutcome::changed(AuditedAction::SetPassword { user, username }))
    }
}

impl AdminAction for SignOutUser {
    type Answer = ();
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx, _: AdminActor) -> Result<ActionOutcome<()>, Failure> {
        let user = self.user;
        let username = account(tx, user).await?;
        Ok(match sign_ins::end_sign_ins(tx, user, |_| true).await? {
            0 => ActionOutcome::unchanged(),
            _ => ActionOutcome::changed(AuditedAction::SignOutUser { user, username }),
        })
    }
}

impl AdminAction for SetAdministrator {
    type Answer = ();
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx, _: AdminActor) -> Result<ActionOutcome<()>, Failure> {
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
            0 => ActionOutcome::unchanged(),
            _ => ActionOutcome::changed(AuditedAction::SetAdministrator {
                user,
                username,
                administrator,
            }),
        })
    }
}

impl AdminAction for DeleteUser {
    type Answer = ();
    const EVENTS: i64 = account_deletion::DELETE_ACCOUNT_EVENTS;

    async fn apply(&self, tx: &mut Tx, by: AdminActor) -> Result<ActionOutcome<()>, Failure> {
        let user = self.user;
        check_not_own(by, user)?;
        let username = account(tx, user).await?;
        account_deletion::delete_account(tx, user).await?;
        Ok(ActionOutcome::changed(AuditedAction::DeleteUser { user, username }))
    }
}

impl AdminAction for EndFriendship {
    type Answer = ();
    const EVENTS: i64 = friends::UNFRIEND_EVENTS;

    async fn apply(&self, tx: &mut Tx, _: AdminActor) -> Result<ActionOutcome<()>, Failure> {
        let (user, friend) = (self.user, self.friend);
        let (username, friend_username) = (account(tx, user).await?, account(tx, friend).await?);
        Ok(match friends::unfriend(tx, user, friend).await? {
            false => ActionOutcome::unchanged(),
            true => ActionOutcome::changed(AuditedAction::EndFriendship {
                user,
                username,
                friend,
                friend_username,
            }),
        })
    }
}

/// `OwnAccount` when an administrator acts on their own account. The settings ask for the password.
fn check_not_own(by: AdminActor, user: UserId) -> Result<(), KithError> {
    if by == AdminActor::Administrator(user) { Err(KithError::OwnAccount) } else { Ok(()) }
}
