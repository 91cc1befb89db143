//! What happens in the demo: people join, meet, found groups and talk, each thing at its time.

use std::collections::HashMap;
use std::error::Error;

use futures_util::future::try_join_all;

use super::cast::{DemoGroup, GROUPS, INVITED, PASSWORD, PEOPLE, WAITING};
use super::{Size, script, set_clock};
use crate::error::Result as KithResult;
use crate::model::administration::By;
use crate::model::{ClientId, Contact, GroupId, SignInId, Timestamp, UserId};
use crate::service::accounts::NewAccount;
use crate::service::{Caller, Kith};

/// How many changes are under way at once, for the writer to commit together; fewer than the
/// friend requests of one person that may wait for an answer.
const AT_ONCE: usize = 64;

pub struct Story {
    kith: Kith,
    people: HashMap<String, UserId>,
    groups: HashMap<&'static str, GroupId>,
}

impl Story {
    pub fn new(kith: Kith) -> Self {
        Self { kith, people: HashMap::new(), groups: HashMap::new() }
    }

    fn id(&self, username: &str) -> Result<UserId, String> {
        self.people.get(username).copied().ok_or_else(|| format!("nobody is called {username}"))
    }

    fn caller(&self, username: &str) -> Result<Caller, String> {
        Ok(Caller { user: self.id(username)?, sign_in: SignInId(0) })
    }

    /// Makes the accounts of all who have a name.
    pub async fn join(&mut self) -> Result<(), Box<dyn Error>> {
        for (username, display_name) in PEOPLE {
            let id = make(&self.kith, username.to_string(), display_name.to_string()).await?;
            self.people.insert(username.to_string(), id);
        }
        Ok(())
    }

    /// Makes friends of all who will talk to one another.
    pub async fn meet(&self, lines: &[script::ScriptLine]) -> Result<(), Box<dyn Error>> {
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
    pub async fn found(&mut self) -> Result<(), Box<dyn Error>> {
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
    pub async fn tell(
        &self,
        lines: &[script::ScriptLine],
        now: Timestamp,
    ) -> Result<(), Box<dyn Error>> {
        let mut seen: HashMap<(&str, &str), i64> = HashMap::new();
        for some in lines.chunks(1 + lines.len() / 1_000) {
            set_clock(now, some[0].before_ms);
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
    async fn say(&self, line: &script::ScriptLine) -> Result<i64, Box<dyn Error>> {
        let (from, to) = (self.caller(&line.from)?, self.contact(&line.to)?);
        Ok(self.kith.send_message(from, to, ClientId::random(), &line.text, None).await?.seq)
    }

    /// Asks what is not answered.
    pub async fn wait_for_answers(&self) -> Result<(), Box<dyn Error>> {
        for (from, to, note) in WAITING {
            self.kith.request_friend(self.caller(from)?, self.id(to)?, note).await?;
        }
        Ok(())
    }

    /// Adds those who only make the crowd.
    pub async fn crowd(&self, size: Size) -> Result<(), Box<dyn Error>> {
        let kith = &self.kith;
        let numbers: Vec<usize> = (PEOPLE.len() + 1..=size.people).collect();
        let mut others = Vec::new();
        for some in numbers.chunks(AT_ONCE) {
            let made = some
                .iter()
                .map(|n| make(kith, format!("person{n:04}"), format!("Person {n:04} · 第{n}位")));
            others.extend(try_join_all(made).await?);
        }
        let ann = self.id("ann")?;
        // They ask her: who asks is limited, and who is asked is not.
        let hers = others.iter().take(size.friends).map(|other| (*other, ann));
        let pairs: Vec<_> =
            others.chunks_exact(2).map(|pair| (pair[0], pair[1])).chain(hers).collect();
        for some in pairs.chunks(AT_ONCE) {
            try_join_all(some.iter().map(|(one, other)| befriend(kith, *one, *other))).await?;
        }
        let hers: Vec<UserId> = others.into_iter().take(size.friends).collect();
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

async fn make(kith: &Kith, username: String, display_name: String) -> KithResult<UserId> {
    let account = NewAccount { username, display_name, password: PASSWORD.into() };
    kith.create_user(By::Operator, account, false, false).await
}

async fn befriend(kith: &Kith, one: UserId, other: UserId) -> KithResult<()> {
    let caller = |user| Caller { user, sign_in: SignInId(0) };
    kith.request_friend(caller(one), other, "").await?;
    kith.accept_friend(caller(other), one).await
}
