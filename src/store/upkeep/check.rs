//! The check of a database: whether it is consistent. It changes nothing.

use std::path::Path;

use sqlx::{AnyConnection, Connection, Executor, Row};

use crate::store::sql::is_sqlite;
use crate::store::{OpenError, database, migrations};

/// The result of one part of the check. Shown to the operator.
#[derive(Debug)]
pub struct Finding {
    pub what: &'static str,
    pub found: CheckResult,
}

/// The result of one check: a fact that is right, or a fault.
pub type CheckResult = Result<String, String>;

/// Checks the database at `url`, or `kith.db` in the `data` folder, as of one moment.
pub async fn check(url: Option<&str>, data: &Path) -> Result<Vec<Finding>, OpenError> {
    sqlx::any::install_default_drivers();
    let url = match url {
        Some(url) => url.to_string(),
        None => database::url_in(data, "ro").await?,
    };
    let mut connection = AnyConnection::connect(&url).await?;
    let sqlite = is_sqlite(&connection);
    // One snapshot for all statements: a message sent between two of them would look like a gap.
    let begin = if sqlite {
        "PRAGMA query_only = ON; PRAGMA busy_timeout = 10000; BEGIN"
    } else {
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    };
    connection.execute(begin).await?;

    let mut findings = Vec::new();
    let mut note = |what, found: Result<CheckResult, sqlx::Error>| {
        let found = found.unwrap_or_else(|error| Err(error.to_string()));
        findings.push(Finding { what, found });
    };
    if sqlite {
        note("SQLite's file", integrity(&mut connection).await);
        note("references", references(&mut connection).await);
    }
    note("tables", tables(&mut connection).await);
    note("ids", ids(&mut connection).await);
    note("messages", messages(&mut connection).await);
    note("counts", counts(&mut connection).await);
    note("event log", log(&mut connection).await);
    connection.execute("ROLLBACK").await?;
    connection.close().await?;
    Ok(findings)
}

async fn integrity(connection: &mut AnyConnection) -> Result<CheckResult, sqlx::Error> {
    let rows = sqlx::query("PRAGMA integrity_check(3)").fetch_all(connection).await?;
    let lines = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<String>, _>>()?;
    Ok(if lines == ["ok"] { Ok("whole".into()) } else { Err(lines.join("; ")) })
}

/// Only on SQLite. PostgreSQL always enforces references.
async fn references(connection: &mut AnyConnection) -> Result<CheckResult, sqlx::Error> {
    let rows = sqlx::query("PRAGMA foreign_key_check").fetch_all(connection).await?;
    let Some(first) = rows.first() else { return Ok(Ok("whole".into())) };
    let table: String = first.try_get(0)?;
    Ok(Err(format!("{} rows refer to missing rows, one of them in {table}", rows.len())))
}

async fn tables(connection: &mut AnyConnection) -> Result<CheckResult, sqlx::Error> {
    let rows = sqlx::query("SELECT version FROM _sqlx_migrations WHERE success")
        .fetch_all(connection)
        .await?;
    let made = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<i64>, _>>()?;
    let known: Vec<i64> = migrations::versions().collect();
    let newest = known.iter().max().copied().unwrap_or(0);
    if let Some(newer) = made.iter().find(|version| !known.contains(version)) {
        return Ok(Err(format!("change {newer} was made by a newer Kith")));
    }
    let missing = known.iter().filter(|version| !made.contains(version)).count();
    if missing > 0 {
        return Ok(Err(format!("{missing} changes are to be made: the next start makes them")));
    }
    Ok(Ok(format!("up to date, with change {newest}")))
}

