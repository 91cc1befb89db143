//! Reading the event log for one user.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::fact::{AUDIENCE_CONVERSATION, AUDIENCE_EVERYBODY, AUDIENCE_USER, Fact};
use super::people_in_facts::PeopleInFacts;
use super::{Failure, Store, rows, visibility};
use crate::error::Result;
use crate::model::{Event, EventId, EventKind, UserId};

impl Store {
    /// Returns at most `limit` events for `user`, in their order: those after `after` and up to
    /// `until`. `None` when the log does not reach back to `after`. `until` must be the head of the
    /// mailboxes: a later id may be committed while a smaller one is not.
    pub async fn events(
        &self,
        user: UserId,
        after: EventId,
        until: EventId,
        limit: usize,
    ) -> Result<Option<Vec<Event>>> {
        let mut events = Vec::new();
        let mut from = after;
        // Unknown facts are left out, so a page may return fewer events than rows. The end is
        // reached when a page has fewer rows than `limit`.
        loop {
            let (page, last_of_full) = self.page_of_log(user, from, until, limit).await?;
            events.extend(page);
            match last_of_full {
                Some(last) if events.len() < limit => from = last,
                _ => break,
            }
        }
        events.truncate(limit);
        // Checked last: events may have been trimmed while the pages were read.
        let reaches_back = self.trimmed().await? <= after;
        Ok(reaches_back.then_some(events))
    }

    async fn trimmed(&self) -> Result<EventId, Failure> {
        let row = sqlx::query("SELECT trimmed FROM log_head").fetch_one(&self.reads).await?;
        Ok(EventId(row.try_get(0)?))
    }

    /// Reads at most `limit` rows. Returns their events, and the id of the last row if the page is
    /// full.
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
        let facts = logged.iter().filter_map(|(_, row)| row.fact());
        let people = PeopleInFacts::load(&mut connection, facts).await?;
        let last_of_full = logged.last().map(|(id, _)| *id).filter(|_| logged.len() == limit);
        let known = logged.into_iter().filter_map(|(id, row)| row.into_event(id, &people));
        Ok((known.collect(), last_of_full))
    }
}

/// The statement that reads a page. Parameters: the user, the event before the page, the last event
/// that may be in it, the maximum number of rows.
///
/// The inner selects find the ids in the index alone; the content is read for the ids of this page
/// only. A device that was away for long asks for many pages, and must not read the whole rest each
/// time. `CROSS JOIN` fixes SQLite's join order. Without it, SQLite would scan the events of all
/// conversations.
fn page_text() -> String {
    let page = "e.id > $2 AND e.id <= $3 ORDER BY e.id LIMIT $4";
    format!(
        "SELECT e.id, e.fact, {conversation}, {message}, {hidden}, \
         v.joined_seq FROM ( \
           SELECT page.id FROM ( \
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
           ) page ORDER BY page.id LIMIT $4 \
         ) page CROSS JOIN event e \
         LEFT JOIN conversation c ON e.seq IS NOT NULL AND c.id = e.audience_id \
         LEFT JOIN member v ON v.conversation_id = c.id AND v.user_id = $1 \
         LEFT JOIN message x ON x.conversation_id = c.id AND x.seq = e.seq {quoted} {hidden_from} \
         WHERE e.id = page.id ORDER BY e.id",
        conversation = rows::CONVERSATION,
        message = rows::MESSAGE,
        hidden = rows::HIDDEN,
        quoted = rows::QUOTED,
        hidden_from = rows::hidden_from("$1"),
        visible = visibility::EVENT,
    )
}

/// A row of the log.
enum LogRow {
    Message(EventKind),
    Fact(Fact),
    /// Written by a newer Kith, or not for this user to see.
    Unknown,
}

impl LogRow {
    fn fact(&self) -> Option<&Fact> {
        match self {
            Self::Fact(fact) => Some(fact),
            Self::Message(_) | Self::Unknown => None,
        }
    }

    fn into_event(self, id: EventId, people: &PeopleInFacts) -> Option<Event> {
        let kind = match self {
            Self::Message(kind) => kind,
            Self::Fact(fact) => people.event_kind(fact)?,
            Self::Unknown => return None,
        };
        Some(Event { id, kind })
    }
}

fn read(row: &AnyRow, user: UserId) -> Result<(EventId, LogRow), sqlx::Error> {
    let id = EventId(row.try_get("id")?);
    let logged = match row.try_get::<Option<String>, _>("fact")? {
        Some(json) => serde_json::from_str(&json).map_or(LogRow::Unknown, LogRow::Fact),
        None => match rows::own_message_or_none(row, user)? {
            // The event of a recall carries the old `seq`: a member who joined after the message
            // was sent must not see it.
            Some(message) if Some(message.seq) <= row.try_get("joined_seq")? => LogRow::Unknown,
            Some(message) => LogRow::Message(EventKind::Message {
                conversation: rows::conversation(row)?,
                message,
            }),
            None => LogRow::Unknown,
        },
    };
    Ok((id, logged))
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
        // Content and messages are read only for the ids of the page.
        let page = at("SCAN page");
        for row in ["SEARCH e USING INDEX", "SEARCH c USING", "SEARCH x USING"] {
            assert!(page.is_some() && page < at(row), "{row}: {plan:#?}");
        }
    }
}
