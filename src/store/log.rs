//! Reading the event log for one user, and keeping it: its head, its epoch, its retention.

use std::collections::HashMap;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool, Row};

use super::fact::{AUDIENCE_CONVERSATION, AUDIENCE_EVERYBODY, AUDIENCE_USER, Fact};
use super::transaction::{Change, Tx};
use super::{Failure, Store, rows, visibility};
use crate::error::Result;
use crate::model::{
    Event, EventId, EventKind, Friend, FriendRequest, GroupInvitation, Person, Timestamp, UserId,
};

/// Which log this is, how far it goes and where it begins.
#[derive(Debug, Clone)]
pub struct LogState {
    pub epoch: String,
    pub head: EventId,
    /// Events up to this one are gone.
    pub trimmed: EventId,
}

/// Names a log as no other is named.
pub(super) fn new_epoch() -> String {
    uuid::Uuid::new_v4().simple().to_string()[..8].to_string()
}

/// Reads the log's state; a log that is new gets its epoch.
pub(super) async fn state(pool: &AnyPool) -> Result<LogState, sqlx::Error> {
    sqlx::query(
        "INSERT INTO log_head (one, id, trimmed, epoch) VALUES (1, 0, 0, $1) ON CONFLICT DO NOTHING",
    )
    .bind(new_epoch())
    .execute(pool)
    .await?;
    let row = sqlx::query("SELECT id, trimmed, epoch FROM log_head").fetch_one(pool).await?;
    Ok(LogState {
        epoch: row.try_get("epoch")?,
        head: EventId(row.try_get("id")?),
        trimmed: EventId(row.try_get("trimmed")?),
    })
}

impl Store {
    /// Returns at most `limit` events after `after` and up to `until` that `user` hears of, in
    /// their order; `None` when the log does not reach back to `after`. `until` must be a
    /// published head: beyond it, ids may not be visible in order yet.
    pub async fn events(
        &self,
        user: UserId,
        after: EventId,
        until: EventId,
        limit: usize,
    ) -> Result<Option<Vec<Event>>> {
        let mut events = Vec::new();
        let mut from = after;
        // What this Kith does not know is skipped, so a page may hold fewer events than rows: the
        // log is at its end only when the rows are.
        loop {
            let (page, last_of_full) = self.page_of_log(user, from, until, limit).await?;
            events.extend(page);
            match last_of_full {
                Some(last) if events.len() < limit => from = last,
                _ => break,
            }
        }
        events.truncate(limit);
        // Asked last: what was trimmed while it was read is not missing in silence.
        let reaches_back = self.trimmed().await? <= after;
        Ok(reaches_back.then_some(events))
    }

    async fn trimmed(&self) -> Result<EventId, Failure> {
        let row = sqlx::query("SELECT trimmed FROM log_head").fetch_one(&self.reads).await?;
        Ok(EventId(row.try_get(0)?))
    }

    /// Reads `limit` rows, and returns the id of the last one if there were as many.
    async fn page_of_log(
        &self,
        user: UserId,
        after: EventId,
        until: EventId,
        limit: usize,
    ) -> Result<(Vec<Event>, Option<EventId>), Failure> {
        let mut connection = self.reads.acquire().await?;
        let found = sqlx::query(&page_text())
            .bind(user.0)
            .bind(after.0)
            .bind(until.0)
            .bind(limit as i64)
            .fetch_all(&mut *connection)
            .await?;

        let logged = found.iter().map(|row| read(row, user)).collect::<Result<Vec<_>, _>>()?;
        let facts = logged.iter().filter_map(|(_, what)| what.fact());
        let named = Named::load(&mut connection, facts).await?;
        let last_of_full = logged.last().map(|(id, _)| *id).filter(|_| logged.len() == limit);
        let known = logged.into_iter().filter_map(|(id, what)| what.into_event(id, &named));
        Ok((known.collect(), last_of_full))
    }
}

/// The statement that reads a page: for a user, after an event, up to another, so many.
///
/// Which events they are is found in the index alone, and what they say is read for those of the
/// page only: who comes back after a long time asks many times, and must not read the rest each
/// time. `CROSS JOIN` is an order to SQLite, which else goes through the events of all
/// conversations and asks for each whether the user is a member.
fn page_text() -> String {
    let page = "e.id > $2 AND e.id <= $3 ORDER BY e.id LIMIT $4";
    format!(
        "SELECT e.id, e.fact, {conversation}, {message}, {hidden}, \
         v.joined_seq FROM ( \
           SELECT heard.id FROM ( \
             SELECT * FROM ( \
               SELECT e.id FROM member m CROSS JOIN event e WHERE m.user_id = $1 \
               AND e.audience = {AUDIENCE_CONVERSATION} AND e.audience_id = m.conversation_id \
               AND {visible} AND {page}) by_members \
             UNION ALL SELECT * FROM ( \
               SELECT e.id FROM event e \
               WHERE e.audience = {AUDIENCE_USER} AND e.audience_id = $1 AND {page}) by_user \
             UNION ALL SELECT * FROM ( \
               SELECT e.id FROM event e \
               WHERE e.audience = {AUDIENCE_EVERYBODY} AND e.audience_id = 0 AND {page}) by_all \
           ) heard ORDER BY heard.id LIMIT $4 \
         ) heard CROSS JOIN event e \
         LEFT JOIN conversation c ON e.seq IS NOT NULL AND c.id = e.audience_id \
         LEFT JOIN member v ON v.conversation_id = c.id AND v.user_id = $1 \
         LEFT JOIN message x ON x.conversation_id = c.id AND x.seq = e.seq {quoted} {hidden_from} \
         WHERE e.id = heard.id ORDER BY e.id",
        conversation = rows::CONVERSATION,
        message = rows::MESSAGE,
        hidden = rows::HIDDEN,
        quoted = rows::QUOTED,
        hidden_from = rows::hidden_from("$1"),
        visible = visibility::EVENT,
    )
}

