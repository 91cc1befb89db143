//! Accounts, friendships, groups and sign-ins, made through the service in a folder without a
//! server.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use futures_util::future::try_join_all;
use kith::model::administration::AdminActor;
use kith::model::{GroupId, SignInId, UserId};
use kith::server::{self, Config};
use kith::service::accounts::NewAccount;
use kith::service::{Caller, Cost, Kith, Policy};
use serde::{Deserialize, Serialize};

use crate::Failure;

/// Number of concurrent changes, which the writer commits together.
const AT_ONCE: usize = 256;

const PASSWORD: &str = "not a secret";

/// A signed-in person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Person {
    pub id: UserId,
    pub token: String,
}

/// All people and groups.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct People {
    pub people: Vec<Person>,
    /// The people. The first two are friends, the next two, and so on, up to the wanted number.
    pub pairs: usize,
    pub groups: Vec<Group>,
}

/// A group of the first people; the first one owns it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Group {
    pub id: GroupId,
    pub size: usize,
}

/// The wanted numbers of people, pairs and groups.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub people: usize,
    pub pairs: usize,
    /// Number of members of each group.
    pub groups: Vec<usize>,
}

impl People {
    /// Returns the two people of a pair.
    pub fn pair(&self, pair: usize) -> (&Person, &Person) {
        (&self.people[2 * pair], &self.people[2 * pair + 1])
    }

    /// Makes all people in the data folder `data`. Their passwords are hashed at a far lower cost
    /// than usual.
    pub async fn seed(data: &Path, wanted: &Wanted) -> Result<Self, Failure> {
        let kith = Kith::open(policy(data), server::system_clock).await?;
        let numbers: Vec<usize> = (0..wanted.people.max(2 * wanted.pairs)).collect();
        let mut people = Vec::with_capacity(numbers.len());
        for some in numbers.chunks(AT_ONCE) {
            people.extend(try_join_all(some.iter().map(|number| arrive(&kith, *number))).await?);
        }
        let pairs: Vec<&[Person]> = people.chunks_exact(2).take(wanted.pairs).collect();
        for some in pairs.chunks(AT_ONCE) {
            try_join_all(some.iter().map(|pair| befriend(&kith, pair[0].id, pair[1].id))).await?;
        }
        let mut groups = Vec::new();
        for (number, size) in wanted.groups.iter().enumerate() {
            let id = found(&kith, number, &people[..*size]).await?;
            groups.push(Group { id, size: *size });
        }
        kith.end();
        Ok(Self { people, pairs: wanted.pairs, groups })
    }
}

async fn arrive(kith: &Kith, number: usize) -> Result<Person, Failure> {
    let username = format!("load{number:05}");
    let display_name = format!("Person {number}");
    let account =
        NewAccount { username: username.clone(), display_name, password: PASSWORD.into() };
    // The first person makes the groups.
    let id = kith.create_user(AdminActor::Operator, account, number == 0, false).await?;
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let token = kith.sign_in(here, "load", &username, PASSWORD).await?.token;
    Ok(Person { id, token })
}

async fn befriend(kith: &Kith, one: UserId, other: UserId) -> Result<(), Failure> {
    kith.request_friend(caller(one), other, "").await?;
    Ok(kith.accept_friend(caller(other), one).await?)
}

async fn found(kith: &Kith, number: usize, members: &[Person]) -> Result<GroupId, Failure> {
    let owner = caller(members[0].id);
    let group = kith.create_group(owner, &format!("Load {number}"), "", Vec::new()).await?;
    let administrator = AdminActor::Administrator(owner.user);
    for some in members[1..].chunks(AT_ONCE) {
        let joins = some.iter().map(|member| kith.add_member(administrator, group.id, member.id));
        try_join_all(joins).await?;
    }
    Ok(group.id)
}

fn caller(user: UserId) -> Caller {
    Caller { user, sign_in: SignInId(0) }
}

fn policy(data: &Path) -> Policy {
    let config = Config { data: data.to_path_buf(), ..Config::default() };
    Policy {
        attempts_per_minute: 0,
        messages_per_minute: 0,
        group_ceiling: 2_000,
        password_cost: Cost { memory_kib: 64, passes: 1 },
        ..server::policy(&config)
    }
}
