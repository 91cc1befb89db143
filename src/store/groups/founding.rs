//! Making a group, describing it, and its end.

use sqlx::Row;

use crate::error::{KithError, Result};
use crate::model::validation::{Invalid, name_key};
use crate::model::{Contacts, Group, GroupAct, GroupId, Role, SystemLine, UserId};
use crate::store::Failure;
use crate::store::fact::Fact;
use crate::store::people::friends::are_here;
use crate::store::transaction::{Change, Tx};

use super::circle::{self, Actor, OpenGroup};
use super::inviting;

/// Makes a group whose owner and only member is `by`, and invites `invited`, those whom they may.
/// `GroupNameTaken` when another group is called so.
#[derive(Debug)]
pub struct CreateGroup {
    pub by: UserId,
    /// Validated, like the description.
    pub name: String,
    pub description: String,
    pub max_members: i64,
    pub invited: Vec<UserId>,
    pub contacts: Contacts,
}

/// Gives a group another name and description, and another ceiling.
#[derive(Debug)]
pub struct SetGroup {
    pub by: UserId,
    pub group: GroupId,
    pub described: Described,
}

/// What a group is to be.
#[derive(Debug)]
pub struct Described {
    /// Validated, like the description.
    pub name: String,
    pub description: String,
    /// Nothing to leave it as it is. One below the present number removes nobody.
    pub max_members: Option<i64>,
    /// Whether those who come by the link are let in one by one; nothing to leave it as it is.
    pub approve: Option<bool>,
    /// The operator's.
    pub ceiling: i64,
}

/// Ends a group: everybody keeps the copy up to here.
#[derive(Debug)]
pub struct DisbandGroup {
    pub by: UserId,
    pub group: GroupId,
}

impl Change for CreateGroup {
    type Answer = Group;
    const EVENTS: i64 = circle::STEPS;

    async fn apply(&self, tx: &mut Tx) -> Result<Group, Failure> {
        if !are_here(tx, self.by, self.by).await? {
            return Err(KithError::Unauthorised.into());
        }
        let (name, description) = (self.name.clone(), self.description.clone());
        let circle = found(tx, self.by, self.by, name, description, self.max_members).await?;
        inviting::invite(tx, &circle, self.by, &self.invited, self.contacts).await?;
        Ok(circle.seen())
    }
}

impl Change for SetGroup {
    type Answer = ();
    const EVENTS: i64 = circle::STEPS;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        describe(tx, Actor::Member(self.by), self.group, &self.described).await.map(|_| ())
    }
}

impl Change for DisbandGroup {
    type Answer = ();
    const AFTER_SENDS: bool = true;
    const EVENTS: i64 = 1;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        disband(tx, Actor::Member(self.by), self.group).await.map(|_| ())
    }
}

/// Makes a group, as `by` says, that `owner` owns and is the only member of. `GroupNameTaken` when
/// another group is called so.
pub async fn found(
    tx: &mut Tx,
    by: UserId,
    owner: UserId,
    name: String,
    description: String,
    max_members: i64,
) -> Result<OpenGroup, Failure> {
    check_name_is_free(tx, &name, None).await?;
    let group = circle::new_conversation(tx).await?;
    sqlx::query(
        "INSERT INTO chat_group (id, name, name_key, description, max_members, owner_id) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(group.0)
    .bind(&name)
    .bind(name_key(&name))
    .bind(&description)
    .bind(max_members)
    .bind(owner.0)
    .execute(tx.write())
    .await?;
    let mut circle = OpenGroup::new(group, name, description, max_members);
    circle.join(tx, owner, Role::Owner).await?;
    circle.say(tx, by, SystemLine::Created).await?;
    Ok(circle)
}

/// Makes a group what it is to be. Returns it, or nothing if it was so before.
pub async fn describe(
    tx: &mut Tx,
    by: Actor,
    group: GroupId,
    described: &Described,
) -> Result<Option<OpenGroup>, Failure> {
    let Described { name, description, max_members, approve, ceiling } = described;
    let mut circle = OpenGroup::load_for(tx, group, by, GroupAct::Describe).await?;
    let renamed = circle.name != *name;
    let before = circle.max_members;
    let max_members = max_members.unwrap_or(before);
    if max_members != before {
        circle.allow(by, GroupAct::SetCeiling)?;
        if !(1..=*ceiling).contains(&max_members) {
            return Err(KithError::Invalid(Invalid::GroupCeiling).into());
        }
    }
    let approve = approve.unwrap_or(circle.approve);
    if approve != circle.approve {
        circle.allow(by, GroupAct::SetApproval)?;
    }
    let kept = max_members == before && approve == circle.approve;
    if !renamed && circle.description == *description && kept {
        return Ok(None);
    }
    check_name_is_free(tx, name, Some(group)).await?;
    sqlx::query(
        "UPDATE chat_group SET name = $1, name_key = $2, description = $3, max_members = $4, \
         approve = $5 WHERE id = $6",
    )
    .bind(name)
    .bind(name_key(name))
    .bind(description)
    .bind(max_members)
    .bind(i64::from(approve))
    .bind(group.0)
    .execute(tx.write())
    .await?;
    circle.name.clone_from(name);
    circle.description.clone_from(description);
    circle.max_members = max_members;
    circle.approve = approve;
    circle.tell(tx, Fact::GroupChanged { group: circle.seen() }).await?;
    if renamed {
        circle.say(tx, by.user(), SystemLine::Renamed { name: name.clone() }).await?;
    }
    Ok(Some(circle))
}

/// Ends a group by somebody's will. Returns what it was called.
pub async fn disband(tx: &mut Tx, by: Actor, group: GroupId) -> Result<String, Failure> {
    let mut circle = OpenGroup::load_for(tx, group, by, GroupAct::Disband).await?;
    circle.say(tx, by.user(), SystemLine::Disbanded).await?;
    let name = circle.name.clone();
    end(tx, circle).await?;
    Ok(name)
}

/// Ends a group, in which somebody may still be.
pub(super) async fn end(tx: &mut Tx, mut circle: OpenGroup) -> Result<(), Failure> {
    let group = circle.group;
    circle.leave_together(tx).await?;
    let invited = inviting::invited(tx, group).await?;
    tx.reserve(invited.len() as i64).await?;
    for user in invited {
        inviting::close(tx, group, user).await?;
    }
    // The name is free again: no name has a control character.
    sqlx::query(
        "UPDATE chat_group SET disbanded = 1, name_key = $1, join_token = NULL, \
         join_until = NULL WHERE id = $2",
    )
    .bind(format!("\u{1}{group}"))
    .bind(group.0)
    .execute(tx.write())
    .await?;
    sqlx::query("DELETE FROM join_request WHERE group_id = $1")
        .bind(group.0)
        .execute(tx.write())
        .await?;
    Ok(())
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
