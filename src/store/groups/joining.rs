//! Joining a group by its link, and the join requests that wait for approval.

use sqlx::Row;

use crate::error::{KithError, Result};
use crate::model::limits::JOIN_REQUESTS_MAX;
use crate::model::{GroupAction, GroupId, JoinLink, SystemLine, UserId};
use crate::store::Failure;
use crate::store::fact::Fact;
use crate::store::people::accounts::{accounts_exist, is_disabled};
use crate::store::transaction::{Change, Tx};

use super::open_group::{self, GroupActor, OpenGroup};
use super::steps;

/// Replaces the join link of a group; `None` revokes it.
#[derive(Debug)]
pub struct SetJoinLink {
    pub by: UserId,
    pub group: GroupId,
    pub link: Option<JoinLink>,
}

/// Sets whether an admin must approve each person who comes by the link. Pending requests stay
/// pending.
#[derive(Debug)]
pub struct SetApproval {
    pub by: UserId,
    pub group: GroupId,
    pub approve: bool,
}

/// `user` follows a join link: they join, or their request waits for approval. For a member, and
/// for a pending request, nothing changes. `NotFound` when no link has this token, `GroupFull` when
/// there is no room, `TooManyRequestsWaiting` when too many requests wait.
#[derive(Debug)]
pub struct JoinByLink {
    pub user: UserId,
    pub token: String,
    /// The operator's present maximum, which may be lower than the group's own.
    pub ceiling: i64,
}

/// The group that a link leads to, and whether the user is a member now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JoinOutcome {
    pub group: GroupId,
    pub is_member: bool,
}

/// `by` approves or declines the join request of `user`, or `user` takes it back themselves.
/// Approving a member changes nothing, nor does declining without a request. When approving:
/// `NotFound` without a request, `GroupFull` when there is no room, `AccountDisabled` when `user`
/// may not sign in.
#[derive(Debug)]
pub struct AnswerJoinRequest {
    pub by: UserId,
    pub group: GroupId,
    pub user: UserId,
    pub accept: bool,
    /// The operator's maximum.
    pub ceiling: i64,
}

impl Change for SetJoinLink {
    type Answer = ();
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let by = GroupActor::Member(self.by);
        set_link(tx, by, self.group, self.link.as_ref()).await.map(|_| ())
    }
}

/// Replaces or revokes the join link. Returns the group, or `None` when there was none to revoke.
pub async fn set_link(
    tx: &mut Tx,
    by: GroupActor,
    group: GroupId,
    link: Option<&JoinLink>,
) -> Result<Option<OpenGroup>, Failure> {
    let open_group = OpenGroup::load_for(tx, group, by, GroupAction::Link).await?;
    let row = sqlx::query("SELECT COUNT(*) FROM chat_group WHERE id = $1 AND join_until > 0")
        .bind(group.0)
        .fetch_one(tx.read())
        .await?;
    if link.is_none() && row.try_get::<i64, _>(0)? == 0 {
        return Ok(None);
    }
    sqlx::query("UPDATE chat_group SET join_token = $1, join_until = $2 WHERE id = $3")
        .bind(link.map(|link| link.token.as_str()))
        .bind(link.map(|link| link.until.0))
        .bind(group.0)
        .execute(tx.write())
        .await?;
    Ok(Some(open_group))
}

impl Change for SetApproval {
    type Answer = ();
    const EVENTS: i64 = 1;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let by = GroupActor::Member(self.by);
        let action = GroupAction::SetApproval;
        let mut open_group = OpenGroup::load_for(tx, self.group, by, action).await?;
        if open_group.approve == self.approve {
            return Ok(());
        }
        sqlx::query("UPDATE chat_group SET approve = $1 WHERE id = $2")
            .bind(i64::from(self.approve))
            .bind(self.group.0)
            .execute(tx.write())
            .await?;
        open_group.approve = self.approve;
        open_group.log_for_members(tx, Fact::GroupChanged { group: open_group.to_group() }).await
    }
}

impl Change for JoinByLink {
    type Answer = JoinOutcome;
    const EVENTS: i64 = open_group::MEMBERSHIP_EVENTS;

    async fn apply(&self, tx: &mut Tx) -> Result<JoinOutcome, Failure> {
        let user = self.user;
        let now = tx.now;
        let row =
            sqlx::query("SELECT id FROM chat_group WHERE join_token = $1 AND join_until > $2")
                .bind(&self.token)
                .bind(now.0)
                .fetch_optional(tx.read())
                .await?;
        let group = GroupId(row.ok_or(KithError::NotFound)?.try_get("id")?);
        let mut open_group = OpenGroup::load(tx, group).await?.ok_or(KithError::NotFound)?;
        if open_group.role_of(user).is_some() {
            return Ok(JoinOutcome { group, is_member: true });
        }
        if !accounts_exist(tx, user, user).await? {
            return Err(KithError::Unauthorised.into());
        }
        // An invitation counts as approval.
        let invited = steps::invited(tx, group).await?.contains(&user);
        if open_group.approve && !invited {
            add_request(tx, &mut open_group, user).await?;
            return Ok(JoinOutcome { group, is_member: false });
        }
        let line = SystemLine::Joined { by: user };
        steps::admit(tx, &mut open_group, user, self.ceiling, user, line).await?;
        Ok(JoinOutcome { group, is_member: true })
    }
}

impl Change for AnswerJoinRequest {
    type Answer = ();
    const EVENTS: i64 = open_group::MEMBERSHIP_EVENTS;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let (group, user) = (self.group, self.user);
        let mut open_group = if self.by == user && !self.accept {
            if !steps::has_asked(tx, group, user).await? {
                return Ok(());
            }
            OpenGroup::load(tx, group).await?.ok_or(KithError::NotFound)?
        } else {
            let by = GroupActor::Member(self.by);
            OpenGroup::load_for(tx, group, by, GroupAction::Approve).await?
        };
        if !self.accept || open_group.role_of(user).is_some() {
            return steps::close_request(tx, &mut open_group, user).await;
        }
        if !steps::has_asked(tx, group, user).await? {
            return Err(KithError::NotFound.into());
        }
        if is_disabled(tx, user).await? {
            return Err(KithError::AccountDisabled.into());
        }
        let line = SystemLine::Admitted { user };
        steps::admit(tx, &mut open_group, user, self.ceiling, self.by, line).await
    }
}

/// Adds a join request of `user`, unless there is one.
async fn add_request(tx: &mut Tx, open_group: &mut OpenGroup, user: UserId) -> Result<(), Failure> {
    if steps::has_asked(tx, open_group.id, user).await? {
        return Ok(());
    }
    if open_group.asking >= JOIN_REQUESTS_MAX {
        return Err(KithError::TooManyRequestsWaiting.into());
    }
    let at = tx.now;
    sqlx::query("INSERT INTO join_request (group_id, user_id, at) VALUES ($1, $2, $3)")
        .bind(open_group.id.0)
        .bind(user.0)
        .bind(at.0)
        .execute(tx.write())
        .await?;
    open_group.asking += 1;
    open_group.log_for_members(tx, Fact::GroupChanged { group: open_group.to_group() }).await
}
