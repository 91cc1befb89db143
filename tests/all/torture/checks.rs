//! What must hold when all is over, whatever went wrong meanwhile.

use std::collections::HashSet;

use kith::model::{Contact, Conversation, EventId, UserId};
use kith::server::system_clock;
use sqlx::{AnyConnection, Connection, Executor};

use super::Trial;
use super::client::{Client, Held, Notes, Written};
use super::crew::Crew;
use super::stored::{Entry, Stored};
use crate::harness::Database;

/// What may have happened in this run, and must not in others.
#[derive(Default)]
pub struct Allowed {
    /// How often each page had to take a new snapshot.
    pub resyncs: usize,
    /// What was sent in this era may be gone.
    pub lost_era: Option<u32>,
}

/// Returns every sentence of the promise that was broken.
pub fn broken(clients: &[impl AsRef<Client>], stored: &Stored, allowed: &Allowed) -> Vec<String> {
    let mut wrong = Vec::new();
    for (conversation, lines) in stored.conversations() {
        for (place, line) in (1..).zip(lines) {
            if line.seq != place {
                wrong.push(format!("{conversation:?}: {} in the place of {place}", line.seq));
                break;
            }
        }
        once(conversation, lines, &mut wrong);
    }
    for client in clients {
        let client = client.as_ref();
        let name = &client.person.username;
        let told = of_one(client, stored, allowed);
        wrong.extend(told.into_iter().map(|what| format!("{name}: {what}")));
    }
    wrong
}

/// Nobody's message is in a conversation twice.
fn once(conversation: Conversation, lines: &[Entry], wrong: &mut Vec<String>) {
    let mut seen: HashSet<(UserId, &str)> = HashSet::new();
    for line in lines {
        if !seen.insert((line.sender, &line.client_id)) {
            wrong.push(format!("{conversation:?}: {} is stored twice", line.client_id));
        }
    }
}

fn of_one(client: &Client, stored: &Stored, allowed: &Allowed) -> Vec<String> {
    let me = client.me();
    let mut state = client.state();
    let mut wrong = std::mem::take(&mut state.notes.wrong);
    if state.notes.resyncs != allowed.resyncs {
        wrong.push(format!("took {} snapshots anew", state.notes.resyncs));
    }
    for passing in state.notes.failures.keys() {
        if !["try again", "the server cannot be reached"].contains(&passing.as_str()) {
            wrong.push(format!("a send was answered with: {passing}"));
        }
    }
    what_was_sent(me, &state.notes, stored, allowed, &mut wrong);
    for (conversation, lines) in stored.conversations() {
        let Some(contact) = contact_in(conversation, me) else { continue };
        let own = lines.iter().filter(|line| line.sender == me && is_said(line));
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

/// What was said to be sent is stored, as it was written, where it was said to be.
fn what_was_sent(
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
            (None, Some((.., era))) if allowed.lost_era == Some(*era) => {}
            (None, Some(_)) => wrong.push(format!("LOST: {client_id:?}")),
            (Some(line), _) if line.text != *text => {
                wrong.push(format!("{text:?} reads {:?}", line.text));
            }
            (Some(line), Some(place)) => {
                if (place.0, place.1) != (*contact, line.seq) {
                    wrong.push(format!("{contact}: said to be at {}, {line:?}", place.1));
                }
            }
        }
    }
}

/// What somebody wrote stands in the order in which they wrote it, and nothing else does.
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

/// Whether a page shows everything that was said, in its place.
fn shows(known: &Held, lines: &[Entry]) -> bool {
    let shown = known.window.messages();
    let newest = lines.last().map_or(0, |line| line.seq);
    // Who joined a group later does not see how it began; nothing was said by then.
    let first = shown.first().map_or(newest + 1, |first| first.seq);
    let (unseen, lines): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line.seq < first);
    let stored = lines.iter().map(|line| (line.seq, line.sender, &*line.text));
    let seen = shown.iter().map(|message| (message.seq, message.sender, &*message.text));
    stored.eq(seen)
        && !unseen.into_iter().any(is_said)
        && known.window.gap().is_none()
        && !known.window.has_older()
        && known.marks.last_seq == newest
}

/// Kith's own lines have no text.
fn is_said(line: &Entry) -> bool {
    !line.text.is_empty()
}

/// As whom `me` knows this conversation, if they are in it. Everybody is in every group.
pub fn contact_in(conversation: Conversation, me: UserId) -> Option<Contact> {
    match conversation {
        Conversation::Direct(low, high) if me != low && me != high => None,
        conversation => Some(conversation.contact_of(me)),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_lost_doubled_changed_or_out_of_order_is_found() {
    let trial = Trial::new("checks");
    let (crew, app) = Crew::gather(trial, Database::Sqlite, system_clock).await;
    crew.whereabouts.set(Some(app.address().await));
    crew.come().await;
    let (ann, bob) = (&crew.clients[0], &crew.clients[1]);
    for n in 0..8 {
        ann.write(Contact::User(bob.me()), format!("line {n}"));
    }
    let stored = crew.settle().await;
    assert_eq!(broken(&crew.clients, &stored, &Allowed::default()), [""; 0]);

    let mut behind = AnyConnection::connect(&crew.url()).await.expect("a connection");
    for (damage, found) in [
        ("DELETE FROM message WHERE client_id = 'ann-0'", "LOST: ClientId(\"ann-0\")"),
        ("DELETE FROM message WHERE client_id = 'ann-5'", "2 in the place of 1"),
        ("UPDATE message SET body = 'else' WHERE client_id = 'ann-1'", "\"line 1\" reads \"else\""),
        ("UPDATE message SET seq = 20 WHERE client_id = 'ann-3'", "said to be at 4"),
        ("UPDATE message SET seq = 4 WHERE client_id = 'ann-7'", "ann-4 was overtaken"),
        ("UPDATE message SET client_id = 'ann-99' WHERE client_id = 'ann-2'", "never written"),
    ] {
        behind.execute(damage).await.expect("it is damaged");
        let stored = Stored::read(&crew.url()).await;
        let wrong = broken(&crew.clients, &stored, &Allowed::default());
        assert!(wrong.iter().any(|what| what.contains(found)), "{damage}: {wrong:#?}");
        let shown = wrong.iter().filter(|what| what.ends_with("something else than is stored"));
        assert_eq!(shown.count(), 2, "{damage}: both see what is not there: {wrong:#?}");
    }
    bob.hear(EventId(1), Contact::User(ann.me()), 3);
    let wrong = broken(&crew.clients, &stored, &Allowed::default());
    assert!(wrong[0].contains("event 1 came after"), "{wrong:?}");
    assert!(wrong[1].contains("heard 3 after 8"), "{wrong:?}");
}
