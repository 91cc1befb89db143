//! The administration: plain data between the service, its pages and the command line.

use serde::{Deserialize, Serialize};

use crate::wire::named_enum;

use super::{Group, GroupId, GroupMembers, Person, Role, Timestamp, UserId};

/// The author of an administrative action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdminActor {
    /// A user, on the pages of the administration.
    Administrator(UserId),
    /// The operator, on the command line of the machine that runs Kith.
    Operator,
}

/// The order of a table of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountOrder {
    #[default]
    Username,
    DisplayName,
    Created,
    LastSeen,
}

/// The choice of accounts in a table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountQuery {
    /// The beginning of a username or of a word of a display name, as typed. Empty for all.
    pub search: String,
    pub order: AccountOrder,
    pub descending: bool,
    /// From 1. A number out of range gives the first or the last page.
    pub page: i64,
}

/// An account as administrators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub person: Person,
    pub bio: String,
    pub administrator: bool,
    /// A disabled account cannot sign in.
    pub disabled: bool,
    /// When the one-time password expires. `None` when the user has chosen their own.
    pub one_time_until: Option<Timestamp>,
    pub created: Timestamp,
    /// When one of the signed-in devices was last seen.
    pub last_seen: Option<Timestamp>,
    /// Number of signed-in devices.
    pub sign_ins: i64,
}

/// A page of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TablePage<T> {
    pub rows: Vec<T>,
    /// Number of rows on all pages.
    pub total: i64,
    /// From 1.
    pub page: i64,
    /// Number of pages, at least 1.
    pub pages: i64,
}

/// The administration's page about one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountDetails {
    pub account: Account,
    /// By display name.
    pub friends: Vec<(Person, Timestamp)>,
    /// By name.
    pub groups: Vec<(GroupId, String, Role)>,
}

/// A group in a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRow {
    pub group: Group,
    pub owner: Person,
    /// Time of the last message.
    pub activity: Timestamp,
}

/// The administration's page about one group. It never shows messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDetails {
    pub group: Group,
    pub members: GroupMembers,
    /// When the join link expires. `None` without a link.
    pub link_until: Option<Timestamp>,
    /// The operator's maximum for `max_members`.
    pub ceiling: i64,
}

named_enum! {
    /// The rule for registering.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    pub enum RegistrationMode {
        "open" => Open,
        "closed" => Closed,
        /// People with a registration link of an administrator.
        "by_link" => ByLink,
    }
}

/// A registration link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationLink {
    /// The link leads to `/register?invite=TOKEN`.
    pub token: String,
    /// The administrator who made it. `None` for the operator.
    pub by: Option<Person>,
    pub until: Timestamp,
    /// Number of accounts that can still be created with it.
    pub left: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationState {
    pub mode: RegistrationMode,
    /// The valid links, the newest first.
    pub links: Vec<RegistrationLink>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// Number of accounts, without deleted ones.
    pub people: i64,
    pub disabled: i64,
    /// Number of accounts seen within the last 24 hours.
    pub active: i64,
    pub groups: i64,
    /// Number of messages on each of the last 14 days in UTC, with the day's beginning. The oldest
    /// day comes first.
    pub messages: Vec<(Timestamp, i64)>,
    /// Number of receives that this process holds now.
    pub held: i64,
    pub database_bytes: i64,
    pub build: String,
}

/// An administrative action in the audit log, with the names of that time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum AuditedAction {
    CreateUser {
        user: UserId,
        username: String,
        administrator: bool,
    },
    /// `was` is the old username, if it changed.
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
    /// `was` is the old name, if it changed.
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

/// A row of the audit log. Rows are never changed or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    pub id: i64,
    pub at: Timestamp,
    /// The username of that time. `None` for the operator.
    pub by: Option<String>,
    pub act: AuditedAction,
}
