//! The clients of one trial, their groups, and the server that they use.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kith::model::{Contact, Contacts, Group, GroupId, UserId};
use kith::store::Clock;
use rand::Rng;
use rand::rngs::StdRng;
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::{JoinSet, block_in_place};
use tokio::time::sleep;

use super::Trial;
use super::checks::{self, Allowed, contact_in};
use super::client::Client;
use super::connection::{Connection, ServerAddress};
use super::stored::Stored;
use crate::harness::process::{Served, ended, kith, kith_under, printed, serve};
use crate::harness::{Database, PATIENCE, Person, TestApp};

/// Each person writes to each other one, and all are in the same groups.
const NAMES: [&str; 6] = ["ann", "bob", "cid", "dan", "eve", "fay"];
const GROUPS: usize = 2;

/// Maximum number of messages in an outbox: a client with more of them stops writing.
const OUTBOX_MAX: usize = 15;

/// The parts of random texts, in several scripts.
const SYLLABLES: [&str; 6] = ["so ", "good morning ", "你好", "🙂", "<b>&amp;\"'", "\n"];

pub struct Testbed {
    pub trial: Trial,
    pub clients: Vec<Arc<Client>>,
    pub groups: Vec<GroupId>,
    pub address: ServerAddress,
    folder: TempDir,
    /// The URL of PostgreSQL; `None` for SQLite, whose file is in the folder.
    database: Option<String>,
}

impl Testbed {
    /// Makes people and groups in a new database, with a Kith in this process, which is returned.
    pub async fn new(trial: Trial, database: Database, clock: Clock) -> (Self, TestApp) {
        let folder = tempfile::tempdir().expect("a folder");
        let app = TestApp::with(database, |setup| {
            setup.policy.data = folder.path().join("data");
            setup.policy.contacts = Contacts::Everyone;
            setup.policy.hold = Duration::from_secs(1);
            setup.clock = clock;
        })
        .await;
        let mut people = Vec::new();
        for name in NAMES {
            people.push(app.person(name).await);
        }
        let mut groups = Vec::new();
        for n in 0..GROUPS {
            groups.push(make_group(&people, &format!("Group {n}")).await);
        }
        let address = ServerAddress::default();
        let client = |(n, person)| {
            let connection = Connection::new(address.clone());
            Client::new(person, connection, trial.choices(n))
        };
        let clients = (100..).zip(people).map(client).collect();
        let database = app.policy().database;
        (Self { trial, clients, groups, address, folder, database }, app)
    }

    /// The same, for a server in a process of its own.
    pub async fn for_a_process(trial: Trial, database: Database) -> Self {
        let (testbed, app) = Self::new(trial, database, kith::server::system_clock).await;
        app.kith.end();
        testbed
    }

    /// The command that serves this database.
    pub fn command(&self) -> Command {
        self.settings(kith(self.folder.path()))
    }

    /// The same, started by another program.
    pub fn command_under(&self, wrapper: &[&str]) -> Command {
        self.settings(kith_under(wrapper, self.folder.path()))
    }

    fn settings(&self, mut command: Command) -> Command {
        for (key, value) in [
            ("KITH_CONTACTS", "everyone"),
            ("KITH_HOLD_SECONDS", "1"),
            ("KITH_MESSAGES_PER_MINUTE", "0"),
            ("KITH_LOG", "warn"),
        ] {
            command.env(key, value);
        }
        if let Some(url) = &self.database {
            command.env("KITH_DATABASE", url);
        }
        // A pipe that nobody reads fills up, and the server would block on it.
        command.stderr(self.log());
        command
    }

    fn log(&self) -> File {
        let path = self.folder.path().join("kith.log");
        OpenOptions::new().create(true).append(true).open(path).expect("a file for the log")
    }

    /// Starts the server and sets its address for all clients.
    pub fn start(&self) -> Served {
        self.start_as(self.command())
    }

    pub fn start_as(&self, command: Command) -> Served {
        let served = block_in_place(|| serve(command));
        self.address.set(Some(served.address));
        served
    }

    /// Kills the server with SIGKILL.
    pub fn kill(&self, served: Served) {
        self.address.set(None);
        block_in_place(|| served.kill());
    }

