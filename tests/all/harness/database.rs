//! The two engines that Kith runs on, and a fresh database on either for each test.

use sqlx::{AnyConnection, AnyPool, Connection, Executor};
use tempfile::TempDir;

/// The engine that a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// The database of one test, removed with it.
#[derive(Debug)]
pub struct TestDatabase {
    /// The data folder, also of a Kith on PostgreSQL.
    pub folder: TempDir,
    /// The policy's URL; `None` for SQLite, whose file is in the folder.
    pub url: Option<String>,
}

impl TestDatabase {
    /// Makes an empty database.
    pub async fn new(database: Database) -> Self {
        sqlx::any::install_default_drivers();
        let folder = tempfile::tempdir().expect("a folder for the test");
        let url = match database {
            Database::Sqlite => None,
            Database::Postgres => Some(create().await),
        };
        Self { folder, url }
    }

    /// A pool beside those of Kith, to read and write past it.
    pub async fn sql(&self) -> AnyPool {
        let url = self.url.clone().unwrap_or_else(|| {
            format!("sqlite://{}", self.folder.path().join("kith.db").display())
        });
        AnyPool::connect(&url).await.expect("a connection beside Kith's")
    }
}

/// Makes a schema on the server that `make test` started. To Kith a schema is a database; a real
/// one would be 300 files for PostgreSQL to write.
async fn create() -> String {
    let Ok(server) = std::env::var("KITH_TEST_POSTGRES") else {
        panic!("KITH_TEST_POSTGRES is not set: run `make test`, which starts PostgreSQL");
    };
    let name = format!("kith_test_{}", uuid::Uuid::new_v4().simple());
    let mut connection = AnyConnection::connect(&server).await.expect("PostgreSQL of the tests");
    let create = format!("CREATE SCHEMA {name}");
    connection.execute(create.as_str()).await.expect("a schema for the test");
    connection.close().await.expect("closing the connection that made the schema");
    format!("{server}?options[search_path]={name}")
}
