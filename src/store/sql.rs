//! What sqlx's `Any` driver does not write for both databases: lists of rows, and patterns.

use std::fmt::Write;

use sqlx::AnyConnection;

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

/// Whether this is SQLite, and not PostgreSQL.
pub fn is_sqlite(connection: &AnyConnection) -> bool {
    connection.backend_name() == "SQLite"
}

/// Returns `$1, $2, …`: `count` parameters, the first of them numbered `first`.
pub fn list(count: usize, first: usize) -> String {
    (first..first + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// Rows in one statement at most. The database finds the name of a parameter by going through them
/// all.
const ROWS: usize = 32;

/// Cuts what one statement is to hold into parts whose sizes are powers of two: so there are few
/// texts, and the connection keeps each of them prepared.
pub fn parts<T>(mut items: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = 1 << items.len().min(ROWS).checked_ilog2()?;
        let (part, rest) = items.split_at(size);
        items = rest;
        Some(part)
    })
}

/// Returns `text` as a part of a `LIKE` pattern in which nothing stands for anything else, for
/// `ESCAPE '!'`.
pub fn like(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

/// Returns the patterns of a name that begins with `key`, and of one of which a later word does.
pub fn beginnings(key: &str) -> [String; 2] {
    let key = like(key);
    [format!("{key}%"), format!("% {key}%")]
}

/// How SQLite goes about a statement, step by step.
#[cfg(test)]
pub async fn plan(pool: &sqlx::AnyPool, statement: &str) -> Vec<String> {
    use sqlx::Row;
    let steps = sqlx::query(&format!("EXPLAIN QUERY PLAN {statement}")).fetch_all(pool).await;
    steps.expect("a plan").iter().map(|step| step.get("detail")).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn parameters_are_numbered_through() {
        assert_eq!(super::rows(2, 3, 1), "($1, $2, $3), ($4, $5, $6)");
        assert_eq!(super::rows(2, 2, 7), "($7, $8), ($9, $10)");
        assert_eq!(super::list(3, 2), "$2, $3, $4");
    }

    #[test]
    fn parts_are_few_sizes_and_miss_nothing() {
        let items: Vec<u32> = (0..75).collect();
        let sizes: Vec<usize> = super::parts(&items).map(<[u32]>::len).collect();
        assert_eq!(sizes, [32, 32, 8, 2, 1]);
        assert_eq!(super::parts(&items).collect::<Vec<_>>().concat(), items);
        assert_eq!(super::parts::<u32>(&[]).count(), 0);
    }

    #[test]
    fn nothing_in_a_pattern_stands_for_anything_else() {
        assert_eq!(super::like("50%_!"), "50!%!_!!");
    }
}
