//! Reading groups: those of a user, their members, invitations, join links and join requests.

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::error::{KithError, Result};
use crate::model::{
    Group, GroupId, GroupInvitation, GroupMember, GroupMembers, JoinLink, JoinOffer, JoinRequest,
    Membership, Person, Timestamp, UserId,
};
use crate::store::rows::{self, ROLE};
use crate::store::{Failure, Store, visibility};

/// The columns of a group `g`.
pub(in crate::store) const GROUP_COLUMNS: &str = "g.id, g.name, g.description, g.max_members, \
     g.approve, \
     (SELECT COUNT(*) FROM member x WHERE x.conversation_id = g.id AND x.left_event IS NULL) \
     AS members, (SELECT COUNT(*) FROM join_request j WHERE j.group_id = g.id) AS asking";

pub(in crate::store) fn group(row: &AnyRow) -> Result<Group, sqlx::Error> {
    Ok(Group {
        id: GroupId(row.try_get("id")?),
        name: row.try_get("name")?,
        description: row.try_get("description")?,
        max_members: row.try_get("max_members")?,
        members: row.try_get("members")?,
        approve: row.try_get::<i64, _>("approve")? != 0,
        asking: row.try_get("asking")?,
    })
}

impl Store {
    /// Returns the groups of which `user` is or was a member, by name.
    pub async fn groups(&self, user: UserId) -> Result<Vec<Membership>> {
        let text = format!(
            "SELECT {GROUP_COLUMNS}, m.left_name, {ROLE} FROM member m \
             JOIN chat_group g ON g.id = m.conversation_id WHERE m.user_id = $1 \
             ORDER BY g.name_key"
        );
        self.all(&text, user, |row| {
            let group = group(row)?;
            Ok(match row.try_get::<Option<String>, _>("left_name")? {
                None => Membership { group, role: Some(rows::role(row)?) },
                // A former member must not learn what became of the group.
                Some(name) => {
                    let group = Group {
                        id: group.id,
                        name,
                        description: String::new(),
                        max_members: 0,
                        members: 0,
                        approve: false,
                        asking: 0,
                    };
                    Membership { group, role: None }
                }
            })
        })
        .await
    }

    /// Returns the invitations that `user` has not answered, the oldest first.
    pub async fn group_invitations(&self, user: UserId) -> Result<Vec<GroupInvitation>> {
        self.invitations("i.user_id = $1", user.0).await
    }

    /// Returns the members and invitations of a group. `NotAContact` when `user` is not a member.
    pub async fn group_members(&self, user: UserId, group: GroupId) -> Result<GroupMembers> {
        let members = self.members_of(group).await?;
        if members.members.iter().all(|member| member.person.id != user) {
            return Err(KithError::NotAContact);
        }
        Ok(members)
    }

    /// Returns the members and invitations of a group.
    pub async fn members_of(&self, group: GroupId) -> Result<GroupMembers> {
        let text = format!(
            "SELECT {}, m.joined, {ROLE} FROM member m JOIN chat_group g \
             ON g.id = m.conversation_id JOIN users p ON p.id = m.user_id \
             WHERE m.conversation_id = $1 AND {} ORDER BY m.joined, p.id",
            rows::PERSON,
            visibility::PRESENT
        );
        let query = sqlx::query(&text).bind(group.0);
        let found = query.fetch_all(&self.reads).await.map_err(Failure::from)?;
        let members: Result<Vec<GroupMember>, sqlx::Error> = found
            .iter()
            .map(|row| {
                Ok(GroupMember {
                    person: rows::person(row)?,
                    role: rows::role(row)?,
                    joined: rows::time(row, "joined")?,
                })
            })
            .collect();
        let members = members.map_err(Failure::from)?;
        let invited = self.invitations("i.group_id = $1", group.0).await?;
        Ok(GroupMembers { members, invited, ..GroupMembers::default() })
    }

