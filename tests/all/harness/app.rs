//! One running Kith for one test: started as `main` starts it, called as a browser calls it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use ipnet::IpNet;
use kith::model::{Batch, Contacts, Cursor, GroupId, Timestamp};
use kith::server::{Config, Limits, Site, app, serve, system_clock};
use kith::service::{Cost, Kith, Policy};
use kith::store::{Clock, Store};
use leptos::config::LeptosOptions;
use sqlx::{AnyPool, Row};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::OnceCell;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::browser::{self, Answer, Browser};
use super::database::{Database, TestDatabase};
use super::person::{self, Person};
use super::{PATIENCE, eventually};

/// The set-up of a test, which it may change before the start.
#[derive(Clone)]
pub struct Setup {
    pub policy: Policy,
    pub https: bool,
    pub public_url: Option<String>,
    pub trusted_proxies: Vec<IpNet>,
    /// Of the listener that [`TestApp::address`] opens.
    pub limits: Limits,
    pub body_timeout: Duration,
    pub clock: Clock,
}

pub struct TestApp {
    pub kith: Kith,
    router: Router,
    setup: Setup,
    database: Arc<TestDatabase>,
    address: OnceCell<SocketAddr>,
}

/// A receive that is under way.
pub struct Held(JoinHandle<Answer>);

impl TestApp {
    /// Starts without limits on attempts and messages.
    pub async fn start(database: Database) -> Self {
        Self::with(database, |_| {}).await
    }

    /// Starts with the set-up that `change` makes of the usual one.
    pub async fn with(database: Database, change: impl FnOnce(&mut Setup)) -> Self {
        Self::over(TestDatabase::new(database).await, change).await
    }

    /// Starts over a database that the test has filled.
    pub async fn over(database: TestDatabase, change: impl FnOnce(&mut Setup)) -> Self {
        let policy = Policy {
            data: database.folder.path().to_path_buf(),
            database: database.url.clone(),
            registration_open: true,
            contacts: Contacts::Friends,
            secure_cookies: false,
            sign_in_lives: Duration::from_secs(90 * 24 * 60 * 60),
            hold: Duration::from_secs(25),
            websocket: true,
            retention: Duration::from_secs(30 * 24 * 60 * 60),
            attempts_per_minute: 0,
            messages_per_minute: 0,
            group_ceiling: 500,
            password_cost: Cost { memory_kib: 64, passes: 1 },
            build: "test".into(),
        };
        let mut setup = Setup {
            policy,
            https: false,
            public_url: None,
            trusted_proxies: Vec::new(),
            limits: Limits::of(&Config::default()),
            body_timeout: PATIENCE,
            clock: system_clock,
        };
        change(&mut setup);
        Self::open(setup, Arc::new(database)).await
    }

    /// Starts another Kith over the same database, as a second process would.
    pub async fn beside(&self) -> Self {
        Self::open(self.setup.clone(), Arc::clone(&self.database)).await
    }

    /// Ends this Kith and starts another over the same database.
    pub async fn restarted(self) -> Self {
        self.kith.end();
        let Self { setup, database, .. } = self;
        Self::open(setup, database).await
    }

    async fn open(setup: Setup, database: Arc<TestDatabase>) -> Self {
        let kith = Kith::open(setup.policy.clone(), setup.clock).await.expect("Kith opens");
        let site = Site {
            kith: kith.clone(),
            leptos: LeptosOptions::builder()
                .output_name("kith")
                .site_root("target/site")
                .build()
                .into(),
            https: setup.https,
            public_url: setup.public_url.clone().map(Into::into),
            trusted_proxies: setup.trusted_proxies.clone().into(),
            body_timeout: setup.body_timeout,
            reload_port: None,
        };
        let router = {
            let _nobody_renders = browser::RENDERING.write().await;
            app(site).expect("a router")
        };
        Self { kith, router, setup, database, address: OnceCell::new() }
    }

