//! The key by which names are searched and sorted, and by which the names of groups are unique.

use std::collections::HashSet;

use sqlx::{AnyConnection, Connection, Row};
use unicode_normalization::UnicodeNormalization;

use crate::model::characters::is_invisible;

/// Returns the key of a name: without regard to case, to the width and other forms of its letters
/// and to invisible characters, with one space between two words. Names that look alike have the
/// same key, except for similar letters of different scripts.
pub fn name_key(name: &str) -> String {
    let is_seen = |c: &char| c.is_whitespace() || !is_invisible(*c);
    // Forms first: the filler of half width becomes another filler.
    let letters: String = name.chars().filter(is_seen).nfkc().filter(is_seen).collect();
    // To upper and then to lower case, letter by letter: so ς, σ and Σ become the same letter.
    let folded = letters.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    let folded: String = folded.nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Sets the keys that an older Kith made by another rule, or not at all. Groups that look alike by
/// the new rule stay as they are: from the second on, the id is in the key.
pub(super) async fn fill_name_keys(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    let people = "SELECT id, display_name AS name, name_key FROM users WHERE deleted = 0";
    let people = changed_keys(connection, people, |key, _| key).await?;
    let groups = "SELECT id, name, name_key FROM chat_group WHERE disbanded = 0 ORDER BY id";
    let mut taken = HashSet::new();
    let groups = changed_keys(connection, groups, |key, id| match taken.insert(key.clone()) {
        true => key,
        // Names have no control characters, so no name has this key.
        false => format!("{key}\u{1}{id}"),
    })
    .await?;
    if people.is_empty() && groups.is_empty() {
        return Ok(());
    }
    let mut tx = connection.begin().await?;
    let of_people = "UPDATE users SET name_key = $1 WHERE id = $2";
    for (id, key) in people {
        sqlx::query(of_people).bind(key).bind(id).execute(&mut *tx).await?;
    }
    // The keys of groups are unique. One may get the key that another has until now.
    let of_groups = "UPDATE chat_group SET name_key = $1 WHERE id = $2";
    for (id, _) in &groups {
        sqlx::query(of_groups).bind(format!("\u{1}{id}")).bind(*id).execute(&mut *tx).await?;
    }
    for (id, key) in groups {
        sqlx::query(of_groups).bind(key).bind(id).execute(&mut *tx).await?;
    }
    tx.commit().await
}

/// Returns the ids of the rows whose key is not what `key` makes of the key of their name, with the
/// right key.
async fn changed_keys(
    connection: &mut AnyConnection,
    select: &str,
    mut key: impl FnMut(String, i64) -> String,
) -> Result<Vec<(i64, String)>, sqlx::Error> {
    let mut changed = Vec::new();
    for row in sqlx::query(select).fetch_all(connection).await? {
        let id: i64 = row.try_get("id")?;
        let right = key(name_key(row.try_get("name")?), id);
        if row.try_get::<&str, _>("name_key")? != right {
            changed.push((id, right));
        }
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_keys_ignore_case_and_spaces_in_any_script() {
        assert_eq!(name_key(" Ann  LEE\u{3000}Öz "), "ann lee öz");
        assert_eq!(name_key("ΟΔΥΣΣΕΎΣ"), name_key("οδυσσεύς"));
        assert!(name_key("οδυσσεύς").starts_with(&name_key("ΟΔΥΣ")));
        assert_eq!((name_key("李 雷"), name_key("Straße")), ("李 雷".into(), name_key("STRASSE")));
        assert_eq!(name_key(" \t"), "");
    }

    #[test]
    fn names_that_look_alike_have_the_same_key() {
        for twin in [
            "Walkers\u{200B}",
            "Wal\u{AD}kers",
            "Ｗａｌｋｅｒｓ",
            "Walkers\u{E0041}",
            "\u{2063}walkers\u{FE0F}",
            "Walkers\u{3164}",
            "Walkers\u{FFA0}",
        ] {
            assert_eq!(name_key(twin), "walkers", "{twin:?}");
        }
        assert_eq!(name_key("Cafe\u{301}"), name_key("CAFÉ"));
        assert_eq!(name_key("ｶﾞ"), name_key("ガ"));
        assert_ne!(name_key("Walkers 1"), name_key("Walkers 2"));
    }
}
