//! What administrators do, on their pages and on the command line. Every act is checked once more
//! where it is written, and noted in the audit log by the same transaction.

mod groups;
mod people;
mod registration;

use super::{Caller, Kith};
use crate::error::{KithError, Result};
use crate::model::administration::{AuditEntry, By, Overview, TablePage};
use crate::model::limits::{DAY_MS, SEARCHED_MAX};
use crate::model::{Timestamp, validation};
use crate::store::{AdminAction, Administer};

/// How many days the overview shows.
const DAYS: i64 = 14;

impl Kith {
    /// Returns the caller as somebody who may use the administration. `NotFound` when they may
    /// not: as if there were none.
    pub async fn administrator(&self, caller: Caller) -> Result<By> {
        let by = By::Administrator(caller.user);
        self.store().check_administrator(by).await?;
        Ok(by)
    }

    /// What this Kith is and does just now.
    pub async fn overview(&self, by: By) -> Result<Overview> {
        self.store().check_administrator(by).await?;
        let now = self.now();
        let counts = self.store().counts(Timestamp(now.0.saturating_sub(DAY_MS))).await?;
        Ok(Overview {
            people: counts.people,
            disabled: counts.disabled,
            active: counts.active,
            groups: counts.groups,
            messages: self.store().messages_by_day(now, DAYS).await?,
            held: i64::try_from(self.listening().1).unwrap_or(i64::MAX),
            database_bytes: self.store().database_bytes().await?,
            build: self.policy().build.clone(),
        })
    }

    /// The newest first.
    pub async fn audit_log(&self, by: By, page: i64) -> Result<TablePage<AuditEntry>> {
        self.store().check_administrator(by).await?;
        self.store().audit_log(page).await
    }

    async fn administer<D: AdminAction>(&self, by: By, deed: D) -> Result<D::Answer> {
        self.store().write(Administer { by, deed }).await
    }
}

/// Returns what a table is searched for as a key; nothing for what could begin no name, and what a
/// database may refuse to look for.
fn search_key(text: &str) -> Option<String> {
    let key = validation::name_key(text);
    let fits = key.chars().count() <= SEARCHED_MAX && !key.chars().any(char::is_control);
    fits.then_some(key)
}

/// A table in which nothing was found.
fn empty<T>() -> TablePage<T> {
    TablePage { rows: Vec::new(), total: 0, page: 1, pages: 1 }
}

/// Refuses a number that the page would not have offered.
fn check_number(number: i64, max: i64) -> Result<()> {
    if (1..=max).contains(&number) {
        Ok(())
    } else {
        Err(KithError::BadRequest(format!("{number} is not between 1 and {max}")))
    }
}
