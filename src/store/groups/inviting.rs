//! Inviting people to a group, and their answers.

use std::collections::BTreeSet;

use sqlx::Row;

use crate::error::{KithError, Result};
use crate::model::limits::INVITATIONS_WAITING_MAX;
use crate::model::{Contacts, GroupAct, GroupId, Role, SystemLine, UserId};
use crate::store::fact::Fact;
use crate::store::people::accounts::is_disabled;
use crate::store::sending::loading::load_open;
use crate::store::transaction::{Change, Tx};
use crate::store::{Failure, rows, sql};

use super::circle::{self, Actor, OpenGroup};
use super::joining;
use super::membership::hand_over;

/// Invites those of `users` to whom `by` may write. Who is a member or invited already stays so.
/// `NotAContact` when `by` may write to none of them, `TooManyRequestsWaiting` when too many of
/// their invitations wait for an answer.
#[derive(Debug)]
pub struct InviteToGroup {
    pub by: UserId,
    pub group: GroupId,
    pub users: Vec<UserId>,
    pub contacts: Contacts,
}

/// `user` joins a group that they were asked to join. Who is a member already stays one.
/// `NotFound` without an invitation, `GroupFull` when there is no room.
#[derive(Debug)]
pub struct AcceptGroupInvitation {
    pub user: UserId,
    pub group: GroupId,
    /// The operator's, which may be lower by now than the group's own.
    pub ceiling: i64,
}

/// Closes the invitation of `user`: they decline it themselves, or it is taken back by whoever made
/// it or may take back those of others. Without one nothing changes.
#[derive(Debug)]
pub struct CloseGroupInvitation {
    pub by: UserId,
    pub group: GroupId,
    pub user: UserId,
}

impl Change for InviteToGroup {
    type Answer = ();
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let circle =
            OpenGroup::load_for(tx, self.group, Actor::Member(self.by), GroupAct::Invite).await?;
        match invite(tx, &circle, self.by, &self.users, self.contacts).await? {
            0 if !self.users.is_empty() => Err(KithError::NotAContact.into()),
            _ => Ok(()),
        }
    }
}

impl Change for AcceptGroupInvitation {
    type Answer = ();
    const EVENTS: i64 = circle::STEPS;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let (group, user) = (self.group, self.user);
        // Without an invitation, nothing of the group is read.
        let Some(by) = inviter(tx, group, user).await? else {
            let is_in = circle::is_member(tx, group, user).await?;
            return if is_in { Ok(()) } else { Err(KithError::NotFound.into()) };
        };
        let mut circle = OpenGroup::load(tx, group).await?.ok_or(KithError::NotFound)?;
        let line = SystemLine::Joined { by };
        join(tx, &mut circle, user, self.ceiling, user, line).await
    }
}

impl Change for CloseGroupInvitation {
    type Answer = ();
    const EVENTS: i64 = 1;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let (group, user) = (self.group, self.user);
        let inviter = if self.by == user {
            inviter(tx, group, user).await?
        } else {
            // Asked first: who is no member does not learn who was invited.
            let by = Actor::Member(self.by);
            let circle = OpenGroup::load_by(tx, group, by).await?;
            let inviter = inviter(tx, group, user).await?;
            if inviter.is_some_and(|inviter| inviter != self.by) {
                circle.allow(by, GroupAct::TakeBack)?;
            }
            inviter
        };
        if inviter.is_none() {
            return Ok(());
        }
        close(tx, group, user).await
    }
}

/// Makes `user` a member without asking them. Returns the group, or nothing if they are one already.
pub async fn admit(
    tx: &mut Tx,
    by: Actor,
    group: GroupId,
    user: UserId,
    ceiling: i64,
) -> Result<Option<OpenGroup>, Failure> {
    let mut circle = OpenGroup::load_by(tx, group, by).await?;
    if circle.role_of(user).is_some() {
        return Ok(None);
    }
    let line = match by.user() {
        by if by == user => SystemLine::Joined { by },
        _ => SystemLine::Admitted { user },
    };
    join(tx, &mut circle, user, ceiling, by.user(), line).await?;
    Ok(Some(circle))
}