/// A counter below the greatest id would give an id twice.
async fn ids(connection: &mut AnyConnection) -> Result<CheckResult, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT c.name FROM id_counter c WHERE c.value < CASE c.name \
         WHEN 'user' THEN (SELECT COALESCE(MAX(id), 0) FROM users) \
         WHEN 'sign_in' THEN (SELECT COALESCE(MAX(id), 0) FROM sign_in) \
         WHEN 'conversation' THEN (SELECT COALESCE(MAX(id), 0) FROM conversation) \
         WHEN 'audit' THEN (SELECT COALESCE(MAX(id), 0) FROM audit) \
         ELSE 0 END",
    )
    .fetch_all(connection)
    .await?;
    let behind = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<String>, _>>()?;
    Ok(match behind.as_slice() {
        [] => Ok("none is given twice".into()),
        behind => Err(format!("the counter of {} is below an id in use", behind.join(", "))),
    })
}

/// The `seq` of a conversation's messages must be 1, 2, 3 … up to `last_seq`.
async fn messages(connection: &mut AnyConnection) -> Result<CheckResult, sqlx::Error> {
    let with_gaps = conversations(
        connection,
        "SELECT c.id FROM conversation c LEFT JOIN message m ON m.conversation_id = c.id \
         GROUP BY c.id, c.last_seq HAVING COUNT(m.seq) <> c.last_seq \
         OR COALESCE(MIN(m.seq), 1) <> 1 OR COALESCE(MAX(m.seq), 0) <> c.last_seq ORDER BY c.id",
    )
    .await?;
    if let Some(with_gaps) = with_gaps {
        return Ok(Err(format!(
            "they are not numbered 1, 2, 3 … up to the last one in {with_gaps}"
        )));
    }
    let row = sqlx::query("SELECT COUNT(*), (SELECT COUNT(*) FROM message) FROM conversation")
        .fetch_one(connection)
        .await?;
    let (conversations, messages): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    Ok(Ok(format!("{messages} without a hole in {conversations} conversations")))
}

async fn counts(connection: &mut AnyConnection) -> Result<CheckResult, sqlx::Error> {
    let wrong = conversations(
        connection,
        "SELECT c.id FROM conversation c LEFT JOIN message m ON m.conversation_id = c.id \
         GROUP BY c.id, c.last_count HAVING COALESCE(MAX(m.count), 0) <> c.last_count \
         ORDER BY c.id",
    )
    .await?;
    Ok(wrong.map_or_else(
        || Ok("they fit the messages".into()),
        |wrong| Err(format!("they do not fit the messages in {wrong}")),
    ))
}

async fn log(connection: &mut AnyConnection) -> Result<CheckResult, sqlx::Error> {
    let head = sqlx::query(
        "SELECT h.id, h.trimmed, (SELECT COALESCE(MAX(id), 0) FROM event) FROM log_head h",
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(head) = head else { return Ok(Err("it has no head".into())) };
    let (head, trimmed, last): (i64, i64, i64) =
        (head.try_get(0)?, head.try_get(1)?, head.try_get(2)?);
    if last > head || trimmed > head {
        return Ok(Err(format!("its head is {head}, but there are events up to {last}")));
    }
    let lost = conversations(
        connection,
        "SELECT DISTINCT e.audience_id FROM event e WHERE e.seq IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM message m WHERE m.conversation_id = e.audience_id AND m.seq = e.seq) \
         ORDER BY e.audience_id",
    )
    .await?;
    Ok(match lost {
        Some(lost) => Err(format!("it has events of missing messages in {lost}")),
        None => Ok(format!("up to event {head}")),
    })
}

/// Names the conversations that a query finds. `None` when it finds none.
async fn conversations(
    connection: &mut AnyConnection,
    query: &str,
) -> Result<Option<String>, sqlx::Error> {
    const NAMED: usize = 5;
    let rows = sqlx::query(query).fetch_all(connection).await?;
    let ids = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<i64>, _>>()?;
    let named = ids.iter().take(NAMED).map(i64::to_string).collect::<Vec<_>>().join(", ");
    Ok(match ids.len() {
        0 => None,
        1 => Some(format!("conversation {named}")),
        some if some <= NAMED => Some(format!("conversations {named}")),
        many => Some(format!("conversations {named} and {} more", many - NAMED)),
    })
}
