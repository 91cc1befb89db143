//! The one writer of this process: it takes what has queued up, writes it in one transaction,
//! and answers each caller only after the commit. Everything it does for a batch costs one sync
//! of the disk.

use std::future::Future;
use std::pin::Pin;
use std::time::Instant;

use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Row};
use tokio::sync::{mpsc, oneshot};

use super::sending::{self, Known, SendMessage};
use super::sql::is_sqlite;
use super::transaction::{Change, Tx};
use super::{Clock, Committed, Failure, OnCommit};
use crate::error::{KithError, Result};
use crate::model::{EventId, Message};

/// Callers that may wait in the queue; the next one waits to enter it.
const QUEUE: usize = 4_096;

/// Changes that one transaction takes at most.
const BATCH: usize = 512;

pub type Reply<T> = oneshot::Sender<Result<T>>;
type WriteFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

/// A change or a message in the queue, with the one who waits for it.
pub enum QueuedWrite {
    Change(Box<dyn ErasedChange>),
    Send(Box<Pending<SendMessage, Message>>),
}

impl QueuedWrite {
    pub fn change<C: Change>(change: C, reply: Reply<C::Answer>) -> Self {
        Self::Change(Box::new(Pending { what: change, outcome: None, reply }))
    }

    pub fn send(what: SendMessage, reply: Reply<Message>) -> Self {
        Self::Send(Box::new(Pending { what, outcome: None, reply }))
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

/// Something that was asked for, what came of it, and where the answer goes.
pub struct Pending<W, A> {
    what: W,
    outcome: Option<Result<A>>,
    reply: Reply<A>,
}

impl<W, A> Pending<W, A> {
    /// Answers. The caller may be gone; the write is made all the same.
    fn answer(self, failed: Option<KithError>) {
        let outcome = match failed {
            Some(error) => Err(error),
            None => self.outcome.unwrap_or(Err(KithError::TryAgain)),
        };
        let _ = self.reply.send(outcome);
    }
}

/// A [`Change`] whose answer's type is forgotten.
pub trait ErasedChange: Send {
    fn events(&self) -> i64;
    fn after_sends(&self) -> bool;
    fn keeps_known(&self) -> bool;
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

    fn keeps_known(&self) -> bool {
        C::KEEPS_KNOWN
    }

    fn apply<'a>(&'a mut self, tx: &'a mut Tx) -> WriteFuture<'a, ()> {
        Box::pin(async move {
            match self.what.apply(tx).await {
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

/// Starts the writer's task. It ends when nobody can send it anything any more.
pub fn start(pool: AnyPool, clock: Clock, on_commit: OnCommit) -> mpsc::Sender<QueuedWrite> {
    let (sender, mut queue) = mpsc::channel(QUEUE);
    tokio::spawn(async move {
        let mut jobs = Vec::with_capacity(BATCH);
        let mut known = Known::default();
        while queue.recv_many(&mut jobs, BATCH).await > 0 {
            write(&pool, clock, &on_commit, &mut known, std::mem::take(&mut jobs)).await;
        }
    });
    sender
}

/// Writes a batch; if it fails, each of its changes alone, so that a bad one fails alone.
async fn write(
    pool: &AnyPool,
    clock: Clock,
    on_commit: &OnCommit,
    known: &mut Known,
    mut jobs: Vec<QueuedWrite>,
) {
    let written = match commit(pool, clock, known, &mut jobs, Mode::Together).await {
        Err(Broken::Undone(_)) => commit(pool, clock, known, &mut jobs, Mode::EachAlone).await,
        written => written,
    };
    match written {
        Ok(committed) => finish(committed, jobs, on_commit),
        Err(Broken::Undone(failure) | Broken::Unknown(failure)) => {
            on_commit(None);
            let error = KithError::from(failure);
            for job in jobs {
                job.answer(Some(error.clone()));
            }
        }
    }
}

/// A transaction that was not finished.
enum Broken {
    /// Nothing was written: it may be tried another way.
    Undone(Failure),
    /// It did not begin, or its commit failed. Perhaps that reached the disk and only its answer
    /// was lost: replaying it could refuse what has happened, so the callers are told to try again.
    Unknown(Failure),
}

/// Wakes the mailboxes, then answers: a caller who has the answer finds the event there.
fn finish(committed: Committed, jobs: Vec<QueuedWrite>, on_commit: &OnCommit) {
    on_commit(Some(committed));
    for job in jobs {
        job.answer(None);
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Together,
    EachAlone,
}

/// Nothing stays `known` after a transaction that was not finished.
async fn commit(
    pool: &AnyPool,
    clock: Clock,
    known: &mut Known,
    jobs: &mut [QueuedWrite],
    mode: Mode,
) -> Result<Committed, Broken> {
    let committed = commit_or_abandon(pool, clock, known, jobs, mode).await;
    if committed.is_err() {
        known.forget();
    }
    committed
}

async fn commit_or_abandon(
    pool: &AnyPool,
    clock: Clock,
    known: &mut Known,
    jobs: &mut [QueuedWrite],
    mode: Mode,
) -> Result<Committed, Broken> {
    let (began, changes) = (Instant::now(), jobs.len());
    let wanted = jobs.iter().map(QueuedWrite::events).sum();
    // What cannot begin now cannot begin another way: a database may be locked.
    let begun = begin(pool, wanted).await.map_err(|error| Broken::Unknown(error.into()))?;
    match apply(begun, clock, known, jobs, mode).await {
        Ok(mut tx) => match sqlx::query("COMMIT").execute(&mut *tx.connection).await {
            Ok(_) => {
                let head = EventId(tx.next_event.0 - 1);
                let Tx { before, events, ended_sign_ins: ended, .. } = tx;
                known.end(head);
                Ok(Committed { before, head, events, ended, changes, took: began.elapsed() })
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
    // As a script: the way to SQLite's thread and back takes longer than both.
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
    known: &mut Known,
    jobs: &mut [QueuedWrite],
    mode: Mode,
) -> Result<Tx, (PoolConnection<Any>, Failure)> {
    let Begun { connection, before, last } = begun;
    known.begin(before);
    let mut tx = Tx {
        connection,
        now: clock(),
        before,
        next_event: EventId(before.0 + 1),
        last_event: last,
        events: Vec::new(),
        ended_sign_ins: Vec::new(),
        wrote: false,
    };
    let applied = match mode {
        Mode::Together => apply_together(&mut tx, known, jobs).await,
        Mode::EachAlone => apply_each(&mut tx, known, jobs).await,
    };
    // What was reserved and not used stays a hole.
    tx.next_event = EventId(tx.last_event.0 + 1);
    match applied {
        Ok(()) => Ok(tx),
        Err(failure) => Err((tx.connection, failure)),
    }
}

async fn apply_together(
    tx: &mut Tx,
    known: &mut Known,
    jobs: &mut [QueuedWrite],
) -> Result<(), Failure> {
    let mut sends = Vec::new();
    for job in jobs {
        match job {
            QueuedWrite::Change(change) => {
                if change.after_sends() {
                    apply_sends(tx, known, &mut std::mem::take(&mut sends)).await?;
                }
                // Each change has its own mark: what earlier ones wrote is not its doing.
                tx.wrote = false;
                if !change.keeps_known() {
                    known.forget();
                }
                change.apply(tx).await?;
            }
            QueuedWrite::Send(send) => sends.push(send.as_mut()),
        }
    }
    apply_sends(tx, known, &mut sends).await
}

async fn apply_each(
    tx: &mut Tx,
    known: &mut Known,
    jobs: &mut [QueuedWrite],
) -> Result<(), Failure> {
    for job in jobs {
        tx.wrote = false;
        let (events, ended) = (tx.events.len(), tx.ended_sign_ins.len());
        let (next, last) = (tx.next_event, tx.last_event);
        known.forget();
        sqlx::query("SAVEPOINT alone").execute(tx.read()).await?;
        let applied = match &mut *job {
            QueuedWrite::Change(change) => change.apply(tx).await,
            QueuedWrite::Send(send) => apply_sends(tx, known, &mut [send.as_mut()]).await,
        };
        if let Err(failure) = applied {
            sqlx::query("ROLLBACK TO SAVEPOINT alone").execute(tx.read()).await?;
            tx.events.truncate(events);
            tx.ended_sign_ins.truncate(ended);
            (tx.next_event, tx.last_event) = (next, last);
            job.refuse(KithError::from(failure));
        }
        sqlx::query("RELEASE SAVEPOINT alone").execute(tx.read()).await?;
    }
    Ok(())
}

async fn apply_sends(
    tx: &mut Tx,
    known: &mut Known,
    sends: &mut [&mut Pending<SendMessage, Message>],
) -> Result<(), Failure> {
    if sends.is_empty() {
        return Ok(());
    }
    let what: Vec<&SendMessage> = sends.iter().map(|send| &send.what).collect();
    let outcomes = sending::apply(tx, known, &what).await?;
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
