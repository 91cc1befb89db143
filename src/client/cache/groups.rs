//! The groups around: which ones one is in, what they are called, and who is in them.

use leptos::prelude::*;

use crate::client::machines::marks::Marks;
use crate::model::{
    Contact, Group, GroupId, GroupInvitation, GroupMember, GroupMembers, Membership, OwnCopy,
    Person, Role, UserId,
};

use super::session::SessionCache;

/// What the page may read; every method follows its signals.
impl SessionCache {
    /// The groups one is in, by name.
    pub fn groups(&self) -> Vec<GroupId> {
        self.group_list.get()
    }

    /// A group that one is in, or was.
    pub fn group(&self, group: GroupId) -> Option<Group> {
        self.groups.with(|all| Some(all.get(&group)?.group.clone()))
    }

    /// What one may do in a group; nothing when one is no member any more.
    pub fn role_in(&self, group: GroupId) -> Option<Role> {
        self.groups.with(|all| all.get(&group)?.role)
    }

    /// The groups that one was asked to join.
    pub fn group_invitations(&self) -> Vec<GroupInvitation> {
        self.group_invitations.get()
    }

    /// The groups in which others wait for one to let them in.
    pub fn groups_asked_for(&self) -> Vec<Group> {
        self.groups.with(|all| {
            all.values().filter(|one| one.waits()).map(|one| one.group.clone()).collect()
        })
    }

    /// How many answers of one's own are waited for: to invitations, and by those who ask to join.
    pub fn waiting_in_groups(&self) -> i64 {
        let asking = self.groups.with(|all| {
            all.values().filter(|one| one.waits()).map(|one| one.group.asking).sum::<i64>()
        });
        self.group_invitations.with(Vec::len) as i64 + asking
    }

    /// Whether it was asked who is in a group.
    pub fn knows_members_of(&self, group: GroupId) -> bool {
        self.group_members.with(|all| all.contains_key(&group))
    }

    /// What a member may do, once it was asked who is in the group.
    pub fn role_of_member(&self, group: GroupId, user: UserId) -> Option<Role> {
        self.group_members.with(|all| {
            let member = all.get(&group)?.members.iter().find(|m| m.person.id == user)?;
            Some(member.role)
        })
    }

    /// Who is in a group, once it was asked for.
    pub fn members_of(&self, group: GroupId) -> Option<GroupMembers> {
        self.group_members.with(|all| all.get(&group).cloned())
    }
}

/// What the driver and the events write.
impl SessionCache {
    /// Takes note of a group that one has just made.
    pub fn group_created(&self, group: Group) {
        self.group_joined(group, Role::Owner, 0, 0);
    }

    /// Takes who is in a group.
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

    /// Takes note that an invitation was taken back in this page.
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

    /// One is a member from here on. What was there of a former membership is gone.
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

    /// One is a member no more, and keeps a copy.
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

    /// Somebody came, went or has another role.
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
                    // When they joined matters to nobody but the next who asks.
                    let joined = known.members.last().map(|last| last.joined).unwrap_or_default();
                    known.members.push(GroupMember { person, role, joined });
                }
                (None, None) => {}
            }
            true
        });
    }
}