    /// Returns the ids of a group's members, in the order of the ids.
    pub async fn member_ids(&self, group: GroupId) -> Result<Vec<UserId>> {
        let text = format!(
            "SELECT m.user_id FROM member m JOIN chat_group g ON g.id = m.conversation_id \
             WHERE m.conversation_id = $1 AND {} ORDER BY m.user_id",
            visibility::PRESENT
        );
        let query = sqlx::query(&text).bind(group.0);
        let found = query.fetch_all(&self.reads).await.map_err(Failure::from)?;
        let ids: Result<Vec<UserId>, sqlx::Error> =
            found.iter().map(|row| rows::user(row, "user_id")).collect();
        Ok(ids.map_err(Failure::from)?)
    }

    async fn invitations(&self, condition: &str, id: i64) -> Result<Vec<GroupInvitation>> {
        let text = format!(
            "SELECT i.group_id, i.at, g.name, p.id AS person_id, p.username, p.display_name, \
             p.deleted, b.id AS by_id, b.username AS by_username, \
             b.display_name AS by_display_name, b.deleted AS by_deleted \
             FROM group_invitation i JOIN chat_group g ON g.id = i.group_id \
             JOIN users p ON p.id = i.user_id JOIN users b ON b.id = i.invited_by \
             WHERE {condition} ORDER BY i.at, i.user_id"
        );
        let query = sqlx::query(&text).bind(id);
        let found = query.fetch_all(&self.reads).await.map_err(Failure::from)?;
        let read: Result<Vec<GroupInvitation>, sqlx::Error> =
            found.iter().map(invitation).collect();
        Ok(read.map_err(Failure::from)?)
    }

    /// Returns the group that a join link leads `user` to; `None` when no link is valid at `now`
    /// and has this token.
    pub async fn join_offer(
        &self,
        user: UserId,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<JoinOffer>> {
        let text = format!(
            "SELECT {GROUP_COLUMNS}, \
             (SELECT COUNT(*) FROM member m WHERE m.conversation_id = g.id AND m.user_id = $1 \
              AND m.left_event IS NULL) AS is_member, \
             (SELECT COUNT(*) FROM join_request j WHERE j.group_id = g.id AND j.user_id = $1) \
             AS has_asked \
             FROM chat_group g WHERE g.join_token = $2 AND g.join_until > $3"
        );
        let query = sqlx::query(&text).bind(user.0).bind(token).bind(now.0);
        let found = query.fetch_optional(&self.reads).await.map_err(Failure::from)?;
        let read = |row: &AnyRow| -> Result<JoinOffer, sqlx::Error> {
            let is = |column| row.try_get::<i64, _>(column).map(|count| count > 0);
            Ok(JoinOffer {
                // Only admins may know how many requests wait.
                group: Group { asking: 0, ..group(row)? },
                is_member: is("is_member")?,
                has_asked: is("has_asked")?,
            })
        };
        Ok(found.as_ref().map(read).transpose().map_err(Failure::from)?)
    }

    /// Returns the join link of a group; `None` when it has none that is valid at `now`.
    pub async fn join_link(&self, group: GroupId, now: Timestamp) -> Result<Option<JoinLink>> {
        let text = "SELECT join_token, join_until FROM chat_group \
             WHERE id = $1 AND join_until > $2";
        let query = sqlx::query(text).bind(group.0).bind(now.0);
        let found = query.fetch_optional(&self.reads).await.map_err(Failure::from)?;
        let read = |row: AnyRow| -> Result<JoinLink, sqlx::Error> {
            Ok(JoinLink {
                token: row.try_get("join_token")?,
                until: rows::time(&row, "join_until")?,
            })
        };
        Ok(found.map(read).transpose().map_err(Failure::from)?)
    }

    /// Returns the join requests that wait for approval, the oldest first.
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

fn invitation(row: &AnyRow) -> Result<GroupInvitation, sqlx::Error> {
    Ok(GroupInvitation {
        group: GroupId(row.try_get("group_id")?),
        group_name: row.try_get("name")?,
        person: rows::person(row)?,
        by: Person {
            id: rows::user(row, "by_id")?,
            username: row.try_get("by_username")?,
            display_name: row.try_get("by_display_name")?,
            deleted: row.try_get::<i64, _>("by_deleted")? != 0,
        },
        at: rows::time(row, "at")?,
    })
}
