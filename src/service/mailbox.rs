//! Mailboxes: for each user who listens, a wake-up channel and the last few events. A mailbox can
//! be dropped at any moment: the log has everything.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::broadcast;
use tokio::time::Instant;

use crate::model::{
    Conversation, Event, EventId, EventKind, Message, Quote, SignInId, SystemLine, UserId,
};
use crate::store::{Audience, Committed, LogState};

/// Maximum number of events in a tail. A receiver that is further behind reads the log.
const TAIL: usize = 256;

/// Capacity of the wake-up channel. One is enough: a woken receiver reads the whole tail.
const WAKE_UPS: usize = 1;

/// Time for which a mailbox is kept after its last receiver left. It covers the pause between two
/// requests on a slow network.
pub const LINGER: Duration = Duration::from_secs(60);

/// The mailboxes of all users who listen, and the head of the published log.
#[derive(Debug)]
pub struct Mailboxes {
    epoch: String,
    /// One lock for the head and the mailboxes: a new mailbox begins exactly at the head, never in
    /// the middle of a batch.
    listening: Mutex<Listeners>,
}

#[derive(Debug)]
struct Listeners {
    head: EventId,
    trimmed: EventId,
    boxes: HashMap<UserId, Arc<Mailbox>>,
    /// Sign-ins that ended less than `LINGER` ago. A receive that was admitted just before the end
    /// finds its sign-in here.
    ended: HashMap<SignInId, Instant>,
}

#[derive(Debug)]
struct Mailbox {
    /// Carries no data: a receiver that misses a wake-up loses nothing.
    wake: broadcast::Sender<()>,
    tail: Mutex<Tail>,
}

#[derive(Debug)]
struct Tail {
    /// All events of its user after this one are in `events`.
    after: EventId,
    /// In the order of their ids.
    events: VecDeque<Arc<Event>>,
    /// When the last receiver left.
    idle_since: Instant,
}

/// The result of reading a tail after a cursor.
pub enum TailRead {
    /// All events after the cursor, perhaps none.
    Known(Vec<Arc<Event>>),
    /// The tail begins after the cursor: read the log.
    TooOld,
}

/// A receiver at its user's mailbox. Dropping it leaves the mailbox.
#[derive(Debug)]
pub struct Receiver {
    mailbox: Arc<Mailbox>,
    wake_ups: broadcast::Receiver<()>,
}

impl Mailboxes {
    pub fn new(log: LogState) -> Self {
        let listening = Listeners {
            head: log.head,
            trimmed: log.trimmed,
            boxes: HashMap::new(),
            ended: HashMap::new(),
        };
        Self { epoch: log.epoch, listening: Mutex::new(listening) }
    }

    /// Which log the cursors belong to.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// Returns the last event that is published: all up to it are visible, in order.
    pub fn head(&self) -> EventId {
        self.lock().head
    }

    /// Returns the retention floor: a cursor before it cannot be served.
    pub fn trimmed(&self) -> EventId {
        self.lock().trimmed
    }

    /// Sets a new retention floor.
    pub fn trim(&self, floor: EventId) {
        let mut listening = self.lock();
        listening.trimmed = listening.trimmed.max(floor);
    }

    /// Puts the events of a commit into the tails of their audience and wakes the receivers, also
    /// those whose sign-in it ended. Costs nothing for users who do not listen.
    pub fn publish(&self, committed: Committed) {
        let mut listening = self.lock();
        if committed.before > listening.head {
            // Another process wrote meanwhile (see `Committed`). Only the log has its events.
            for mailbox in listening.boxes.values() {
                mailbox.clear(committed.before);
            }
        }
        // First: the receives of an ended sign-in get no more events, not even of this commit.
        for (user, sign_in) in committed.ended {
            listening.ended.insert(sign_in, Instant::now());
            if let Some(mailbox) = listening.boxes.get(&user) {
                mailbox.wake();
            }
        }
        for addressed in committed.events {
            if let EventKind::Message { conversation, message } = &addressed.event.kind
                && matches!(message.system, Some(SystemLine::Recalled { .. }))
            {
                // The tails of former members are changed too.
                listening.boxes.values().for_each(|mailbox| mailbox.amend(*conversation, message));
            }
            let event = Arc::new(addressed.event);
            match addressed.audience {
                Audience::Users(users) => users
                    .iter()
                    .filter_map(|user| listening.boxes.get(user))
                    .for_each(|mailbox| mailbox.put(Arc::clone(&event))),
                Audience::Everybody => {
                    listening.boxes.values().for_each(|mailbox| mailbox.put(Arc::clone(&event)));
                }
            }
        }
        // Another process may have written to the same log meanwhile and be ahead.
        listening.head = listening.head.max(committed.head);
    }

