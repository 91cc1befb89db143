//! The receive: hands over what a cursor has not seen, or waits for it. The protocol, line by
//! line, is in `docs/receive-protocol.md`.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use super::mailbox::{Receiver, TailRead};
use super::metrics::{Held, Outcome, TransportLabel};
use super::presence::PresenceLease;
use super::{Caller, Kith};
use crate::error::{KithError, Result};
use crate::model::limits::{BATCH_BYTES_MAX, BATCH_EVENTS_MAX};
use crate::model::{Batch, Cursor, Event, EventId, EventKind, Hold, Presence};

impl Kith {
    /// Returns what the caller has not seen since `cursor`, held until there is something or
    /// `hold_ms` is over. Takes nothing away: the same cursor brings the same events again. Who is
    /// there comes along unless it is what `presence_version` names, and is something, too.
    pub async fn receive(
        &self,
        caller: Caller,
        cursor: Option<Cursor>,
        hold_ms: Option<Hold>,
        presence_version: Option<String>,
    ) -> Result<Batch> {
        let mut receiving = self.receiving(caller, TransportLabel::LongPoll);
        receiving.next(cursor.as_ref(), hold_ms, presence_version.as_deref()).await
    }

    /// Gives the caller a place at their mailbox, from which they can ask again and again.
    pub fn receiving(&self, caller: Caller, transport: TransportLabel) -> MailboxReader<'_> {
        MailboxReader {
            kith: self,
            caller,
            receiver: self.0.mailboxes.join(caller.user),
            _here: self.0.presence.join(caller),
            _held: self.0.metrics.held_by(transport),
            ending: self.0.ending.subscribe(),
        }
    }
}

/// Somebody's place at their mailbox: for as long as it is kept, every event wakes it and others
/// see that they are there.
pub struct MailboxReader<'a> {
    kith: &'a Kith,
    caller: Caller,
    /// Joined before anything is read: an event between reading and joining would wake nobody.
    receiver: Receiver,
    _here: PresenceLease,
    _held: Held,
    /// Whether the process is asked to end.
    ending: watch::Receiver<bool>,
}

impl MailboxReader<'_> {
    /// Returns what came after `cursor`, as [`Kith::receive`] does.
    pub async fn next(
        &mut self,
        cursor: Option<&Cursor>,
        hold_ms: Option<Hold>,
        presence_version: Option<&str>,
    ) -> Result<Batch> {
        let Self { kith, caller, .. } = *self;
        let (mailboxes, presence) = (&kith.0.mailboxes, &kith.0.presence);
        let deadline = Instant::now() + kith.hold(hold_ms);
        let mut counted = kith.0.metrics.receive();
        let mut waited = false;
        loop {
            // Asked after joining: from now on its end wakes this receiver.
            if mailboxes.has_ended(caller.sign_in) {
                presence.end_sign_in(caller.user, caller.sign_in);
                return Err(KithError::Unauthorised);
            }
            kith.acquaint(caller).await?;
            let found = kith.look(caller, &self.receiver, cursor).await?;
            // Looked at after the events: who is told of a message finds its writer done.
            let news = presence.news(caller.user, presence_version);
            let over = Instant::now() >= deadline || self.is_over();
            match found {
                Look::Nothing { .. } if news.is_none() && !over => {}
                found => {
                    counted.outcome = found.outcome(waited, news.is_some());
                    return Ok(kith.batch(found, news));
                }
            }
            tokio::select! {
                // The end of the hold is found at the top, after a last look.
                _ = timeout_at(deadline, self.receiver.woken()) => {}
                _ = self.ending.changed() => {}
            }
            waited = true;
        }
    }

    /// Whether the process ends, and nothing is held any more.
    pub fn is_over(&self) -> bool {
        *self.ending.borrow()
    }
}

impl Kith {
    /// Looks once for what comes after `cursor`.
    async fn look(
        &self,
        caller: Caller,
        receiver: &Receiver,
        cursor: Option<&Cursor>,
    ) -> Result<Look> {
        let mailboxes = &self.0.mailboxes;
        // Read before the tail is looked at: what is published in between is after it.
        let head = mailboxes.head();
        let Some(cursor) = cursor else { return Ok(Look::Begin { head }) };
        let known = cursor.epoch == mailboxes.epoch() && cursor.id <= head;
        if !known || cursor.id < mailboxes.trimmed() {
            return Ok(Look::Resync { head });
        }
        let Some(events) = self.since(caller, receiver, cursor.id, head).await? else {
            return Ok(Look::Resync { head: mailboxes.head() });
        };
        let (events, has_more) = bounded(events);
        Ok(match events.last() {
            Some(last) => {
                let until = if has_more { last.id } else { last.id.max(head) };
                Look::Events { until, events, has_more }
            }
            None => Look::Nothing { head },
        })
    }

