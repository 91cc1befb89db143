//! The order of friends and groups in their lists.

use std::collections::HashMap;

use leptos::prelude::*;

use crate::client::browser;
use crate::model::{Friend, Group, GroupId, Membership, Person, UserId};

/// The order of the list of friends. It is made here alone: a database sorts by rules that the
/// page does not know, and a new friend would not come where the next snapshot has them.
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
        (browser::lower_case(name.unwrap_or(&friend.person.display_name)), friend.person.id)
    });
    friends
}

/// The groups one is in; the order is made here alone, as for friends.
pub(super) fn groups_by_name(groups: RwSignal<HashMap<GroupId, Membership>>) -> Vec<GroupId> {
    groups.with(|all| {
        let mut present: Vec<&Group> = all
            .values()
            .filter(|membership| membership.role.is_some())
            .map(|membership| &membership.group)
            .collect();
        present.sort_by_cached_key(|group| (browser::lower_case(&group.name), group.id));
        present.into_iter().map(|group| group.id).collect()
    })
}
