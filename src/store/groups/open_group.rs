//! A group as loaded inside a transaction: its members, and the basic steps that every change of
//! it consists of. Each step logs its event.

use sqlx::Row;

use crate::error::KithError;
use crate::model::{EventId, Group, GroupAction, GroupId, Role, UserId};
use crate::store::fact::{AUDIENCE_CONVERSATION, Fact};
use crate::store::rows::{self, KIND_GROUP, ROLE};
use crate::store::transaction::Tx;
use crate::store::{Audience, Failure, visibility};

/// The author of a change of a group.
#[derive(Debug, Clone, Copy)]
pub enum GroupActor {
    /// A member, with the rights of their role.
    Member(UserId),
    /// An administrator of this Kith, as checked earlier in the same transaction. They have the
    /// rights of an owner and need not be a member.
    Administrator(UserId),
}

impl GroupActor {
    pub fn user(self) -> UserId {
        match self {
            Self::Member(user) | Self::Administrator(user) => user,
        }
    }

    /// The error for a group that does not exist, or does not for this actor.
    fn no_such_group(self) -> KithError {
        match self {
            Self::Member(_) => KithError::NotAContact,
            Self::Administrator(_) => KithError::NotFound,
        }
    }
}

/// A group that is not disbanded, with its present members.
pub struct OpenGroup {
    pub id: GroupId,
    pub name: String,
    pub description: String,
    pub max_members: i64,
    /// Whether an admin must approve each person who comes by the join link.
    pub approve: bool,
    /// Number of join requests that wait for approval.
    pub asking: i64,
    pub(super) last_seq: i64,
    pub(super) last_count: i64,
    /// The present members, the longest-serving first.
    members: Vec<(UserId, Role)>,
}

/// The member who becomes the owner.
pub struct Successor {
    pub user: UserId,
    /// Their account is disabled; no member has a usable one.
    pub disabled: bool,
}

/// Maximum number of events that one member's joining or leaving writes.
pub const MEMBERSHIP_EVENTS: i64 = 5;

impl OpenGroup {
    /// Loads a group; `None` when it does not exist or is disbanded.
    pub async fn load(tx: &mut Tx, id: GroupId) -> Result<Option<Self>, Failure> {
        let found = sqlx::query(
            "SELECT g.name, g.description, g.max_members, g.approve, c.last_seq, c.last_count, \
             (SELECT COUNT(*) FROM join_request j WHERE j.group_id = g.id) AS asking \
             FROM chat_group g \
             JOIN conversation c ON c.id = g.id WHERE g.id = $1 AND g.disbanded = 0",
        )
        .bind(id.0)
        .fetch_optional(tx.read())
        .await?;
        let Some(row) = found else { return Ok(None) };
        let mut open_group = Self {
            id,
            name: row.try_get("name")?,
            description: row.try_get("description")?,
            max_members: row.try_get("max_members")?,
            approve: row.try_get::<i64, _>("approve")? != 0,
            asking: row.try_get("asking")?,
            last_seq: row.try_get("last_seq")?,
            last_count: row.try_get("last_count")?,
            members: Vec::new(),
        };
        let text = format!(
            "SELECT m.user_id, {ROLE} FROM member m JOIN chat_group g ON g.id = m.conversation_id \
             WHERE m.conversation_id = $1 AND {} ORDER BY m.joined, m.user_id",
            visibility::PRESENT
        );
        for row in sqlx::query(&text).bind(id.0).fetch_all(tx.read()).await? {
            open_group.members.push((rows::user(&row, "user_id")?, rows::role(&row)?));
        }
        Ok(Some(open_group))
    }

    /// Loads a group for the actor who changes it. `NotAContact` for a user who is not a member,
    /// `NotFound` for an administrator when the group does not exist.
    pub async fn load_by(tx: &mut Tx, id: GroupId, by: GroupActor) -> Result<Self, Failure> {
        let open_group = Self::load(tx, id).await?.ok_or(by.no_such_group())?;
        open_group.rights_of(by)?;
        Ok(open_group)
    }

