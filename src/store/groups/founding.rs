//! Making a group, describing it, and its end.

use sqlx::Row;

use super::circle::{self, Circle};
use super::inviting;
use crate::error::{KithError, Result};
use crate::model::validation::{Invalid, name_key};
use crate::model::{Contacts, Group, GroupAct, GroupId, Role, SystemLine, UserId};
use crate::store::Failure;
use crate::store::fact::Fact;
use crate::store::friends::are_here;
use crate::store::transaction::{Change, Tx};

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
    /// Validated, like the description.
    pub name: String,
    pub description: String,
    /// Nothing to leave it as it is. One below the present number removes nobody.
    pub max_members: Option<i64>,
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
        check_name_is_free(tx, &self.name, None).await?;
        let group = circle::new_conversation(tx).await?;
        sqlx::query(
            "INSERT INTO chat_group (id, name, name_key, description, max_members, owner_id) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(group.0)
        .bind(&self.name)
        .bind(name_key(&self.name))
        .bind(&self.description)
        .bind(self.max_members)
        .bind(self.by.0)
        .execute(tx.write())
        .await?;
        let (name, description) = (self.name.clone(), self.description.clone());
        let mut circle = Circle::new(group, name, description, self.max_members);
        circle.join(tx, self.by, Role::Owner).await?;
        circle.say(tx, self.by, SystemLine::Created).await?;
        inviting::invite(tx, &circle, self.by, &self.invited, self.contacts).await?;
        Ok(circle.seen())
    }
}

impl Change for SetGroup {
    type Answer = ();
    const EVENTS: i64 = 2;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let (group, by) = (self.group, self.by);
        let mut circle = Circle::load_for(tx, group, by, GroupAct::Describe).await?;
        let renamed = circle.name != self.name;
        let described = circle.description != self.description;
        let before = circle.max_members;
        let max_members = self.max_members.unwrap_or(before);
        if max_members != before {
            let may = circle.role_of(by).is_some_and(|role| role.may(GroupAct::SetCeiling));
            if !may {
                return Err(KithError::NotAllowed.into());
            }
            if !(1..=self.ceiling).contains(&max_members) {
                return Err(KithError::Invalid(Invalid::GroupCeiling).into());
            }
        }
        if !renamed && !described && max_members == before {
            return Ok(());
        }
        check_name_is_free(tx, &self.name, Some(group)).await?;
        sqlx::query(
            "UPDATE chat_group SET name = $1, name_key = $2, description = $3, max_members = $4 \
             WHERE id = $5",
        )
        .bind(&self.name)
        .bind(name_key(&self.name))
        .bind(&self.description)
        .bind(max_members)
        .bind(group.0)
        .execute(tx.write())
        .await?;
        circle.name.clone_from(&self.name);
        circle.description.clone_from(&self.description);
        circle.max_members = max_members;
        circle.tell(tx, Fact::GroupChanged { group: circle.seen() }).await?;
        if renamed {
            circle.say(tx, by, SystemLine::Renamed { name: self.name.clone() }).await?;
        }
        Ok(())
    }
}

impl Change for DisbandGroup {
    type Answer = ();
    const AFTER_SENDS: bool = true;
    const EVENTS: i64 = 1;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let mut circle = Circle::load_for(tx, self.group, self.by, GroupAct::Disband).await?;
        circle.say(tx, self.by, SystemLine::Disbanded).await?;
        end(tx, circle).await
    }
}

/// Ends a group, in which somebody may still be.
pub(super) async fn end(tx: &mut Tx, mut circle: Circle) -> Result<(), Failure> {
    let group = circle.group;
    circle.leave_together(tx).await?;
    let invited = inviting::invited(tx, group).await?;
    tx.reserve(invited.len() as i64).await?;
    for user in invited {
        inviting::close(tx, group, user).await?;
    }
    // The name is free again: no name has a control character.
    sqlx::query("UPDATE chat_group SET disbanded = 1, name_key = $1 WHERE id = $2")
        .bind(format!("\u{1}{group}"))
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
