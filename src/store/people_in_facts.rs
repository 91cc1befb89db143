//! Turns the facts of the log into events, with people's present names.

use std::collections::HashMap;

use sqlx::AnyConnection;

use super::fact::Fact;
use super::{Failure, lookup};
use crate::model::{EventKind, Friend, FriendRequest, GroupInvitation, Person, UserId};

/// The people whose ids occur in some facts, by id, with their current names.
pub(super) struct PeopleInFacts(HashMap<UserId, Person>);

impl PeopleInFacts {
    /// Reads the people whose ids occur in these facts.
    pub async fn load<'a>(
        connection: &mut AnyConnection,
        facts: impl Iterator<Item = &'a Fact>,
    ) -> Result<Self, Failure> {
        let ids: Vec<UserId> = facts.flat_map(Fact::people).collect();
        lookup::people_by_id(connection, &ids).await.map(Self)
    }

    /// Turns a stored fact into the event that pages receive. `None` if the database has no row for
    /// a person. Deleted accounts keep their row, so this does not happen in a sound database.
    pub fn event_kind(&self, fact: Fact) -> Option<EventKind> {
        let person = |id: UserId| self.0.get(&id).cloned();
        Some(match fact {
            Fact::Read { conversation, read_seq, read_count } => {
                EventKind::Read { conversation, read_seq, read_count }
            }
            Fact::MessageHidden { conversation, seq } => {
                EventKind::MessageHidden { conversation, seq }
            }
            Fact::ChatSet { conversation, own } => EventKind::ChatSet { conversation, own },
            Fact::FriendRequested { from, to, note, at } => EventKind::FriendRequested {
                request: FriendRequest { from: person(from)?, to: person(to)?, note, at },
            },
            Fact::FriendRequestClosed { from, to } => EventKind::FriendRequestClosed { from, to },
            // A new friendship has no remark. A later `RemarkSet` brings it.
            Fact::FriendAdded { friend, since } => EventKind::FriendAdded {
                friend: Friend { person: person(friend)?, since, remark: String::new() },
            },
            Fact::FriendRemoved { user } => EventKind::FriendRemoved { user },
            Fact::RemarkSet { user, remark } => EventKind::RemarkSet { user, remark },
            Fact::BlockSet { user, blocked } => {
                EventKind::BlockSet { person: person(user)?, blocked }
            }
            Fact::PersonChanged { user } => EventKind::PersonChanged { person: person(user)? },
            Fact::GroupInvited { group, group_name, user, by, at } => EventKind::GroupInvited {
                invitation: GroupInvitation {
                    group,
                    group_name,
                    person: person(user)?,
                    by: person(by)?,
                    at,
                },
            },
            Fact::GroupInvitationClosed { group } => EventKind::GroupInvitationClosed { group },
            Fact::GroupJoined { group, role, last_seq, last_count } => {
                EventKind::GroupJoined { group, role, last_seq, last_count }
            }
            Fact::GroupLeft { group } => EventKind::GroupLeft { group },
            Fact::GroupChanged { group } => EventKind::GroupChanged { group },
            Fact::MemberChanged { group, user, role, members } => {
                EventKind::MemberChanged { group, person: person(user)?, role, members }
            }
        })
    }
}
