//! The database: all SQL statements of Kith.
//!
//! Reads go through a pool and run in parallel. Writes are [`Change`]s and [`SendMessage`]s, which
//! the one writer of this process commits in batches.

mod account_deletion;
mod administration;
mod conversations;
mod database;
mod fact;
mod groups;
mod log;
mod log_head;
mod lookup;
mod migrations;
mod name_key;
mod people;
mod people_in_facts;
mod private_file;
mod reads;
mod rows;
mod script;
mod sending;
mod sql;
mod transaction;
mod upkeep;
mod visibility;
mod writer;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::AnyPool;
use tokio::sync::mpsc;

use crate::error::{KithError, Result};
use crate::model::{Event, EventId, SignInId, Timestamp, UserId};

pub use account_deletion::DeleteAccount;
pub use administration::{
    AddMember, AdminAction, Administer, CreateGroupFor, CreateRegistrationLink, CreateUser,
    DeleteUser, DisbandGroupAsAdmin, EditGroup, EditUser, EndFriendship, EndJoinLink,
    RemoveMemberAsAdmin, RevokeRegistrationLink, SetAdministrator, SetDisabled, SetPassword,
    SetRegistration, SetRoleAsAdmin, SignOutUser,
};
pub use conversations::own_copy::{ClearChat, HideMessage, SetChat};
pub use conversations::read_marks::MarkRead;
pub use conversations::recall::Recall;
pub use database::files_in;
pub use groups::{
    AcceptGroupInvitation, AnswerJoinRequest, CloseGroupInvitation, CreateGroup, DisbandGroup,
    GroupSettings, InviteToGroup, JoinByLink, JoinOutcome, LeaveGroup, RemoveMember, SetApproval,
    SetGroup, SetJoinLink, SetRole,
};
pub use log_head::LogState;
pub use name_key::name_key;
pub use people::accounts::NewUser;
pub use people::blocks::SetBlocked;
pub use people::credentials::{AddSignIn, ChoosePassword, Credentials, RenewHash};
pub use people::directory::PeopleQuery;
pub use people::friends::{AcceptFriend, DeclineFriend, RemoveFriend, RequestFriend, SetRemark};
pub use people::own_account::{ChangePassword, PasswordProof, SetProfile};
pub use people::registration::Register;
pub use people::relationships::Relationship;
pub use people::sign_ins::{ForgetExpired, KnownSignIn, NewSignIn, RemoveSignIn, TouchSignIn};
pub use private_file::{create_private_in, is_open_to_others};
pub use sending::SendMessage;
pub use transaction::{Change, Tx};
pub use upkeep::backup::{BackupError, backup};
pub use upkeep::check::{Finding, check};
pub use upkeep::monitoring::Probe;
pub use upkeep::trimming::Trim;

/// The server's clock, passed in so that tests can move it.
pub type Clock = fn() -> Timestamp;

/// A commit, with everything that must be published after it.
#[derive(Debug)]
pub struct Committed {
    /// The log's head before it. If this is not the head after this process's last commit, then
    /// another process wrote in between, or a commit whose answer was lost.
    pub before: EventId,
    /// The log's head after it.
    pub head: EventId,
    pub events: Vec<AddressedEvent>,
    /// The sign-ins that it ended.
    pub ended: Vec<(UserId, SignInId)>,
    /// Whether it erased what a person wrote.
    pub erased: bool,
    /// Number of changes and messages in its batch, refused ones included.
    pub changes: usize,
    /// Time from the beginning of the transaction until it was on disk.
    pub took: Duration,
}

/// An event and its audience.
#[derive(Debug)]
pub struct AddressedEvent {
    pub event: Event,
    pub audience: Audience,
}

/// The users who receive an event.
#[derive(Debug)]
pub enum Audience {
    Users(Vec<UserId>),
    Everybody,
}

/// Called by the writer after each commit, before the callers get their answers. `Kith::open`
/// passes it: it updates metrics, sign-ins and presence, then publishes to the mailboxes. `None`
/// when the batch could not be written.
pub type OnCommit = Box<dyn Fn(Option<Committed>) + Send + Sync>;

