//! The two databases that Kith runs on, and a fresh one of either for each test.

use sqlx::{AnyConnection, AnyPool, Connection, Executor};
use tempfile::TempDir;

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// Where the database of one test is; gone with it.
#[derive(Debug)]
pub struct Place {
    /// The data folder, also of a Kith on PostgreSQL.
    pub folder: TempDir,
    /// What the policy names; SQLite's is in the folder by itself.
    pub url: Option<String>,
}

impl Place {
    /// Makes a database that nobody has used.
    pub async fn new(database: Database) -> Self {
        sqlx::any::install_default_drivers();
        let folder = tempfile::tempdir().expect("a folder for the test");
        let url = match database {
            Database::Sqlite => None,
            Database::Postgres => Some(create().await),
        };
        Self { folder, url }
    }

    /// A pool of one's own, to look at what Kith stored or to put something there.
    pub async fn sql(&self) -> AnyPool {
        let url = self.url.clone().unwrap_or_else(|| {
            format!("sqlite://{}", self.folder.path().join("kith.db").display())
        });
        AnyPool::connect(&url).await.expect("a connection beside Kith's")
    }
}

/// Makes a schema of its own on the server that `make test` started, which to Kith is a database:
/// one of PostgreSQL's own is 300 files to write, and to remove with the server after the tests.
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
