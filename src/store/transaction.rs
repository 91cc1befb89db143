//! A change, and the transaction in which it is applied.

use std::future::Future;

use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, Row};

use super::fact::{AUDIENCE_EVERYBODY, AUDIENCE_USER, Fact};
use super::people_in_facts::PeopleInFacts;
use super::{AddressedEvent, Audience, Failure, sql};
use crate::error::Result;
use crate::model::{Event, EventId, SignInId, Timestamp, UserId};

/// A write, as plain data. It may be applied more than once, each time from the same state of the
/// database: a failed batch is replayed change by change.
pub trait Change: Send + Sync + 'static {
    type Answer: Send + 'static;

    /// Maximum number of events that it writes, not counting those of [`Tx::reserve`].
    const EVENTS: i64;

    /// Whether the sends queued before it in its batch are stored before it. Set for the changes
    /// that end memberships of a group: leaving it, removing a member, disbanding it. The messages
    /// sent before are then neither refused nor missing from the member's copy. All other changes
    /// are applied before the sends of their batch: a message queued just before a block, the end
    /// of a friendship or the deletion of an account may be refused.
    const AFTER_SENDS: bool = false;

    /// Whether the writer's cache for sends stays valid. Only for a change that affects neither
    /// memberships, roles and conversations nor who may write to whom.
    const KEEPS_SEND_CACHE: bool = false;

    /// Checks the rules, then writes. A refusal after a write costs the batch a replay.
    fn apply(&self, tx: &mut Tx) -> impl Future<Output = Result<Self::Answer, Failure>> + Send;
}

/// The transaction in which changes are applied.
pub struct Tx {
    pub(super) connection: PoolConnection<Any>,
    /// When this batch began, by the server's clock.
    pub now: Timestamp,
    /// The log's head before this batch.
    pub(super) before: EventId,
    pub(super) next_event: EventId,
    /// The last event id that this transaction has taken from the log's head.
    pub(super) last_event: EventId,
    pub(super) events: Vec<AddressedEvent>,
    pub(super) ended_sign_ins: Vec<(UserId, SignInId)>,
    /// Set by every statement that writes.
    pub(super) wrote: bool,
    /// Whether a change has erased what a person wrote.
    pub(super) erased: bool,
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

    /// Notes that this change erases what a person wrote: its bytes must leave the files, too.
    pub fn erase(&mut self) {
        self.erased = true;
    }

    /// Takes `count` new ids of this kind and returns the last of them.
    pub async fn new_ids(&mut self, kind: &str, count: i64) -> Result<i64, Failure> {
        let row =
            sqlx::query("UPDATE id_counter SET value = value + $1 WHERE name = $2 RETURNING value")
                .bind(count)
                .bind(kind)
                .fetch_one(self.write())
                .await?;
        Ok(row.try_get(0)?)
    }

    /// Takes the next event id.
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

    /// Delivers this event to its audience after the commit.
    pub fn publish(&mut self, event: Event, audience: Audience) {
        self.events.push(AddressedEvent { event, audience });
    }

    /// Ends the held receives of a sign-in of `user` after the commit.
    pub fn end_sign_in(&mut self, user: UserId, sign_in: SignInId) {
        self.ended_sign_ins.push((user, sign_in));
    }

    /// Takes `count` more event ids, for a change that learns only here how many it needs. This
    /// transaction holds the lock on the log's head, so they follow those that it has.
    pub async fn reserve(&mut self, count: i64) -> Result<(), Failure> {
        sqlx::query("UPDATE log_head SET id = id + $1").bind(count).execute(self.write()).await?;
        self.last_event.0 += count;
        Ok(())
    }

    /// Writes an event for one user.
    pub async fn log_for_user(&mut self, user: UserId, fact: Fact) -> Result<(), Failure> {
        self.log(AUDIENCE_USER, user.0, fact, Audience::Users(vec![user])).await
    }

    /// Writes an event for everybody.
    pub async fn log_for_everybody(&mut self, fact: Fact) -> Result<(), Failure> {
        self.log(AUDIENCE_EVERYBODY, 0, fact, Audience::Everybody).await
    }

    /// Writes an event for several audiences, with a row in the log for each: its kind and its id.
    /// `users` are the users in them, who hear of it once.
    pub(super) async fn log_for_all(
        &mut self,
        audiences: &[(i64, i64)],
        fact: Fact,
        users: Vec<UserId>,
    ) -> Result<(), Failure> {
        let json = serde_json::to_string(&fact).map_err(|e| sqlx::Error::Encode(e.into()))?;
        let now = self.now;
        let mut last = None;
        for part in sql::parts(audiences) {
            let text = format!(
                "INSERT INTO event (id, audience, audience_id, fact, at) VALUES {}",
                sql::rows(part.len(), 5, 1)
            );
            let mut query = sqlx::query(&text);
            for (kind, audience_id) in part {
                let id = self.next_event();
                last = Some(id);
                query = query.bind(id.0).bind(*kind).bind(*audience_id).bind(&json).bind(now.0);
            }
            query.execute(self.write()).await?;
        }
        let Some(id) = last else { return Ok(()) };
        let people = PeopleInFacts::load(self.read(), std::iter::once(&fact)).await?;
        if let Some(kind) = people.event_kind(fact) {
            self.publish(Event { id, kind }, Audience::Users(users));
        }
        Ok(())
    }

    /// Writes an event. `kind` and `audience_id` say in the log what `audience` says in memory.
    pub(super) async fn log(
        &mut self,
        kind: i64,
        audience_id: i64,
        fact: Fact,
        audience: Audience,
    ) -> Result<(), Failure> {
        let id = self.next_event();
        let json = serde_json::to_string(&fact).map_err(|e| sqlx::Error::Encode(e.into()))?;
        let now = self.now;
        sqlx::query(
            "INSERT INTO event (id, audience, audience_id, fact, at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(id.0)
        .bind(kind)
        .bind(audience_id)
        .bind(json)
        .bind(now.0)
        .execute(self.write())
        .await?;
        let people = PeopleInFacts::load(self.read(), std::iter::once(&fact)).await?;
        if let Some(kind) = people.event_kind(fact) {
            self.publish(Event { id, kind }, audience);
        }
        Ok(())
    }
}
