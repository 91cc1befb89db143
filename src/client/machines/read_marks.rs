//! Collects read marks, so that only the newest of each conversation is sent. A mark whose call
//! failed is sent again.

use std::collections::HashMap;

use crate::model::Contact;

use super::backoff::Backoff;

/// Time for which marks are collected before they are sent, in milliseconds.
const COLLECT_MS: u32 = 500;

#[derive(Debug, Default)]
pub struct ReadMarks {
    /// Marks that are not sent yet.
    due: HashMap<Contact, i64>,
    /// The newest mark that was sent of each conversation.
    sent: HashMap<Contact, i64>,
    timer_runs: bool,
    backoff: Backoff,
}

impl ReadMarks {
    /// The user has seen everything of `contact` up to `seq`. Returns the delay in milliseconds
    /// after which to call `take_due`, unless a timer is running.
    pub fn seen(&mut self, contact: Contact, seq: i64) -> Option<u32> {
        let known = self.sent.get(&contact).max(self.due.get(&contact));
        if known.is_some_and(|known| *known >= seq) {
            return None;
        }
        self.due.insert(contact, seq);
        self.start_timer(COLLECT_MS)
    }

    /// The timer has fired: returns the marks to send.
    pub fn take_due(&mut self) -> Vec<(Contact, i64)> {
        self.timer_runs = false;
        let mut due: Vec<(Contact, i64)> = self.due.drain().collect();
        due.sort_unstable();
        self.sent.extend(due.iter().copied());
        due
    }

    /// The server has taken a mark.
    pub fn succeeded(&mut self) {
        self.backoff.reset();
    }

    /// A mark could not be sent. Returns the delay in milliseconds before the next attempt, by
    /// which a newer mark may have replaced this one. `random` is from 0 to 1.
    pub fn failed(&mut self, contact: Contact, seq: i64, random: f64) -> Option<u32> {
        if self.sent.get(&contact) == Some(&seq) {
            self.sent.remove(&contact);
        }
        let due = self.due.entry(contact).or_default();
        *due = seq.max(*due);
        let ms = self.backoff.next_ms(random).max(COLLECT_MS);
        self.start_timer(ms)
    }

    fn start_timer(&mut self, ms: u32) -> Option<u32> {
        let starts = !self.timer_runs;
        self.timer_runs = true;
        starts.then_some(ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::model::UserId;

    const BOB: Contact = Contact::User(UserId(2));
    const EVE: Contact = Contact::User(UserId(3));

    #[test]
    fn marks_within_half_a_second_are_merged_for_each_conversation() {
        let mut marks = ReadMarks::default();
        assert_eq!(marks.seen(BOB, 1), Some(500));
        assert_eq!(marks.seen(BOB, 2), None);
        assert_eq!(marks.seen(EVE, 7), None);
        assert_eq!(marks.take_due(), [(BOB, 2), (EVE, 7)]);
        assert!(marks.take_due().is_empty());
    }

    #[test]
    fn a_sent_mark_is_not_sent_again() {
        let mut marks = ReadMarks::default();
        marks.seen(BOB, 2);
        marks.take_due();
        assert_eq!(marks.seen(BOB, 2), None);
        assert_eq!(marks.seen(BOB, 1), None);
        assert!(marks.take_due().is_empty());
        assert_eq!(marks.seen(BOB, 3), Some(500));
    }

    #[test]
    fn a_failed_mark_is_retried_unless_a_newer_one_has_replaced_it() {
        let mut marks = ReadMarks::default();
        marks.seen(BOB, 2);
        marks.take_due();
        assert_eq!(marks.failed(BOB, 2, 1.0), Some(500));
        assert_eq!(marks.seen(BOB, 4), None);
        assert_eq!(marks.take_due(), [(BOB, 4)]);
        assert_eq!(marks.failed(BOB, 4, 1.0), Some(1000));
        marks.succeeded();
        assert_eq!(marks.take_due(), [(BOB, 4)]);
    }
}
