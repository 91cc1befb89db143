//! The order of friends and groups in their lists. It is made here alone: a database sorts by other
//! rules, and a new friend would move when the next snapshot arrives.

use std::collections::HashMap;

use leptos::prelude::*;

use crate::model::{Friend, Group, GroupId, Membership, Person, UserId};

/// The friends, sorted by the names under which they are shown.
pub(super) fn friends_by_name(
    people: RwSignal<HashMap<UserId, Person>>,
    friends: RwSignal<HashMap<UserId, Friend>>,
) -> Vec<Friend> {
    let mut friends: Vec<Friend> = friends.with(|all| all.values().cloned().collect());
    people.with(|people| {
        for friend in &mut friends {
            if let Some(person) = people.get(&friend.person.id) {
                friend.person.clone_from(person);
            }
        }
    });
    friends.sort_by_cached_key(|friend| {
        let name = Some(&friend.remark).filter(|remark| !remark.is_empty());
        (name.unwrap_or(&friend.person.display_name).to_lowercase(), friend.person.id)
    });
    friends
}

/// The groups of which the user is a member, sorted by name.
pub(super) fn groups_by_name(groups: RwSignal<HashMap<GroupId, Membership>>) -> Vec<GroupId> {
    groups.with(|all| {
        let mut present: Vec<&Group> = all
            .values()
            .filter(|membership| membership.role.is_some())
            .map(|membership| &membership.group)
            .collect();
        present.sort_by_cached_key(|group| (group.name.to_lowercase(), group.id));
        present.into_iter().map(|group| group.id).collect()
    })
}
