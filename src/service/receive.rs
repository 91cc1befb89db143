//! The receive: returns the events after a cursor, or waits for them. `docs/receive-protocol.md`
//! has the protocol.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use super::mailbox::{Receiver, TailRead};
use super::metrics::{HeldReceive, Outcome, TransportLabel};
use super::presence::PresenceLease;
use super::{Caller, Kith};
use crate::error::{KithError, Result};
use crate::model::limits::{BATCH_BYTES_MAX, BATCH_EVENTS_MAX};
use crate::model::{Batch, Cursor, Event, EventId, EventKind, HoldMs, Presence};

impl Kith {
    /// Returns the caller's events after `cursor`. Without new ones it is held until there are
    /// some, or for `hold_ms`. If `presence_version` is not the current version, the answer comes
    /// at once and contains the presence. Reading removes nothing: the same cursor returns the same
    /// events again.
    pub async fn receive(
        &self,
        caller: Caller,
        cursor: Option<Cursor>,
        hold_ms: Option<HoldMs>,
        presence_version: Option<String>,
    ) -> Result<Batch> {
        let mut reader = self.mailbox_reader(caller, TransportLabel::LongPoll);
        reader.next(cursor.as_ref(), hold_ms, presence_version.as_deref()).await
    }

    /// Joins the caller's mailbox, for any number of receives.
    pub fn mailbox_reader(&self, caller: Caller, transport: TransportLabel) -> MailboxReader<'_> {
        MailboxReader {
            kith: self,
            caller,
            receiver: self.0.mailboxes.join(caller.user),
            _online: self.0.presence.join(caller),
            _held: self.0.metrics.held_by(transport),
            ending: self.0.ending.subscribe(),
        }
    }
}

/// A reader of the caller's mailbox. While it exists, every event wakes it and the caller is
/// online.
pub struct MailboxReader<'a> {
    kith: &'a Kith,
    caller: Caller,
    /// Joined before anything is read: an event between reading and joining would wake nobody.
    receiver: Receiver,
    _online: PresenceLease,
    _held: HeldReceive,
    /// Whether the process is asked to end.
    ending: watch::Receiver<bool>,
}

impl MailboxReader<'_> {
    /// Returns the events after `cursor`, as [`Kith::receive`] does.
    pub async fn next(
        &mut self,
        cursor: Option<&Cursor>,
        hold_ms: Option<HoldMs>,
        presence_version: Option<&str>,
    ) -> Result<Batch> {
        let Self { kith, caller, .. } = *self;
        let (mailboxes, presence) = (&kith.0.mailboxes, &kith.0.presence);
        let deadline = Instant::now() + kith.hold(hold_ms);
        let mut timer = kith.0.metrics.start_receive();
        let mut waited = false;
        loop {
            // Checked after joining: from then on the end of the sign-in wakes this receiver.
            if mailboxes.has_ended(caller.sign_in) {
                presence.end_sign_in(caller.user, caller.sign_in);
                return Err(KithError::Unauthorised);
            }
            kith.load_relationships(caller).await?;
            let found = kith.look(caller, &self.receiver, cursor).await?;
            // Read after the events: with a message, its sender must not be typing any more.
            let view = presence.view_of(caller.user, presence_version);
            let over = Instant::now() >= deadline || self.is_over();
            match found {
                Look::Nothing { .. } if view.is_none() && !over => {}
                found => {
                    timer.outcome = found.outcome(waited, view.is_some());
                    return Ok(kith.batch(found, view));
                }
            }
            tokio::select! {
                // The loop checks the end of the hold, after a last look.
                _ = timeout_at(deadline, self.receiver.woken()) => {}
                _ = self.ending.changed() => {}
            }
            waited = true;
        }
    }

    /// Whether the process ends, so that nothing is held any more.
    pub fn is_over(&self) -> bool {
        *self.ending.borrow()
    }
}

impl Kith {
    /// Looks once for events after `cursor`.
    async fn look(
        &self,
        caller: Caller,
        receiver: &Receiver,
        cursor: Option<&Cursor>,
    ) -> Result<Look> {
        let mailboxes = &self.0.mailboxes;
        // Read before the tail: events published in between have greater ids.
        let head = mailboxes.head();
        let Some(cursor) = cursor else { return Ok(Look::Begin { head }) };
        let known = cursor.epoch == mailboxes.epoch() && cursor.id <= head;
        if !known || cursor.id < mailboxes.trimmed() {
            return Ok(Look::Resync { head });
        }
        let Some(events) = self.events_after(caller, receiver, cursor.id, head).await? else {
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

    /// Returns the events after `cursor`, from memory if the tail reaches back that far, else from
    /// the log. `None` when the log does not reach back that far either.
    async fn events_after(
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

    /// Loads the caller's relationships for presence, unless they are loaded already.
    async fn load_relationships(&self, caller: Caller) -> Result<()> {
        let presence = &self.0.presence;
        while let Some(generation) = presence.relationships_needed(caller.user) {
            let relationships =
                self.store().relationships(caller.user, self.policy().contacts).await?;
            presence.set_relationships(caller.user, generation, relationships);
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

    /// Returns the maximum time for which a receive is held.
    pub fn max_hold(&self) -> Duration {
        self.policy().hold
    }

    fn hold(&self, asked_ms: Option<HoldMs>) -> Duration {
        let max = self.max_hold();
        asked_ms.map_or(max, |ms| Duration::from_millis(ms.into()).min(max))
    }
}

/// The result of one look.
enum Look {
    /// Without a cursor: the client begins at the head.
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
    /// Returns the outcome of a receive that ends with this look, and with new presence or not.
    fn outcome(&self, waited: bool, new_presence: bool) -> Outcome {
        match self {
            Self::Resync { .. } => Outcome::Resync,
            Self::Nothing { .. } if !new_presence => Outcome::Empty,
            _ if waited => Outcome::Woken,
            _ => Outcome::AtOnce,
        }
    }
}

/// Cuts a batch to its limits, but never below one event. Returns whether some were cut.
fn bounded(mut events: Vec<Event>) -> (Vec<Event>, bool) {
    let mut bytes = 0;
    let fitting = events
        .iter()
        .take(BATCH_EVENTS_MAX)
        .take_while(|event| {
            bytes += wire_bytes(event);
            bytes <= BATCH_BYTES_MAX
        })
        .count()
        .max(1);
    let has_more = events.len() > fitting;
    events.truncate(fitting);
    (events, has_more)
}

/// Returns the approximate bytes of an event on the wire.
fn wire_bytes(event: &Event) -> usize {
    /// Bytes of an event without its texts.
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
