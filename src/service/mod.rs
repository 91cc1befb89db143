//! What Kith does, with no HTTP and no views: the state object [`Kith`], and who asks.

pub mod accounts;
mod administration;
mod chat;
mod contacts;
mod groups;
mod housekeeping;
mod mailbox;
mod metrics;
mod own_account;
mod passwords;
pub mod presence;
pub mod process;
mod readiness;
mod receive;
mod sign_ins;
mod throttle;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use crate::error::Result;
use crate::model::{Contacts, SignInId, Timestamp, UserId};
use crate::store::{self, Clock, OpenError, Store};

pub use metrics::{METRICS_TYPE, TransportLabel};
pub use passwords::{Cost, suggested_password};
pub use readiness::NotReady;

use mailbox::Mailboxes;
use metrics::Metrics;
use passwords::Passwords;
use presence::PresenceTracker;
use sign_ins::SignIns;
use throttle::Throttle;

/// Who asks, by their sign-in and by nothing that they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    pub user: UserId,
    pub sign_in: SignInId,
}

/// What the operator decides.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Where SQLite's database is, and whatever else Kith keeps.
    pub data: PathBuf,
    /// A PostgreSQL (or other SQLite) database instead.
    pub database: Option<String>,
    /// Whether anybody may register.
    pub registration_open: bool,
    /// Who may write to whom.
    pub contacts: Contacts,
    /// Cookies go over https alone.
    pub secure_cookies: bool,
    /// A sign-in ends when it was not used for this long.
    pub sign_in_lives: Duration,
    /// How long a quiet receive is held at most.
    pub hold: Duration,
    /// Whether pages may receive over a WebSocket.
    pub websocket: bool,
    /// How long the log keeps events; an older cursor gets a resync.
    pub retention: Duration,
    /// Tries to sign in or register a minute, for each address and for each account.
    pub attempts_per_minute: u32,
    /// Messages that one person may send a minute.
    pub messages_per_minute: u32,
    /// How many members the owner of a group may let it have.
    pub group_ceiling: i64,
    pub password_cost: Cost,
    /// Which build this is; pages of another one are offered a reload.
    pub build: String,
}

/// Why Kith could not start. Shown to the operator.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Store(#[from] OpenError),
    #[error("the metrics cannot be made: {0}")]
    Metrics(#[from] prometheus::Error),
}

/// One running Kith. Cheap to clone.
#[derive(Clone)]
pub struct Kith(Arc<Inner>);

struct Inner {
    policy: Policy,
    clock: Clock,
    store: Store,
    mailboxes: Arc<Mailboxes>,
    presence: Arc<PresenceTracker>,
    sign_ins: Arc<SignIns>,
    metrics: Arc<Metrics>,
    /// Whether the writer's last batch could not be written.
    failing: Arc<AtomicBool>,
    passwords: Passwords,
    throttle: Throttle,
    /// What makes the first account; new at each start.
    setup_token: String,
    /// Turns true when the process is asked to end: held receives answer at once.
    ending: watch::Sender<bool>,
}

impl Kith {
    /// Opens the database and starts the writer.
    pub async fn open(policy: Policy, clock: Clock) -> Result<Self, StartError> {
        let opened = store::open(policy.database.as_deref(), &policy.data, clock).await?;
        let mailboxes = Arc::new(Mailboxes::new(opened.log.clone()));
        let presence = Arc::new(PresenceTracker::new(Arc::clone(&mailboxes), policy.contacts));
        let ending = watch::Sender::new(false);
        tokio::spawn(Arc::clone(&presence).keep(ending.subscribe()));
        let (metrics, failing) = (Arc::new(Metrics::new()?), Arc::new(AtomicBool::new(false)));
        let sign_ins = Arc::new(SignIns::new(opened.log.head));
        let (noted, published) = (Arc::clone(&presence), Arc::clone(&mailboxes));
        let (counted, failed) = (Arc::clone(&metrics), Arc::clone(&failing));
        let ended = Arc::clone(&sign_ins);
        let store = opened.start(Box::new(move |committed| {
            counted.committed(committed.as_ref());
            failed.store(committed.is_none(), Ordering::Relaxed);
            let Some(committed) = committed else { return ended.forget() };
            ended.committed(&committed);
            noted.committed(&committed);
            published.publish(committed);
        }));
        Ok(Self(Arc::new(Inner {
            passwords: Passwords::new(policy.password_cost),
            throttle: Throttle::new(&policy),
            setup_token: accounts::new_token(),
            ending,
            policy,
            clock,
            store,
            mailboxes,
            presence,
            sign_ins,
            metrics,
            failing,
        })))
    }

    /// Lets every held receive answer now, so that the server can end.
    pub fn end(&self) {
        self.0.ending.send_replace(true);
    }

    /// Returns once nothing is held any more after [`Kith::end`].
    pub async fn ended(&self) {
        self.0.ending.closed().await;
    }

    /// Whether pages may receive over a WebSocket.
    pub fn offers_websocket(&self) -> bool {
        self.policy().websocket
    }

    /// Returns how many mailboxes there are, and how many receives are held at them.
    pub fn listening(&self) -> (usize, usize) {
        self.0.mailboxes.count()
    }

    /// What the server's clock says.
    fn now(&self) -> Timestamp {
        (self.0.clock)()
    }

    fn store(&self) -> &Store {
        &self.0.store
    }

    fn policy(&self) -> &Policy {
        &self.0.policy
    }
}
