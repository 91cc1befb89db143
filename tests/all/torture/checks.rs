//! The checks at the end of each trial.

use std::collections::HashSet;

use kith::model::{Contact, Conversation, EventId, UserId};
use kith::server::system_clock;
use sqlx::{AnyConnection, Connection, Executor};

use super::Trial;
use super::client::{Client, Held, Notes, Written};
use super::stored::{Entry, Stored};
use super::testbed::Testbed;
use crate::harness::Database;

/// Exceptions from the checks that a trial allows.
#[derive(Default)]
pub struct Allowed {
    /// The number of resyncs of each page.
    pub resyncs: usize,
    /// Messages acknowledged in this phase may be lost.
    pub lost_phase: Option<u32>,
}

/// Returns every violation.
pub fn broken(clients: &[impl AsRef<Client>], stored: &Stored, allowed: &Allowed) -> Vec<String> {
    let mut wrong = Vec::new();
    for (conversation, lines) in stored.conversations() {
        for (position, line) in (1..).zip(lines) {
            if line.seq != position {
                wrong.push(format!("{conversation:?}: seq {} at position {position}", line.seq));
                break;
            }
        }
        check_doubles(conversation, lines, &mut wrong);
    }
    for client in clients {
        let client = client.as_ref();
        let name = &client.person.username;
        let told = broken_for(client, stored, allowed);
        wrong.extend(told.into_iter().map(|what| format!("{name}: {what}")));
    }
    wrong
}

/// Finds messages that are stored twice.
fn check_doubles(conversation: Conversation, lines: &[Entry], wrong: &mut Vec<String>) {
    let mut seen: HashSet<(UserId, &str)> = HashSet::new();
    for line in lines {
        if !seen.insert((line.sender, &line.client_id)) {
            wrong.push(format!("{conversation:?}: {} is stored twice", line.client_id));
        }
    }
}

fn broken_for(client: &Client, stored: &Stored, allowed: &Allowed) -> Vec<String> {
    let me = client.me();
    let mut state = client.state();
    let mut wrong = std::mem::take(&mut state.notes.wrong);
    if state.notes.resyncs != allowed.resyncs {
        wrong.push(format!("took {} new snapshots", state.notes.resyncs));
    }
    for passing in state.notes.failures.keys() {
        if !["try again", "the server cannot be reached"].contains(&passing.as_str()) {
            wrong.push(format!("a send was answered with: {passing}"));
        }
    }
    check_acknowledged(me, &state.notes, stored, allowed, &mut wrong);
    for (conversation, lines) in stored.conversations() {
        let Some(contact) = contact_in(conversation, me) else { continue };
        let own = lines.iter().filter(|line| line.sender == me && is_text(line));
        if let Some(why) = out_of_order(own, &state.notes) {
            wrong.push(format!("{contact}: {why}"));
        }
        let page = &state.page;
        if page.conversations.get(&contact).is_none_or(|known| !shows(known, lines)) {
            wrong.push(format!("{contact}: the page shows something else than is stored"));
        }
    }
    wrong
}

/// Each acknowledged message must be stored as it was written, with the acknowledged `seq`.
fn check_acknowledged(
    me: UserId,
    notes: &Notes,
    stored: &Stored,
    allowed: &Allowed,
    wrong: &mut Vec<String>,
) {
    for Written { client_id, contact, text } in &notes.written {
        let mut lines = stored.of(contact.conversation_with(me)).iter();
        let line = lines.find(|line| line.sender == me && line.client_id == client_id.as_str());
        match (line, notes.acknowledged.get(client_id)) {
            (_, None) => wrong.push(format!("never settled: {client_id:?}")),
            (None, Some((.., phase))) if allowed.lost_phase == Some(*phase) => {}
            (None, Some(_)) => wrong.push(format!("LOST: {client_id:?}")),
            (Some(line), _) if line.text != *text => {
                wrong.push(format!("{text:?} reads {:?}", line.text));
            }
            (Some(line), Some((in_contact, seq, _))) => {
                if (*in_contact, *seq) != (*contact, line.seq) {
                    wrong.push(format!("{contact}: acknowledged with seq {seq}, {line:?}"));
                }
            }
        }
    }
}