/// `user` joins a group in which they are not, of which `sender` says `line`. Neither are they invited
/// nor do they wait any longer. `GroupFull` when there is no room.
pub(super) async fn join(
    tx: &mut Tx,
    circle: &mut OpenGroup,
    user: UserId,
    ceiling: i64,
    sender: UserId,
    line: SystemLine,
) -> Result<(), Failure> {
    circle.check_room(ceiling)?;
    if inviter(tx, circle.group, user).await?.is_some() {
        close(tx, circle.group, user).await?;
    }
    joining::close(tx, circle, user).await?;
    circle.join(tx, user, Role::Member).await?;
    circle.say(tx, sender, line).await?;
    // If it waited for somebody who can look after it, here they are.
    match circle.owner() {
        Some(owner) if is_disabled(tx, owner).await? => hand_over(tx, circle, owner).await,
        _ => Ok(()),
    }
}

/// Invites those whom `by` may, and returns how many of `users` these are.
pub(super) async fn invite(
    tx: &mut Tx,
    circle: &OpenGroup,
    by: UserId,
    users: &[UserId],
    contacts: Contacts,
) -> Result<usize, Failure> {
    let users: BTreeSet<UserId> = users.iter().copied().filter(|user| *user != by).collect();
    let pairs = users.iter().map(|user| (user.min(&by).0, user.max(&by).0)).collect();
    let open = load_open(tx.read(), &pairs, contacts).await?;
    let may: Vec<UserId> =
        users.into_iter().filter(|user| open.contains(&(*user.min(&by), *user.max(&by)))).collect();
    let invited = invited(tx, circle.group).await?;
    let new: Vec<UserId> = may
        .iter()
        .copied()
        .filter(|user| circle.role_of(*user).is_none() && !invited.contains(user))
        .collect();
    if new.is_empty() {
        return Ok(may.len());
    }
    let row = sqlx::query("SELECT COUNT(*) FROM group_invitation WHERE invited_by = $1")
        .bind(by.0)
        .fetch_one(tx.read())
        .await?;
    if row.try_get::<i64, _>(0)? + new.len() as i64 > INVITATIONS_WAITING_MAX {
        return Err(KithError::TooManyRequestsWaiting.into());
    }
    tx.reserve(new.len() as i64).await?;
    let (group, at) = (circle.group, tx.now);
    let text = format!(
        "INSERT INTO group_invitation (group_id, user_id, invited_by, at) VALUES {}",
        sql::rows(new.len(), 4, 1)
    );
    let query = new.iter().fold(sqlx::query(&text), |query, user| {
        query.bind(group.0).bind(user.0).bind(by.0).bind(at.0)
    });
    query.execute(tx.write()).await?;
    for user in new {
        let group_name = circle.name.clone();
        tx.tell(user, Fact::GroupInvited { group, group_name, user, by, at }).await?;
    }
    Ok(may.len())
}

/// Removes an invitation and tells the one who had it.
pub(super) async fn close(tx: &mut Tx, group: GroupId, user: UserId) -> Result<(), Failure> {
    sqlx::query("DELETE FROM group_invitation WHERE group_id = $1 AND user_id = $2")
        .bind(group.0)
        .bind(user.0)
        .execute(tx.write())
        .await?;
    tx.tell(user, Fact::GroupInvitationClosed { group }).await
}

/// Closes the invitations that `by`, who leaves, has made: nobody would answer for them.
pub(super) async fn close_those_of(tx: &mut Tx, group: GroupId, by: UserId) -> Result<(), Failure> {
    let text = "SELECT user_id FROM group_invitation WHERE group_id = $1 AND invited_by = $2";
    let found = sqlx::query(text).bind(group.0).bind(by.0).fetch_all(tx.read()).await?;
    for row in found {
        tx.reserve(1).await?;
        close(tx, group, rows::user(&row, "user_id")?).await?;
    }
    Ok(())
}

/// Returns who has an invitation.
pub(super) async fn invited(tx: &mut Tx, group: GroupId) -> Result<Vec<UserId>, Failure> {
    let text = "SELECT user_id FROM group_invitation WHERE group_id = $1";
    let found = sqlx::query(text).bind(group.0).fetch_all(tx.read()).await?;
    let invited: Result<Vec<UserId>, _> =
        found.iter().map(|row| rows::user(row, "user_id")).collect();
    Ok(invited?)
}

async fn inviter(tx: &mut Tx, group: GroupId, user: UserId) -> Result<Option<UserId>, Failure> {
    let text = "SELECT invited_by FROM group_invitation WHERE group_id = $1 AND user_id = $2";
    let row = sqlx::query(text).bind(group.0).bind(user.0).fetch_optional(tx.read()).await?;
    Ok(row.map(|row| row.try_get("invited_by").map(UserId)).transpose()?)
}