    /// Wakes those of `users` who listen, although the log has nothing for them.
    pub fn wake(&self, users: &[UserId]) {
        let listening = self.lock();
        for mailbox in users.iter().filter_map(|user| listening.boxes.get(user)) {
            mailbox.wake();
        }
    }

    /// Joins the mailbox of `user`, and creates it if there is none.
    pub fn join(&self, user: UserId) -> Receiver {
        let mut listening = self.lock();
        let head = listening.head;
        let mailbox = listening.boxes.entry(user).or_insert_with(|| Arc::new(Mailbox::new(head)));
        Receiver { wake_ups: mailbox.wake.subscribe(), mailbox: Arc::clone(mailbox) }
    }

    /// Whether this sign-in ended less than `LINGER` ago. Requests of older ended sign-ins are
    /// refused earlier, by `guard`.
    pub fn has_ended(&self, sign_in: SignInId) -> bool {
        self.lock().ended.contains_key(&sign_in)
    }

    /// Drops the mailboxes without a receiver for `LINGER`.
    pub fn sweep(&self) {
        let mut listening = self.lock();
        listening.boxes.retain(|_, mailbox| {
            mailbox.wake.receiver_count() > 0 || mailbox.tail().idle_since.elapsed() < LINGER
        });
        listening.ended.retain(|_, at| at.elapsed() < LINGER);
    }

    /// Returns how many mailboxes there are, and how many receivers at them.
    pub fn count(&self) -> (usize, usize) {
        let listening = self.lock();
        let receivers = listening.boxes.values().map(|mailbox| mailbox.wake.receiver_count()).sum();
        (listening.boxes.len(), receivers)
    }

