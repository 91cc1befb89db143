//! The statements that a message costs: their number must not depend on how many members the group
//! has, nor on how many of them hold a receive.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::{Dispatch, Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::harness::{Database, LONG_MS, Person, TestApp, messages};
use kith::model::{Batch, Contact, GroupId};

/// Records the statements that sqlx logs on the thread of this subscriber.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<Vec<String>>>);

impl Statements {
    /// Returns the statements since the last call.
    fn taken(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().expect("no test panics with the lock"))
    }
}

struct Summary(String);

impl Visit for Summary {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "summary" {
            self.0 = value.to_string();
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            let mut summary = Summary(String::new());
            event.record(&mut summary);
            self.0.lock().expect("no test panics with the lock").push(summary.0);
        }
    }
}

/// Sends a message into a group whose `listening` members hold receives. Returns the statements
/// from the call to the last answer.
async fn statements_of_a_message(
    app: &TestApp,
    statements: &Statements,
    sender: &Person,
    group: GroupId,
    listening: &[Person],
) -> Vec<String> {
    let mut held = Vec::new();
    for person in listening {
        let cursor = person.cursor().await;
        held.push(app.hold(person, &cursor, LONG_MS).await);
    }
    statements.taken();
    let sent = sender.send(Contact::Group(group), "to all of you").await;
    let mut answers = Vec::new();
    for held in held {
        answers.push(held.answer().await);
    }
    let all = statements.taken();
    for answer in answers {
        let batch: Batch = answer.ok();
        let told: Vec<i64> = messages(&batch.events).iter().map(|message| message.seq).collect();
        assert_eq!(told, [sent.seq]);
    }
    all
}

/// sqlx logs the statements of PostgreSQL on the calling thread, and those of SQLite on another.
/// The statements are the same.
#[tokio::test]
async fn statements_per_message_do_not_depend_on_the_group_size() {
    let statements = Statements::default();
    // With a single subscriber, `tracing` asks the thread that logs first whether an event is
    // wanted. The threads of other tests have none, and would answer "no" for all threads.
    let _another = Dispatch::new(tracing_subscriber::registry());
    let subscriber = tracing_subscriber::registry().with(statements.clone());
    let _counting = tracing::subscriber::set_default(subscriber);

    let app = TestApp::start(Database::Postgres).await;
    let mut people = Vec::new();
    for number in 0..200 {
        people.push(app.person(&format!("member{number}")).await);
    }
    let sender = people[0].clone();
    let (few, many) = (GroupId(501), GroupId(502));
    app.seed_group(few, &people[..3].iter().collect::<Vec<_>>()).await;
    app.seed_group(many, &people.iter().collect::<Vec<_>>()).await;

    let of_few = statements_of_a_message(&app, &statements, &sender, few, &people[1..3]).await;
    let of_many = statements_of_a_message(&app, &statements, &sender, many, &people[3..53]).await;
    assert_eq!(of_many, of_few);
    assert!(of_few.len() < 15, "{of_few:#?}");
    let takes_ids = of_few.iter().filter(|text| text.starts_with("UPDATE log_head")).count();
    assert_eq!(takes_ids, 1, "one commit: {of_few:#?}");
}