/// A row of the log.
enum Logged {
    Message(EventKind),
    Fact(Fact),
    /// Written by a newer Kith.
    Unknown,
}

impl Logged {
    fn fact(&self) -> Option<&Fact> {
        match self {
            Self::Fact(fact) => Some(fact),
            Self::Message(_) | Self::Unknown => None,
        }
    }

    fn into_event(self, id: EventId, named: &Named) -> Option<Event> {
        let kind = match self {
            Self::Message(kind) => kind,
            Self::Fact(fact) => named.event_kind(fact)?,
            Self::Unknown => return None,
        };
        Some(Event { id, kind })
    }
}

fn read(row: &AnyRow, user: UserId) -> Result<(EventId, Logged), sqlx::Error> {
    let id = EventId(row.try_get("id")?);
    let logged = match row.try_get::<Option<String>, _>("fact")? {
        Some(json) => serde_json::from_str(&json).map_or(Logged::Unknown, Logged::Fact),
        None => match rows::own_message_or_none(row, user)? {
            // Recalled now, and said before they joined.
            Some(message) if Some(message.seq) <= row.try_get("joined_seq")? => Logged::Unknown,
            Some(message) => Logged::Message(EventKind::Message {
                conversation: rows::conversation(row)?,
                message,
            }),
            None => Logged::Unknown,
        },
    };
    Ok((id, logged))
}

/// The people whom facts name, as they are called now.
pub(super) struct Named(HashMap<UserId, Person>);

impl Named {
    /// Looks up whom these facts name.
    pub async fn load<'a>(
        connection: &mut AnyConnection,
        facts: impl Iterator<Item = &'a Fact>,
    ) -> Result<Self, Failure> {
        let named: Vec<UserId> = facts.flat_map(Fact::people).collect();
        super::people::directory::people(connection, &named).await.map(Self)
    }

    /// Turns what the log holds into what a page is told; `None` when somebody in it is gone.
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

/// Removes events that happened before `before`. Answers the new retention floor.
#[derive(Debug)]
pub struct Trim {
    pub before: Timestamp,
}

impl Change for Trim {
    type Answer = EventId;
    const EVENTS: i64 = 0;

    async fn apply(&self, tx: &mut Tx) -> Result<EventId, Failure> {
        // The clock may have gone back meanwhile: nothing after the first event that must stay
        // may go, or the floor would hide it.
        let row = sqlx::query(
            "SELECT COALESCE((SELECT MIN(id) - 1 FROM event WHERE at >= $1), \
             (SELECT MAX(id) FROM event), 0) AS floor, \
             (SELECT trimmed FROM log_head) AS trimmed",
        )
        .bind(self.before.0)
        .fetch_one(tx.read())
        .await?;
        let trimmed: i64 = row.try_get("trimmed")?;
        let floor = row.try_get::<i64, _>("floor")?.max(trimmed);
        if floor > trimmed {
            sqlx::query("DELETE FROM event WHERE id <= $1").bind(floor).execute(tx.write()).await?;
            sqlx::query("UPDATE log_head SET trimmed = $1").bind(floor).execute(tx.write()).await?;
        }
        Ok(EventId(floor))
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Timestamp;
    use crate::store;

    #[tokio::test]
    async fn a_page_of_the_log_is_found_in_the_index_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let opened = store::open(None, folder.path(), || Timestamp(0)).await;
        let reads = opened.expect("a store").reads;
        let plan = store::sql::plan(&reads, &super::page_text()).await;
        let at = |step: &str| plan.iter().position(|line| line.contains(step));
        let member = at("SEARCH m USING INDEX member_by_user (user_id=?)");
        let index = "SEARCH e USING COVERING INDEX event_by_audience \
                     (audience=? AND audience_id=? AND id>? AND id<?)";
        assert!(member.is_some() && member < at(index), "{plan:#?}");
        assert_eq!(plan.iter().filter(|line| line.contains(index)).count(), 3, "{plan:#?}");
        // What events say, and messages, are looked up once the page is known.
        let page = at("SCAN heard");
        for row in ["SEARCH e USING INDEX", "SEARCH c USING", "SEARCH x USING"] {
            assert!(page.is_some() && page < at(row), "{row}: {plan:#?}");
        }
    }
}
