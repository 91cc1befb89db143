//! Messages on their way to the server. They are shown at once, sent one after the other in each
//! conversation, retried after transient errors, and kept over a reload.
//!
//! Each tab sends what was written in it, shows what was written in other tabs, and adopts what
//! closed tabs left unsent.

use std::collections::HashMap;

use serde::Serialize;

use crate::error::KithError;
use crate::model::{ClientId, Contact, Quote, Timestamp};
use crate::wire::{self, read_by_field};

use super::backoff::Backoff;
use super::receive_loop::Stop;

/// A message that the server is not known to have stored. The device keeps it as JSON, which later
/// builds have to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutboxItem {
    pub client_id: ClientId,
    pub contact: Contact,
    pub text: String,
    /// The message that it replies to.
    pub reply: Option<Quote>,
    /// Time of writing, by this device's clock. It orders the outbox, and never the conversation.
    pub at: Timestamp,
    /// The server's error, if it has refused the message. Later messages do not wait for a refused
    /// one.
    pub refused: Option<KithError>,
    /// The tab that sends it.
    pub tab: String,
}

read_by_field!(OutboxItem { client_id, contact, text, reply, at, refused } { tab });

/// Something for the caller to do after an input.
#[derive(Debug, PartialEq, Eq)]
pub enum Action {
    Send(OutboxItem),
    /// Call `wait_over` for this conversation after `ms` milliseconds.
    Wait {
        contact: Contact,
        ms: u32,
    },
    /// Write the item to the device's storage, and broadcast it to the other tabs.
    Store(OutboxItem),
    /// Remove the item from the device's storage.
    Erase(ClientId),
    /// Render this conversation's outbox again.
    Show(Contact),
    Stop(Stop),
}

/// The state of sending in one conversation.
#[derive(Debug, Default)]
struct Lane {
    in_flight: Option<ClientId>,
    waiting: bool,
    backoff: Backoff,
}

#[derive(Debug, Default)]
pub struct Outbox {
    /// This tab's id.
    tab: String,
    /// In the order in which they are sent.
    items: Vec<OutboxItem>,
    lanes: HashMap<Contact, Lane>,
    /// The sign-in is ending or has ended: nothing is sent, everything is kept.
    stopped: bool,
}

impl Outbox {
    pub fn new(tab: String) -> Self {
        Self { tab, ..Self::default() }
    }

    /// The items for `contact`, in order.
    pub fn items_to(&self, contact: Contact) -> Vec<OutboxItem> {
        self.items.iter().filter(|item| item.contact == contact).cloned().collect()
    }

    /// Takes items from the device's storage. They are shown now, and sent once adopted.
    pub fn restore(&mut self, items: Vec<OutboxItem>) -> Vec<Action> {
        let mut contacts = Vec::new();
        for item in items {
            if self.index_of(&item.client_id).is_none() {
                contacts.push(item.contact);
                self.items.push(item);
            }
        }
        self.items.sort_by_key(|item| item.at);
        contacts.sort_unstable();
        contacts.dedup();
        contacts.into_iter().map(Action::Show).collect()
    }

    /// Another tab has this item in its outbox, queued or refused.
    pub fn note_foreign(&mut self, item: OutboxItem) -> Vec<Action> {
        if let Some(index) = self.index_of(&item.client_id) {
            // This tab may have adopted the item a moment ago.
            let lane = self.lanes.entry(item.contact).or_default();
            if lane.in_flight.as_ref() == Some(&item.client_id) {
                return vec![];
            }
            self.items.remove(index);
        }
        self.restore(vec![item])
    }

    /// The user discarded this item in another tab.
    pub fn discarded_elsewhere(&mut self, client_id: &ClientId) -> Vec<Action> {
        match self.index_of(client_id) {
            Some(index) => vec![Action::Show(self.items.remove(index).contact)],
            None => vec![],
        }
    }

    /// Adopts the items of closed tabs, and sends them.
    pub fn adopt(&mut self, is_alive: impl Fn(&str) -> bool) -> Vec<Action> {
        let mut actions = Vec::new();
        let mut contacts = Vec::new();
        for item in &mut self.items {
            if item.tab != self.tab && !is_alive(&item.tab) {
                item.tab.clone_from(&self.tab);
                contacts.push(item.contact);
                actions.push(Action::Store(item.clone()));
            }
        }
        contacts.sort_unstable();
        contacts.dedup();
        actions.extend(contacts.into_iter().filter_map(|contact| self.next(contact)));
        actions
    }

