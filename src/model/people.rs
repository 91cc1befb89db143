//! People, and the relationships between them.

use serde::{Deserialize, Serialize};

use crate::wire::read_by_field;

use super::{SignInId, Timestamp, UserId};

/// A person, as every user may see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    pub id: UserId,
    pub username: String,
    pub display_name: String,
    /// The account was deleted. Both names are empty; messages stay.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

read_by_field!(Person { id, username, display_name } { deleted });

/// A person with their bio.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Profile {
    pub person: Person,
    pub bio: String,
}

read_by_field!(Profile { person, bio });

/// A page of people, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeoplePage {
    pub people: Vec<Person>,
    pub has_more: bool,
}

read_by_field!(PeoplePage { people, has_more });

/// The user who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Me {
    pub person: Person,
    pub bio: String,
    pub administrator: bool,
}

read_by_field!(Me { person, bio, administrator });

/// The operator's choice of who may write to whom.
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
    /// The user's own name for the friend. Empty without one.
    pub remark: String,
}

read_by_field!(Friend { person, since, remark });

impl Friend {
    /// The names by which the friend is found.
    pub fn names(&self) -> [&str; 3] {
        [&self.remark, &self.person.display_name, &self.person.username]
    }
}

/// A friend request that was not answered yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FriendRequest {
    pub from: Person,
    pub to: Person,
    pub note: String,
    pub at: Timestamp,
}

read_by_field!(FriendRequest { from, to, note, at });

/// The relationship of a person to the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    Oneself,
    Friend,
    /// The user has sent them a friend request.
    Asked,
    /// They have sent the user a friend request.
    AskedMe,
    Stranger,
}

/// A device on which the user is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignIn {
    pub id: SignInId,
    /// The browser's `User-Agent`, cut to a readable length.
    pub device: String,
    pub since: Timestamp,
    /// Written at most every five minutes.
    pub last_seen: Timestamp,
    /// Whether this is the device of the call.
    pub current: bool,
}

read_by_field!(SignIn { id, device, since, last_seen, current });

/// The rule for registering now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    Open,
    Closed,
    /// People with a valid registration link.
    ByLink,
    /// There is no account yet. The first one needs the link that the server printed.
    NeedsSetupLink,
}
