//! The link by which people join a group by themselves, and those who come by it and wait to be
//! let in.

use sqlx::Row;

use crate::error::{KithError, Result};
use crate::model::limits::JOIN_REQUESTS_MAX;
use crate::model::{
    Group, GroupAct, GroupId, JoinLink, JoinOffer, JoinRequest, SystemLine, Timestamp, UserId,
};
use crate::store::fact::Fact;
use crate::store::people::accounts::is_disabled;
use crate::store::people::friends::are_here;
use crate::store::transaction::{Change, Tx};
use crate::store::{Failure, Store, rows};

use super::circle::{self, Actor, OpenGroup};
use super::inviting;

/// `by` gives a group a link, in place of the one that it may have; nothing takes that away.
#[derive(Debug)]
pub struct SetJoinLink {
    pub by: UserId,
    pub group: GroupId,
    pub link: Option<JoinLink>,
}

/// `by` says whether those who come by the link are let in one by one. Those who wait go on to.
#[derive(Debug)]
pub struct SetApproval {
    pub by: UserId,
    pub group: GroupId,
    pub approve: bool,
}

/// `user` follows a link: joins, or waits to be let in. Who is in it or waits already stays so.
/// `NotFound` when there is no such link (any more), `GroupFull` when there is no room,
/// `TooManyRequestsWaiting` when too many wait.
#[derive(Debug)]
pub struct JoinByLink {
    pub user: UserId,
    pub token: String,
    /// The operator's, which may be lower by now than the group's own.
    pub ceiling: i64,
}

/// Which group a link led to, and whether one is in it now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joining {
    pub group: GroupId,
    pub is_member: bool,
}

/// `by` lets `user` in who waits, or not; or `user` waits no longer by their own will. To let in
/// who is in it already changes nothing, nor does it to turn away who does not wait. `NotFound`
/// when one is to be let in who does not wait, `GroupFull` when there is no room,
/// `AccountDisabled` when they may not sign in.
#[derive(Debug)]
pub struct AnswerJoinRequest {
    pub by: UserId,
    pub group: GroupId,
    pub user: UserId,
    pub accept: bool,
    /// The operator's.
    pub ceiling: i64,
}

impl Change for SetJoinLink {
    type Answer = ();
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        set_link(tx, Actor::Member(self.by), self.group, self.link.as_ref()).await.map(|_| ())
    }
}

/// Gives a group a link, or none. Returns the group, or nothing if it had none to be ended.
pub async fn set_link(
    tx: &mut Tx,
    by: Actor,
    group: GroupId,
    link: Option<&JoinLink>,
) -> Result<Option<OpenGroup>, Failure> {
    let circle = OpenGroup::load_for(tx, group, by, GroupAct::Link).await?;
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
    Ok(Some(circle))
}

impl Change for SetApproval {
    type Answer = ();
    const EVENTS: i64 = 1;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let mut circle =
            OpenGroup::load_for(tx, self.group, Actor::Member(self.by), GroupAct::SetApproval)
                .await?;
        if circle.approve == self.approve {
            return Ok(());
        }
        sqlx::query("UPDATE chat_group SET approve = $1 WHERE id = $2")
            .bind(i64::from(self.approve))
            .bind(self.group.0)
            .execute(tx.write())
            .await?;
        circle.approve = self.approve;
        circle.tell(tx, Fact::GroupChanged { group: circle.seen() }).await
    }
}

impl Change for JoinByLink {
    type Answer = Joining;
    const EVENTS: i64 = circle::STEPS;

    async fn apply(&self, tx: &mut Tx) -> Result<Joining, Failure> {
        let user = self.user;
        let now = tx.now;
        let row =
            sqlx::query("SELECT id FROM chat_group WHERE join_token = $1 AND join_until > $2")
                .bind(&self.token)
                .bind(now.0)
                .fetch_optional(tx.read())
                .await?;
        let group = GroupId(row.ok_or(KithError::NotFound)?.try_get("id")?);
        let mut circle = OpenGroup::load(tx, group).await?.ok_or(KithError::NotFound)?;
        if circle.role_of(user).is_some() {
            return Ok(Joining { group, is_member: true });
        }
        if !are_here(tx, user, user).await? {
            return Err(KithError::Unauthorised.into());
        }
        // Who was invited has been let in already.
        let invited = inviting::invited(tx, group).await?.contains(&user);
        if circle.approve && !invited {
            ask(tx, &mut circle, user).await?;
            return Ok(Joining { group, is_member: false });
        }
        let line = SystemLine::Joined { by: user };
        inviting::join(tx, &mut circle, user, self.ceiling, user, line).await?;
        Ok(Joining { group, is_member: true })
    }
}

impl Change for AnswerJoinRequest {
    type Answer = ();
    const EVENTS: i64 = circle::STEPS;

    async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
        let (group, user) = (self.group, self.user);
        let mut circle = if self.by == user && !self.accept {
            if !has_asked(tx, group, user).await? {
                return Ok(());
            }
            OpenGroup::load(tx, group).await?.ok_or(KithError::NotFound)?
        } else {
            OpenGroup::load_for(tx, group, Actor::Member(self.by), GroupAct::Approve).await?
        };
        if !self.accept || circle.role_of(user).is_some() {
            return close(tx, &mut circle, user).await;
        }
        if !has_asked(tx, group, user).await? {
            return Err(KithError::NotFound.into());
        }
        if is_disabled(tx, user).await? {
            return Err(KithError::AccountDisabled.into());
        }
        let line = SystemLine::Admitted { user };
        inviting::join(tx, &mut circle, user, self.ceiling, self.by, line).await
    }
}

