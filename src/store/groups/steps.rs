//! The steps that several changes of a group share: admitting, inviting, closing invitations and
//! join requests, handing over, ending.

use std::collections::BTreeSet;

use sqlx::Row;

use crate::error::{KithError, Result};
use crate::model::limits::INVITATIONS_WAITING_MAX;
use crate::model::{Contacts, GroupId, Role, SystemLine, UserId};
use crate::store::fact::Fact;
use crate::store::people::accounts::is_disabled;
use crate::store::people::write_access::open_pairs;
use crate::store::transaction::Tx;
use crate::store::{Failure, rows, sql};

use super::open_group::{self, OpenGroup, Successor};

/// Makes `user`, who is not a member, a member. `sender` is the sender of `line`. Closes their
/// invitation and join request. `GroupFull` when there is no room.
pub async fn admit(
    tx: &mut Tx,
    open_group: &mut OpenGroup,
    user: UserId,
    ceiling: i64,
    sender: UserId,
    line: SystemLine,
) -> Result<(), Failure> {
    open_group.check_room(ceiling)?;
    if inviter(tx, open_group.id, user).await?.is_some() {
        close_invitation(tx, open_group.id, user).await?;
    }
    close_request(tx, open_group, user).await?;
    open_group.join(tx, user, Role::Member).await?;
    open_group.add_line(tx, sender, line).await?;
    // The account of the owner may be disabled, with nobody to hand over to until now.
    match open_group.owner() {
        Some(owner) if is_disabled(tx, owner).await? => hand_over(tx, open_group, owner).await,
        _ => Ok(()),
    }
}

/// Invites those of `users` whom `by` may write to. Returns how many those are, including those
/// who are members or invited already. `TooManyRequestsWaiting` when too many invitations of `by`
/// wait for an answer.
pub async fn invite(
    tx: &mut Tx,
    open_group: &OpenGroup,
    by: UserId,
    users: &[UserId],
    contacts: Contacts,
) -> Result<usize, Failure> {
    let users: BTreeSet<UserId> = users.iter().copied().filter(|user| *user != by).collect();
    let pairs = users.iter().map(|user| (user.min(&by).0, user.max(&by).0)).collect();
    let open = open_pairs(tx.read(), &pairs, contacts).await?;
    let allowed: Vec<UserId> =
        users.into_iter().filter(|user| open.contains(&(*user.min(&by), *user.max(&by)))).collect();
    let invited = invited(tx, open_group.id).await?;
    let new: Vec<UserId> = allowed
        .iter()
        .copied()
        .filter(|user| open_group.role_of(*user).is_none() && !invited.contains(user))
        .collect();
    if new.is_empty() {
        return Ok(allowed.len());
    }
    let row = sqlx::query("SELECT COUNT(*) FROM group_invitation WHERE invited_by = $1")
        .bind(by.0)
        .fetch_one(tx.read())
        .await?;
    if row.try_get::<i64, _>(0)? + new.len() as i64 > INVITATIONS_WAITING_MAX {
        return Err(KithError::TooManyRequestsWaiting.into());
    }
    tx.reserve(new.len() as i64).await?;
    let (group, at) = (open_group.id, tx.now);
    let text = format!(
        "INSERT INTO group_invitation (group_id, user_id, invited_by, at) VALUES {}",
        sql::rows(new.len(), 4, 1)
    );
    let query = new.iter().fold(sqlx::query(&text), |query, user| {
        query.bind(group.0).bind(user.0).bind(by.0).bind(at.0)
    });
    query.execute(tx.write()).await?;
    for user in new {
        let group_name = open_group.name.clone();
        tx.log_for_user(user, Fact::GroupInvited { group, group_name, user, by, at }).await?;
    }
    Ok(allowed.len())
}

/// Returns the people who have an invitation.
pub async fn invited(tx: &mut Tx, group: GroupId) -> Result<Vec<UserId>, Failure> {
    let text = "SELECT user_id FROM group_invitation WHERE group_id = $1";
    let found = sqlx::query(text).bind(group.0).fetch_all(tx.read()).await?;
    let invited: Result<Vec<UserId>, _> =
        found.iter().map(|row| rows::user(row, "user_id")).collect();
    Ok(invited?)
}