    /// Like [`Self::load_by`], and `NotAllowed` when the actor may not do `action`.
    pub async fn load_for(
        tx: &mut Tx,
        id: GroupId,
        by: GroupActor,
        action: GroupAction,
    ) -> Result<Self, Failure> {
        let open_group = Self::load_by(tx, id, by).await?;
        open_group.check_allowed(by, action)?;
        Ok(open_group)
    }

    /// `NotAllowed` when `by` may not do `action` here.
    pub fn check_allowed(&self, by: GroupActor, action: GroupAction) -> Result<(), KithError> {
        if self.rights_of(by)?.may(action) { Ok(()) } else { Err(KithError::NotAllowed) }
    }

    /// The role whose rights the actor has here.
    fn rights_of(&self, by: GroupActor) -> Result<Role, KithError> {
        match by {
            GroupActor::Member(user) => self.role_of(user).ok_or(by.no_such_group()),
            GroupActor::Administrator(_) => Ok(Role::Owner),
        }
    }

    /// A group that was just created and has no members yet.
    pub fn new(id: GroupId, name: String, description: String, max_members: i64) -> Self {
        Self {
            id,
            name,
            description,
            max_members,
            approve: false,
            asking: 0,
            last_seq: 0,
            last_count: 0,
            members: Vec::new(),
        }
    }

    /// The group as its members see it.
    pub fn to_group(&self) -> Group {
        Group {
            id: self.id,
            name: self.name.clone(),
            description: self.description.clone(),
            max_members: self.max_members,
            members: self.member_count(),
            approve: self.approve,
            asking: self.asking,
        }
    }

    pub fn role_of(&self, user: UserId) -> Option<Role> {
        self.members.iter().find(|(member, _)| *member == user).map(|(_, role)| *role)
    }

    pub fn owner(&self) -> Option<UserId> {
        self.members.iter().find(|(_, role)| *role == Role::Owner).map(|(user, _)| *user)
    }

    pub fn member_count(&self) -> i64 {
        self.members.len() as i64
    }

    /// `GroupFull` when the group has reached its own maximum or the operator's `ceiling`.
    pub fn check_room(&self, ceiling: i64) -> Result<(), KithError> {
        let max = self.max_members.min(ceiling);
        if self.member_count() < max { Ok(()) } else { Err(KithError::GroupFull) }
    }

    pub(super) fn member_ids(&self) -> Vec<UserId> {
        self.members.iter().map(|(user, _)| *user).collect()
    }

    /// Returns the member who takes over from the owner: the longest-serving admin, else the
    /// longest-serving member. Disabled accounts come last.
    pub async fn successor(&self, tx: &mut Tx) -> Result<Option<Successor>, Failure> {
        let text = format!(
            "SELECT m.user_id, u.disabled FROM member m JOIN users u ON u.id = m.user_id \
             JOIN chat_group g ON g.id = m.conversation_id \
             WHERE m.conversation_id = $1 AND m.user_id <> g.owner_id AND {} \
             ORDER BY u.disabled, m.role DESC, m.joined, m.user_id LIMIT 1",
            visibility::PRESENT
        );
        let row = sqlx::query(&text).bind(self.id.0).fetch_optional(tx.read()).await?;
        let Some(row) = row else { return Ok(None) };
        let disabled = row.try_get::<i64, _>("disabled")? != 0;
        Ok(Some(Successor { user: rows::user(&row, "user_id")?, disabled }))
    }

