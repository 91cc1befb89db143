//! An administrative action: one change checks its author, applies it, and writes it to the audit
//! log.

use std::future::Future;

use sqlx::Row;

use super::audit;
use crate::error::{KithError, Result};
use crate::model::UserId;
use crate::model::administration::{AdminActor, AuditedAction};
use crate::store::people::accounts::{IS_ADMINISTRATOR, is_disabled};
use crate::store::transaction::{Change, Tx};
use crate::store::{Failure, Store, rows};

/// An action, as plain data.
pub trait AdminAction: Send + Sync + 'static {
    type Answer: Send + 'static;

    /// As for a [`Change`].
    const EVENTS: i64;
    /// As for a [`Change`].
    const AFTER_SENDS: bool = false;

    /// Applies it. The author was checked before.
    fn apply(
        &self,
        tx: &mut Tx,
        by: AdminActor,
    ) -> impl Future<Output = Result<ActionOutcome<Self::Answer>, Failure>> + Send;
}

/// The outcome of an action.
pub struct ActionOutcome<A> {
    pub answer: A,
    /// The entry for the audit log. `None` when nothing has changed.
    pub audited: Option<AuditedAction>,
}

/// An action with its author. `NotFound` when they are not, or no longer, an administrator: as if
/// there were no administration.
#[derive(Debug)]
pub struct Administer<A> {
    pub by: AdminActor,
    pub action: A,
}

impl ActionOutcome<()> {
    pub fn changed(action: AuditedAction) -> Self {
        Self { answer: (), audited: Some(action) }
    }

    pub fn unchanged() -> Self {
        Self { answer: (), audited: None }
    }
}

impl<A: AdminAction> Change for Administer<A> {
    type Answer = A::Answer;
    const EVENTS: i64 = A::EVENTS;
    const AFTER_SENDS: bool = A::AFTER_SENDS;

    async fn apply(&self, tx: &mut Tx) -> Result<A::Answer, Failure> {
        // Read before the action: the author may rename themselves, or give up the right.
        let username = match self.by {
            AdminActor::Administrator(user) => Some(username_of(tx, user, IS_ADMINISTRATOR).await?),
            AdminActor::Operator => None,
        };
        let outcome = self.action.apply(tx, self.by).await?;
        if let Some(action) = outcome.audited {
            audit::add(tx, self.by, username, &action).await?;
        }
        Ok(outcome.answer)
    }
}

/// Returns the username of an account, for the audit log. `NotFound` when it was deleted.
pub async fn account(tx: &mut Tx, user: UserId) -> Result<String, Failure> {
    username_of(tx, user, "deleted = 0").await
}

/// The same for an account that is to get a right. `AccountDisabled` when it could not use it.
pub async fn usable_account(tx: &mut Tx, user: UserId) -> Result<String, Failure> {
    let username = account(tx, user).await?;
    if is_disabled(tx, user).await? { Err(KithError::AccountDisabled.into()) } else { Ok(username) }
}

async fn username_of(tx: &mut Tx, user: UserId, condition: &str) -> Result<String, Failure> {
    let text = format!("SELECT username FROM users WHERE id = $1 AND {condition}");
    let row = sqlx::query(&text).bind(user.0).fetch_optional(tx.read()).await?;
    Ok(row.ok_or(KithError::NotFound)?.try_get("username")?)
}

impl Store {
    /// `NotFound` when `by` is not an administrator: as if there were no administration.
    pub async fn check_administrator(&self, by: AdminActor) -> Result<()> {
        let AdminActor::Administrator(user) = by else { return Ok(()) };
        let text = format!("SELECT id FROM users WHERE id = $1 AND {IS_ADMINISTRATOR}");
        let found = self.all(&text, user, |row| rows::user(row, "id")).await?;
        if found == [user] { Ok(()) } else { Err(KithError::NotFound) }
    }
}
