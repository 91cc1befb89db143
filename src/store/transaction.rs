//! A change, and the transaction that it is applied in.

use std::future::Future;

use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, Row};

use super::fact::{AUDIENCE_EVERYBODY, AUDIENCE_USER, Fact};
use super::log::Named;
use super::sending::Known;
use super::{AddressedEvent, Audience, Failure};
use crate::error::Result;
use crate::model::{Event, EventId, SignInId, Timestamp, UserId};

/// A write, as plain data. It may be applied more than once (a batch that failed is replayed
/// change by change), each time from the same state of the database.
pub trait Change: Send + Sync + 'static {
    type Answer: Send + 'static;

    /// How many events it writes at most, besides those that it takes with [`Tx::reserve`].
    const EVENTS: i64;

    /// Whether the messages that were queued before it must be stored before it: it may take the
    /// right to send them away.
    const AFTER_SENDS: bool = false;

    /// Whether it leaves alone all that decides who may send what: who is in a conversation, with
    /// which rights, and who may write to whom.
    const SPARES_SENDS: bool = false;

    /// Checks what guards the write, then writes. A refusal after a write is allowed: it costs
    /// the batch a replay.
    fn apply(&self, tx: &mut Tx) -> impl Future<Output = Result<Self::Answer, Failure>> + Send;
}

/// The transaction that a change is applied in.
pub struct Tx {
    pub(super) connection: PoolConnection<Any>,
    /// When this batch began, by the server's clock.
    pub now: Timestamp,
    /// The log's head before this batch.
    pub(super) before: EventId,
    pub(super) next_event: EventId,
    /// The last event id that was taken from the log's head.
    pub(super) last_event: EventId,
    pub(super) heard: Vec<AddressedEvent>,
    pub(super) ended: Vec<(UserId, SignInId)>,
    /// What is known from the sends before.
    pub(super) known: Known,
    /// Set by every statement that writes.
    pub(super) wrote: bool,
}

impl Tx {
    /// The connection, to read.
    pub fn read(&mut self) -> &mut AnyConnection {
        &mut self.connection
    }

    /// The connection, to write: a refusal from now on undoes the whole batch.
    pub fn write(&mut self) -> &mut AnyConnection {
        self.wrote = true;
        &mut self.connection
    }

    /// Returns `count` new ids of this kind, the last of them.
    pub async fn new_ids(&mut self, kind: &str, count: i64) -> Result<i64, Failure> {
        let row =
            sqlx::query("UPDATE id_counter SET value = value + $1 WHERE name = $2 RETURNING value")
                .bind(count)
                .bind(kind)
                .fetch_one(self.write())
                .await?;
        Ok(row.try_get(0)?)
    }

    /// Returns the next event's id.
    pub fn next_event(&mut self) -> EventId {
        debug_assert!(self.next_event <= self.last_event, "an event that was not reserved");
        let id = self.next_event;
        self.next_event.0 += 1;
        id
    }

    /// Returns the id that the next event will have.
    pub fn peek_event(&self) -> EventId {
        self.next_event
    }

    /// Wakes `by` with this event after the commit.
    pub fn heard(&mut self, event: Event, by: Audience) {
        self.heard.push(AddressedEvent { event, by });
    }

    /// Ends the receives of a sign-in of `user` after the commit.
    pub fn ended(&mut self, user: UserId, sign_in: SignInId) {
        self.ended.push((user, sign_in));
    }

    /// Takes `count` more event ids, for a change that learns only here how many it needs. The
    /// log's head is locked by this transaction: they follow those that it has.
    pub async fn reserve(&mut self, count: i64) -> Result<(), Failure> {
        sqlx::query("UPDATE log_head SET id = id + $1").bind(count).execute(self.write()).await?;
        self.last_event.0 += count;
        Ok(())
    }

    /// Writes an event that one user hears of.
    pub async fn tell(&mut self, user: UserId, fact: Fact) -> Result<(), Failure> {
        self.log(AUDIENCE_USER, user.0, fact, Audience::Users(vec![user])).await
    }

    /// Writes an event that everybody hears of.
    pub async fn tell_everybody(&mut self, fact: Fact) -> Result<(), Failure> {
        self.log(AUDIENCE_EVERYBODY, 0, fact, Audience::Everybody).await
    }

    /// Writes an event that `by` hear of.
    pub(super) async fn log(
        &mut self,
        audience: i64,
        audience_id: i64,
        fact: Fact,
        by: Audience,
    ) -> Result<(), Failure> {
        let id = self.next_event();
        let json = serde_json::to_string(&fact).map_err(|e| sqlx::Error::Encode(e.into()))?;
        let now = self.now;
        sqlx::query(
            "INSERT INTO event (id, audience, audience_id, fact, at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(id.0)
        .bind(audience)
        .bind(audience_id)
        .bind(json)
        .bind(now.0)
        .execute(self.write())
        .await?;
        let named = Named::load(self.read(), std::iter::once(&fact)).await?;
        if let Some(kind) = named.event_kind(fact) {
            self.heard(Event { id, kind }, by);
        }
        Ok(())
    }
}
