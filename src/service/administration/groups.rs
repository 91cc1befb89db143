//! Actions of administrators on groups. The operator has no account that system lines in a group
//! could name, and is refused with `NotAllowed`.

use super::{empty, search_key};
use crate::error::Result;
use crate::model::administration::{AdminActor, GroupDetails, GroupRow, TablePage};
use crate::model::limits::GROUP_MEMBERS_DEFAULT;
use crate::model::{GroupId, Role, UserId};
use crate::service::Kith;
use crate::service::groups::validated;
use crate::store::{
    AddMember, CreateGroupFor, DisbandGroupAsAdmin, EditGroup, EndJoinLink, GroupSettings,
    RemoveMemberAsAdmin, SetRoleAsAdmin,
};

impl Kith {
    /// Returns a page of the groups in whose name a word begins with `search`, or of all if it is
    /// empty; sorted by name.
    pub async fn groups_table(
        &self,
        by: AdminActor,
        search: &str,
        page: i64,
    ) -> Result<TablePage<GroupRow>> {
        self.store().check_administrator(by).await?;
        let Some(key) = search_key(search) else { return Ok(empty()) };
        self.store().groups_table(&key, page).await
    }

    /// Returns everything about a group except its messages. `NotFound` also for a disbanded group.
    pub async fn group_details(&self, by: AdminActor, group: GroupId) -> Result<GroupDetails> {
        self.store().check_administrator(by).await?;
        let found = self.store().group_row(group).await?.group;
        let members = self.store().members_of(group).await?;
        let link_until = self.store().join_link(group, self.now()).await?.map(|link| link.until);
        let ceiling = self.policy().group_ceiling;
        Ok(GroupDetails { group: found, members, link_until, ceiling })
    }

    /// Makes a group with `owner` as its only member.
    pub async fn create_group_for(
        &self,
        by: AdminActor,
        owner: UserId,
        name: &str,
        description: &str,
    ) -> Result<GroupId> {
        self.store().check_administrator(by).await?;
        let (name, description) = validated(name, description)?;
        let max_members = GROUP_MEMBERS_DEFAULT.min(self.policy().group_ceiling);
        self.administer(by, CreateGroupFor { owner, name, description, max_members }).await
    }

    /// Sets a group's name, description and maximum of members, and whether people who come by its
    /// link must be approved.
    pub async fn edit_group(
        &self,
        by: AdminActor,
        group: GroupId,
        name: &str,
        description: &str,
        max_members: i64,
        approve: bool,
    ) -> Result<()> {
        self.store().check_administrator(by).await?;
        let (name, description) = validated(name, description)?;
        let (max_members, approve) = (Some(max_members), Some(approve));
        let ceiling = self.policy().group_ceiling;
        let settings = GroupSettings { name, description, max_members, approve, ceiling };
        self.administer(by, EditGroup { group, settings }).await
    }

    /// Makes somebody a member without asking them. `GroupFull` when the group has no room.
    pub async fn add_member(&self, by: AdminActor, group: GroupId, user: UserId) -> Result<()> {
        let ceiling = self.policy().group_ceiling;
        self.administer(by, AddMember { group, user, ceiling }).await
    }

    /// Removes a member who is not the owner.
    pub async fn admin_remove_member(
        &self,
        by: AdminActor,
        group: GroupId,
        user: UserId,
    ) -> Result<()> {
        self.administer(by, RemoveMemberAsAdmin { group, user }).await
    }

    /// Gives a member a role; `Role::Owner` hands the group over.
    pub async fn admin_set_role(
        &self,
        by: AdminActor,
        group: GroupId,
        user: UserId,
        role: Role,
    ) -> Result<()> {
        self.administer(by, SetRoleAsAdmin { group, user, role }).await
    }

    /// Revokes a group's join link, if it has one.
    pub async fn end_join_link(&self, by: AdminActor, group: GroupId) -> Result<()> {
        self.administer(by, EndJoinLink { group }).await
    }

    /// Disbands a group. Former members can still read the messages up to now.
    pub async fn admin_disband_group(&self, by: AdminActor, group: GroupId) -> Result<()> {
        self.administer(by, DisbandGroupAsAdmin { group }).await
    }
}