    /// Whether other tabs have unsent items, as far as this tab knows.
    pub fn has_foreign(&self) -> bool {
        self.items.iter().any(|item| item.tab != self.tab)
    }

    /// Stops sending: the sign-in is ending.
    pub fn stop(&mut self) {
        self.stopped = true;
    }

    /// Sends again: the sign-in did not end after all.
    pub fn resume(&mut self) -> Vec<Action> {
        self.stopped = false;
        let contacts: Vec<Contact> = self.lanes.keys().copied().collect();
        contacts.into_iter().filter_map(|contact| self.next(contact)).collect()
    }

    /// Adds a new message. No two items of a page get the same time, so that their order survives
    /// a reload.
    pub fn queue(&mut self, mut item: OutboxItem) -> Vec<Action> {
        let after = self.items.iter().map(|item| item.at.0 + 1).max();
        item.at.0 = item.at.0.max(after.unwrap_or_default());
        item.tab.clone_from(&self.tab);
        let contact = item.contact;
        self.items.push(item.clone());
        let mut actions = vec![Action::Store(item), Action::Show(contact)];
        actions.extend(self.next(contact));
        actions
    }

    /// Takes the server's answer to a send. `random` is from 0 to 1.
    pub fn answered(
        &mut self,
        contact: Contact,
        client_id: &ClientId,
        answer: Result<(), KithError>,
        random: f64,
    ) -> Vec<Action> {
        let lane = self.lanes.entry(contact).or_default();
        if lane.in_flight.as_ref() != Some(client_id) {
            // The receive loop brought the message before this answer.
            return vec![];
        }
        lane.in_flight = None;
        let Err(error) = answer else {
            lane.backoff.reset();
            return self.remove(client_id);
        };
        if let Some(stop) = Stop::after(&error) {
            self.stopped = true;
            return vec![Action::Stop(stop)];
        }
        if error.is_transient() {
            let at_least_ms = match error {
                KithError::TooMany(s) => s.saturating_mul(1000),
                _ => 0,
            };
            lane.waiting = true;
            let ms = lane.backoff.next_ms(random).max(at_least_ms);
            return vec![Action::Wait { contact, ms }];
        }
        let mut actions = Vec::new();
        if let Some(index) = self.index_of(client_id) {
            self.items[index].refused = Some(error);
            actions.push(Action::Store(self.items[index].clone()));
            actions.push(Action::Show(contact));
        }
        actions.extend(self.next(contact));
        actions
    }

    /// The wait that `Action::Wait` asked for is over.
    pub fn wait_over(&mut self, contact: Contact) -> Vec<Action> {
        self.lanes.entry(contact).or_default().waiting = false;
        self.next(contact).into_iter().collect()
    }

    /// The network or the page came back: ends all waits.
    pub fn wake(&mut self) -> Vec<Action> {
        let waiting: Vec<Contact> =
            self.lanes.iter().filter(|(_, lane)| lane.waiting).map(|(c, _)| *c).collect();
        waiting.into_iter().flat_map(|contact| self.wait_over(contact)).collect()
    }

    /// The server is known to have stored this message, by an answer or by an event.
    pub fn confirm(&mut self, client_id: &ClientId) -> Vec<Action> {
        let Some(index) = self.index_of(client_id) else { return vec![] };
        let lane = self.lanes.entry(self.items[index].contact).or_default();
        if lane.in_flight.as_ref() == Some(client_id) {
            lane.in_flight = None;
        }
        self.remove(client_id)
    }

    /// Sends a refused message again, after everything that waits.
    pub fn retry(&mut self, client_id: &ClientId) -> Vec<Action> {
        match self.take_refused(client_id) {
            Some(item) => {
                // `NotFound` means that the message replied to is missing: send it as no reply.
                let missing = item.refused == Some(KithError::NotFound);
                let reply = item.reply.filter(|_| !missing);
                self.queue(OutboxItem { refused: None, reply, ..item })
            }
            None => vec![],
        }
    }

    /// Discards a refused message.
    pub fn discard(&mut self, client_id: &ClientId) -> Vec<Action> {
        match self.take_refused(client_id) {
            Some(item) => vec![Action::Erase(item.client_id), Action::Show(item.contact)],
            None => vec![],
        }
    }

    fn take_refused(&mut self, client_id: &ClientId) -> Option<OutboxItem> {
        let index = self.index_of(client_id)?;
        self.items[index].refused.is_some().then(|| self.items.remove(index))
    }