    /// Makes `user` a member from here on, and tells all members. For `Role::Owner`, the group's
    /// row must name `user` as its owner.
    pub async fn join(&mut self, tx: &mut Tx, user: UserId, role: Role) -> Result<(), Failure> {
        // The member sees messages after `last_seq`, and events from the next one on.
        let next = tx.peek_event();
        let now = tx.now;
        sqlx::query(
            "INSERT INTO member (conversation_id, user_id, joined_seq, joined_event, read_seq, \
             read_count, role, joined) VALUES ($1, $2, $3, $4, $3, $5, $6, $7) \
             ON CONFLICT (conversation_id, user_id) DO UPDATE SET \
             joined_seq = excluded.joined_seq, joined_event = excluded.joined_event, \
             read_seq = excluded.read_seq, read_count = excluded.read_count, \
             role = excluded.role, joined = excluded.joined, hidden_count = -1, \
             left_seq = NULL, left_event = NULL, left_count = NULL, left_name = NULL",
        )
        .bind(self.id.0)
        .bind(user.0)
        .bind(self.last_seq)
        .bind(next.0)
        .bind(self.last_count)
        .bind(rows::role_number(role))
        .bind(now.0)
        .execute(tx.write())
        .await?;
        self.members.push((user, role));
        let (group, last_seq, last_count) = (self.to_group(), self.last_seq, self.last_count);
        tx.log_for_user(user, Fact::GroupJoined { group, role, last_seq, last_count }).await?;
        self.log_member_change(tx, user, Some(role)).await
    }

    /// Ends the membership of `user`. The last event that they see is that they left.
    pub async fn leave(&mut self, tx: &mut Tx, user: UserId) -> Result<(), Failure> {
        tx.log_for_user(user, Fact::GroupLeft { group: self.id }).await?;
        self.end_membership(tx, "user_id = $6", user).await?;
        self.members.retain(|(member, _)| *member != user);
        self.log_member_change(tx, user, None).await
    }

    /// Ends the membership of all members.
    pub async fn remove_everybody(&mut self, tx: &mut Tx) -> Result<(), Failure> {
        tx.reserve(self.member_count()).await?;
        self.end_membership(tx, "left_event IS NULL AND user_id <> $6", UserId(0)).await?;
        for (user, _) in std::mem::take(&mut self.members) {
            tx.log_for_user(user, Fact::GroupLeft { group: self.id }).await?;
        }
        Ok(())
    }

    /// Members that match `condition` see nothing after the last event written so far.
    async fn end_membership(
        &self,
        tx: &mut Tx,
        condition: &str,
        user: UserId,
    ) -> Result<(), Failure> {
        let until = EventId(tx.peek_event().0 - 1);
        let text = format!(
            "UPDATE member SET left_seq = $1, left_count = $2, left_event = $3, left_name = $4 \
             WHERE conversation_id = $5 AND {condition}"
        );
        sqlx::query(&text)
            .bind(self.last_seq)
            .bind(self.last_count)
            .bind(until.0)
            .bind(&self.name)
            .bind(self.id.0)
            .bind(user.0)
            .execute(tx.write())
            .await?;
        Ok(())
    }

    /// Gives a member another role. With `Owner`, the present owner becomes an admin if they are
    /// still a member.
    pub async fn set_role(&mut self, tx: &mut Tx, user: UserId, role: Role) -> Result<(), Failure> {
        if role == Role::Owner {
            sqlx::query("UPDATE chat_group SET owner_id = $1 WHERE id = $2")
                .bind(user.0)
                .bind(self.id.0)
                .execute(tx.write())
                .await?;
            if let Some(before) = self.owner() {
                self.store_role(tx, before, Role::Admin).await?;
            }
        }
        self.store_role(tx, user, role).await
    }

    async fn store_role(&mut self, tx: &mut Tx, user: UserId, role: Role) -> Result<(), Failure> {
        sqlx::query("UPDATE member SET role = $1 WHERE conversation_id = $2 AND user_id = $3")
            .bind(rows::role_number(role))
            .bind(self.id.0)
            .bind(user.0)
            .execute(tx.write())
            .await?;
        for (member, known_role) in &mut self.members {
            if *member == user {
                *known_role = role;
            }
        }
        self.log_member_change(tx, user, Some(role)).await
    }

