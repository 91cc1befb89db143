//! The one thing that sqlx's `Any` driver does not write for both databases: lists of rows.

/// Returns `($1, $2), ($3, $4), …`: `rows` rows of `columns` parameters, the first of them
/// numbered `first`.
pub fn rows(rows: usize, columns: usize, first: usize) -> String {
    let row = |r: usize| {
        let parameters: Vec<String> =
            (0..columns).map(|c| format!("${}", first + r * columns + c)).collect();
        format!("({})", parameters.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// Returns `$1, $2, …`: `count` parameters, the first of them numbered `first`.
pub fn list(count: usize, first: usize) -> String {
    (first..first + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn parameters_are_numbered_through() {
        assert_eq!(super::rows(2, 3, 1), "($1, $2, $3), ($4, $5, $6)");
        assert_eq!(super::list(3, 2), "$2, $3, $4");
    }
}
