//! The story of the demo: people register, become friends, create groups and talk.

use std::collections::HashMap;
use std::error::Error;

use futures_util::future::try_join_all;

use super::cast::{DemoGroup, GROUPS, PASSWORD, PENDING_INVITATION, PENDING_REQUESTS, PEOPLE};
use super::{Size, script, set_clock};
use crate::error::Result as KithResult;
use crate::model::administration::AdminActor;
use crate::model::{ClientId, Contact, GroupId, SignInId, Timestamp, UserId};
use crate::service::accounts::NewAccount;
use crate::service::{Caller, Kith};

/// Number of changes under way at once, so that the writer commits them together. Fewer than the
/// maximum of pending friend requests to one person.
const CONCURRENT: usize = 64;

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

    /// Makes the accounts of the first dozen.
    pub async fn create_people(&mut self) -> Result<(), Box<dyn Error>> {
        for (username, display_name) in PEOPLE {
            let id =
                create_user(&self.kith, username.to_string(), display_name.to_string()).await?;
            self.people.insert(username.to_string(), id);
        }
        Ok(())
    }

    /// Makes friends of all who will talk to each other.
    pub async fn make_friends(&self, lines: &[script::ScriptLine]) -> Result<(), Box<dyn Error>> {
        let direct = lines.iter().filter(|line| !script::is_group(&line.to));
        let pairs = direct.map(|line| (line.from.as_str(), line.to.as_str()));
        let mut friends: Vec<(&str, &str)> = Vec::new();
        for (one, other) in pairs {
            if !friends.contains(&(one, other)) && !friends.contains(&(other, one)) {
                befriend(&self.kith, self.id(one)?, self.id(other)?).await?;
                friends.push((one, other));
            }
        }
        Ok(())
    }

    /// Makes the groups with their members, and the pending invitation.
    pub async fn create_groups(&mut self) -> Result<(), Box<dyn Error>> {
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
        let (group, person) = PENDING_INVITATION;
        let owner = self.caller(GROUPS[0].members[0])?;
        befriend(&self.kith, owner.user, self.id(person)?).await?;
        self.kith.invite_to_group(owner, self.groups[group], vec![self.id(person)?]).await?;
        Ok(())
    }

    fn contact(&self, name: &str) -> Result<Contact, String> {
        match self.groups.get(name) {
            Some(group) => Ok(Contact::Group(*group)),
            None => self.id(name).map(Contact::User),
        }
    }

    /// Sends all messages at their times, then sets the read marks. Of thousands of messages some
    /// share a time and a commit, because each commit waits for the disk.
    pub async fn send_messages(
        &self,
        lines: &[script::ScriptLine],
        now: Timestamp,
    ) -> Result<(), Box<dyn Error>> {
        let mut read: HashMap<(&str, &str), i64> = HashMap::new();
        for chunk in lines.chunks(1 + lines.len() / 1_000) {
            set_clock(now, chunk[0].before_ms);
            let sent = try_join_all(chunk.iter().map(|line| self.send(line))).await?;
            for (line, seq) in chunk.iter().zip(sent).filter(|(line, _)| !line.unread) {
                let group = GROUPS.iter().find(|group| group.key == line.to);
                match group {
                    Some(group) => {
                        let members = group.members.iter();
                        read.extend(members.map(|member| ((*member, group.key), seq)));
                    }
                    None => drop(read.insert((line.to.as_str(), line.from.as_str()), seq)),
                }
            }
        }
        for ((reader, contact), seq) in read {
            self.kith.mark_read(self.caller(reader)?, self.contact(contact)?, seq).await?;
        }
        Ok(())
    }

    /// Sends one message and returns its `seq`.
    async fn send(&self, line: &script::ScriptLine) -> Result<i64, Box<dyn Error>> {
        let (from, to) = (self.caller(&line.from)?, self.contact(&line.to)?);
        Ok(self.kith.send_message(from, to, ClientId::random(), &line.text, None).await?.seq)
    }

    /// Sends the friend requests that stay pending.
    pub async fn send_requests(&self) -> Result<(), Box<dyn Error>> {
        for (from, to, note) in PENDING_REQUESTS {
            self.kith.request_friend(self.caller(from)?, self.id(to)?, note).await?;
        }
        Ok(())
    }

    /// Adds the people beyond the first dozen, their friendships and greetings.
    pub async fn add_extras(&self, size: Size) -> Result<(), Box<dyn Error>> {
        let kith = &self.kith;
        let numbers: Vec<usize> = (PEOPLE.len() + 1..=size.people).collect();
        let mut extras = Vec::new();
        for chunk in numbers.chunks(CONCURRENT) {
            let created = chunk.iter().map(|n| {
                let display_name = format!("Person {n:04} · 第{n}位");
                create_user(kith, format!("person{n:04}"), display_name)
            });
            extras.extend(try_join_all(created).await?);
        }
        let ann = self.id("ann")?;
        // The extras send the requests, because sending is limited and receiving is not.
        let with_ann = extras.iter().take(size.friends).map(|extra| (*extra, ann));
        let pairs: Vec<_> =
            extras.chunks_exact(2).map(|pair| (pair[0], pair[1])).chain(with_ann).collect();
        for chunk in pairs.chunks(CONCURRENT) {
            try_join_all(chunk.iter().map(|(one, other)| befriend(kith, *one, *other))).await?;
        }
        let friends: Vec<UserId> = extras.into_iter().take(size.friends).collect();
        for chunk in friends.chunks(CONCURRENT) {
            let greet = |user: &UserId| {
                let caller = Caller { user: *user, sign_in: SignInId(0) };
                let id = ClientId::random();
                kith.send_message(caller, Contact::User(ann), id, "Hello, Ann! 你好！", None)
            };
            try_join_all(chunk.iter().map(greet)).await?;
        }
        Ok(())
    }
}

async fn create_user(kith: &Kith, username: String, display_name: String) -> KithResult<UserId> {
    let account = NewAccount { username, display_name, password: PASSWORD.into() };
    kith.create_user(AdminActor::Operator, account, false, false).await
}

async fn befriend(kith: &Kith, one: UserId, other: UserId) -> KithResult<()> {
    let caller = |user| Caller { user, sign_in: SignInId(0) };
    kith.request_friend(caller(one), other, "").await?;
    kith.accept_friend(caller(other), one).await
}