    /// A browser that is not signed in.
    pub fn anonymous(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// Registers a person; the first one uses the set-up link.
    pub async fn person(&self, username: &str) -> Person {
        let setup = self.kith.setup_token().await.expect("a set-up token or none");
        person::register(&self.anonymous(), username, setup).await
    }

    /// Registers two people and makes them friends.
    pub async fn two_friends(&self) -> (Person, Person) {
        let (ann, bob) = (self.person("ann").await, self.person("bob").await);
        ann.befriend(&bob).await;
        (ann, bob)
    }

    /// The address on which this Kith listens; the first call opens it.
    pub async fn address(&self) -> SocketAddr {
        let listen = async || {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            let address = listener.local_addr().expect("the port");
            let (router, limits) = (self.router.clone(), self.setup.limits.clone());
            tokio::spawn(serve(listener, router, limits, std::future::pending()));
            address
        };
        *self.address.get_or_init(listen).await
    }

    /// Sends a receive over a real connection, and returns when the server holds one more receive.
    /// Changes of presence alone do not end it.
    pub async fn hold(&self, person: &Person, cursor: &Cursor, hold_ms: u32) -> Held {
        let before = self.receivers();
        let address = self.address().await;
        let (person, mut cursor) = (person.clone(), cursor.clone());
        let mut version = person.presence().await.version;
        // A page, too, asks again after an answer that has nothing but presence.
        let held = Held(tokio::spawn(async move {
            loop {
                let request = person.receive_request(&cursor, hold_ms, &version);
                let answer = browser::over(address, request).await;
                match serde_json::from_slice(&answer.body) {
                    Ok(Batch {
                        presence: Some(presence),
                        events,
                        resync: false,
                        cursor: next,
                        ..
                    }) if events.is_empty() => {
                        (cursor, version) = (next, presence.version);
                    }
                    _ => return answer,
                }
            }
        }));
        eventually("the server held the receive", async || {
            held.is_over() || self.receivers() > before
        })
        .await;
        held
    }

    /// Sends a receive over a bare connection, which the test can close at any time.
    pub async fn hold_bare(&self, person: &Person, cursor: &Cursor, hold_ms: u32) -> TcpStream {
        let version = person.presence().await.version;
        let request = person.receive_request(cursor, hold_ms, &version);
        browser::bare(self.address().await, request).await
    }

    /// The number of held receives.
    pub fn receivers(&self) -> usize {
        self.kith.listening().1
    }

    /// The policy of this Kith.
    pub fn policy(&self) -> Policy {
        self.setup.policy.clone()
    }

    /// Moves the runtime's clock forward, and with it that of the service. Only for tests on one
    /// thread.
    pub async fn forward(&self, by: Duration) {
        tokio::time::pause();
        tokio::time::advance(by).await;
        tokio::time::resume();
    }

    /// The data folder of this Kith.
    pub fn folder(&self) -> &std::path::Path {
        self.database.folder.path()
    }

    pub async fn sql(&self) -> AnyPool {
        self.database.sql().await
    }

    /// A store over the same database, which reads as another process would.
    pub async fn store(&self) -> Store {
        let url = self.database.url.as_deref();
        let opened = kith::store::open(url, self.folder(), self.setup.clock).await;
        opened.expect("a store beside Kith's").start(Box::new(|_| {}))
    }

    /// Runs a statement on the database past Kith.
    pub async fn execute(&self, statement: &str) {
        let done = sqlx::query(statement).execute(&self.sql().await).await;
        done.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }

    /// Reads one number.
    pub async fn number(&self, query: &str) -> i64 {
        let row = sqlx::query(query).fetch_one(&self.sql().await).await;
        row.and_then(|row| row.try_get(0)).unwrap_or_else(|error| panic!("{query}: {error}"))
    }

    /// Reads one text.
    pub async fn text(&self, query: &str) -> String {
        let row = sqlx::query(query).fetch_one(&self.sql().await).await;
        row.and_then(|row| row.try_get(0)).unwrap_or_else(|error| panic!("{query}: {error}"))
    }

    /// Puts a group with this id into the database past Kith.
    pub async fn seed_group(&self, id: GroupId, members: &[&Person]) {
        let owner = members.first().expect("a group has an owner").id;
        let Timestamp(now) = system_clock();
        let mut statements = vec![
            format!(
                "INSERT INTO conversation (id, kind, last_seq, last_count, activity) \
                 VALUES ({id}, 2, 0, 0, {now})"
            ),
            format!(
                "INSERT INTO chat_group (id, name, name_key, description, max_members, owner_id) \
                 VALUES ({id}, 'Group {id}', 'group {id}', '', 200, {owner})"
            ),
            format!(
                "UPDATE id_counter SET value = {id} WHERE name = 'conversation' AND value < {id}"
            ),
        ];
        for member in members {
            statements.push(format!(
                "INSERT INTO member (conversation_id, user_id, joined_seq, joined_event, \
                 read_seq, read_count) VALUES ({id}, {}, 0, 0, 0, 0)",
                member.id
            ));
        }
        for statement in &statements {
            self.execute(statement).await;
        }
    }
}

impl Held {
    /// Whether the answer has arrived.
    pub fn is_over(&self) -> bool {
        self.0.is_finished()
    }

    /// Whether the receive is still held after 100 ms.
    pub async fn is_still_held(&self) -> bool {
        sleep(Duration::from_millis(100)).await;
        !self.is_over()
    }

    /// The answer, which must arrive within `PATIENCE`.
    pub async fn answer(self) -> Answer {
        let answer = timeout(PATIENCE, self.0).await.expect("the held receive is answered");
        answer.expect("the held receive does not panic")
    }
}
