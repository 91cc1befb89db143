//! The base of every test: its own application over its own database, and people who call it over
//! HTTP alone.

mod administration;
mod app;
mod browser;
mod clock;
mod database;
mod group;
mod person;
pub mod process;
mod socket;

use std::time::Duration;

use kith::model::{Event, EventKind, Message};

pub use administration::{account, audit};
pub use app::TestApp;
pub use browser::{Answer, Browser, bare};
pub use clock::MovedClock;
pub use database::{Database, TestDatabase};
pub use group::{four_people, group_of, said, system_lines};
pub use person::{PASSWORD, Person, client_id};
pub use socket::Socket;

/// Timeout for anything that must happen. Passing tests stay far below it.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A hold that no test waits out, in milliseconds; the server shortens it to its own maximum.
pub const LONG_MS: u32 = 600_000;

/// Runs each of these tests on SQLite and on PostgreSQL.
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name($crate::harness::Database::Sqlite).await;
                }
            )+
        }

        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name($crate::harness::Database::Postgres).await;
                }
            )+
        }
    };
}
pub(crate) use on_both_databases;

/// Polls until `yes` answers true, and fails after `PATIENCE`.
pub async fn eventually(what: &str, mut yes: impl AsyncFnMut() -> bool) {
    let asked = tokio::time::timeout(PATIENCE, async {
        while !yes().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    assert!(asked.await.is_ok(), "within {PATIENCE:?} it never happened that {what}");
}

/// The messages among these events.
pub fn messages(events: &[Event]) -> Vec<Message> {
    let message = |event: &Event| match &event.kind {
        EventKind::Message { message, .. } => Some(message.clone()),
        _ => None,
    };
    events.iter().filter_map(message).collect()
}

/// These messages as `person` receives them.
pub fn seen_by(person: &Person, messages: &[Message]) -> Vec<Message> {
    messages.iter().map(|message| message.clone().seen_by(person.id)).collect()
}

/// The texts of the messages among these events.
pub fn texts(events: &[Event]) -> Vec<String> {
    messages(events).into_iter().map(|message| message.text).collect()
}