/// Returns the member who invited `user`; `None` without an invitation.
pub async fn inviter(tx: &mut Tx, group: GroupId, user: UserId) -> Result<Option<UserId>, Failure> {
    let text = "SELECT invited_by FROM group_invitation WHERE group_id = $1 AND user_id = $2";
    let row = sqlx::query(text).bind(group.0).bind(user.0).fetch_optional(tx.read()).await?;
    Ok(row.map(|row| row.try_get("invited_by").map(UserId)).transpose()?)
}

/// Removes the invitation of `user` and tells them.
pub async fn close_invitation(tx: &mut Tx, group: GroupId, user: UserId) -> Result<(), Failure> {
    sqlx::query("DELETE FROM group_invitation WHERE group_id = $1 AND user_id = $2")
        .bind(group.0)
        .bind(user.0)
        .execute(tx.write())
        .await?;
    tx.log_for_user(user, Fact::GroupInvitationClosed { group }).await
}

/// Closes the invitations that `by` made, who leaves: an invitation needs an inviter who is a
/// member.
pub async fn close_invitations_by(tx: &mut Tx, group: GroupId, by: UserId) -> Result<(), Failure> {
    let text = "SELECT user_id FROM group_invitation WHERE group_id = $1 AND invited_by = $2";
    let found = sqlx::query(text).bind(group.0).bind(by.0).fetch_all(tx.read()).await?;
    for row in found {
        tx.reserve(1).await?;
        close_invitation(tx, group, rows::user(&row, "user_id")?).await?;
    }
    Ok(())
}

/// Returns whether a join request of `user` waits for approval.
pub async fn has_asked(tx: &mut Tx, group: GroupId, user: UserId) -> Result<bool, Failure> {
    let text = "SELECT COUNT(*) FROM join_request WHERE group_id = $1 AND user_id = $2";
    let row = sqlx::query(text).bind(group.0).bind(user.0).fetch_one(tx.read()).await?;
    Ok(row.try_get::<i64, _>(0)? > 0)
}

/// Removes the join request of `user`, if there is one, and tells the members.
pub async fn close_request(
    tx: &mut Tx,
    open_group: &mut OpenGroup,
    user: UserId,
) -> Result<(), Failure> {
    if !has_asked(tx, open_group.id, user).await? {
        return Ok(());
    }
    sqlx::query("DELETE FROM join_request WHERE group_id = $1 AND user_id = $2")
        .bind(open_group.id.0)
        .bind(user.0)
        .execute(tx.write())
        .await?;
    open_group.asking -= 1;
    open_group.log_for_members(tx, Fact::GroupChanged { group: open_group.to_group() }).await
}

/// Removes all join requests of `user`, whose account is deleted.
pub async fn close_requests_of(tx: &mut Tx, user: UserId) -> Result<(), Failure> {
    let text = "SELECT group_id FROM join_request WHERE user_id = $1";
    for row in sqlx::query(text).bind(user.0).fetch_all(tx.read()).await? {
        let group = GroupId(row.try_get("group_id")?);
        if let Some(mut open_group) = OpenGroup::load(tx, group).await? {
            tx.reserve(1).await?;
            close_request(tx, &mut open_group, user).await?;
        }
    }
    Ok(())
}

/// Hands a group over from `owner`, whose account is disabled. They stay the owner when no other
/// member has a usable account.
pub async fn hand_over(
    tx: &mut Tx,
    open_group: &mut OpenGroup,
    owner: UserId,
) -> Result<(), Failure> {
    if let Some(Successor { user, disabled: false }) = open_group.successor(tx).await? {
        tx.reserve(open_group::MEMBERSHIP_EVENTS).await?;
        open_group.set_role(tx, user, Role::Owner).await?;
        open_group.add_line_keeping_unread(tx, owner, SystemLine::Inherited { user }).await?;
    }
    Ok(())
}

/// Ends the join link of a group, if it has one.
pub async fn end_link(tx: &mut Tx, group: GroupId) -> Result<(), Failure> {
    sqlx::query("UPDATE chat_group SET join_token = NULL, join_until = NULL WHERE id = $1")
        .bind(group.0)
        .execute(tx.write())
        .await?;
    Ok(())
}

/// Ends a group: removes its members, invitations, join requests and link, and frees its name.
pub async fn end_group(tx: &mut Tx, mut open_group: OpenGroup) -> Result<(), Failure> {
    let group = open_group.id;
    open_group.remove_everybody(tx).await?;
    let invited = invited(tx, group).await?;
    tx.reserve(invited.len() as i64).await?;
    for user in invited {
        close_invitation(tx, group, user).await?;
    }
    // Names have no control characters, so this key blocks no name.
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
