//! What every test stands on: an application of its own over a database of its own, and people
//! who talk to it over HTTP and nothing else.

mod app;
mod browser;
mod clock;
mod database;
mod person;
pub mod process;
mod socket;

use std::time::Duration;

use kith::model::{Event, EventKind, Message};

pub use app::TestApp;
pub use browser::{Answer, Browser, bare};
pub use clock::MovedClock;
pub use database::Database;
pub use person::{PASSWORD, Person, client_id};
pub use socket::Socket;

/// How long anything that must happen may take. Nothing that passes comes near it.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A hold that no test waits out, in milliseconds; the server cuts it to its own.
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

/// Asks until the answer is yes, and fails when patience ends.
pub async fn eventually(what: &str, mut yes: impl AsyncFnMut() -> bool) {
    let asked = tokio::time::timeout(PATIENCE, async {
        while !yes().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    assert!(asked.await.is_ok(), "it never happened that {what}");
}

/// The messages among these events.
pub fn messages(events: &[Event]) -> Vec<Message> {
    let message = |event: &Event| match &event.kind {
        EventKind::Message { message, .. } => Some(message.clone()),
        _ => None,
    };
    events.iter().filter_map(message).collect()
}

/// These messages as somebody is told of them.
pub fn seen_by(person: &Person, messages: &[Message]) -> Vec<Message> {
    messages.iter().map(|message| message.clone().seen_by(person.id)).collect()
}

/// The texts of the messages among these events.
pub fn texts(events: &[Event]) -> Vec<String> {
    messages(events).into_iter().map(|message| message.text).collect()
}