/// Why a statement or a change failed.
#[derive(Debug)]
pub enum Failure {
    /// A rule forbids the change. What it has written is rolled back.
    Refused(KithError),
    /// The database failed.
    Database(sqlx::Error),
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl From<KithError> for Failure {
    fn from(error: KithError) -> Self {
        Self::Refused(error)
    }
}

impl From<Failure> for KithError {
    /// Returns the error for the caller. Detail of the database is logged here, once, and goes no
    /// further.
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(error) => error,
            Failure::Database(error) => {
                tracing::error!(%error, "database");
                Self::TryAgain
            }
        }
    }
}

/// Why the store could not be opened. Shown to the operator, never to a browser.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the data folder cannot be created: {0}")]
    Folder(#[from] std::io::Error),
    #[error("the database cannot be opened: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the database cannot be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error(
        "the database was written by a newer Kith (it has change {0}, which this one does not \
         know): install that version again, or restore a backup made before the upgrade"
    )]
    Newer(i64),
    #[error("SQLite runs with {pragma} = {found}, not {wanted}: messages would not be safe")]
    Unsafe { pragma: &'static str, found: String, wanted: &'static str },
}

/// The database of one Kith. Cheap to clone. The writer ends when the last clone is dropped.
#[derive(Clone)]
pub struct Store {
    reads: AnyPool,
    writer: mpsc::Sender<writer::QueuedWrite>,
    /// Whether the write-ahead log may hold the bytes of an erased text.
    erased: Arc<AtomicBool>,
}

/// A store whose writer does not run yet. The mailboxes begin at its log's head.
pub struct OpenedStore {
    pub log: LogState,
    reads: AnyPool,
    writes: AnyPool,
    clock: Clock,
}

/// Opens the database at `url`, or `kith.db` in the `data` folder, and runs the missing migrations.
/// A database of a newer Kith is refused.
pub async fn open(url: Option<&str>, data: &Path, clock: Clock) -> Result<OpenedStore, OpenError> {
    let (reads, writes) = database::connect(url, data).await?;
    let log = log_head::state(&reads).await?;
    Ok(OpenedStore { log, reads, writes, clock })
}

impl OpenedStore {
    /// Starts the writer, which calls `on_commit` after each batch.
    pub fn start(self, on_commit: OnCommit) -> Store {
        // True at first: the process before this one may have been killed.
        let erased = Arc::new(AtomicBool::new(true));
        let noted = Arc::clone(&erased);
        let on_commit: OnCommit = Box::new(move |committed| {
            // A commit that failed may have reached the disk.
            if committed.as_ref().is_none_or(|committed| committed.erased) {
                noted.store(true, Ordering::Relaxed);
            }
            on_commit(committed);
        });
        let writer = writer::start(self.writes, self.clock, on_commit);
        Store { reads: self.reads, writer, erased }
    }
}

impl Store {
    /// Hands a change to the writer and returns its answer once it is on disk. Dropping this future
    /// does not cancel the change.
    pub async fn write<C: Change>(&self, change: C) -> Result<C::Answer> {
        self.enqueue(|caller| writer::QueuedWrite::change(change, caller)).await
    }

    /// Stores a message; see [`SendMessage`].
    pub async fn send(&self, send: SendMessage) -> Result<crate::model::Message> {
        self.enqueue(|caller| writer::QueuedWrite::send(send, caller)).await
    }

    /// Whether the writer is running. Once it has ended, nothing is written any more.
    pub fn is_writing(&self) -> bool {
        !self.writer.is_closed()
    }

    async fn enqueue<T>(
        &self,
        queued: impl FnOnce(writer::AnswerSender<T>) -> writer::QueuedWrite,
    ) -> Result<T> {
        let (caller, answer) = tokio::sync::oneshot::channel();
        self.writer.send(queued(caller)).await.map_err(|_| KithError::TryAgain)?;
        answer.await.unwrap_or(Err(KithError::TryAgain))
    }
}
