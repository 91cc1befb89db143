//! Two processes that write to one database: event ids become visible in order, and a cursor misses
//! none of them.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join_all;

use sqlx::Row;

use crate::harness::{
    Database, LONG_MS, Person, TestApp, client_id, messages, on_both_databases, texts,
};
use kith::error::KithError;
use kith::model::{Batch, Contact, EventId, Message, UserId};
use kith::store::Store;

on_both_databases!(
    event_ids_become_visible_in_order,
    following_the_log_with_a_cursor_misses_no_event,
    mailbox_receives_events_written_by_another_process,
    two_processes_number_messages_without_holes_or_doubles,
    failing_write_does_not_fail_the_others_of_its_batch,
);

const EACH: usize = 40;

/// Both send at once, each through their own process. They send four messages at a time, so that
/// there are many transactions.
async fn talk(ann: &Person, bob: &Person) {
    let side = async |from: &Person, to: Contact| {
        for n in 0..EACH / 4 {
            let texts = (0..4).map(|m| format!("{} {n} {m}", from.username));
            join_all(texts.map(async |text| from.send(to, &text).await)).await;
        }
    };
    tokio::join!(side(ann, bob.contact()), side(bob, ann.contact()));
}

async fn event_ids_become_visible_in_order(database: Database) {
    let app = TestApp::start(database).await;
    let other = app.beside().await;
    let (ann, bob) = app.two_friends().await;
    let bob = bob.at(&other);
    let pool = app.sql().await;
    let over = AtomicBool::new(false);
    let watch = async {
        let (mut seen, mut looks): (Vec<i64>, usize) = (Vec::new(), 0);
        loop {
            let last_look = over.load(Ordering::SeqCst);
            let rows = sqlx::query("SELECT id FROM event ORDER BY id").fetch_all(&pool).await;
            let ids: Vec<i64> = rows.expect("the log").iter().map(|row| row.get(0)).collect();
            assert!(ids.starts_with(&seen), "an id appeared before one that was seen");
            seen = ids;
            looks += 1;
            if last_look {
                return (seen, looks);
            }
        }
    };
    let write = async {
        talk(&ann, &bob).await;
        over.store(true, Ordering::SeqCst);
    };
    let ((seen, looks), ()) = tokio::join!(watch, write);
    assert!(looks > 1);
    let messages = app.number("SELECT COUNT(*) FROM event WHERE seq IS NOT NULL").await;
    assert_eq!(messages as usize, 2 * EACH);
    assert!(seen.len() >= 2 * EACH);
}

/// A third process would follow the log in this way: by the head that the database publishes.
async fn following_the_log_with_a_cursor_misses_no_event(database: Database) {
    let app = TestApp::start(database).await;
    let other = app.beside().await;
    let (ann, bob) = app.two_friends().await;
    let bob = bob.at(&other);
    let reader = app.store().await;
    let start = EventId(app.number("SELECT id FROM log_head").await);
    let pool = app.sql().await;
    let over = AtomicBool::new(false);
    let follow = async {
        let mut heard = Vec::new();
        let mut cursor = start;
        loop {
            let last_look = over.load(Ordering::SeqCst);
            let row = sqlx::query("SELECT id FROM log_head").fetch_one(&pool).await;
            let head = EventId(row.expect("the head").get(0));
            heard.extend(read(&reader, bob.id, cursor, head).await);
            cursor = head;
            if last_look {
                return heard;
            }
        }
    };
    let write = async {
        talk(&ann, &bob).await;
        over.store(true, Ordering::SeqCst);
    };
    let (heard, ()) = tokio::join!(follow, write);
    assert_eq!(heard, (1..=2 * EACH as i64).collect::<Vec<_>>(), "all, once, in order");
}

/// The `seq` of each message between two event ids. Each event must have its message.
async fn read(store: &Store, user: UserId, after: EventId, until: EventId) -> Vec<i64> {
    let events = store
        .events(user, after, until, usize::MAX >> 1)
        .await
        .expect("the log")
        .expect("nothing is trimmed");
    let messages = messages(&events);
    assert_eq!(messages.len(), events.len(), "what is visible is complete");
    messages.iter().map(|message| message.seq).collect()
}

async fn mailbox_receives_events_written_by_another_process(database: Database) {
    let app = TestApp::start(database).await;
    let other = app.beside().await;
    let (ann, bob) = app.two_friends().await;
    let ann_elsewhere = ann.at(&other);
    let mut cursor = bob.cursor().await;
    ann_elsewhere.send(bob.contact(), "from elsewhere").await;
    ann.send(bob.contact(), "from here").await;
    let heard = texts(&bob.catch_up(&mut cursor).await);
    assert_eq!(heard, ["from elsewhere", "from here"]);

    // The same for a held receive, and for a commit that has no event for Bob.
    let held = app.hold(&bob, &cursor, LONG_MS).await;
    ann_elsewhere.send(bob.contact(), "from elsewhere again").await;
    app.person("cid").await;
    let batch: Batch = held.answer().await.ok();
    assert_eq!(texts(&batch.events), ["from elsewhere again"]);
}

async fn two_processes_number_messages_without_holes_or_doubles(database: Database) {
    let app = TestApp::start(database).await;
    let other = app.beside().await;
    let (ann, bob) = app.two_friends().await;
    let mut cursor = bob.cursor().await;
    let bob_elsewhere = bob.at(&other);
    talk(&ann, &bob_elsewhere).await;
    assert_eq!(app.number("SELECT COUNT(*) FROM conversation").await, 1);
    let count = app.number("SELECT COUNT(DISTINCT seq) FROM message").await;
    assert_eq!(count, app.number("SELECT MAX(seq) FROM message").await);
    assert_eq!(count as usize, 2 * EACH);

    ann.send(bob.contact(), "the last").await;
    let heard = messages(&bob.catch_up(&mut cursor).await);
    let seqs: Vec<i64> = heard.iter().map(|message| message.seq).collect();
    assert_eq!(seqs, (1..=count + 1).collect::<Vec<_>>());
}

/// A batch with a failing write is repeated write by write, so that only that one fails.
async fn failing_write_does_not_fail_the_others_of_its_batch(database: Database) {
    let app = TestApp::start(database).await;
    let (ann, bob) = app.two_friends().await;
    ann.send(bob.contact(), "before").await;
    let mut cursor = bob.cursor().await;
    app.execute(match database {
        Database::Sqlite => {
            "CREATE TRIGGER no_poison BEFORE INSERT ON message WHEN NEW.body = 'poison' \
             BEGIN SELECT RAISE(ABORT, 'no poison'); END"
        }
        Database::Postgres => {
            "ALTER TABLE message ADD CONSTRAINT no_poison CHECK (body <> 'poison')"
        }
    })
    .await;
    // At once, so that they wait in the writer's queue and share batches.
    let sends = (0..40).map(|n| {
        let (ann, bob) = (&ann, &bob);
        let text = if n % 10 == 5 { "poison" } else { "good" };
        async move { (text, ann.try_send(bob.contact(), &client_id(), text).await) }
    });
    for (text, answer) in join_all(sends).await {
        match text {
            "good" => drop(answer.ok::<Message>()),
            _ => assert_eq!(answer.error(), KithError::TryAgain),
        }
    }
    let heard = messages(&bob.catch_up(&mut cursor).await);
    assert_eq!(heard.len(), 36);
    let seqs: Vec<i64> = heard.iter().map(|message| message.seq).collect();
    assert_eq!(seqs, (2..=37).collect::<Vec<_>>(), "the bad ones leave no gap");
}