/// A person's stored messages must be in the order of writing, with nothing else among them.
fn out_of_order<'a>(own: impl Iterator<Item = &'a Entry>, notes: &Notes) -> Option<String> {
    let mut last = None;
    for line in own {
        let mut written = notes.written.iter();
        let number = written.position(|written| written.client_id.as_str() == line.client_id);
        if number.is_none() {
            return Some(format!("never written: {line:?}"));
        }
        if number <= last {
            return Some(format!("{} was overtaken", line.client_id));
        }
        last = number;
    }
    None
}

/// Whether a page shows all stored messages in order.
fn shows(known: &Held, lines: &[Entry]) -> bool {
    let shown = known.loaded.messages();
    let newest = lines.last().map_or(0, |line| line.seq);
    // A later member does not see the first system lines of a group.
    let first = shown.first().map_or(newest + 1, |first| first.seq);
    let (unseen, lines): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line.seq < first);
    let stored = lines.iter().map(|line| (line.seq, line.sender, &*line.text));
    let seen = shown.iter().map(|message| (message.seq, message.sender, &*message.text));
    stored.eq(seen)
        && !unseen.into_iter().any(is_text)
        && known.loaded.gap().is_none()
        && !known.loaded.has_older()
        && known.marks.last_seq == newest
}

/// Whether a person wrote the entry: system lines have no text.
fn is_text(line: &Entry) -> bool {
    !line.text.is_empty()
}

/// The contact by which `me` has this conversation; `None` for those of others. Everybody is in
/// every group.
pub fn contact_in(conversation: Conversation, me: UserId) -> Option<Contact> {
    match conversation {
        Conversation::Direct(low, high) if me != low && me != high => None,
        conversation => Some(conversation.contact_of(me)),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn checks_find_lost_doubled_changed_and_reordered_messages() {
    let trial = Trial::new("checks");
    let (testbed, app) = Testbed::new(trial, Database::Sqlite, system_clock).await;
    testbed.address.set(Some(app.address().await));
    testbed.load_pages().await;
    let (ann, bob) = (&testbed.clients[0], &testbed.clients[1]);
    for n in 0..8 {
        ann.write(Contact::User(bob.me()), format!("line {n}"));
    }
    let stored = testbed.settle().await;
    assert_eq!(broken(&testbed.clients, &stored, &Allowed::default()), [""; 0]);

    let mut behind = AnyConnection::connect(&testbed.url()).await.expect("a connection");
    for (damage, found) in [
        ("DELETE FROM message WHERE client_id = 'ann-0'", "LOST: ClientId(\"ann-0\")"),
        ("DELETE FROM message WHERE client_id = 'ann-5'", "seq 2 at position 1"),
        ("UPDATE message SET body = 'else' WHERE client_id = 'ann-1'", "\"line 1\" reads \"else\""),
        ("UPDATE message SET seq = 20 WHERE client_id = 'ann-3'", "acknowledged with seq 4"),
        ("UPDATE message SET seq = 4 WHERE client_id = 'ann-7'", "ann-4 was overtaken"),
        ("UPDATE message SET client_id = 'ann-99' WHERE client_id = 'ann-2'", "never written"),
    ] {
        behind.execute(damage).await.expect("it is damaged");
        let stored = Stored::read(&testbed.url()).await;
        let wrong = broken(&testbed.clients, &stored, &Allowed::default());
        assert!(wrong.iter().any(|what| what.contains(found)), "{damage}: {wrong:#?}");
        let shown = wrong.iter().filter(|what| what.ends_with("something else than is stored"));
        assert_eq!(shown.count(), 2, "{damage}: both pages show what is not stored: {wrong:#?}");
    }
    bob.hear(EventId(1), Contact::User(ann.me()), 3);
    let wrong = broken(&testbed.clients, &stored, &Allowed::default());
    assert!(wrong[0].contains("event 1 came after"), "{wrong:?}");
    assert!(wrong[1].contains("heard 3 after 8"), "{wrong:?}");
}
