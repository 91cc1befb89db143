//! Running one reading statement on the pool.

use sqlx::any::AnyRow;

use super::{Failure, Store};
use crate::error::Result;
use crate::model::UserId;

impl Store {
    /// Returns the row that a statement finds by a key; `None` when it finds none.
    pub(super) async fn one<T>(
        &self,
        text: &str,
        key: &str,
        read: impl Fn(&AnyRow) -> Result<T, sqlx::Error>,
    ) -> Result<Option<T>> {
        let query = sqlx::query(text).bind(key);
        let row = query.fetch_optional(&self.reads).await.map_err(Failure::from)?;
        Ok(row.as_ref().map(read).transpose().map_err(Failure::from)?)
    }

    /// Returns the rows of a statement whose only parameter is a user.
    pub(super) async fn all<T>(
        &self,
        text: &str,
        user: UserId,
        read: impl Fn(&AnyRow) -> Result<T, sqlx::Error>,
    ) -> Result<Vec<T>> {
        let rows =
            sqlx::query(text).bind(user.0).fetch_all(&self.reads).await.map_err(Failure::from)?;
        let found: Result<Vec<T>, sqlx::Error> = rows.iter().map(read).collect();
        Ok(found.map_err(Failure::from)?)
    }
}
