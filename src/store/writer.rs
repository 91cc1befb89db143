//! The one writer of this process: it takes the queued writes as a batch, applies them in one
//! transaction, and answers each caller only after the commit. A batch costs one sync of the disk,
//! whatever its size.

use std::future::Future;
use std::pin::Pin;
use std::time::Instant;

use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Row};
use tokio::sync::{mpsc, oneshot};

use super::sending::{self, SendCache, SendMessage};
use super::sql::is_sqlite;
use super::transaction::{Change, Tx};
use super::{Clock, Committed, Failure, OnCommit};
use crate::error::{KithError, Result};
use crate::model::{EventId, Message};

/// Maximum number of writes in the queue; the next caller waits to enter it.
const QUEUE: usize = 4_096;

/// Maximum number of writes in one transaction.
const BATCH: usize = 512;

pub type AnswerSender<T> = oneshot::Sender<Result<T>>;
type WriteFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

/// A write in the queue: a change or a message.
pub enum QueuedWrite {
    Change(Box<dyn ErasedChange>),
    Send(Box<Pending<SendMessage, Message>>),
}

impl QueuedWrite {
    pub fn change<C: Change>(change: C, caller: AnswerSender<C::Answer>) -> Self {
        Self::Change(Box::new(Pending { write: change, outcome: None, caller }))
    }

    pub fn send(message: SendMessage, caller: AnswerSender<Message>) -> Self {
        Self::Send(Box::new(Pending { write: message, outcome: None, caller }))
    }

    fn events(&self) -> i64 {
        match self {
            Self::Change(change) => change.events(),
            Self::Send(_) => 1,
        }
    }

    fn refuse(&mut self, error: KithError) {
        match self {
            Self::Change(change) => change.refuse(error),
            Self::Send(send) => send.outcome = Some(Err(error)),
        }
    }

    fn answer(self, failed: Option<KithError>) {
        match self {
            Self::Change(change) => change.answer(failed),
            Self::Send(send) => send.answer(failed),
        }
    }
}

/// A queued write, its outcome, and the channel to its caller.
pub struct Pending<W, A> {
    write: W,
    outcome: Option<Result<A>>,
    caller: AnswerSender<A>,
}

impl<W, A> Pending<W, A> {
    /// Answers the caller, who may have stopped waiting. The write is made all the same.
    fn answer(self, failed: Option<KithError>) {
        let outcome = match failed {
            Some(error) => Err(error),
            None => self.outcome.unwrap_or(Err(KithError::TryAgain)),
        };
        let _ = self.caller.send(outcome);
    }
}

/// A [`Change`] whose answer type is erased.
pub trait ErasedChange: Send {
    fn events(&self) -> i64;
    fn after_sends(&self) -> bool;
    fn keeps_send_cache(&self) -> bool;
    fn apply<'a>(&'a mut self, tx: &'a mut Tx) -> WriteFuture<'a, ()>;
    fn refuse(&mut self, error: KithError);
    fn answer(self: Box<Self>, failed: Option<KithError>);
}

impl<C: Change> ErasedChange for Pending<C, C::Answer> {
    fn events(&self) -> i64 {
        C::EVENTS
    }

    fn after_sends(&self) -> bool {
        C::AFTER_SENDS
    }

    fn keeps_send_cache(&self) -> bool {
        C::KEEPS_SEND_CACHE
    }

    fn apply<'a>(&'a mut self, tx: &'a mut Tx) -> WriteFuture<'a, ()> {
        Box::pin(async move {
            match self.write.apply(tx).await {
                Ok(answer) => self.outcome = Some(Ok(answer)),
                Err(Failure::Refused(why)) if !tx.wrote => self.outcome = Some(Err(why)),
                Err(failure) => return Err(failure),
            }
            Ok(())
        })
    }

    fn refuse(&mut self, error: KithError) {
        self.outcome = Some(Err(error));
    }

    fn answer(self: Box<Self>, failed: Option<KithError>) {
        Pending::answer(*self, failed);
    }
}

/// Starts the writer's task. It ends when the last sender of its queue is dropped.
pub fn start(pool: AnyPool, clock: Clock, on_commit: OnCommit) -> mpsc::Sender<QueuedWrite> {
    let (sender, mut queue) = mpsc::channel(QUEUE);
    tokio::spawn(async move {
        let mut writes = Vec::with_capacity(BATCH);
        let mut cache = SendCache::default();
        while queue.recv_many(&mut writes, BATCH).await > 0 {
            write_batch(&pool, clock, &on_commit, &mut cache, std::mem::take(&mut writes)).await;
        }
    });
    sender
}

