//! People, and what they are to one another.

use serde::{Deserialize, Serialize};

use super::{SignInId, Timestamp, UserId};

/// What anybody signed in may know of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: UserId,
    pub username: String,
    pub display_name: String,
    /// The account is gone; both names are empty, and what they wrote stays.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// What a person tells of themselves to whoever looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub person: Person,
    pub bio: String,
}

/// Some people, in the order of their names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeoplePage {
    pub people: Vec<Person>,
    pub has_more: bool,
}

/// The one who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    pub person: Person,
    pub bio: String,
    pub administrator: bool,
}

/// Who may write to whom without asking, as the operator has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contacts {
    Friends,
    Everyone,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Friend {
    pub person: Person,
    pub since: Timestamp,
    /// One's own name for the friend; empty if there is none.
    pub remark: String,
}

impl Friend {
    /// Every name by which they may be found.
    pub fn names(&self) -> [&str; 3] {
        [&self.remark, &self.person.display_name, &self.person.username]
    }
}

/// A request that has not been answered yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FriendRequest {
    pub from: Person,
    pub to: Person,
    pub note: String,
    pub at: Timestamp,
}

/// What a person is to the one who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    Oneself,
    Friend,
    /// I have asked, and wait.
    Asked,
    /// They have asked me.
    AskedMe,
    Stranger,
}

/// A device on which the caller is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    pub id: SignInId,
    /// What the browser said of itself, cut to a readable length.
    pub device: String,
    pub since: Timestamp,
    /// Written at most once a minute.
    pub last_seen: Timestamp,
    /// The device that asks.
    pub current: bool,
}

/// Who may register just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    Open,
    Closed,
    /// Nobody is here yet: the first account needs the link that the server printed.
    NeedsSetupLink,
}