    fn lock(&self) -> MutexGuard<'_, Listeners> {
        self.listening.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Mailbox {
    fn new(after: EventId) -> Self {
        let tail = Tail { after, events: VecDeque::new(), idle_since: Instant::now() };
        Self { wake: broadcast::Sender::new(WAKE_UPS), tail: Mutex::new(tail) }
    }

    fn put(&self, event: Arc<Event>) {
        let mut tail = self.tail();
        if tail.events.len() == TAIL
            && let Some(oldest) = tail.events.pop_front()
        {
            tail.after = oldest.id;
        }
        debug_assert!(tail.events.back().is_none_or(|last| last.id < event.id), "out of order");
        tail.events.push_back(event);
        drop(tail);
        self.wake();
    }

    /// Replaces a recalled message in the tail, also in quotes, so that its text is no longer in
    /// memory.
    fn amend(&self, conversation: Conversation, changed: &Message) {
        for event in &mut self.tail().events {
            let told = match &event.kind {
                EventKind::Message { conversation: other, message } if *other == conversation => {
                    message
                }
                _ => continue,
            };
            let message = if told.seq == changed.seq {
                changed.clone()
            } else if told.reply.as_ref().is_some_and(|quote| quote.seq == changed.seq) {
                let quote = Quote::new(changed.seq, changed.sender, &changed.text);
                Message { reply: Some(quote), ..told.clone() }
            } else {
                continue;
            };
            let kind = EventKind::Message { conversation, message };
            *event = Arc::new(Event { id: event.id, kind });
        }
    }

    /// Empties the tail, which does not have all events up to `until`.
    fn clear(&self, until: EventId) {
        let mut tail = self.tail();
        tail.events.clear();
        tail.after = until;
        drop(tail);
        self.wake();
    }

    fn wake(&self) {
        // An error only says that there is no receiver now.
        let _ = self.wake.send(());
    }

    fn tail(&self) -> MutexGuard<'_, Tail> {
        self.tail.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Receiver {
    /// Returns what the mailbox has after `cursor`.
    pub fn recent(&self, cursor: EventId) -> TailRead {
        let tail = self.mailbox.tail();
        if cursor < tail.after {
            return TailRead::TooOld;
        }
        let known = tail.events.partition_point(|event| event.id <= cursor);
        TailRead::Known(tail.events.range(known..).cloned().collect())
    }

    /// Waits for the next wake-up. A missed wake-up counts as one.
    pub async fn woken(&mut self) {
        if let Err(broadcast::error::RecvError::Closed) = self.wake_ups.recv().await {
            // Unreachable: this receiver keeps the mailbox, and with it the sender, alive.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.mailbox.tail().idle_since = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::UserId;
    use crate::store::AddressedEvent;

    const ANN: UserId = UserId(1);

    fn mailboxes() -> Mailboxes {
        let log = LogState { epoch: "e".into(), head: EventId(0), trimmed: EventId(0) };
        Mailboxes::new(log)
    }

    fn committed(id: i64) -> Committed {
        let kind = EventKind::FriendRequestClosed { from: UserId(1), to: UserId(2) };
        let event = Event { id: EventId(id), kind };
        Committed {
            before: EventId(id - 1),
            head: EventId(id),
            ended: Vec::new(),
            erased: false,
            changes: 1,
            took: Duration::ZERO,
            events: vec![AddressedEvent { event, audience: Audience::Users(vec![ANN]) }],
        }
    }

    #[tokio::test]
    async fn the_end_of_a_sign_in_wakes_and_is_found() {
        let mailboxes = mailboxes();
        let mut receiver = mailboxes.join(ANN);
        let ended = vec![(ANN, SignInId(7))];
        mailboxes.publish(Committed { ended, events: Vec::new(), ..committed(1) });
        receiver.woken().await;
        assert!(mailboxes.has_ended(SignInId(7)));
        assert!(!mailboxes.has_ended(SignInId(8)));
    }

    fn known(receiver: &Receiver, cursor: i64) -> Option<Vec<i64>> {
        match receiver.recent(EventId(cursor)) {
            TailRead::Known(events) => Some(events.iter().map(|event| event.id.0).collect()),
            TailRead::TooOld => None,
        }
    }

    #[test]
    fn a_mailbox_begins_where_publishing_has_got_to() {
        let mailboxes = mailboxes();
        mailboxes.publish(committed(1));
        let receiver = mailboxes.join(ANN);
        assert_eq!(known(&receiver, 0), None, "event 1 is only in the log");
        assert_eq!(known(&receiver, 1), Some(vec![]));
        mailboxes.publish(committed(2));
        assert_eq!(known(&receiver, 1), Some(vec![2]));
    }

    #[test]
    fn a_tail_that_overflowed_is_too_old_for_an_earlier_cursor() {
        let mailboxes = mailboxes();
        let receiver = mailboxes.join(ANN);
        for id in 1..=TAIL as i64 + 1 {
            mailboxes.publish(committed(id));
        }
        assert_eq!(known(&receiver, 0), None);
        assert_eq!(known(&receiver, 1).map(|ids| ids.len()), Some(TAIL));
    }

    #[test]
    fn events_of_another_process_are_read_from_the_log() {
        let mailboxes = mailboxes();
        let receiver = mailboxes.join(ANN);
        mailboxes.publish(committed(1));
        mailboxes.publish(committed(3));
        assert_eq!(known(&receiver, 0), None);
        assert_eq!(known(&receiver, 1), None, "event 2 is only in the log");
        assert_eq!(known(&receiver, 2), Some(vec![3]));
    }

    #[tokio::test]
    async fn lagging_is_a_wake_up_and_skips_nothing() {
        let mailboxes = mailboxes();
        let mut receiver = mailboxes.join(ANN);
        for id in 1..=WAKE_UPS as i64 * 3 {
            mailboxes.publish(committed(id));
        }
        receiver.woken().await;
        assert_eq!(known(&receiver, 0).map(|ids| ids.len()), Some(WAKE_UPS * 3));
    }

    #[tokio::test(start_paused = true)]
    async fn a_mailbox_outlives_its_last_receiver_a_little() {
        let mailboxes = mailboxes();
        drop(mailboxes.join(ANN));
        mailboxes.sweep();
        assert_eq!(mailboxes.count(), (1, 0));
        tokio::time::advance(LINGER).await;
        mailboxes.sweep();
        assert_eq!(mailboxes.count(), (0, 0));
    }
}
