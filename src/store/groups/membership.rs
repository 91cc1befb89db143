//! Leaving a group, removing somebody from it, and roles.

use sqlx::Row;

use crate::error::{KithError, Result};
use crate::model::{GroupAct, GroupId, Role, SystemLine, UserId};
use crate::store::people::accounts::is_disabled;
use crate::store::transaction::{Change, Tx};
use crate::store::{Failure, rows, visibility};

use super::circle::{self, Actor, Heir, OpenGroup};
use super::{founding, inviting, joining};

/// `user` leaves. Who is no member stays none. `NotAllowed` for the owner, who hands it over or
/// disbands it first.
#[derive(Debug)]
pub struct LeaveGroup {
    pub user: UserId,
    pub group: GroupId,
}

/// `by` removes `user`. Who is no member stays none.
#[derive(Debug)]
pub struct RemoveMember {
    pub by: UserId,
    pub group: GroupId,
    pub user: UserId,
}

/// `by` gives `user` a role; with `Owner` the group is handed over, and `by` becomes an admin.
/// `NotFound` when they are no member.
#[derive(Debug)]
pub struct SetRole {
    pub by: UserId,
    pub group: GroupId,
    pub user: UserId,
    pub role: Role,
}

impl Change for LeaveGroup {
    type Answer = ();
    const AFTER_SENDS: bool = true;
    const EVENTS: i64 = circle::STEPS;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let Some(mut circle) = OpenGroup::load(tx, self.group).await? else { return Ok(()) };
        let Some(role) = circle.role_of(self.user) else { return Ok(()) };
        if !role.may(GroupAct::Leave) {
            return Err(KithError::NotAllowed.into());
        }
        circle.say(tx, self.user, SystemLine::Left).await?;
        circle.leave(tx, self.user).await?;
        inviting::close_those_of(tx, self.group, self.user).await
    }
}

impl Change for RemoveMember {
    type Answer = ();
    const AFTER_SENDS: bool = true;
    const EVENTS: i64 = circle::STEPS;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        remove(tx, Actor::Member(self.by), self.group, self.user).await.map(|_| ())
    }
}

impl Change for SetRole {
    type Answer = ();
    const EVENTS: i64 = circle::STEPS;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let by = Actor::Member(self.by);
        set_role(tx, by, self.group, self.user, self.role).await.map(|_| ())
    }
}

/// Removes `user` from a group. Returns it, or nothing if they are no member.
pub async fn remove(
    tx: &mut Tx,
    by: Actor,
    group: GroupId,
    user: UserId,
) -> Result<Option<OpenGroup>, Failure> {
    let mut circle = OpenGroup::load_by(tx, group, by).await?;
    let role = circle.role_of(user);
    circle.allow(by, GroupAct::Remove(role.unwrap_or(Role::Member)))?;
    if role.is_none() {
        return Ok(None);
    }
    circle.say(tx, by.user(), SystemLine::Removed { user }).await?;
    circle.leave(tx, user).await?;
    inviting::close_those_of(tx, group, user).await?;
    Ok(Some(circle))
}

/// Gives a member a role. Returns the group, or nothing if they had it.
pub async fn set_role(
    tx: &mut Tx,
    by: Actor,
    group: GroupId,
    user: UserId,
    role: Role,
) -> Result<Option<OpenGroup>, Failure> {
    let mut circle = OpenGroup::load_for(tx, group, by, GroupAct::SetRoles).await?;
    let before = circle.role_of(user).ok_or(KithError::NotFound)?;
    if before == role {
        return Ok(None);
    }
    if before == Role::Owner {
        // Somebody else must be made the owner.
        return Err(KithError::NotAllowed.into());
    }
    if role == Role::Owner && is_disabled(tx, user).await? {
        // Nobody would look after it.
        return Err(KithError::AccountDisabled.into());
    }
    circle.set_role(tx, user, role).await?;
    circle.say(tx, by.user(), SystemLine::RoleSet { user, role }).await?;
    Ok(Some(circle))
}

/// Hands over whatever `user` owns, who stays a member. Where there is nobody to look after it, they
/// stay the owner.
pub async fn hand_over_all(tx: &mut Tx, user: UserId) -> Result<(), Failure> {
    let text = "SELECT id FROM chat_group WHERE owner_id = $1 AND disbanded = 0 ORDER BY id";
    for row in sqlx::query(text).bind(user.0).fetch_all(tx.read()).await? {
        if let Some(mut circle) = OpenGroup::load(tx, GroupId(row.try_get("id")?)).await? {
            hand_over(tx, &mut circle, user).await?;
        }
    }
    Ok(())
}

/// Hands a group over from `owner`, who cannot look after it, if somebody else can.
pub(super) async fn hand_over(
    tx: &mut Tx,
    circle: &mut OpenGroup,
    owner: UserId,
) -> Result<(), Failure> {
    if let Some(Heir { user: heir, disabled: false }) = circle.heir(tx).await? {
        tx.reserve(circle::STEPS).await?;
        circle.set_role(tx, heir, Role::Owner).await?;
        circle.say_for(tx, owner, SystemLine::Inherited { user: heir }).await?;
    }
    Ok(())
}

/// Takes `user`, whose account ends, out of every group, and closes their invitations. What they
/// owned goes to its heir, or ends with them.
pub async fn leave_all(tx: &mut Tx, user: UserId) -> Result<(), Failure> {
    let text = format!(
        "SELECT m.conversation_id FROM member m JOIN chat_group g ON g.id = m.conversation_id \
         WHERE m.user_id = $1 AND {}",
        visibility::PRESENT
    );
    for row in sqlx::query(&text).bind(user.0).fetch_all(tx.read()).await? {
        let group = GroupId(row.try_get("conversation_id")?);
        let Some(mut circle) = OpenGroup::load(tx, group).await? else { continue };
        tx.reserve(2 * circle::STEPS).await?;
        circle.say(tx, user, SystemLine::Left).await?;
        if circle.role_of(user) == Some(Role::Owner) {
            match circle.heir(tx).await? {
                Some(Heir { user: heir, .. }) => {
                    circle.set_role(tx, heir, Role::Owner).await?;
                    circle.say(tx, user, SystemLine::Inherited { user: heir }).await?;
                }
                None => {
                    founding::end(tx, circle).await?;
                    continue;
                }
            }
        }
        circle.leave(tx, user).await?;
    }
    joining::close_all(tx, user).await?;
    // Those to them, and those that they made: nobody would know who asks.
    let text = "SELECT group_id, user_id FROM group_invitation \
         WHERE user_id = $1 OR invited_by = $1";
    for row in sqlx::query(text).bind(user.0).fetch_all(tx.read()).await? {
        tx.reserve(1).await?;
        let group = GroupId(row.try_get("group_id")?);
        inviting::close(tx, group, rows::user(&row, "user_id")?).await?;
    }
    Ok(())
}