/// Writes a batch. If it fails, its writes are applied one by one, so that a bad one fails alone.
async fn write_batch(
    pool: &AnyPool,
    clock: Clock,
    on_commit: &OnCommit,
    cache: &mut SendCache,
    mut writes: Vec<QueuedWrite>,
) {
    let written = match commit(pool, clock, cache, &mut writes, Mode::Together).await {
        Err(Broken::Undone(_)) => commit(pool, clock, cache, &mut writes, Mode::EachAlone).await,
        written => written,
    };
    match written {
        Ok(committed) => finish(committed, writes, on_commit),
        Err(Broken::Undone(failure) | Broken::Unknown(failure)) => {
            on_commit(None);
            let error = KithError::from(failure);
            for write in writes {
                write.answer(Some(error.clone()));
            }
        }
    }
}

/// A batch whose transaction was not finished.
enum Broken {
    /// Nothing was written: its writes may be applied one by one.
    Undone(Failure),
    /// It did not begin, or its commit failed. A failed commit may have reached the disk. Repeated,
    /// a change that was made could be refused, so the callers are told to try again.
    Unknown(Failure),
}

/// Wakes the mailboxes, then answers the callers: a caller with its answer finds the event in them.
fn finish(committed: Committed, writes: Vec<QueuedWrite>, on_commit: &OnCommit) {
    on_commit(Some(committed));
    for write in writes {
        write.answer(None);
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Together,
    EachAlone,
}

/// Applies and commits a batch. After a failure the send cache is emptied.
async fn commit(
    pool: &AnyPool,
    clock: Clock,
    cache: &mut SendCache,
    writes: &mut [QueuedWrite],
    mode: Mode,
) -> Result<Committed, Broken> {
    let committed = commit_or_abandon(pool, clock, cache, writes, mode).await;
    if committed.is_err() {
        cache.clear();
    }
    committed
}

async fn commit_or_abandon(
    pool: &AnyPool,
    clock: Clock,
    cache: &mut SendCache,
    writes: &mut [QueuedWrite],
    mode: Mode,
) -> Result<Committed, Broken> {
    let (began, changes) = (Instant::now(), writes.len());
    let wanted = writes.iter().map(QueuedWrite::events).sum();
    // If the transaction cannot begin, trying the changes one by one cannot help: the database may
    // be locked.
    let begun = begin(pool, wanted).await.map_err(|error| Broken::Unknown(error.into()))?;
    match apply(begun, clock, cache, writes, mode).await {
        Ok(mut tx) => match sqlx::query("COMMIT").execute(&mut *tx.connection).await {
            Ok(_) => {
                let head = EventId(tx.next_event.0 - 1);
                let Tx { before, events, ended_sign_ins: ended, erased, .. } = tx;
                cache.end(head);
                let took = began.elapsed();
                Ok(Committed { before, head, events, ended, erased, changes, took })
            }
            Err(error) => {
                abandon(tx.connection).await;
                Err(Broken::Unknown(error.into()))
            }
        },
        Err((connection, failure)) => {
            abandon(connection).await;
            Err(Broken::Undone(failure))
        }
    }
}

/// A transaction that has begun, with event ids for its batch.
struct Begun {
    connection: PoolConnection<Any>,
    /// The log's head before it.
    before: EventId,
    /// The last of the ids.
    last: EventId,
}

async fn begin(pool: &AnyPool, wanted: i64) -> Result<Begun, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    match take_ids(&mut connection, wanted).await {
        Ok(last) => Ok(Begun { connection, before: EventId(last - wanted), last: EventId(last) }),
        Err(error) => {
            abandon(connection).await;
            Err(error)
        }
    }
}

