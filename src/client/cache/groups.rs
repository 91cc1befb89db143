//! Groups: the user's memberships and invitations, the groups' names, and their members.

use leptos::prelude::*;

use crate::client::machines::marks::Marks;
use crate::model::{
    Contact, Group, GroupId, GroupInvitation, GroupMember, GroupMembers, Membership, OwnCopy,
    Person, Role, UserId,
};

use super::session::SessionCache;

/// For the pages: every method follows the signals that it reads.
impl SessionCache {
    /// The groups of which the user is a member, by name.
    pub fn groups(&self) -> Vec<GroupId> {
        self.group_list.get()
    }

    /// A group of which the user is or was a member.
    pub fn group(&self, group: GroupId) -> Option<Group> {
        self.groups.with(|all| Some(all.get(&group)?.group.clone()))
    }

    /// The user's role in a group. `None`: the user is not a member.
    pub fn role_in(&self, group: GroupId) -> Option<Role> {
        self.groups.with(|all| all.get(&group)?.role)
    }

    /// The user's invitations to groups.
    pub fn group_invitations(&self) -> Vec<GroupInvitation> {
        self.group_invitations.get()
    }

    /// The groups in which people wait for the user to let them in.
    pub fn groups_asked_for(&self) -> Vec<Group> {
        self.groups.with(|all| {
            all.values().filter(|one| one.waits()).map(|one| one.group.clone()).collect()
        })
    }

    /// Number of answers that the user owes: to invitations, and to requests to join.
    pub fn waiting_in_groups(&self) -> i64 {
        let asking = self.groups.with(|all| {
            all.values().filter(|one| one.waits()).map(|one| one.group.asking).sum::<i64>()
        });
        self.group_invitations.with(Vec::len) as i64 + asking
    }

    /// Whether the members of a group were fetched.
    pub fn knows_members_of(&self, group: GroupId) -> bool {
        self.group_members.with(|all| all.contains_key(&group))
    }

    /// The role of a member, if the members were fetched.
    pub fn role_of_member(&self, group: GroupId, user: UserId) -> Option<Role> {
        self.group_members.with(|all| {
            let member = all.get(&group)?.members.iter().find(|m| m.person.id == user)?;
            Some(member.role)
        })
    }

    /// The members of a group, if they were fetched.
    pub fn members_of(&self, group: GroupId) -> Option<GroupMembers> {
        self.group_members.with(|all| all.get(&group).cloned())
    }
}

/// For the pages that change groups, and for events.
impl SessionCache {
    /// The user has created a group.
    pub fn group_created(&self, group: Group) {
        self.group_joined(group, Role::Owner, 0, 0);
    }

    /// Sets the members of a group.
    pub fn take_members(&self, group: GroupId, members: GroupMembers) {
        let invited = members.invited.iter().flat_map(|one| [&one.person, &one.by]);
        let asking = members.asking.iter().map(|request| &request.person);
        let everybody = members.members.iter().map(|member| &member.person);
        let everybody = everybody.chain(invited).chain(asking);
        self.add_people(everybody.cloned());
        self.group_members.update(|all| {
            all.insert(group, members);
        });
    }

    /// The user has withdrawn an invitation in this page.
    pub fn invitation_withdrawn(&self, group: GroupId, user: UserId) {
        self.group_members.update(|all| {
            if let Some(known) = all.get_mut(&group) {
                known.invited.retain(|invitation| invitation.person.id != user);
            }
        });
    }

    pub(super) fn group_invited(&self, invitation: GroupInvitation) {
        self.add_people([invitation.by.clone()]);
        self.group_invitations.update(|all| {
            all.retain(|known| known.group != invitation.group);
            all.push(invitation);
        });
    }

    pub(super) fn group_invitation_closed(&self, group: GroupId) {
        self.group_invitations.maybe_update(|all| {
            let before = all.len();
            all.retain(|invitation| invitation.group != group);
            all.len() < before
        });
    }

    /// The user has become a member. Messages of an earlier membership are dropped.
    pub(super) fn group_joined(&self, group: Group, role: Role, last_seq: i64, last_count: i64) {
        let id = group.id;
        self.group_invitation_closed(id);
        let before = self.groups.with_untracked(|all| all.get(&id).and_then(|known| known.role));
        self.groups.update(|all| {
            all.insert(id, Membership { group, role: Some(role) });
        });
        if before.is_none() {
            let (read_seq, read_count) = (last_seq, last_count);
            let conversation = self.conversation(Contact::Group(id));
            let own = OwnCopy { hidden_count: -1, ..untrack(|| conversation.own()) };
            let marks =
                Marks { last_seq, last_count, read_seq, read_count, own, ..Marks::default() };
            conversation.replace(marks, None);
        }
    }

    /// The user is no longer a member, and keeps their copy of the conversation.
    pub(super) fn group_left(&self, group: GroupId) {
        self.groups.update(|all| {
            if let Some(membership) = all.get_mut(&group) {
                membership.role = None;
            }
        });
        self.group_members.maybe_update(|all| all.remove(&group).is_some());
    }

    pub(super) fn group_changed(&self, group: Group) {
        self.groups.update(|all| {
            if let Some(membership) = all.get_mut(&group.id) {
                membership.group = group;
            }
        });
    }

    /// A member was removed, or is no admin any more: the server has ended the join link.
    pub(super) fn join_link_ended(&self, group: GroupId) {
        self.group_members.maybe_update(|all| {
            all.get_mut(&group).is_some_and(|known| known.link.take().is_some())
        });
    }

    /// A member has joined, left or got another role.
    pub(super) fn member_changed(
        &self,
        group: GroupId,
        person: Person,
        role: Option<Role>,
        members: i64,
    ) {
        let (user, me) = (person.id, self.me);
        self.add_people([person.clone()]);
        self.groups.update(|all| {
            let Some(membership) = all.get_mut(&group) else { return };
            membership.group.members = members;
            if user == me && membership.role.is_some() && role.is_some() {
                membership.role = role;
            }
        });
        self.group_members.maybe_update(|all| {
            let Some(known) = all.get_mut(&group) else { return false };
            known.invited.retain(|invitation| invitation.person.id != user);
            let index = known.members.iter().position(|member| member.person.id == user);
            match (index, role) {
                (Some(index), Some(role)) => {
                    let member = &mut known.members[index];
                    (member.person, member.role) = (person, role);
                }
                (Some(index), None) => drop(known.members.remove(index)),
                (None, Some(role)) => {
                    // The event lacks the time of joining. The next fetch brings it.
                    let joined = known.members.last().map(|last| last.joined).unwrap_or_default();
                    known.members.push(GroupMember { person, role, joined });
                }
                (None, None) => {}
            }
            true
        });
    }
}