    fn remove(&mut self, client_id: &ClientId) -> Vec<Action> {
        let Some(index) = self.index_of(client_id) else { return vec![] };
        let contact = self.items.remove(index).contact;
        let mut actions = vec![Action::Erase(client_id.clone()), Action::Show(contact)];
        actions.extend(self.next(contact));
        actions
    }

    fn next(&mut self, contact: Contact) -> Option<Action> {
        let lane = self.lanes.entry(contact).or_default();
        if self.stopped || lane.waiting || lane.in_flight.is_some() {
            return None;
        }
        let mut waiting = self.items.iter().filter(|item| item.contact == contact);
        let item = waiting.find(|item| item.refused.is_none() && item.tab == self.tab)?;
        lane.in_flight = Some(item.client_id.clone());
        Some(Action::Send(item.clone()))
    }

    fn index_of(&self, client_id: &ClientId) -> Option<usize> {
        self.items.iter().position(|item| item.client_id == *client_id)
    }
}

/// Reads the stored items, one JSON text each, and sorts them by their time of writing. Drops
/// texts that cannot be read.
pub fn read_stored(stored: impl Iterator<Item = String>) -> Vec<OutboxItem> {
    let mut items: Vec<OutboxItem> =
        stored.filter_map(|json| wire::read(json.as_bytes()).ok()).collect();
    items.sort_by_key(|item| item.at);
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::model::UserId;

    const BOB: Contact = Contact::User(UserId(2));
    const EVE: Contact = Contact::User(UserId(3));

    fn id(name: &str) -> ClientId {
        ClientId::try_from(name.to_string()).expect("plain")
    }

    fn item(name: &str, contact: Contact) -> OutboxItem {
        OutboxItem {
            client_id: id(name),
            contact,
            reply: None,
            text: name.into(),
            at: Timestamp(100),
            refused: None,
            tab: String::new(),
        }
    }

    fn sent(actions: &[Action]) -> Vec<&str> {
        let mut sent = Vec::new();
        for action in actions {
            if let Action::Send(item) = action {
                sent.push(item.client_id.as_str());
            }
        }
        sent
    }

    #[test]
    fn each_conversation_sends_one_message_at_a_time_in_order() {
        let mut outbox = Outbox::default();
        assert_eq!(sent(&outbox.queue(item("a", BOB))), ["a"]);
        assert!(sent(&outbox.queue(item("b", BOB))).is_empty());
        assert_eq!(sent(&outbox.queue(item("c", EVE))), ["c"]);
        let actions = outbox.answered(BOB, &id("a"), Ok(()), 1.0);
        assert_eq!(sent(&actions), ["b"]);
        assert!(actions.contains(&Action::Erase(id("a"))));
        assert_eq!(outbox.items_to(BOB).len(), 1);
    }

    #[test]
    fn passing_errors_are_retried_and_keep_the_order() {
        let mut outbox = Outbox::default();
        outbox.queue(item("a", BOB));
        outbox.queue(item("b", BOB));
        let actions = outbox.answered(BOB, &id("a"), Err(KithError::Unreachable), 1.0);
        assert_eq!(actions, [Action::Wait { contact: BOB, ms: 500 }]);
        assert_eq!(sent(&outbox.wait_over(BOB)), ["a"]);
        let actions = outbox.answered(BOB, &id("a"), Err(KithError::TooMany(9)), 1.0);
        assert_eq!(actions, [Action::Wait { contact: BOB, ms: 9000 }]);
        assert_eq!(sent(&outbox.wake()), ["a"]);
        assert!(outbox.wait_over(BOB).is_empty(), "the old timer finds the message in flight");
    }

    #[test]
    fn a_refused_message_keeps_its_error_and_lets_the_next_one_pass() {
        let mut outbox = Outbox::default();
        outbox.queue(item("a", BOB));
        outbox.queue(item("b", BOB));
        let actions = outbox.answered(BOB, &id("a"), Err(KithError::NotAContact), 1.0);
        assert_eq!(sent(&actions), ["b"]);
        assert_eq!(outbox.items_to(BOB)[0].refused, Some(KithError::NotAContact));
        assert!(sent(&outbox.retry(&id("a"))).is_empty(), "b is in flight");
        assert_eq!(sent(&outbox.answered(BOB, &id("b"), Ok(()), 1.0)), ["a"]);
        outbox.answered(BOB, &id("a"), Err(KithError::NotAContact), 1.0);
        let actions = outbox.discard(&id("a"));
        assert_eq!(actions, [Action::Erase(id("a")), Action::Show(BOB)]);
        assert!(outbox.items_to(BOB).is_empty());
    }

    #[test]
    fn a_message_in_flight_cannot_be_discarded() {
        let mut outbox = Outbox::default();
        outbox.queue(item("a", BOB));
        assert!(outbox.discard(&id("a")).is_empty());
        assert_eq!(outbox.items_to(BOB).len(), 1);
    }

    #[test]
    fn an_event_may_confirm_a_message_before_the_answer_arrives() {
        let mut outbox = Outbox::default();
        outbox.queue(item("a", BOB));
        outbox.queue(item("b", BOB));
        assert_eq!(sent(&outbox.confirm(&id("a"))), ["b"]);
        assert!(outbox.answered(BOB, &id("a"), Err(KithError::Unreachable), 1.0).is_empty());
        assert!(outbox.answered(BOB, &id("a"), Ok(()), 1.0).is_empty());
        assert!(outbox.confirm(&id("a")).is_empty());
        assert_eq!(outbox.items_to(BOB).len(), 1);
    }

    #[test]
    fn the_end_of_the_sign_in_stops_sending_and_keeps_everything() {
        let mut outbox = Outbox::default();
        outbox.queue(item("a", BOB));
        let actions = outbox.answered(BOB, &id("a"), Err(KithError::Unauthorised), 1.0);
        assert_eq!(actions, [Action::Stop(Stop::SignInEnded)]);
        assert!(sent(&outbox.queue(item("b", BOB))).is_empty());
        assert_eq!(outbox.items_to(BOB).len(), 2);
    }

    #[test]
    fn a_reload_restores_the_items_in_order() {
        let mut outbox = Outbox::default();
        let mut kept = Vec::new();
        for name in ["z", "a", "m"] {
            for action in outbox.queue(item(name, BOB)) {
                if let Action::Store(item) = action {
                    kept.push(serde_json::to_string(&item).expect("JSON"));
                }
            }
        }
        kept.remove(0);
        kept.reverse();
        let items = read_stored(kept.into_iter());
        let mut outbox = Outbox::new("later".into());
        assert_eq!(outbox.restore(items.clone()), [Action::Show(BOB)]);
        assert_eq!(sent(&outbox.adopt(|_| false)), ["a"]);
        let names: Vec<String> = outbox.items_to(BOB).into_iter().map(|item| item.text).collect();
        assert_eq!(names, ["a", "m"]);
        assert!(outbox.restore(items).is_empty(), "restoring twice changes nothing");
    }

    #[test]
    fn an_item_of_another_tab_is_shown_here_and_not_sent_here() {
        let mut here = Outbox::new("here".into());
        let theirs = OutboxItem { tab: "there".into(), ..item("a", BOB) };
        assert_eq!(here.note_foreign(theirs.clone()), [Action::Show(BOB)]);
        assert_eq!(sent(&here.queue(item("b", BOB))), ["b"]);
        assert_eq!(here.items_to(BOB).len(), 2);
        assert!(sent(&here.adopt(|tab| tab == "there")).is_empty());
        let refused = OutboxItem { refused: Some(KithError::NotAContact), ..theirs };
        here.note_foreign(refused);
        assert!(here.items_to(BOB)[0].refused.is_some());
        assert_eq!(here.discarded_elsewhere(&id("a")), [Action::Show(BOB)]);
        assert!(here.discarded_elsewhere(&id("a")).is_empty());
    }

    #[test]
    fn items_of_a_closed_tab_are_adopted_and_sent() {
        let mut here = Outbox::new("here".into());
        here.restore(vec![OutboxItem { tab: "closed".into(), ..item("a", BOB) }]);
        assert!(here.has_foreign());
        let actions = here.adopt(|_| false);
        assert_eq!(sent(&actions), ["a"]);
        assert!(matches!(&actions[0], Action::Store(item) if item.tab == "here"));
        assert!(here.adopt(|_| false).is_empty());
        assert!(here.note_foreign(item("a", BOB)).is_empty(), "the message is in flight here");
    }

    #[test]
    fn sending_resumes_after_a_failed_sign_out() {
        let mut outbox = Outbox::default();
        outbox.stop();
        assert!(sent(&outbox.queue(item("a", BOB))).is_empty());
        assert_eq!(sent(&outbox.resume()), ["a"]);
    }

    #[test]
    fn an_unreadable_stored_item_does_not_hide_the_others() {
        let good = serde_json::to_string(&item("a", BOB)).expect("JSON");
        let kept = ["{broken".into(), "{}".into(), good, String::new()];
        assert_eq!(read_stored(kept.into_iter()), [item("a", BOB)]);
    }
}
