//! Creating a group, changing its settings, and disbanding it.

use sqlx::Row;

use crate::error::{KithError, Result};
use crate::model::validation::Invalid;
use crate::model::{Contacts, Group, GroupAction, GroupId, Role, SystemLine, UserId};
use crate::store::fact::Fact;
use crate::store::people::accounts::accounts_exist;
use crate::store::transaction::{Change, Tx};
use crate::store::{Failure, name_key};

use super::open_group::{self, GroupActor, OpenGroup};
use super::steps;

/// Creates a group whose owner and only member is `by`, and invites those of `invited` whom `by`
/// may write to. `GroupNameTaken` when another group has this name.
#[derive(Debug)]
pub struct CreateGroup {
    pub by: UserId,
    /// Validated.
    pub name: String,
    /// Validated.
    pub description: String,
    pub max_members: i64,
    pub invited: Vec<UserId>,
    pub contacts: Contacts,
}

/// Changes the settings of a group.
#[derive(Debug)]
pub struct SetGroup {
    pub by: UserId,
    pub group: GroupId,
    pub settings: GroupSettings,
}

#[derive(Debug)]
pub struct GroupSettings {
    /// Validated.
    pub name: String,
    /// Validated.
    pub description: String,
    /// `None` leaves it as it is. A maximum below the present number removes nobody.
    pub max_members: Option<i64>,
    /// Whether an admin must approve each person who comes by the join link; `None` leaves it.
    pub approve: Option<bool>,
    /// The operator's maximum for `max_members`.
    pub ceiling: i64,
}

/// Disbands a group. Every member keeps their copy of the conversation.
#[derive(Debug)]
pub struct DisbandGroup {
    pub by: UserId,
    pub group: GroupId,
}

impl Change for CreateGroup {
    type Answer = Group;
    const EVENTS: i64 = open_group::MEMBERSHIP_EVENTS;

    async fn apply(&self, tx: &mut Tx) -> Result<Group, Failure> {
        if !accounts_exist(tx, self.by, self.by).await? {
            return Err(KithError::Unauthorised.into());
        }
        let (name, description) = (self.name.clone(), self.description.clone());
        let open_group = create(tx, self.by, self.by, name, description, self.max_members).await?;
        steps::invite(tx, &open_group, self.by, &self.invited, self.contacts).await?;
        Ok(open_group.to_group())
    }
}

impl Change for SetGroup {
    type Answer = ();
    const EVENTS: i64 = open_group::MEMBERSHIP_EVENTS;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        set_group(tx, GroupActor::Member(self.by), self.group, &self.settings).await.map(|_| ())
    }
}

impl Change for DisbandGroup {
    type Answer = ();
    const AFTER_SENDS: bool = true;
    const EVENTS: i64 = 1;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        disband(tx, GroupActor::Member(self.by), self.group).await.map(|_| ())
    }
}

/// Creates a group whose owner and only member is `owner`; `by` is the sender of its first line.
/// `GroupNameTaken` when another group has this name.
pub async fn create(
    tx: &mut Tx,
    by: UserId,
    owner: UserId,
    name: String,
    description: String,
    max_members: i64,
) -> Result<OpenGroup, Failure> {
    check_name_is_free(tx, &name, None).await?;
    let id = open_group::new_conversation(tx).await?;
    sqlx::query(
        "INSERT INTO chat_group (id, name, name_key, description, max_members, owner_id) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id.0)
    .bind(&name)
    .bind(name_key(&name))
    .bind(&description)
    .bind(max_members)
    .bind(owner.0)
    .execute(tx.write())
    .await?;
    let mut open_group = OpenGroup::new(id, name, description, max_members);
    open_group.join(tx, owner, Role::Owner).await?;
    open_group.add_line(tx, by, SystemLine::Created).await?;
    Ok(open_group)
}

/// Changes the settings of a group. Returns the group, or `None` when nothing changed.
pub async fn set_group(
    tx: &mut Tx,
    by: GroupActor,
    group: GroupId,
    settings: &GroupSettings,
) -> Result<Option<OpenGroup>, Failure> {
    let GroupSettings { name, description, max_members, approve, ceiling } = settings;
    let mut open_group = OpenGroup::load_for(tx, group, by, GroupAction::Describe).await?;
    let renamed = open_group.name != *name;
    let before = open_group.max_members;
    let max_members = max_members.unwrap_or(before);
    if max_members != before {
        open_group.check_allowed(by, GroupAction::SetCeiling)?;
        if !(1..=*ceiling).contains(&max_members) {
            return Err(KithError::Invalid(Invalid::GroupCeiling).into());
        }
    }
    let approve = approve.unwrap_or(open_group.approve);
    if approve != open_group.approve {
        open_group.check_allowed(by, GroupAction::SetApproval)?;
    }
    let kept = max_members == before && approve == open_group.approve;
    if !renamed && open_group.description == *description && kept {
        return Ok(None);
    }
    if renamed {
        check_name_is_free(tx, name, Some(group)).await?;
    }
    // A group that keeps its name keeps its key: an older Kith allowed names that look alike.
    sqlx::query(
        "UPDATE chat_group SET name = $1, \
         name_key = CASE WHEN name = $1 THEN name_key ELSE $2 END, \
         description = $3, max_members = $4, approve = $5 WHERE id = $6",
    )
    .bind(name)
    .bind(name_key(name))
    .bind(description)
    .bind(max_members)
    .bind(i64::from(approve))
    .bind(group.0)
    .execute(tx.write())
    .await?;
    open_group.name.clone_from(name);
    open_group.description.clone_from(description);
    open_group.max_members = max_members;
    open_group.approve = approve;
    open_group.log_for_members(tx, Fact::GroupChanged { group: open_group.to_group() }).await?;
    if renamed {
        open_group.add_line(tx, by.user(), SystemLine::Renamed { name: name.clone() }).await?;
    }
    Ok(Some(open_group))
}

/// Disbands a group. Returns its name.
pub async fn disband(tx: &mut Tx, by: GroupActor, group: GroupId) -> Result<String, Failure> {
    let mut open_group = OpenGroup::load_for(tx, group, by, GroupAction::Disband).await?;
    open_group.add_line(tx, by.user(), SystemLine::Disbanded).await?;
    let name = open_group.name.clone();
    steps::end_group(tx, open_group).await?;
    Ok(name)
}

async fn check_name_is_free(
    tx: &mut Tx,
    name: &str,
    except: Option<GroupId>,
) -> Result<(), Failure> {
    let row = sqlx::query("SELECT COUNT(*) FROM chat_group WHERE name_key = $1 AND id <> $2")
        .bind(name_key(name))
        .bind(except.map_or(0, |group| group.0))
        .fetch_one(tx.read())
        .await?;
    match row.try_get::<i64, _>(0)? {
        0 => Ok(()),
        _ => Err(KithError::GroupNameTaken.into()),
    }
}