async fn ask(tx: &mut Tx, circle: &mut OpenGroup, user: UserId) -> Result<(), Failure> {
    if has_asked(tx, circle.group, user).await? {
        return Ok(());
    }
    if circle.asking >= JOIN_REQUESTS_MAX {
        return Err(KithError::TooManyRequestsWaiting.into());
    }
    let at = tx.now;
    sqlx::query("INSERT INTO join_request (group_id, user_id, at) VALUES ($1, $2, $3)")
        .bind(circle.group.0)
        .bind(user.0)
        .bind(at.0)
        .execute(tx.write())
        .await?;
    circle.asking += 1;
    circle.tell(tx, Fact::GroupChanged { group: circle.seen() }).await
}

/// `user` waits no longer, if they did.
pub(super) async fn close(
    tx: &mut Tx,
    circle: &mut OpenGroup,
    user: UserId,
) -> Result<(), Failure> {
    if !has_asked(tx, circle.group, user).await? {
        return Ok(());
    }
    sqlx::query("DELETE FROM join_request WHERE group_id = $1 AND user_id = $2")
        .bind(circle.group.0)
        .bind(user.0)
        .execute(tx.write())
        .await?;
    circle.asking -= 1;
    circle.tell(tx, Fact::GroupChanged { group: circle.seen() }).await
}

/// `user`, whose account ends, waits nowhere any more.
pub(super) async fn close_all(tx: &mut Tx, user: UserId) -> Result<(), Failure> {
    let text = "SELECT group_id FROM join_request WHERE user_id = $1";
    for row in sqlx::query(text).bind(user.0).fetch_all(tx.read()).await? {
        let group = GroupId(row.try_get("group_id")?);
        if let Some(mut circle) = OpenGroup::load(tx, group).await? {
            tx.reserve(1).await?;
            close(tx, &mut circle, user).await?;
        }
    }
    Ok(())
}

async fn has_asked(tx: &mut Tx, group: GroupId, user: UserId) -> Result<bool, Failure> {
    let text = "SELECT COUNT(*) FROM join_request WHERE group_id = $1 AND user_id = $2";
    let row = sqlx::query(text).bind(group.0).bind(user.0).fetch_one(tx.read()).await?;
    Ok(row.try_get::<i64, _>(0)? > 0)
}

impl Store {
    /// Returns what a link that holds at `now` leads `user` to.
    pub async fn join_offer(
        &self,
        user: UserId,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<JoinOffer>> {
        let text = format!(
            "SELECT {}, \
             (SELECT COUNT(*) FROM member m WHERE m.conversation_id = g.id AND m.user_id = $1 \
              AND m.left_event IS NULL) AS is_member, \
             (SELECT COUNT(*) FROM join_request j WHERE j.group_id = g.id AND j.user_id = $1) \
             AS has_asked \
             FROM chat_group g WHERE g.join_token = $2 AND g.join_until > $3",
            super::queries::GROUP
        );
        let query = sqlx::query(&text).bind(user.0).bind(token).bind(now.0);
        let found = query.fetch_optional(&self.reads).await.map_err(Failure::from)?;
        let read = |row: &sqlx::any::AnyRow| -> Result<JoinOffer, sqlx::Error> {
            let is = |column| row.try_get::<i64, _>(column).map(|count| count > 0);
            Ok(JoinOffer {
                // How many others wait is nobody's matter who does not let them in.
                group: Group { asking: 0, ..super::queries::group(row)? },
                is_member: is("is_member")?,
                has_asked: is("has_asked")?,
            })
        };
        Ok(found.as_ref().map(read).transpose().map_err(Failure::from)?)
    }

    /// Returns the link of a group, if it has one that holds at `now`.
    pub async fn join_link(&self, group: GroupId, now: Timestamp) -> Result<Option<JoinLink>> {
        let text = "SELECT join_token, join_until FROM chat_group \
             WHERE id = $1 AND join_until > $2";
        let query = sqlx::query(text).bind(group.0).bind(now.0);
        let found = query.fetch_optional(&self.reads).await.map_err(Failure::from)?;
        let read = |row: sqlx::any::AnyRow| -> Result<JoinLink, sqlx::Error> {
            Ok(JoinLink {
                token: row.try_get("join_token")?,
                until: rows::time(&row, "join_until")?,
            })
        };
        Ok(found.map(read).transpose().map_err(Failure::from)?)
    }

    /// Returns those who wait to be let in, the oldest first.
    pub async fn join_requests(&self, group: GroupId) -> Result<Vec<JoinRequest>> {
        let text = format!(
            "SELECT {}, j.at FROM join_request j JOIN users p ON p.id = j.user_id \
             WHERE j.group_id = $1 ORDER BY j.at, p.id",
            rows::PERSON
        );
        let query = sqlx::query(&text).bind(group.0);
        let found = query.fetch_all(&self.reads).await.map_err(Failure::from)?;
        let read = |row| -> Result<JoinRequest, sqlx::Error> {
            Ok(JoinRequest { person: rows::person(row)?, at: rows::time(row, "at")? })
        };
        let read: Result<Vec<JoinRequest>, _> = found.iter().map(read).collect();
        Ok(read.map_err(Failure::from)?)
    }
}
