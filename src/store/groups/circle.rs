//! A group as it stands in a transaction: who is in it now, and the steps of which every change to
//! it is made. Each step tells those who hear of it.

use sqlx::Row;

use crate::error::KithError;
use crate::model::{EventId, Group, GroupAct, GroupId, Role, UserId};
use crate::store::fact::{AUDIENCE_CONVERSATION, Fact};
use crate::store::rows::{self, KIND_GROUP};
use crate::store::transaction::Tx;
use crate::store::{Audience, Failure, visibility};

/// What a member is in the database. The owner is named in the group's row.
const ROLE_MEMBER: i64 = 1;
const ROLE_ADMIN: i64 = 2;

/// The role of a member `m` of the group `g`.
pub const ROLE: &str = "CASE WHEN g.owner_id = m.user_id THEN 3 ELSE m.role END AS role";

pub fn role(row: &sqlx::any::AnyRow) -> Result<Role, sqlx::Error> {
    Ok(match row.try_get::<i64, _>("role")? {
        ROLE_MEMBER => Role::Member,
        ROLE_ADMIN => Role::Admin,
        _ => Role::Owner,
    })
}

/// Who changes a group.
#[derive(Debug, Clone, Copy)]
pub enum Actor {
    /// Somebody who is in it, by their role.
    Member(UserId),
    /// Somebody who was found to be an administrator of this Kith by this transaction. They may
    /// whatever an owner may, and need not be in it.
    Administrator(UserId),
}

impl Actor {
    pub fn user(self) -> UserId {
        match self {
            Self::Member(user) | Self::Administrator(user) => user,
        }
    }

    /// What somebody is told for whom there is no such group.
    fn stranger(self) -> KithError {
        match self {
            Self::Member(_) => KithError::NotAContact,
            Self::Administrator(_) => KithError::NotFound,
        }
    }
}

pub struct OpenGroup {
    pub group: GroupId,
    pub name: String,
    pub description: String,
    pub max_members: i64,
    /// Whether those who come by the link are let in one by one, and how many wait for that.
    pub approve: bool,
    pub asking: i64,
    pub(super) last_seq: i64,
    pub(super) last_count: i64,
    /// Those who are in it now, the longest-serving first.
    members: Vec<(UserId, Role)>,
}

/// Who takes a group over.
pub struct Heir {
    pub user: UserId,
    /// Their account may not be used: there is nobody better.
    pub disabled: bool,
}

/// How many events the steps of one member's coming or going write at most.
pub const STEPS: i64 = 5;

