//! People, and what they are to one another.

use serde::{Deserialize, Serialize};

use crate::wire::read_by_field;

use super::{SignInId, Timestamp, UserId};

/// What anybody signed in may know of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    pub id: UserId,
    pub username: String,
    pub display_name: String,
    /// The account is gone; both names are empty, and what they wrote stays.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

read_by_field!(Person { id, username, display_name } { deleted });

/// What a person tells of themselves to whoever looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Profile {
    pub person: Person,
    pub bio: String,
}

read_by_field!(Profile { person, bio });

/// Some people, in the order of their names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeoplePage {
    pub people: Vec<Person>,
    pub has_more: bool,
}

read_by_field!(PeoplePage { people, has_more });

/// The one who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Me {
    pub person: Person,
    pub bio: String,
    pub administrator: bool,
}

read_by_field!(Me { person, bio, administrator });

/// Who may write to whom without asking, as the operator has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contacts {
    Friends,
    Everyone,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Friend {
    pub person: Person,
    pub since: Timestamp,
    /// One's own name for the friend; empty if there is none.
    pub remark: String,
}

read_by_field!(Friend { person, since, remark });

impl Friend {
    /// Every name by which they may be found.
    pub fn names(&self) -> [&str; 3] {
        [&self.remark, &self.person.display_name, &self.person.username]
    }
}

/// A request that has not been answered yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FriendRequest {
    pub from: Person,
    pub to: Person,
    pub note: String,
    pub at: Timestamp,
}

read_by_field!(FriendRequest { from, to, note, at });

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignIn {
    pub id: SignInId,
    /// What the browser said of itself, cut to a readable length.
    pub device: String,
    pub since: Timestamp,
    /// Written at most every five minutes.
    pub last_seen: Timestamp,
    /// The device that asks.
    pub current: bool,
}

read_by_field!(SignIn { id, device, since, last_seen, current });

/// Who may register just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    Open,
    Closed,
    /// Whoever has a link that an administrator made, and that still holds.
    ByLink,
    /// Nobody is here yet: the first account needs the link that the server printed.
    NeedsSetupLink,
}
