//! Administrative actions on registration: its mode and its links.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::error::{KithError, Result};
use crate::model::administration::{AdminActor, AuditedAction, RegistrationLink, RegistrationMode};
use crate::model::{Timestamp, UserId};
use crate::store::people::registration::LINK_IS_VALID;
use crate::store::transaction::Tx;
use crate::store::{Failure, Store, lookup, rows};

use super::action::{ActionOutcome, AdminAction};

/// Sets the registration mode. From now on the configuration does not count.
#[derive(Debug)]
pub struct SetRegistration {
    pub mode: RegistrationMode,
}

/// Creates a registration link. Links that are no longer valid are removed.
#[derive(Debug)]
pub struct CreateRegistrationLink {
    pub token: String,
    pub uses: i64,
    pub until: Timestamp,
}

/// Revokes a registration link. `NotFound` when there is no such link.
#[derive(Debug)]
pub struct RevokeRegistrationLink {
    pub token: String,
}

impl AdminAction for SetRegistration {
    type Answer = ();
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx, _: AdminActor) -> Result<ActionOutcome<()>, Failure> {
        let changed =
            sqlx::query("UPDATE registration SET mode = $1 WHERE mode IS NULL OR mode <> $1")
                .bind(self.mode.name())
                .execute(tx.write())
                .await?;
        Ok(match changed.rows_affected() {
            0 => ActionOutcome::unchanged(),
            _ => ActionOutcome::changed(AuditedAction::SetRegistration { mode: self.mode }),
        })
    }
}

impl AdminAction for CreateRegistrationLink {
    type Answer = RegistrationLink;
    const EVENTS: i64 = 0;

    async fn apply(
        &self,
        tx: &mut Tx,
        by: AdminActor,
    ) -> Result<ActionOutcome<RegistrationLink>, Failure> {
        let now = tx.now;
        let user = match by {
            AdminActor::Administrator(user) => Some(user),
            AdminActor::Operator => None,
        };
        let by = match user {
            Some(user) => lookup::people_by_id(tx.read(), &[user]).await?.remove(&user),
            None => None,
        };
        sqlx::query(&format!("DELETE FROM registration_link AS l WHERE NOT ({LINK_IS_VALID})"))
            .bind(now.0)
            .execute(tx.write())
            .await?;
        sqlx::query(
            "INSERT INTO registration_link (token, made_by, made, until, uses_left) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(&self.token)
        .bind(user.map(|UserId(id)| id))
        .bind(now.0)
        .bind(self.until.0)
        .bind(self.uses)
        .execute(tx.write())
        .await?;
        let (token, until, left) = (self.token.clone(), self.until, self.uses);
        Ok(ActionOutcome {
            answer: RegistrationLink { token, by, until, left },
            audited: Some(AuditedAction::CreateRegistrationLink { uses: left, until }),
        })
    }
}

impl AdminAction for RevokeRegistrationLink {
    type Answer = ();
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx, _: AdminActor) -> Result<ActionOutcome<()>, Failure> {
        let removed = sqlx::query("DELETE FROM registration_link WHERE token = $1")
            .bind(&self.token)
            .execute(tx.write())
            .await?;
        match removed.rows_affected() {
            0 => Err(KithError::NotFound.into()),
            _ => Ok(ActionOutcome::changed(AuditedAction::RevokeRegistrationLink)),
        }
    }
}

impl Store {
    /// Returns the links that are valid at `now`, the newest first.
    pub async fn registration_links(&self, now: Timestamp) -> Result<Vec<RegistrationLink>> {
        let text = format!(
            "SELECT l.token, l.until, l.uses_left, {} FROM registration_link l \
             LEFT JOIN users p ON p.id = l.made_by WHERE {LINK_IS_VALID} \
             ORDER BY l.made DESC, l.token",
            rows::PERSON
        );
        let query = sqlx::query(&text).bind(now.0);
        let found = query.fetch_all(&self.reads).await.map_err(Failure::from)?;
        let links: Result<Vec<RegistrationLink>, sqlx::Error> = found.iter().map(link).collect();
        Ok(links.map_err(Failure::from)?)
    }
}

fn link(row: &AnyRow) -> Result<RegistrationLink, sqlx::Error> {
    Ok(RegistrationLink {
        token: row.try_get("token")?,
        by: rows::person_or_none(row)?,
        until: rows::time(row, "until")?,
        left: row.try_get("uses_left")?,
    })
}