    /// Loads the page of every client.
    pub async fn load_pages(&self) {
        for client in &self.clients {
            client.load().await;
        }
        self.eventually("every page is loaded", async || {
            self.clients.iter().filter(|client| !client.is_settled()).map(unsettled).collect()
        })
        .await;
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn url(&self) -> String {
        let file = || format!("sqlite://{}", self.data().join("kith.db").display());
        self.database.clone().unwrap_or_else(file)
    }

    /// Lets every client write, until the end of the returned `Talk`.
    pub fn talk(&self) -> Talk {
        self.talk_among(&self.clients, Duration::from_millis(60))
    }

    /// Lets these clients write to everybody, with a pause of at most this length after each
    /// message.
    pub fn talk_among(&self, talkers: &[Arc<Client>], pause: Duration) -> Talk {
        let (over, ends) = watch::channel(false);
        let mut talking = JoinSet::new();
        for client in talkers {
            let (client, mut ends) = (Arc::clone(client), ends.clone());
            // The number of messages so far makes each talk another one.
            let said = client.state().notes.written.len() as u64;
            let mut choices = self.trial.choices(client.me().0.unsigned_abs() * 1_000_003 + said);
            let contacts = self.contacts_of(client.me());
            talking.spawn(async move {
                while !*ends.borrow() {
                    let contact = contacts[choices.random_range(0..contacts.len())];
                    let said = random_text(&mut choices);
                    if client.waiting() < OUTBOX_MAX {
                        client.write(contact, said);
                    }
                    let pause = pause.mul_f64(choices.random());
                    tokio::select! {
                        () = sleep(pause) => {}
                        _ = ends.changed() => {}
                    }
                }
            });
        }
        Talk { over, talking }
    }

    fn contacts_of(&self, me: UserId) -> Vec<Contact> {
        let others = self.clients.iter().map(|client| client.me()).filter(|id| *id != me);
        let groups = self.groups.iter().copied().map(Contact::Group);
        others.map(Contact::User).chain(groups).collect()
    }

    /// The number of acknowledged messages.
    pub fn acknowledged(&self) -> usize {
        self.clients.iter().map(|client| client.state().notes.acknowledged.len()).sum()
    }

    /// The number of sends that failed with this error.
    pub fn failures(&self, failure: &str) -> usize {
        let of = |client: &Arc<Client>| client.state().notes.failures.get(failure).copied();
        self.clients.iter().filter_map(of).sum()
    }

    /// Counts acknowledgements from now on to this phase.
    pub fn begin_phase(&self, phase: u32) {
        for client in &self.clients {
            client.state().notes.phase = phase;
        }
    }

    /// Waits until every outbox is empty and every client has received everything. Returns what is
    /// stored.
    pub async fn settle(&self) -> Stored {
        self.eventually("everything that was written is settled", async || {
            self.clients.iter().filter(|client| !client.is_settled()).map(unsettled).collect()
        })
        .await;
        let stored = Stored::read(&self.url()).await;
        self.eventually("everybody has heard everything", async || {
            let mut behind = Vec::new();
            for client in &self.clients {
                for (conversation, lines) in stored.conversations() {
                    let contact = contact_in(conversation, client.me());
                    if contact.is_some_and(|contact| client.knows(contact) < lines.len() as i64) {
                        behind.push(format!("{} in {conversation:?}", client.person.username));
                    }
                }
            }
            behind
        })
        .await;
        stored
    }

    /// Waits until every page has loaded a new snapshot this many times.
    pub async fn pages_have_resynced(&self, times: usize) {
        self.eventually("every page has loaded a new snapshot", async || {
            let behind = self.clients.iter().filter(|one| one.state().notes.resyncs < times);
            behind.map(|client| client.person.username.clone()).collect()
        })
        .await;
    }

    /// Waits until `in_the_way` returns nothing. Fails when its answer has not changed for
    /// `PATIENCE`.
    pub async fn eventually(&self, what: &str, mut in_the_way: impl AsyncFnMut() -> Vec<String>) {
        let (began, mut moved, mut before) = (Instant::now(), Instant::now(), Vec::new());
        loop {
            let who = in_the_way().await;
            if who.is_empty() {
                return;
            }
            let late = moved.elapsed() > PATIENCE || began.elapsed() > PATIENCE * 20;
            assert!(!late, "{}: it never happened that {what}: {who:#?}", self.trial);
            if who != before {
                (moved, before) = (Instant::now(), who);
            }
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// Settles, then checks what is stored, what each client received, and the database by `kith
    /// check`.
    pub async fn settle_and_check(&self, allowed: Allowed) {
        let stored = self.settle().await;
        let wrong = checks::broken(&self.clients, &stored, &allowed);
        assert!(wrong.is_empty(), "{}: {wrong:#?}\n{}", self.trial, self.logged());
        let mut check = self.command();
        let checked = block_in_place(|| ended(check.arg("check")));
        assert!(!printed(&checked).contains("WRONG"), "{}: {checked:?}", self.trial);

        let (mut sends, mut reloads) = (Vec::new(), 0);
        for client in &self.clients {
            let notes = &mut client.state().notes;
            sends.append(&mut notes.sends);
            reloads += notes.reloads;
        }
        sends.sort_unstable();
        let at = |part: usize| sends.get(sends.len().saturating_sub(1) * part / 100);
        eprintln!(
            "{}: {} messages, each stored and heard by all once; {} sends that came to nothing, \
             {reloads} page loads; a send took {:?} (median), {:?} (99 %)",
            self.trial,
            stored.count(),
            self.failures("try again") + self.failures("the server cannot be reached"),
            at(50).copied().unwrap_or_default(),
            at(99).copied().unwrap_or_default(),
        );
    }

    /// The last 20 lines of the server's log.
    pub fn logged(&self) -> String {
        let log = std::fs::read_to_string(self.folder.path().join("kith.log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

/// Clients that write until `end`.
pub struct Talk {
    over: watch::Sender<bool>,
    talking: JoinSet<()>,
}

impl Talk {
    pub async fn end(self) {
        self.over.send_replace(true);
        self.talking.join_all().await;
    }
}

/// Makes a group of these people, who need not be friends.
async fn make_group(people: &[Person], name: &str) -> GroupId {
    let others: Vec<&Person> = people[1..].iter().collect();
    let group: Group = people[0].create_group(name, &others).await.ok();
    for person in others {
        person.accept_group(group.id).await.done();
    }
    group.id
}

/// A text of one word to one page, which the server stores unchanged.
fn random_text(choices: &mut StdRng) -> String {
    let syllables = if choices.random_bool(0.05) { 300 } else { choices.random_range(1..20) };
    let said: String =
        (0..syllables).map(|_| SYLLABLES[choices.random_range(0..SYLLABLES.len())]).collect();
    format!("{}: {}.", choices.random::<u32>(), said.trim())
}

/// The reason why a client is not settled.
pub fn unsettled(client: &Arc<Client>) -> String {
    let state = client.state();
    let (waiting, failures) = (state.storage.len(), &state.notes.failures);
    format!("{} has {waiting} in the outbox; {failures:?}", client.person.username)
}
