//! The people of one trial, what they talk in, and the server that they talk to.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kith::model::{Contact, Contacts, Group, GroupId, UserId};
use kith::store::Clock;
use rand::Rng;
use rand::rngs::StdRng;
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::{JoinSet, block_in_place};
use tokio::time::sleep;

use super::Trial;
use super::checks::{self, Allowed, contact_in};
use super::client::Client;
use super::line::{Line, Whereabouts};
use super::stored::Stored;
use crate::harness::process::{Served, ended, kith, kith_under, printed, serve};
use crate::harness::{Database, PATIENCE, Person, TestApp};

/// Each has a direct conversation with each, and all are in the same groups.
const NAMES: [&str; 6] = ["ann", "bob", "cid", "dan", "eve", "fay"];
const GROUPS: usize = 2;

/// Nobody goes on writing while so many messages of theirs wait to be sent.
const PILE: usize = 15;

/// What they say, in several lengths and scripts.
const SYLLABLES: [&str; 6] = ["so ", "good morning ", "你好", "🙂", "<b>&amp;\"'", "\n"];

pub struct Crew {
    pub trial: Trial,
    pub clients: Vec<Arc<Client>>,
    pub groups: Vec<GroupId>,
    pub whereabouts: Whereabouts,
    folder: TempDir,
    /// Of PostgreSQL; SQLite's database is in the folder.
    database: Option<String>,
}

impl Crew {
    /// Makes the people and groups in a new database, with a Kith in this process, which is returned.
    pub async fn gather(trial: Trial, database: Database, clock: Clock) -> (Self, TestApp) {
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
            groups.push(group_of(&people, &format!("Group {n}")).await);
        }
        let whereabouts = Whereabouts::default();
        let client = |(n, person)| {
            let line = Line::new(whereabouts.clone());
            Client::new(person, line, trial.choices(n))
        };
        let clients = (100..).zip(people).map(client).collect();
        let database = app.policy().database;
        (Self { trial, clients, groups, whereabouts, folder, database }, app)
    }

    /// The same, for a server that is a process of its own.
    pub async fn gather_around_a_process(trial: Trial, database: Database) -> Self {
        let (crew, app) = Self::gather(trial, database, kith::server::system_clock).await;
        app.kith.end();
        crew
    }

    /// The program as it serves here.
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
        // A pipe that nobody reads would be full one day, and the server would wait.
        command.stderr(self.log());
        command
    }

    fn log(&self) -> File {
        let path = self.folder.path().join("kith.log");
        OpenOptions::new().create(true).append(true).open(path).expect("a file for the log")
    }

    /// Serves, and tells everybody where.
    pub fn start(&self) -> Served {
        self.start_as(self.command())
    }

    pub fn start_as(&self, command: Command) -> Served {
        let served = block_in_place(|| serve(command));
        self.whereabouts.set(Some(served.address));
        served
    }

    /// Ends the server in the middle of whatever it does.
    pub fn kill(&self, served: Served) {
        self.whereabouts.set(None);
        block_in_place(|| served.kill());
    }

    /// Everybody loads their page.
    pub async fn come(&self) {
        for client in &self.clients {
            client.load().await;
        }
        self.eventually("every page is loaded", async || {
            self.clients.iter().filter(|client| !client.is_settled()).map(standing).collect()
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

    /// Everybody talks, until they are told to end.
    pub fn talk(&self) -> Talk {
        self.talk_among(&self.clients, Duration::from_millis(60))
    }

    /// Some talk to everybody, with a pause of this length or less after each message.
    pub fn talk_among(&self, talkers: &[Arc<Client>], pause: Duration) -> Talk {
        let (over, ends) = watch::channel(false);
        let mut talking = JoinSet::new();
        for client in talkers {
            let (client, mut ends) = (Arc::clone(client), ends.clone());
            // Another round of talk is not the one before once more.
            let said = client.state().notes.written.len() as u64;
            let mut choices = self.trial.choices(client.me().0.unsigned_abs() * 1_000_003 + said);
            let contacts = self.contacts_of(client.me());
            talking.spawn(async move {
                while !*ends.borrow() {
                    let contact = contacts[choices.random_range(0..contacts.len())];
                    let said = saying(&mut choices);
                    if client.waiting() < PILE {
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

    /// How many messages were said to be sent.
    pub fn acknowledged(&self) -> usize {
        self.clients.iter().map(|client| client.state().notes.acknowledged.len()).sum()
    }

    /// How often a send was answered so.
    pub fn failures(&self, failure: &str) -> usize {
        let of = |client: &Arc<Client>| client.state().notes.failures.get(failure).copied();
        self.clients.iter().filter_map(of).sum()
    }

    /// From now on, what is said to be sent is of this era.
    pub fn begin_era(&self, era: u32) {
        for client in &self.clients {
            client.state().notes.era = era;
        }
    }

    /// Waits until no message is on its way and everybody has heard everything, then returns what is
    /// stored.
    pub async fn settle(&self) -> Stored {
        self.eventually("everything that was written is settled", async || {
            self.clients.iter().filter(|client| !client.is_settled()).map(standing).collect()
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

    /// Waits until nobody is in the way of it, for as long as something changes about that.
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

    /// Settles, and fails unless everything holds that must: in what was stored, in what everybody
    /// heard, and for `kith check`.
    pub async fn all_is_well(&self, allowed: Allowed) {
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

    /// The end of what the server wrote to its log.
    pub fn logged(&self) -> String {
        let log = std::fs::read_to_string(self.folder.path().join("kith.log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

/// People who write until they are told to end.
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

async fn group_of(people: &[Person], name: &str) -> GroupId {
    let invited: Vec<UserId> = people[1..].iter().map(|person| person.id).collect();
    let body = json!({ "name": name, "description": "", "invited": invited });
    let group: Group = people[0].ask("create_group", body).await.ok();
    for person in &people[1..] {
        person.ask("accept_group", json!({ "group": group.id })).await.done();
    }
    group.id
}

/// Something to say, of one word or of a page, which the server stores as it is.
fn saying(choices: &mut StdRng) -> String {
    let syllables = if choices.random_bool(0.05) { 300 } else { choices.random_range(1..20) };
    let said: String =
        (0..syllables).map(|_| SYLLABLES[choices.random_range(0..SYLLABLES.len())]).collect();
    format!("{}: {}.", choices.random::<u32>(), said.trim())
}

/// What keeps somebody from being done.
pub fn standing(client: &Arc<Client>) -> String {
    let state = client.state();
    let (waiting, failures) = (state.storage.len(), &state.notes.failures);
    format!("{} has {waiting} in the outbox; {failures:?}", client.person.username)
}