/// Begins the transaction and returns the last of `wanted` new event ids.
async fn take_ids(connection: &mut AnyConnection, wanted: i64) -> Result<i64, sqlx::Error> {
    const TAKE: &str = "UPDATE log_head SET id = id + $1 RETURNING id";
    // Both statements in one text: each call crosses to SQLite's thread, which takes longer than
    // the statements.
    const BEGIN_AND_TAKE: &str = "BEGIN IMMEDIATE; UPDATE log_head SET id = id + $1 RETURNING id";
    let take = if is_sqlite(connection) {
        BEGIN_AND_TAKE
    } else {
        sqlx::query("BEGIN").execute(&mut *connection).await?;
        TAKE
    };
    // `fetch_one` would return after `BEGIN`, which yields no row.
    let rows = sqlx::query(take).bind(wanted).fetch_all(connection).await?;
    rows.first().ok_or(sqlx::Error::RowNotFound)?.try_get(0)
}

/// Applies the changes of a batch. The connection comes back either way.
async fn apply(
    begun: Begun,
    clock: Clock,
    cache: &mut SendCache,
    writes: &mut [QueuedWrite],
    mode: Mode,
) -> Result<Tx, (PoolConnection<Any>, Failure)> {
    let Begun { connection, before, last } = begun;
    cache.begin(before);
    let mut tx = Tx {
        connection,
        now: clock(),
        before,
        next_event: EventId(before.0 + 1),
        last_event: last,
        events: Vec::new(),
        ended_sign_ins: Vec::new(),
        wrote: false,
        erased: false,
    };
    let applied = match mode {
        Mode::Together => apply_together(&mut tx, cache, writes).await,
        Mode::EachAlone => apply_each(&mut tx, cache, writes).await,
    };
    // Reserved ids that were not used stay unused: the log has gaps.
    tx.next_event = EventId(tx.last_event.0 + 1);
    match applied {
        Ok(()) => Ok(tx),
        Err(failure) => Err((tx.connection, failure)),
    }
}

async fn apply_together(
    tx: &mut Tx,
    cache: &mut SendCache,
    writes: &mut [QueuedWrite],
) -> Result<(), Failure> {
    let mut sends = Vec::new();
    for write in writes {
        match write {
            QueuedWrite::Change(change) => {
                if change.after_sends() {
                    apply_sends(tx, cache, &mut std::mem::take(&mut sends)).await?;
                }
                // `wrote` is for this change alone; earlier changes may have set it.
                tx.wrote = false;
                if !change.keeps_send_cache() {
                    cache.clear();
                }
                change.apply(tx).await?;
            }
            QueuedWrite::Send(send) => sends.push(send.as_mut()),
        }
    }
    apply_sends(tx, cache, &mut sends).await
}

async fn apply_each(
    tx: &mut Tx,
    cache: &mut SendCache,
    writes: &mut [QueuedWrite],
) -> Result<(), Failure> {
    for write in writes {
        tx.wrote = false;
        let (events, ended) = (tx.events.len(), tx.ended_sign_ins.len());
        let (next, last) = (tx.next_event, tx.last_event);
        cache.clear();
        sqlx::query("SAVEPOINT alone").execute(tx.read()).await?;
        let applied = match &mut *write {
            QueuedWrite::Change(change) => change.apply(tx).await,
            QueuedWrite::Send(send) => apply_sends(tx, cache, &mut [send.as_mut()]).await,
        };
        if let Err(failure) = applied {
            sqlx::query("ROLLBACK TO SAVEPOINT alone").execute(tx.read()).await?;
            tx.events.truncate(events);
            tx.ended_sign_ins.truncate(ended);
            (tx.next_event, tx.last_event) = (next, last);
            write.refuse(KithError::from(failure));
        }
        sqlx::query("RELEASE SAVEPOINT alone").execute(tx.read()).await?;
    }
    Ok(())
}

async fn apply_sends(
    tx: &mut Tx,
    cache: &mut SendCache,
    sends: &mut [&mut Pending<SendMessage, Message>],
) -> Result<(), Failure> {
    if sends.is_empty() {
        return Ok(());
    }
    let messages: Vec<&SendMessage> = sends.iter().map(|send| &send.write).collect();
    let outcomes = sending::apply(tx, cache, &messages).await?;
    for (send, outcome) in sends.iter_mut().zip(outcomes) {
        send.outcome = Some(outcome);
    }
    Ok(())
}

/// Ends a transaction that failed. A connection that cannot even roll back is closed.
async fn abandon(mut connection: PoolConnection<Any>) {
    if sqlx::query("ROLLBACK").execute(&mut *connection).await.is_err() {
        connection.close_on_drop();
    }
}
