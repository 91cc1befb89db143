//! The migrations, which are embedded in the binary.
//!
//! They are listed by hand. sqlx's own `migrate!` would need its `macros` feature, which builds the
//! database drivers a second time, for a procedural macro.

use std::future::Future;
use std::pin::Pin;

use sqlx::error::BoxDynError;
use sqlx::migrate::{Migration, MigrationSource, MigrationType};

/// The files of `migrations/`: number, name, statements.
const MIGRATIONS: [(i64, &str, &str); 8] = [
    (1, "people", include_str!("../../migrations/0001_people.sql")),
    (2, "conversations", include_str!("../../migrations/0002_conversations.sql")),
    (3, "log", include_str!("../../migrations/0003_log.sql")),
    (4, "profiles", include_str!("../../migrations/0004_profiles.sql")),
    (5, "groups", include_str!("../../migrations/0005_groups.sql")),
    (6, "own copies", include_str!("../../migrations/0006_own_copies.sql")),
    (7, "administration", include_str!("../../migrations/0007_administration.sql")),
    (8, "joining", include_str!("../../migrations/0008_joining.sql")),
];

/// The numbers of all migrations that this Kith knows.
pub fn versions() -> impl Iterator<Item = i64> {
    MIGRATIONS.iter().map(|(version, ..)| *version)
}

/// The migrations inside the binary.
#[derive(Debug)]
pub struct Embedded;

impl MigrationSource<'static> for Embedded {
    fn resolve(
        self,
    ) -> Pin<Box<dyn Future<Output = Result<Vec<Migration>, BoxDynError>> + Send + 'static>> {
        let migrations = MIGRATIONS.map(|(version, name, sql)| {
            // `false`: each file runs in a transaction.
            Migration::new(version, name.into(), MigrationType::Simple, sql.into(), false)
        });
        Box::pin(std::future::ready(Ok(migrations.to_vec())))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// The beginning of each file's checksum, as hexadecimal digits. A new file gets a line here,
    /// and an existing line is never changed.
    const CHECKSUMS: [(&str, &str); 8] = [
        ("0001_people.sql", "fac4466e9b73a76921563c5c6676fdba"),
        ("0002_conversations.sql", "cb543f8b7afaf079c5b179c320a444f1"),
        ("0003_log.sql", "44f8bec4fba3883425f6ef745de5fcf8"),
        ("0004_profiles.sql", "2392aee7759608727c61ade8109c1ca4"),
        ("0005_groups.sql", "abe1c67cf0663270a243a71a4a3f0153"),
        ("0006_own_copies.sql", "677e2015df958fee33f549cf4c822f1c"),
        ("0007_administration.sql", "185113ea8d0d311d6661f9b92ac313b6"),
        ("0008_joining.sql", "5b1c0e6326cebaed3fae4943e729aea8"),
    ];

    fn file_name(version: i64, name: &str) -> String {
        format!("{version:04}_{}.sql", name.replace(' ', "_"))
    }

    #[test]
    fn every_file_in_the_folder_is_listed_and_embedded() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
        let entries = fs::read_dir(&folder).expect("the folder").map(|entry| {
            let entry = entry.expect("an entry");
            let text = fs::read_to_string(entry.path()).expect("a text");
            (entry.file_name().into_string().expect("a plain name"), text)
        });
        let mut files: Vec<(String, String)> = entries.collect();
        files.sort();
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        let listed = MIGRATIONS.map(|(version, name, _)| file_name(version, name));
        assert_eq!(names, listed, "migrations/ and MIGRATIONS differ: a file would not be run");
        for ((name, text), (.., embedded)) in files.iter().zip(MIGRATIONS) {
            assert_eq!(text, embedded, "{name} is listed with the text of another file");
        }
    }

    #[tokio::test]
    async fn no_released_migration_is_ever_edited() {
        let migrations = Embedded.resolve().await.expect("the migrations");
        for migration in &migrations {
            let file = file_name(migration.version, &migration.description);
            let found: String =
                migration.checksum.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
            let known = CHECKSUMS.iter().find(|(name, _)| *name == file);
            let known = known.unwrap_or_else(|| panic!("new: add (\"{file}\", \"{found}\")"));
            assert_eq!(
                found, known.1,
                "{file} was edited. Each start compares the files, comments included, with the \
                 checksums in the database: a Kith with this file would refuse every existing \
                 database. Undo the edit and write a new migration."
            );
        }
        assert_eq!(migrations.len(), CHECKSUMS.len(), "a migration was removed");
    }
}
