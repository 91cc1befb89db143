//! What administrators and the operator do. Whoever does it is checked, it is done, and it is noted
//! in the audit log, all by one change.

mod accounts;
mod audit;
mod groups;
mod overview;
pub(super) mod registration;
mod tables;

use std::future::Future;

use sqlx::Row;

use crate::error::{KithError, Result};
use crate::model::UserId;
use crate::model::administration::{Act, By};

use super::people::accounts::{ADMINISTRATOR, is_disabled};
use super::transaction::{Change, Tx};
use super::{Failure, Store};

pub use accounts::{
    CreateUser, DeleteUser, EditUser, EndFriendship, SetAdministrator, SetDisabled, SetPassword,
    SignOutUser,
};
pub use groups::{
    AddMember, CreateGroupFor, EditGroup, EndGroup, EndJoinLink, ExpelMember, GiveRole,
};
pub use registration::{CreateRegistrationLink, RevokeRegistrationLink, SetRegistration};

/// What somebody does who administers this Kith: plain data, like every change.
pub trait AdminAction: Send + Sync + 'static {
    type Answer: Send + 'static;

    /// As for a [`Change`].
    const EVENTS: i64;
    const AFTER_SENDS: bool = false;

    /// Does it. It is known that `by` may.
    fn apply(
        &self,
        tx: &mut Tx,
        by: By,
    ) -> impl Future<Output = Result<ActionOutcome<Self::Answer>, Failure>> + Send;
}

/// What came of a deed.
pub struct ActionOutcome<A> {
    pub answer: A,
    /// What is to be noted: nothing if nothing has changed.
    pub act: Option<Act>,
}

/// A deed and who does it. `NotFound` when they are no administrator, or none any more: as if there
/// were no administration.
#[derive(Debug)]
pub struct Administer<D> {
    pub by: By,
    pub deed: D,
}

impl ActionOutcome<()> {
    fn noting(act: Act) -> Self {
        Self { answer: (), act: Some(act) }
    }

    /// It was so before.
    fn nothing() -> Self {
        Self { answer: (), act: None }
    }
}

impl<D: AdminAction> Change for Administer<D> {
    type Answer = D::Answer;
    const EVENTS: i64 = D::EVENTS;
    const AFTER_SENDS: bool = D::AFTER_SENDS;

    async fn apply(&self, tx: &mut Tx) -> Result<D::Answer, Failure> {
        // Asked before: they may rename or delete themselves.
        let username = match self.by {
            By::Administrator(user) => Some(username_of(tx, user, ADMINISTRATOR).await?),
            By::Operator => None,
        };
        let done = self.deed.apply(tx, self.by).await?;
        if let Some(act) = done.act {
            audit::note(tx, self.by, username, &act).await?;
        }
        Ok(done.answer)
    }
}

/// Returns the username of somebody whose account is there, for the audit log. Else `NotFound`.
async fn account(tx: &mut Tx, user: UserId) -> Result<String, Failure> {
    username_of(tx, user, "deleted = 0").await
}

/// The same for somebody who is to be given something: `AccountDisabled` when they could not use it.
async fn usable_account(tx: &mut Tx, user: UserId) -> Result<String, Failure> {
    let username = account(tx, user).await?;
    if is_disabled(tx, user).await? { Err(KithError::AccountDisabled.into()) } else { Ok(username) }
}

async fn username_of(tx: &mut Tx, user: UserId, which: &str) -> Result<String, Failure> {
    let text = format!("SELECT username FROM users WHERE id = $1 AND {which}");
    let row = sqlx::query(&text).bind(user.0).fetch_optional(tx.read()).await?;
    Ok(row.ok_or(KithError::NotFound)?.try_get("username")?)
}

impl Store {
    /// Refuses with `NotFound` whoever may not see the administration.
    pub async fn check_administrator(&self, by: By) -> Result<()> {
        let By::Administrator(user) = by else { return Ok(()) };
        let text = format!("SELECT COUNT(*) AS found FROM users WHERE id = $1 AND {ADMINISTRATOR}");
        let found = self.all(&text, user, |row| row.try_get::<i64, _>("found")).await?;
        if found == [1] { Ok(()) } else { Err(KithError::NotFound) }
    }
}