    async fn log_member_change(
        &self,
        tx: &mut Tx,
        user: UserId,
        role: Option<Role>,
    ) -> Result<(), Failure> {
        let members = self.member_count();
        let fact = Fact::MemberChanged { group: self.id, user, role, members };
        self.log_for_members(tx, fact).await
    }

    /// Writes an event for all members.
    pub async fn log_for_members(&self, tx: &mut Tx, fact: Fact) -> Result<(), Failure> {
        let audience = Audience::Users(self.member_ids());
        tx.log(AUDIENCE_CONVERSATION, self.id.0, fact, audience).await
    }
}

/// Returns whether `user` is a member now.
pub async fn is_member(tx: &mut Tx, group: GroupId, user: UserId) -> Result<bool, Failure> {
    let text = format!(
        "SELECT COUNT(*) FROM member m JOIN chat_group g ON g.id = m.conversation_id \
         WHERE m.conversation_id = $1 AND m.user_id = $2 AND {}",
        visibility::PRESENT
    );
    let row = sqlx::query(&text).bind(group.0).bind(user.0).fetch_one(tx.read()).await?;
    Ok(row.try_get::<i64, _>(0)? > 0)
}

/// Creates the conversation of a new group and returns its id, which is also the group's.
pub(super) async fn new_conversation(tx: &mut Tx) -> Result<GroupId, Failure> {
    let id = tx.new_ids("conversation", 1).await?;
    let now = tx.now;
    sqlx::query(
        "INSERT INTO conversation (id, kind, last_seq, last_count, activity) \
         VALUES ($1, $2, 0, 0, $3)",
    )
    .bind(id)
    .bind(KIND_GROUP)
    .bind(now.0)
    .execute(tx.write())
    .await?;
    Ok(GroupId(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Contacts, Timestamp};
    use crate::store::groups::CreateGroup;
    use crate::store::people::accounts::NewUser;
    use crate::store::people::registration::Register;
    use crate::store::people::sign_ins::NewSignIn;
    use crate::store::transaction::Change;
    use crate::store::{self, Store};

    /// Joins a group with a given role, as an import of groups could.
    struct JoinAs {
        group: GroupId,
        user: UserId,
        role: Role,
    }

    impl Change for JoinAs {
        type Answer = ();
        const EVENTS: i64 = MEMBERSHIP_EVENTS;

        async fn apply(&self, tx: &mut Tx) -> Result<(), Failure> {
            let open_group = OpenGroup::load(tx, self.group).await?;
            open_group.ok_or(KithError::NotFound)?.join(tx, self.user, self.role).await
        }
    }

    async fn register(store: &Store, name: &str) -> UserId {
        let user = NewUser {
            username: name.into(),
            display_name: name.into(),
            password_hash: String::new(),
            one_time: false,
            announced: false,
        };
        let sign_in = NewSignIn { token_hash: name.into(), device: String::new() };
        let register = Register { user, open: true, set_up: true, invite: None, sign_in };
        store.write(register).await.expect("an account")
    }

    #[tokio::test]
    async fn joining_stores_the_role_it_is_given() {
        let folder = tempfile::tempdir().expect("a folder");
        let opened = store::open(None, folder.path(), || Timestamp(0)).await.expect("a store");
        let store = opened.start(Box::new(|_| {}));
        let owner = register(&store, "owner").await;
        let create = CreateGroup {
            by: owner,
            name: "Walkers".into(),
            description: String::new(),
            max_members: 9,
            invited: Vec::new(),
            contacts: Contacts::Friends,
        };
        let group = store.write(create).await.expect("a group").id;
        for (name, role) in [("admin", Role::Admin), ("member", Role::Member)] {
            let user = register(&store, name).await;
            store.write(JoinAs { group, user, role }).await.expect("a membership");
            let members = store.members_of(group).await.expect("the members").members;
            let stored = members.iter().find(|member| member.person.id == user);
            assert_eq!(stored.map(|member| member.role), Some(role));
        }
    }
}
