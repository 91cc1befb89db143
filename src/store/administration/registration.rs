//! Who may make an account: what administrators decided, and the links that they made.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::error::{KithError, Result};
use crate::model::administration::{Act, By, RegistrationLink, RegistrationMode};
use crate::model::{Timestamp, UserId};
use crate::store::people::directory;
use crate::store::transaction::Tx;
use crate::store::{Failure, Store, rows};

use super::{ActionOutcome, AdminAction};

/// Says who may register from now on, whatever the configuration says.
#[derive(Debug)]
pub struct SetRegistration {
    pub mode: RegistrationMode,
}

/// Makes a link. Those that hold no longer are forgotten.
#[derive(Debug)]
pub struct CreateRegistrationLink {
    pub token: String,
    pub uses: i64,
    pub until: Timestamp,
}

/// Ends a link. `NotFound` when there is none.
#[derive(Debug)]
pub struct RevokeRegistrationLink {
    pub token: String,
}

/// Of a link `l`, at the time that the first parameter is.
const HOLDS: &str = "l.until > $1 AND l.uses_left > 0";

const MODES: [(&str, RegistrationMode); 3] = [
    ("open", RegistrationMode::Open),
    ("closed", RegistrationMode::Closed),
    ("by_link", RegistrationMode::ByLink),
];

/// Returns who may register: what an administrator decided, else what the configuration says.
async fn mode(connection: &mut AnyConnection, open: bool) -> Result<RegistrationMode, Failure> {
    let configured = if open { RegistrationMode::Open } else { RegistrationMode::Closed };
    let row = sqlx::query("SELECT mode FROM registration").fetch_one(connection).await?;
    Ok(match row.try_get::<Option<String>, _>("mode")? {
        None => configured,
        // One of a newer Kith opens nothing.
        Some(name) => {
            let known = MODES.iter().find(|(known, _)| *known == name);
            known.map_or(RegistrationMode::Closed, |(_, mode)| *mode)
        }
    })
}

/// Lets somebody register, or refuses with `RegistrationClosed`. Where a link is needed, this is one
/// of its uses: two at once cannot both have the last one.
pub(in crate::store) async fn admit(
    tx: &mut Tx,
    open: bool,
    invite: Option<&str>,
) -> Result<(), Failure> {
    match (mode(tx.read(), open).await?, invite) {
        (RegistrationMode::Open, _) => return Ok(()),
        (RegistrationMode::ByLink, Some(token)) => {
            let now = tx.now;
            let text = format!(
                "UPDATE registration_link AS l SET uses_left = uses_left - 1 \
                 WHERE {HOLDS} AND l.token = $2"
            );
            let used = sqlx::query(&text).bind(now.0).bind(token).execute(tx.write()).await?;
            if used.rows_affected() > 0 {
                return Ok(());
            }
        }
        (RegistrationMode::ByLink, None) | (RegistrationMode::Closed, _) => {}
    }
    Err(KithError::RegistrationClosed.into())
}

impl AdminAction for SetRegistration {
    type Answer = ();
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx, _: By) -> Result<ActionOutcome<()>, Failure> {
        let name = MODES.iter().find(|(_, mode)| *mode == self.mode).map(|(name, _)| *name);
        let changed =
            sqlx::query("UPDATE registration SET mode = $1 WHERE mode IS NULL OR mode <> $1")
                .bind(name)
                .execute(tx.write())
                .await?;
        Ok(match changed.rows_affected() {
            0 => ActionOutcome::nothing(),
            _ => ActionOutcome::noting(Act::SetRegistration { mode: self.mode }),
        })
    }
}

impl AdminAction for CreateRegistrationLink {
    type Answer = RegistrationLink;
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx, by: By) -> Result<ActionOutcome<RegistrationLink>, Failure> {
        let now = tx.now;
        let user = match by {
            By::Administrator(user) => Some(user),
            By::Operator => None,
        };
        let by = match user {
            Some(user) => directory::people(tx.read(), &[user]).await?.remove(&user),
            None => None,
        };
        sqlx::query(&format!("DELETE FROM registration_link AS l WHERE NOT ({HOLDS})"))
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
            act: Some(Act::CreateRegistrationLink { uses: left, until }),
        })
    }
}

impl AdminAction for RevokeRegistrationLink {
    type Answer = ();
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx, _: By) -> Result<ActionOutcome<()>, Failure> {
        let removed = sqlx::query("DELETE FROM registration_link WHERE token = $1")
            .bind(&self.token)
            .execute(tx.write())
            .await?;
        match removed.rows_affected() {
            0 => Err(KithError::NotFound.into()),
            _ => Ok(ActionOutcome::noting(Act::RevokeRegistrationLink)),
        }
    }
}

impl Store {
    /// Returns who may register; `open` is what the configuration says.
    pub async fn registration_mode(&self, open: bool) -> Result<RegistrationMode> {
        let mut connection = self.reads.acquire().await.map_err(Failure::from)?;
        Ok(mode(&mut connection, open).await?)
    }

    /// Returns the links that hold, the newest first.
    pub async fn registration_links(&self, now: Timestamp) -> Result<Vec<RegistrationLink>> {
        let text = format!(
            "SELECT l.token, l.until, l.uses_left, {} FROM registration_link l \
             LEFT JOIN users p ON p.id = l.made_by WHERE {HOLDS} ORDER BY l.made DESC, l.token",
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
