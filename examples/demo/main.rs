//! Fills a data folder with a dozen people who know each other and talk in two languages, for
//! `make demo`, the browser and measurements. The content is the same each time; its times count
//! back from now.
//!
//! Passwords are hashed far more cheaply than a real Kith does, or making thousands would take
//! minutes: do not measure signing in on it, and keep nothing in it.

mod script;

use std::collections::HashMap;
use std::error::Error;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};

use clap::Parser;
use futures_util::future::try_join_all;
use kith::model::administration::By;
use kith::model::{ClientId, Contact, GroupId, SignInId, Timestamp, UserId};
use kith::server::{Config, policy, system_clock};
use kith::service::accounts::NewAccount;
use kith::service::{Caller, Cost, Kith, Policy};

/// Everybody's password.
const PASSWORD: &str = "demo demo";

/// The first one is the administrator. The two who can be signed in as are `ann` and `meili`.
const PEOPLE: [(&str, &str); 12] = [
    ("ann", "Ann Baker"),
    ("meili", "王美丽"),
    ("bob", "Bob Carter"),
    ("carol", "Carol Díaz"),
    ("dave", "David O’Neill"),
    ("emma", "Emma 🌻"),
    ("frank", "Frank Müller"),
    ("lilei", "李雷"),
    ("hanmei", "韩梅梅"),
    ("zhangwei", "张伟"),
    ("chenjing", "陈静"),
    ("liuyang", "刘洋"),
];

/// Who asks whom and waits for an answer.
const WAITING: [(&str, &str, &str); 3] = [
    ("liuyang", "ann", "你好 Ann！我是美丽的同事刘洋，想跟你练英语 🙂"),
    ("emma", "meili", "Hi Meili, it's Emma – we met at Ann's on Sunday."),
    ("ann", "hanmei", "Hello! Meili says that you know everything about films."),
];

/// What a group is called in the script, and what it is: its owner comes first.
struct DemoGroup {
    key: &'static str,
    name: &'static str,
    description: &'static str,
    members: &'static [&'static str],
}

const GROUPS: [DemoGroup; 2] = [
    DemoGroup {
        key: "+garden",
        name: "The garden",
        description: "Who waters, who weeds, who brings the cake.",
        members: &["carol", "ann", "bob", "dave", "emma", "meili"],
    },
    DemoGroup {
        key: "+books",
        name: "读书会 Book club",
        description: "每月一本书，轮流选。One book a month, chosen in turns.",
        members: &["meili", "ann", "lilei", "hanmei", "zhangwei", "chenjing", "frank"],
    },
];

/// Who was asked to join which group and has not answered.
const INVITED: (&str, &str) = ("+garden", "frank");

/// How many changes are under way at once, for the writer to commit together; fewer than the
/// friend requests of one person that may wait for an answer.
const AT_ONCE: usize = 64;

/// Fill a new data folder with people and messages.
#[derive(Debug, Parser)]
struct Options {
    /// The data folder; it must not hold a Kith yet
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// People in all; those beyond the dozen are person0013, person0014 …, each a friend of the
    /// next
    #[arg(long, value_name = "N", default_value_t = PEOPLE.len())]
    people: usize,
    /// How many of these others are friends of ann; each has said hello to her
    #[arg(long, value_name = "N", default_value_t = 0)]
    friends: usize,
    /// Messages of small talk between ann and meili
    #[arg(long, value_name = "N", default_value_t = 240)]
    messages: usize,
}

/// What the clock of the demo says: it moves with the story.
static NOW: AtomicI64 = AtomicI64::new(0);

fn clock() -> Timestamp {
    Timestamp(NOW.load(Ordering::SeqCst))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    if options.data.join("kith.db").exists() {
        return Err(format!("{} holds a Kith already", options.data.display()).into());
    }
    let policy = Policy {
        data: options.data.clone(),
        database: None,
        messages_per_minute: 0,
        group_ceiling: 500,
        password_cost: Cost { memory_kib: 64, passes: 1 },
        ..policy(&Config::default())
    };
    let lines = script::lines(options.messages)?;
    let Timestamp(now) = system_clock();
    let first = lines.first().map_or(0, |line| line.before_ms);
    NOW.store(now - first - 60_000, Ordering::SeqCst);

    let mut story = Story {
        kith: Kith::open(policy, clock).await?,
        people: HashMap::new(),
        groups: HashMap::new(),
    };
    for (username, name) in PEOPLE {
        story.join(username, name).await?;
    }
    story.meet(&lines).await?;
    story.found().await?;
    story.crowd(&options).await?;
    story.tell(&lines, now).await?;
    NOW.store(now - 40 * 60_000, Ordering::SeqCst);
    for (from, to, note) in WAITING {
        story.kith.request_friend(story.caller(from)?, story.id(to)?, note).await?;
    }
    println!("{} people, {} messages", options.people.max(PEOPLE.len()), lines.len());
    println!("Sign in as ann or meili, password \"{PASSWORD}\"");
    Ok(())
}

struct Story {
    kith: Kith,
    people: HashMap<String, UserId>,
    groups: HashMap<&'static str, GroupId>,
}

impl Story {
    fn id(&self, username: &str) -> Result<UserId, String> {
        self.people.get(username).copied().ok_or_else(|| format!("nobody is called {username}"))
    }

    fn caller(&self, username: &str) -> Result<Caller, String> {
        Ok(Caller { user: self.id(username)?, sign_in: SignInId(0) })
    }

