//! The tables of accounts and groups. A page costs two statements, whatever the number of rows.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::error::{KithError, Result};
use crate::model::administration::{Account, AccountOrder, AccountQuery, GroupRow, TablePage};
use crate::model::limits::TABLE_PAGE;
use crate::model::{GroupId, Timestamp, UserId};
use crate::store::groups::queries;
use crate::store::people::directory;
use crate::store::{Failure, Store, rows, sql};

/// The parts of the statement that reads a table.
pub(super) struct Table<'a> {
    pub columns: &'a str,
    pub from: &'a str,
    pub condition: &'a str,
    /// Its last column is unique, so that pages never overlap.
    pub order: &'a str,
    /// The parameters of the condition.
    pub patterns: &'a [String],
}

/// The columns of an account `p`. Without a sign-in, `last_seen` is -1: it sorts before all times
/// on both databases, unlike NULL.
const ACCOUNT: &str = "p.bio, p.administrator, p.disabled, p.one_time_until, p.created, \
     COALESCE((SELECT MAX(s.last_seen) FROM sign_in s WHERE s.user_id = p.id), -1) AS last_seen, \
     (SELECT COUNT(*) FROM sign_in s WHERE s.user_id = p.id) AS sign_ins";

/// Joins a group `g` with its conversation `c` and its owner `p`.
const GROUP_FROM: &str = "chat_group g JOIN conversation c ON c.id = g.id \
     JOIN users p ON p.id = g.owner_id";

impl Table<'_> {
    fn count_text(&self) -> String {
        format!("SELECT COUNT(*) FROM {} WHERE {}", self.from, self.condition)
    }

    fn page_text(&self, page: i64) -> String {
        format!(
            "SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT {TABLE_PAGE} OFFSET {}",
            self.columns,
            self.from,
            self.condition,
            self.order,
            (page - 1) * TABLE_PAGE
        )
    }
}

impl Store {
    /// Returns a page of a table. A number out of range gives the first or the last page.
    pub(super) async fn table<T>(
        &self,
        table: &Table<'_>,
        page: i64,
        read: impl Fn(&AnyRow) -> Result<T, sqlx::Error>,
    ) -> Result<TablePage<T>> {
        let text = table.count_text();
        let mut query = sqlx::query(&text);
        for pattern in table.patterns {
            query = query.bind(pattern);
        }
        let row = query.fetch_one(&self.reads).await.map_err(Failure::from)?;
        let total: i64 = row.try_get(0).map_err(Failure::from)?;
        let pages = (total.saturating_add(TABLE_PAGE - 1) / TABLE_PAGE).max(1);
        let page = page.clamp(1, pages);

        let text = table.page_text(page);
        let mut query = sqlx::query(&text);
        for pattern in table.patterns {
            query = query.bind(pattern);
        }
        let found = query.fetch_all(&self.reads).await.map_err(Failure::from)?;
        let rows: Result<Vec<T>, sqlx::Error> = found.iter().map(read).collect();
        Ok(TablePage { rows: rows.map_err(Failure::from)?, total, page, pages })
    }

    /// Returns a page of accounts; `key` is the key of `wanted.search`.
    pub async fn accounts_table(
        &self,
        key: &str,
        wanted: &AccountQuery,
    ) -> Result<TablePage<Account>> {
        let condition = match key {
            "" => "p.deleted = 0".to_string(),
            _ => format!("p.deleted = 0 AND {}", directory::name_condition(1)),
        };
        let table = Table {
            columns: &account_columns(),
            from: "users p",
            condition: &condition,
            order: &account_order(wanted),
            patterns: &patterns(key),
        };
        self.table(&table, wanted.page, account).await
    }

    /// Returns the account of `user`. `NotFound` when it was deleted.
    pub async fn account(&self, user: UserId) -> Result<Account> {
        let columns = account_columns();
        let text = format!("SELECT {columns} FROM users p WHERE p.id = $1 AND p.deleted = 0");
        self.all(&text, user, account).await?.pop().ok_or(KithError::NotFound)
    }

