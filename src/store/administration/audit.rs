//! The audit log: the actions of administrators and of the operator. Rows are only added.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::tables::Table;
use crate::error::Result;
use crate::model::administration::{AdminActor, AuditEntry, AuditedAction, TablePage};
use crate::store::transaction::Tx;
use crate::store::{Failure, Store, rows};

/// Adds an action of `by`, whose username at this time is `username`.
pub(super) async fn add(
    tx: &mut Tx,
    by: AdminActor,
    username: Option<String>,
    action: &AuditedAction,
) -> Result<(), Failure> {
    let user = match by {
        AdminActor::Administrator(user) => Some(user.0),
        AdminActor::Operator => None,
    };
    let json = serde_json::to_string(action).map_err(|e| sqlx::Error::Encode(e.into()))?;
    let (id, now) = (tx.new_ids("audit", 1).await?, tx.now);
    sqlx::query(
        "INSERT INTO audit (id, at, by_user, by_username, act) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(id)
    .bind(now.0)
    .bind(user)
    .bind(username)
    .bind(json)
    .execute(tx.write())
    .await?;
    Ok(())
}

impl Store {
    /// Returns a page of the audit log, the newest rows first.
    pub async fn audit_log(&self, page: i64) -> Result<TablePage<AuditEntry>> {
        let table = Table {
            columns: "a.id, a.at, a.by_username, a.act",
            from: "audit a",
            condition: "1 = 1",
            order: "a.id DESC",
            patterns: &[],
        };
        self.table(&table, page, entry).await
    }
}

fn entry(row: &AnyRow) -> Result<AuditEntry, sqlx::Error> {
    let act: String = row.try_get("act")?;
    Ok(AuditEntry {
        id: row.try_get("id")?,
        at: rows::time(row, "at")?,
        by: row.try_get("by_username")?,
        act: serde_json::from_str(&act).map_err(|why| sqlx::Error::Decode(why.into()))?,
    })
}