    async fn join(&mut self, username: &str, display_name: &str) -> Result<(), Box<dyn Error>> {
        let id = make(&self.kith, username.to_string(), display_name.to_string()).await?;
        self.people.insert(username.to_string(), id);
        Ok(())
    }

    /// Makes friends of all who will talk to one another.
    async fn meet(&self, lines: &[script::Line]) -> Result<(), Box<dyn Error>> {
        let direct = lines.iter().filter(|line| !script::is_group(&line.to));
        let pairs = direct.map(|line| (line.from.as_str(), line.to.as_str()));
        let mut met: Vec<(&str, &str)> = Vec::new();
        for (one, other) in pairs {
            if !met.contains(&(one, other)) && !met.contains(&(other, one)) {
                befriend(&self.kith, self.id(one)?, self.id(other)?).await?;
                met.push((one, other));
            }
        }
        Ok(())
    }

    /// Makes the groups, with everybody in them.
    async fn found(&mut self) -> Result<(), Box<dyn Error>> {
        for DemoGroup { key, name, description, members } in GROUPS {
            let ids =
                members.iter().map(|member| self.id(member)).collect::<Result<Vec<_>, _>>()?;
            let owner = self.caller(members[0])?;
            for other in &ids[1..] {
                befriend(&self.kith, owner.user, *other).await?;
            }
            let group = self.kith.create_group(owner, name, description, ids.clone()).await?;
            for member in &members[1..] {
                self.kith.accept_group(self.caller(member)?, group.id).await?;
            }
            self.groups.insert(key, group.id);
        }
        let (group, who) = INVITED;
        let owner = self.caller(GROUPS[0].members[0])?;
        befriend(&self.kith, owner.user, self.id(who)?).await?;
        self.kith.invite_to_group(owner, self.groups[group], vec![self.id(who)?]).await?;
        Ok(())
    }

    fn contact(&self, name: &str) -> Result<Contact, String> {
        match self.groups.get(name) {
            Some(group) => Ok(Contact::Group(*group)),
            None => self.id(name).map(Contact::User),
        }
    }

    /// Says everything at its time, and then has the others see what they have seen. Of thousands
    /// of messages some share a time, because each commit waits for the disk.
    async fn tell(&self, lines: &[script::Line], now: i64) -> Result<(), Box<dyn Error>> {
        let mut seen: HashMap<(&str, &str), i64> = HashMap::new();
        for some in lines.chunks(1 + lines.len() / 1_000) {
            NOW.store(now - some[0].before_ms, Ordering::SeqCst);
            let sent = try_join_all(some.iter().map(|line| self.say(line))).await?;
            for (line, seq) in some.iter().zip(sent).filter(|(line, _)| !line.unread) {
                let group = GROUPS.iter().find(|group| group.key == line.to);
                match group {
                    Some(group) => {
                        seen.extend(group.members.iter().map(|who| ((*who, group.key), seq)));
                    }
                    None => drop(seen.insert((line.to.as_str(), line.from.as_str()), seq)),
                }
            }
        }
        for ((who, whom), seq) in seen {
            self.kith.mark_read(self.caller(who)?, self.contact(whom)?, seq).await?;
        }
        Ok(())
    }

    /// Says one line, and returns its place in the conversation.
    async fn say(&self, line: &script::Line) -> Result<i64, Box<dyn Error>> {
        let (from, to) = (self.caller(&line.from)?, self.contact(&line.to)?);
        Ok(self.kith.send_message(from, to, ClientId::random(), &line.text, None).await?.seq)
    }

    /// Adds those who only make the crowd.
    async fn crowd(&self, options: &Options) -> Result<(), Box<dyn Error>> {
        let kith = &self.kith;
        let numbers: Vec<usize> = (PEOPLE.len() + 1..=options.people).collect();
        let mut others = Vec::new();
        for some in numbers.chunks(AT_ONCE) {
            let made = some
                .iter()
                .map(|n| make(kith, format!("person{n:04}"), format!("Person {n:04} · 第{n}位")));
            others.extend(try_join_all(made).await?);
        }
        let ann = self.id("ann")?;
        // They ask her: who asks is limited, and who is asked is not.
        let hers = others.iter().take(options.friends).map(|other| (*other, ann));
        let pairs: Vec<_> =
            others.chunks_exact(2).map(|pair| (pair[0], pair[1])).chain(hers).collect();
        for some in pairs.chunks(AT_ONCE) {
            try_join_all(some.iter().map(|(one, other)| befriend(kith, *one, *other))).await?;
        }
        let hers: Vec<UserId> = others.into_iter().take(options.friends).collect();
        for some in hers.chunks(AT_ONCE) {
            let greet = |user: &UserId| {
                let caller = Caller { user: *user, sign_in: SignInId(0) };
                let id = ClientId::random();
                kith.send_message(caller, Contact::User(ann), id, "Hello, Ann! 你好！", None)
            };
            try_join_all(some.iter().map(greet)).await?;
        }
        Ok(())
    }
}

async fn make(kith: &Kith, username: String, display_name: String) -> kith::error::Result<UserId> {
    let account = NewAccount { username, display_name, password: PASSWORD.into() };
    kith.create_user(By::Operator, account, false, false).await
}

async fn befriend(kith: &Kith, one: UserId, other: UserId) -> kith::error::Result<()> {
    let caller = |user| Caller { user, sign_in: SignInId(0) };
    kith.request_friend(caller(one), other, "").await?;
    kith.accept_friend(caller(other), one).await
}
