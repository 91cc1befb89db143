//! The behaviour of Kith, without HTTP and views. [`Kith`] is the state object; its methods are the
//! service.

pub mod accounts;
mod administration;
mod auth_log;
mod chat;
mod contacts;
mod groups;
mod housekeeping;
mod mailbox;
mod metrics;
mod names;
pub mod network;
mod new_password;
mod own_account;
mod passwords;
pub mod presence;
pub mod process;
mod readiness;
mod receive;
mod registrar;
mod sign_in_cache;
mod throttle;
mod typed_forms;

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
pub use typed_forms::{FormFields, FormSender};

use mailbox::Mailboxes;
use metrics::Metrics;
use passwords::Passwords;
use presence::PresenceTracker;
use sign_in_cache::SignInCache;
use throttle::Throttle;
use typed_forms::TypedForms;

/// The signed-in user who makes a call. The sign-in decides who that is, never an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    pub user: UserId,
    pub sign_in: SignInId,
}

/// The operator's decisions.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The folder of SQLite's database and everything else that Kith stores.
    pub data: PathBuf,
    /// The URL of another database, PostgreSQL or SQLite.
    pub database: Option<String>,
    /// Whether everybody may register, until an administrator decides otherwise.
    pub registration_open: bool,
    /// Whether friends alone may write to each other, or everyone.
    pub contacts: Contacts,
    /// Whether cookies are sent over https alone.
    pub secure_cookies: bool,
    /// A sign-in expires when it was not used for this long.
    pub sign_in_lives: Duration,
    /// Maximum time for which a receive without news is held.
    pub hold: Duration,
    /// Whether pages may receive over a WebSocket.
    pub websocket: bool,
    /// How long the log keeps events. An older cursor gets a resync.
    pub retention: Duration,
    /// Maximum attempts to sign in or register a minute, for each address and each account.
    pub attempts_per_minute: u32,
    /// Maximum messages of one person a minute.
    pub messages_per_minute: u32,
    /// The highest maximum of members that the owner of a group may set.
    pub group_ceiling: i64,
    pub password_cost: Cost,
    /// The name of this build. Pages of another one are offered a reload.
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
    sign_ins: Arc<SignInCache>,
    metrics: Arc<Metrics>,
    /// Whether the writer's last batch failed.
    failing: Arc<AtomicBool>,
    passwords: Passwords,
    throttle: Throttle,
    typed_forms: TypedForms,
    /// The token with which the first account is made; new at each start.
    setup_token: String,
    /// Becomes true when the process is asked to end. Held receives then answer at once.
    ending: watch::Sender<bool>,
}

impl Kith {
    /// Opens the database and starts the writer.
    pub async fn open(policy: Policy, clock: Clock) -> Result<Self, StartError> {
        let opened = store::open(policy.database.as_deref(), &policy.data, clock).await?;
        let mailboxes = Arc::new(Mailboxes::new(opened.log.clone()));
        let presence = Arc::new(PresenceTracker::new(Arc::clone(&mailboxes), policy.contacts));
        let ending = watch::Sender::new(false);
        tokio::spawn(Arc::clone(&presence).run(ending.subscribe()));
        let (metrics, failing) = (Arc::new(Metrics::new()?), Arc::new(AtomicBool::new(false)));
        let sign_ins = Arc::new(SignInCache::new(opened.log.head));
        let store = opened.start({
            let (mailboxes, presence) = (Arc::clone(&mailboxes), Arc::clone(&presence));
            let (metrics, failing) = (Arc::clone(&metrics), Arc::clone(&failing));
            let sign_ins = Arc::clone(&sign_ins);
            // Mailboxes come last: a receive that they wake must find the rest up to date.
            Box::new(move |committed| {
                metrics.committed(committed.as_ref());
                failing.store(committed.is_none(), Ordering::Relaxed);
                let Some(committed) = committed else { return sign_ins.clear() };
                sign_ins.committed(&committed);
                presence.committed(&committed);
                mailboxes.publish(committed);
            })
        });
        Ok(Self(Arc::new(Inner {
            passwords: Passwords::new(policy.password_cost),
            throttle: Throttle::new(&policy),
            typed_forms: TypedForms::default(),
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

    /// Has every held receive answer now, so that the server can end.
    pub fn end(&self) {
        self.0.ending.send_replace(true);
    }

    /// Returns when the last held receive has ended after [`Kith::end`].
    pub async fn ended(&self) {
        self.0.ending.closed().await;
    }

    /// Whether pages may receive over a WebSocket.
    pub fn offers_websocket(&self) -> bool {
        self.policy().websocket
    }

    /// Returns the number of mailboxes, and of receives held at them.
    pub fn listening(&self) -> (usize, usize) {
        self.0.mailboxes.count()
    }

    /// Returns the time of the server's clock.
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