    /// Returns a page of the groups with a name of which a word begins with `key`, by name.
    pub async fn groups_table(&self, key: &str, page: i64) -> Result<TablePage<GroupRow>> {
        let condition = match key {
            "" => "g.disbanded = 0",
            _ => {
                "g.disbanded = 0 \
                 AND (g.name_key LIKE $1 ESCAPE '!' OR g.name_key LIKE $2 ESCAPE '!')"
            }
        };
        let table = Table {
            columns: &group_columns(),
            from: GROUP_FROM,
            condition,
            order: "g.name_key, g.id",
            patterns: &patterns(key),
        };
        self.table(&table, page, group_row).await
    }

    /// Returns a group. `NotFound` when it does not exist or was disbanded.
    pub async fn group_row(&self, group: GroupId) -> Result<GroupRow> {
        let columns = group_columns();
        let text =
            format!("SELECT {columns} FROM {GROUP_FROM} WHERE g.disbanded = 0 AND g.id = $1");
        let query = sqlx::query(&text).bind(group.0);
        let row = query.fetch_optional(&self.reads).await.map_err(Failure::from)?;
        let row = row.ok_or(KithError::NotFound)?;
        Ok(group_row(&row).map_err(Failure::from)?)
    }
}

fn patterns(key: &str) -> Vec<String> {
    if key.is_empty() { Vec::new() } else { sql::beginnings(key).to_vec() }
}

fn account_columns() -> String {
    format!("{}, {ACCOUNT}", rows::PERSON)
}

fn account_order(wanted: &AccountQuery) -> String {
    let column = match wanted.order {
        AccountOrder::Username => "p.username_key",
        AccountOrder::DisplayName => "p.name_key",
        AccountOrder::Created => "p.created",
        AccountOrder::LastSeen => "last_seen",
    };
    let direction = if wanted.descending { "DESC" } else { "ASC" };
    format!("{column} {direction}, p.id {direction}")
}

fn account(row: &AnyRow) -> Result<Account, sqlx::Error> {
    let last_seen = rows::time(row, "last_seen")?;
    Ok(Account {
        person: rows::person(row)?,
        bio: row.try_get("bio")?,
        administrator: row.try_get::<i64, _>("administrator")? != 0,
        disabled: row.try_get::<i64, _>("disabled")? != 0,
        one_time_until: rows::time_or_none(row, "one_time_until")?,
        created: rows::time(row, "created")?,
        last_seen: (last_seen >= Timestamp(0)).then_some(last_seen),
        sign_ins: row.try_get("sign_ins")?,
    })
}

fn group_columns() -> String {
    format!("{}, c.activity, {}", queries::GROUP_COLUMNS, rows::PERSON)
}

fn group_row(row: &AnyRow) -> Result<GroupRow, sqlx::Error> {
    Ok(GroupRow {
        group: queries::group(row)?,
        owner: rows::person(row)?,
        activity: rows::time(row, "activity")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store;

    #[tokio::test]
    async fn a_page_of_accounts_is_read_by_index() {
        let folder = tempfile::tempdir().expect("a folder");
        let opened = store::open(None, folder.path(), || Timestamp(0)).await;
        let reads = opened.expect("a store").reads;
        for order in [AccountOrder::Username, AccountOrder::DisplayName] {
            let wanted = AccountQuery { order, ..AccountQuery::default() };
            let table = Table {
                columns: &account_columns(),
                from: "users p",
                condition: "p.deleted = 0",
                order: &account_order(&wanted),
                patterns: &[],
            };
            let plan = sql::plan(&reads, &table.page_text(1)).await;
            assert!(plan[0].starts_with("SCAN p USING INDEX"), "{plan:#?}");
            assert!(plan.iter().all(|step| !step.contains("SCAN s")), "{plan:#?}");
        }
    }
}
