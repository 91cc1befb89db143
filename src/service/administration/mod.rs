//! Administration, from the pages and the command line. Each action is checked again in its
//! transaction, which also writes the audit log.

mod groups;
mod people;
mod registration;

use super::{Caller, Kith};
use crate::error::{KithError, Result};
use crate::model::Timestamp;
use crate::model::administration::{AdminActor, AuditEntry, Overview, TablePage};
use crate::model::limits::{DAY_MS, TABLE_SEARCH_MAX};
use crate::store::{AdminAction, Administer, name_key};

/// Number of days in the overview.
const OVERVIEW_DAYS: i64 = 14;

impl Kith {
    /// Returns the caller as an administrator. `NotFound` for everybody else, as if there were no
    /// administration.
    pub async fn administrator(&self, caller: Caller) -> Result<AdminActor> {
        let by = AdminActor::Administrator(caller.user);
        self.store().check_administrator(by).await?;
        Ok(by)
    }

    /// Returns the current figures of this Kith.
    pub async fn overview(&self, by: AdminActor) -> Result<Overview> {
        self.store().check_administrator(by).await?;
        let now = self.now();
        let counts = self.store().counts(Timestamp(now.0.saturating_sub(DAY_MS))).await?;
        Ok(Overview {
            people: counts.people,
            disabled: counts.disabled,
            active: counts.active,
            groups: counts.groups,
            messages: self.store().messages_by_day(now, OVERVIEW_DAYS).await?,
            held: i64::try_from(self.listening().1).unwrap_or(i64::MAX),
            database_bytes: self.store().database_bytes().await?,
            build: self.policy().build.clone(),
        })
    }

    /// Returns a page of the audit log, newest first.
    pub async fn audit_log(&self, by: AdminActor, page: i64) -> Result<TablePage<AuditEntry>> {
        self.store().check_administrator(by).await?;
        self.store().audit_log(page).await
    }

    async fn administer<D: AdminAction>(&self, by: AdminActor, action: D) -> Result<D::Answer> {
        self.store().write(Administer { by, action }).await
    }
}

/// Returns the key to search a table for. `None` for a text that begins no name; PostgreSQL would
/// refuse some of these.
fn search_key(text: &str) -> Option<String> {
    let key = name_key(text);
    let fits = key.chars().count() <= TABLE_SEARCH_MAX && !key.chars().any(char::is_control);
    fits.then_some(key)
}

/// Returns the page of a search without results.
fn empty<T>() -> TablePage<T> {
    TablePage { rows: Vec::new(), total: 0, page: 1, pages: 1 }
}

/// Refuses a number out of range. The pages do not offer one.
fn check_number(number: i64, max: i64) -> Result<()> {
    if (1..=max).contains(&number) {
        Ok(())
    } else {
        Err(KithError::BadRequest(format!("{number} is not between 1 and {max}")))
    }
}