    /// Returns the events after `cursor`, from memory if the tail reaches back that far, else
    /// from the log; `None` when that does not reach back so far either.
    async fn since(
        &self,
        caller: Caller,
        receiver: &Receiver,
        cursor: EventId,
        head: EventId,
    ) -> Result<Option<Vec<Event>>> {
        match receiver.recent(cursor) {
            TailRead::Known(events) => Ok(Some(
                events.iter().map(|event| Event::clone(event).seen_by(caller.user)).collect(),
            )),
            TailRead::TooOld => {
                self.store().events(caller.user, cursor, head, BATCH_EVENTS_MAX + 1).await
            }
        }
    }

    /// Finds out whom the caller knows, once: as a rule, this reads nothing.
    async fn acquaint(&self, caller: Caller) -> Result<()> {
        let presence = &self.0.presence;
        while let Some(asked) = presence.unacquainted(caller.user) {
            let ties = self.store().ties(caller.user, self.policy().contacts).await?;
            presence.acquaint(caller.user, asked, ties);
        }
        Ok(())
    }

    fn batch(&self, found: Look, presence: Option<Presence>) -> Batch {
        let (until, events, has_more, resync) = match found {
            Look::Begin { head } | Look::Nothing { head } => (head, Vec::new(), false, false),
            Look::Resync { head } => (head, Vec::new(), false, true),
            Look::Events { until, events, has_more } => (until, events, has_more, false),
        };
        let cursor = Cursor { epoch: self.0.mailboxes.epoch().to_string(), id: until };
        let build = presence.is_some().then(|| self.policy().build.clone());
        Batch { cursor, events, has_more, resync, build, presence }
    }

    /// Returns for how long anything is held at most.
    pub fn longest_hold(&self) -> Duration {
        self.policy().hold
    }

    fn hold(&self, asked_ms: Option<Hold>) -> Duration {
        let most = self.longest_hold();
        asked_ms.map_or(most, |ms| Duration::from_millis(ms.into()).min(most))
    }
}

/// What one look finds.
enum Look {
    /// There was no cursor: here is one.
    Begin {
        head: EventId,
    },
    /// The cursor cannot be served.
    Resync {
        head: EventId,
    },
    Events {
        until: EventId,
        events: Vec<Event>,
        has_more: bool,
    },
    Nothing {
        head: EventId,
    },
}

impl Look {
    /// What came of a receive that ends with this. `news` are those of presence.
    fn outcome(&self, waited: bool, news: bool) -> Outcome {
        match self {
            Self::Resync { .. } => Outcome::Resync,
            Self::Nothing { .. } if !news => Outcome::Empty,
            _ if waited => Outcome::Woken,
            _ => Outcome::AtOnce,
        }
    }
}

/// Cuts a batch to its limits, though never below one event. Returns whether something was cut.
fn bounded(mut events: Vec<Event>) -> (Vec<Event>, bool) {
    let mut bytes = 0;
    let fitting = events
        .iter()
        .take(BATCH_EVENTS_MAX)
        .take_while(|event| {
            bytes += weight(event);
            bytes <= BATCH_BYTES_MAX
        })
        .count()
        .max(1);
    let has_more = events.len() > fitting;
    events.truncate(fitting);
    (events, has_more)
}

/// About how many bytes an event takes on the wire.
fn weight(event: &Event) -> usize {
    const FRAME: usize = 200;
    match &event.kind {
        EventKind::Message { message, .. } => FRAME + message.text.len(),
        EventKind::FriendRequested { request } => FRAME + request.note.len(),
        EventKind::GroupJoined { group, .. } | EventKind::GroupChanged { group } => {
            FRAME + group.name.len() + group.description.len()
        }
        _ => FRAME,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClientId, Conversation, Message, Timestamp, UserId};

    fn message(id: i64, bytes: usize) -> Event {
        let message = Message {
            seq: id,
            count: id,
            sender: UserId(1),
            client_id: ClientId::try_from("a".to_string()).ok(),
            text: "x".repeat(bytes),
            reply: None,
            system: None,
            sent: Timestamp(0),
        };
        let conversation = Conversation::direct(UserId(1), UserId(2));
        Event { id: EventId(id), kind: EventKind::Message { conversation, message } }
    }

    #[test]
    fn a_batch_is_bounded_in_count() {
        let (events, has_more) =
            bounded((0..=BATCH_EVENTS_MAX as i64).map(|id| message(id, 1)).collect());
        assert_eq!((events.len(), has_more), (BATCH_EVENTS_MAX, true));
        let (events, has_more) = bounded(events);
        assert_eq!((events.len(), has_more), (BATCH_EVENTS_MAX, false));
    }

    #[test]
    fn a_batch_is_bounded_in_bytes_but_never_empty() {
        let half = BATCH_BYTES_MAX / 2;
        let (events, has_more) = bounded((0..3).map(|id| message(id, half)).collect());
        assert_eq!((events.len(), has_more), (1, true));
        let (events, has_more) = bounded(vec![message(1, BATCH_BYTES_MAX * 2)]);
        assert_eq!((events.len(), has_more), (1, false));
        assert_eq!(bounded(Vec::new()), (Vec::new(), false));
    }
}
