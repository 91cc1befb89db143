//! Finding a person or a group by a part of a name.

/// Whether one of the names contains `text`, which is in lower case.
pub fn any_name_contains<'a>(names: impl IntoIterator<Item = &'a str>, text: &str) -> bool {
    names.into_iter().any(|name| name.to_lowercase().contains(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_any_part_whatever_its_case() {
        assert!(any_name_contains(["ann", "Ann Baker"], "bak"));
        assert!(any_name_contains(["王小明"], "小"));
        assert!(any_name_contains(["ÉMILE"], "émi"));
        assert!(!any_name_contains(["ann"], "bob"));
        assert!(!any_name_contains([], ""));
    }
}
