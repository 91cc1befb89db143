//! What administrators see and decide: plain data between the service and their pages.

use serde::{Deserialize, Serialize};

use super::{Group, GroupId, GroupMembers, Person, Role, Timestamp, UserId};

/// Who does an administrative act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// On the pages of the administration.
    Administrator(UserId),
    /// On the command line of the machine that Kith runs on.
    Operator,
}

/// By what a table of accounts is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountOrder {
    #[default]
    Username,
    DisplayName,
    Created,
    LastSeen,
}

/// Which accounts a table shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountQuery {
    /// What a username or a word of a display name begins with, as it was typed; empty for all.
    pub search: String,
    pub order: AccountOrder,
    pub descending: bool,
    /// The first one is 1; anything else counts as it.
    pub page: i64,
}

/// An account as administrators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub person: Person,
    pub bio: String,
    pub administrator: bool,
    /// May not sign in.
    pub disabled: bool,
    /// Until when the one-time password holds; nothing if they have one of their own.
    pub one_time_until: Option<Timestamp>,
    pub created: Timestamp,
    /// Of the devices that are signed in, the last one to be seen.
    pub last_seen: Option<Timestamp>,
    /// How many devices are signed in.
    pub sign_ins: i64,
}

/// A page of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TablePage<T> {
    pub rows: Vec<T>,
    /// Of all pages together.
    pub total: i64,
    /// The first one is 1.
    pub page: i64,
    /// How many pages there are; never less than 1.
    pub pages: i64,
}

/// Everything about one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountFile {
    pub account: Account,
    /// By display name.
    pub friends: Vec<(Person, Timestamp)>,
    /// By name.
    pub groups: Vec<(GroupId, String, Role)>,
}

/// A group as administrators find it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRow {
    pub group: Group,
    pub owner: Person,
    /// When something was said last.
    pub activity: Timestamp,
}

/// Everything about one group but what is said there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupFile {
    pub group: Group,
    pub members: GroupMembers,
    /// Until when the link holds by which people join, if there is one.
    pub link_until: Option<Timestamp>,
    /// Up to how many members it may be allowed.
    pub ceiling: i64,
}

/// Who may make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationMode {
    Open,
    Closed,
    /// Whoever has a link that an administrator made.
    ByLink,
}

/// A link with which people may register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationLink {
    /// The page to register is `/register?invite=` and this.
    pub token: String,
    /// Nobody for one made on the command line.
    pub by: Option<Person>,
    pub until: Timestamp,
    /// How many accounts may still be made with it.
    pub left: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationState {
    pub mode: RegistrationMode,
    /// Those that still hold, the newest first.
    pub links: Vec<RegistrationLink>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// Accounts that were not deleted.
    pub people: i64,
    pub disabled: i64,
    /// Seen within the last 24 hours.
    pub active: i64,
    pub groups: i64,
    /// Sent on each of the last 14 days (of UTC), by the beginning of the day, the oldest first.
    pub messages: Vec<(Timestamp, i64)>,
    /// Receives that are held just now, at this process.
    pub held: i64,
    pub database_bytes: i64,
    pub build: String,
}

/// What an administrative act was about. Names are as they were at that time: this is history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    CreateUser {
        user: UserId,
        username: String,
        administrator: bool,
    },
    /// `was` is the username before, if it is another one now.
    EditUser {
        user: UserId,
        username: String,
        display_name: String,
        was: Option<String>,
    },
    DisableUser {
        user: UserId,
        username: String,
    },
    EnableUser {
        user: UserId,
        username: String,
    },
    SetPassword {
        user: UserId,
        username: String,
    },
    SignOutUser {
        user: UserId,
        username: String,
    },
    SetAdministrator {
        user: UserId,
        username: String,
        administrator: bool,
    },
    DeleteUser {
        user: UserId,
        username: String,
    },
    EndFriendship {
        user: UserId,
        username: String,
        friend: UserId,
        friend_username: String,
    },
    CreateGroup {
        group: GroupId,
        name: String,
    },
    /// `was` is the name before, if it is another one now.
    EditGroup {
        group: GroupId,
        name: String,
        was: Option<String>,
    },
    AddMember {
        group: GroupId,
        name: String,
        user: UserId,
        username: String,
    },
    RemoveMember {
        group: GroupId,
        name: String,
        user: UserId,
        username: String,
    },
    SetRole {
        group: GroupId,
        name: String,
        user: UserId,
        username: String,
        role: Role,
    },
    EndJoinLink {
        group: GroupId,
        name: String,
    },
    DisbandGroup {
        group: GroupId,
        name: String,
    },
    SetRegistration {
        mode: RegistrationMode,
    },
    CreateRegistrationLink {
        uses: i64,
        until: Timestamp,
    },
    RevokeRegistrationLink,
}

/// A line of the audit log. Nobody edits it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    pub id: i64,
    pub at: Timestamp,
    /// The username, as it was; nobody for the operator, on the command line.
    pub by: Option<String>,
    pub act: Act,
}