impl OpenGroup {
    /// Loads a group that is there and not disbanded.
    pub async fn load(tx: &mut Tx, group: GroupId) -> Result<Option<Self>, Failure> {
        let found = sqlx::query(
            "SELECT g.name, g.description, g.max_members, g.approve, c.last_seq, c.last_count, \
             (SELECT COUNT(*) FROM join_request j WHERE j.group_id = g.id) AS asking \
             FROM chat_group g \
             JOIN conversation c ON c.id = g.id WHERE g.id = $1 AND g.disbanded = 0",
        )
        .bind(group.0)
        .fetch_optional(tx.read())
        .await?;
        let Some(row) = found else { return Ok(None) };
        let mut circle = Self {
            group,
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
        for row in sqlx::query(&text).bind(group.0).fetch_all(tx.read()).await? {
            circle.members.push((rows::user(&row, "user_id")?, role(&row)?));
        }
        Ok(Some(circle))
    }

    /// Loads a group for whoever changes it. `NotAContact` when they are no member of it, `NotFound`
    /// when an administrator asks for one that is not there.
    pub async fn load_by(tx: &mut Tx, group: GroupId, by: Actor) -> Result<Self, Failure> {
        let circle = Self::load(tx, group).await?.ok_or(by.stranger())?;
        circle.rights_of(by)?;
        Ok(circle)
    }

    /// The same for somebody who must be allowed to do that. `NotAllowed` when they are not.
    pub async fn load_for(
        tx: &mut Tx,
        group: GroupId,
        by: Actor,
        act: GroupAct,
    ) -> Result<Self, Failure> {
        let circle = Self::load_by(tx, group, by).await?;
        circle.allow(by, act)?;
        Ok(circle)
    }

    /// Refuses with `NotAllowed` what `by` may not do here.
    pub fn allow(&self, by: Actor, act: GroupAct) -> Result<(), KithError> {
        if self.rights_of(by)?.may(act) { Ok(()) } else { Err(KithError::NotAllowed) }
    }

    /// The role whose rights somebody has here.
    fn rights_of(&self, by: Actor) -> Result<Role, KithError> {
        match by {
            Actor::Member(user) => self.role_of(user).ok_or(by.stranger()),
            Actor::Administrator(_) => Ok(Role::Owner),
        }
    }

    /// A group that has just been made, in which nobody is.
    pub fn new(group: GroupId, name: String, description: String, max_members: i64) -> Self {
        Self {
            group,
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
    pub fn seen(&self) -> Group {
        Group {
            id: self.group,
            name: self.name.clone(),
            description: self.description.clone(),
            max_members: self.max_members,
            members: self.len(),
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

    pub fn len(&self) -> i64 {
        self.members.len() as i64
    }

    /// Fails with `GroupFull` when nobody more may come in, by the group's word or the operator's.
    pub fn check_room(&self, ceiling: i64) -> Result<(), KithError> {
        if self.len() < self.max_members.min(ceiling) { Ok(()) } else { Err(KithError::GroupFull) }
    }

    pub(super) fn members(&self) -> Vec<UserId> {
        self.members.iter().map(|(user, _)| *user).collect()
    }

    /// Returns who takes over from the owner: the longest-serving admin, else the longest-serving
    /// member. Whoever could not look after it comes last.
    pub async fn heir(&self, tx: &mut Tx) -> Result<Option<Heir>, Failure> {
        let text = format!(
            "SELECT m.user_id, u.disabled FROM member m JOIN users u ON u.id = m.user_id \
             JOIN chat_group g ON g.id = m.conversation_id \
             WHERE m.conversation_id = $1 AND m.user_id <> g.owner_id AND {} \
             ORDER BY u.disabled, m.role DESC, m.joined, m.user_id LIMIT 1",
            visibility::PRESENT
        );
        let row = sqlx::query(&text).bind(self.group.0).fetch_optional(tx.read()).await?;
        let Some(row) = row else { return Ok(None) };
        let disabled = row.try_get::<i64, _>("disabled")? != 0;
        Ok(Some(Heir { user: rows::user(&row, "user_id")?, disabled }))
    }

    /// Makes `user` a member from here on, and tells everybody in it.
    pub async fn join(&mut self, tx: &mut Tx, user: UserId, role: Role) -> Result<(), Failure> {
        // They see what is said after this, and every event from the next one on.
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
        .bind(self.group.0)
        .bind(user.0)
        .bind(self.last_seq)
        .bind(next.0)
        .bind(self.last_count)
        .bind(ROLE_MEMBER)
        .bind(now.0)
        .execute(tx.write())
        .await?;
        self.members.push((user, role));
        let (group, last_seq, last_count) = (self.seen(), self.last_seq, self.last_count);
        tx.tell(user, Fact::GroupJoined { group, role, last_seq, last_count }).await?;
        self.tell_of(tx, user, Some(role)).await
    }

    /// Ends the membership of `user` here: they hear of it, and of nothing after it.
    pub async fn leave(&mut self, tx: &mut Tx, user: UserId) -> Result<(), Failure> {
        tx.tell(user, Fact::GroupLeft { group: self.group }).await?;
        self.end_period(tx, "user_id = $6", user).await?;
        self.members.retain(|(member, _)| *member != user);
        self.tell_of(tx, user, None).await
    }

    /// Ends the membership of everybody here, all at once.
    pub async fn leave_together(&mut self, tx: &mut Tx) -> Result<(), Failure> {
        tx.reserve(self.len()).await?;
        self.end_period(tx, "left_event IS NULL AND user_id <> $6", UserId(0)).await?;
        for (user, _) in std::mem::take(&mut self.members) {
            tx.tell(user, Fact::GroupLeft { group: self.group }).await?;
        }
        Ok(())
    }

    /// Those of whom `which` holds see nothing after the last event that was written.
    async fn end_period(&self, tx: &mut Tx, which: &str, user: UserId) -> Result<(), Failure> {
        let until = EventId(tx.peek_event().0 - 1);
        let text = format!(
            "UPDATE member SET left_seq = $1, left_count = $2, left_event = $3, left_name = $4 \
             WHERE conversation_id = $5 AND {which}"
        );
        sqlx::query(&text)
            .bind(self.last_seq)
            .bind(self.last_count)
            .bind(until.0)
            .bind(&self.name)
            .bind(self.group.0)
            .bind(user.0)
            .execute(tx.write())
            .await?;
        Ok(())
    }

    /// Gives a member another role. With `Owner` the group is handed over: who owned it becomes an
    /// admin, if they are still in it.
    pub async fn set_role(&mut self, tx: &mut Tx, user: UserId, role: Role) -> Result<(), Failure> {
        if role == Role::Owner {
            sqlx::query("UPDATE chat_group SET owner_id = $1 WHERE id = $2")
                .bind(user.0)
                .bind(self.group.0)
                .execute(tx.write())
                .await?;
            if let Some(before) = self.owner() {
                self.store_role(tx, before, Role::Admin).await?;
            }
        }
        self.store_role(tx, user, role).await
    }

    async fn store_role(&mut self, tx: &mut Tx, user: UserId, role: Role) -> Result<(), Failure> {
        let stored = if role == Role::Member { ROLE_MEMBER } else { ROLE_ADMIN };
        sqlx::query("UPDATE member SET role = $1 WHERE conversation_id = $2 AND user_id = $3")
            .bind(stored)
            .bind(self.group.0)
            .bind(user.0)
            .execute(tx.write())
            .await?;
        for (member, of) in &mut self.members {
            if *member == user {
                *of = role;
            }
        }
        self.tell_of(tx, user, Some(role)).await
    }

    async fn tell_of(&self, tx: &mut Tx, user: UserId, role: Option<Role>) -> Result<(), Failure> {
        let members = self.len();
        self.tell(tx, Fact::MemberChanged { group: self.group, user, role, members }).await
    }

    /// Tells everybody in it.
    pub async fn tell(&self, tx: &mut Tx, fact: Fact) -> Result<(), Failure> {
        let by = Audience::Users(self.members());
        tx.log(AUDIENCE_CONVERSATION, self.group.0, fact, by).await
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

/// Makes a conversation of many with nobody in it, and returns its id, which is the group's.
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
