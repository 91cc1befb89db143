//! SQL text that sqlx's `Any` driver does not write for both databases: lists of rows, patterns.

use std::collections::BTreeSet;
use std::fmt::Write;

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

/// Returns `($1, $2), ($3, $4), …`: `rows` rows of `columns` parameters, the first of them
/// numbered `first`.
pub fn rows(rows: usize, columns: usize, first: usize) -> String {
    let mut text = String::with_capacity(rows * columns * 6);
    for number in 0..rows * columns {
        text.push_str(match (number, number % columns) {
            (0, _) => "(",
            (_, 0) => "), (",
            _ => ", ",
        });
        // Writing into a string cannot fail.
        let _ = write!(text, "${}", first + number);
    }
    text.push(')');
    text
}

/// Whether the connection leads to SQLite. Else it leads to PostgreSQL.
pub fn is_sqlite(connection: &AnyConnection) -> bool {
    connection.backend_name() == "SQLite"
}

/// Returns `$1, $2, …`: `count` parameters, the first of them numbered `first`.
pub fn list(count: usize, first: usize) -> String {
    (first..first + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// Maximum number of rows in one statement. SQLite finds a parameter by its name in time linear in
/// their number.
const ROWS: usize = 32;

/// Cuts rows into parts for one statement each. The sizes are powers of two: few different texts,
/// all of which the connection keeps prepared.
pub fn parts<T>(mut items: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = 1 << items.len().min(ROWS).checked_ilog2()?;
        let (part, rest) = items.split_at(size);
        items = rest;
        Some(part)
    })
}

/// Returns `text` as a literal part of a `LIKE` pattern with `ESCAPE '!'`.
pub fn like(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

/// Returns two patterns: a name that begins with `key`, and a name with a later word that does.
pub fn beginnings(key: &str) -> [String; 2] {
    let key = like(key);
    [format!("{key}%"), format!("% {key}%")]
}

/// Runs a `SELECT … WHERE (a, b)` for these values of the two columns.
pub async fn fetch_pairs(
    connection: &mut AnyConnection,
    select: &str,
    pairs: &BTreeSet<(i64, i64)>,
) -> Result<Vec<AnyRow>, sqlx::Error> {
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    let text = format!("{select} IN (VALUES {})", rows(pairs.len(), 2, 1));
    let query =
        pairs.iter().fold(sqlx::query(&text), |query, (low, high)| query.bind(*low).bind(*high));
    query.fetch_all(connection).await
}

/// SQLite's query plan of a statement, one line for each step.
#[cfg(test)]
pub async fn plan(pool: &sqlx::AnyPool, statement: &str) -> Vec<String> {
    use sqlx::Row;
    let steps = sqlx::query(&format!("EXPLAIN QUERY PLAN {statement}")).fetch_all(pool).await;
    steps.expect("a plan").iter().map(|step| step.get("detail")).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn parameters_are_numbered_without_gaps() {
        assert_eq!(super::rows(2, 3, 1), "($1, $2, $3), ($4, $5, $6)");
        assert_eq!(super::rows(2, 2, 7), "($7, $8), ($9, $10)");
        assert_eq!(super::list(3, 2), "$2, $3, $4");
    }

    #[test]
    fn parts_have_few_sizes_and_hold_all_items() {
        let items: Vec<u32> = (0..75).collect();
        let sizes: Vec<usize> = super::parts(&items).map(<[u32]>::len).collect();
        assert_eq!(sizes, [32, 32, 8, 2, 1]);
        assert_eq!(super::parts(&items).collect::<Vec<_>>().concat(), items);
        assert_eq!(super::parts::<u32>(&[]).count(), 0);
    }

    #[test]
    fn wildcards_in_a_pattern_are_escaped() {
        assert_eq!(super::like("50%_!"), "50!%!_!!");
    }
}
