//! The directory: finding people by id or by the beginning of a name, or page by page.

use sqlx::Row;

use crate::error::{KithError, Result};
use crate::model::{PeoplePage, Person, Profile, UserId};
use crate::store::{Failure, Store, lookup, rows, sql};

/// A search for people.
#[derive(Debug, Clone)]
pub struct PeopleQuery {
    /// The user who asks. They are not in the result.
    pub by: UserId,
    /// The beginning of a username, a display name or a word of it, as a key; empty for everyone.
    pub key: String,
    /// The last person of the page before.
    pub after: Option<UserId>,
    /// Maximum number of people in the page.
    pub limit: i64,
}

/// The people after the page before, in the order of the index.
const PAGE_CONDITION: &str = "p.deleted = 0 AND p.disabled = 0 AND p.id <> $1 \
     AND (p.name_key, p.id) > ($2, $3)";

/// The condition that a username, a display name or a word of it begins with a key. The parameters
/// from `first` on are its [`sql::beginnings`]. `LIKE` and not a range: the order of texts depends
/// on PostgreSQL's collation.
pub(in crate::store) fn name_condition(first: usize) -> String {
    let word = first + 1;
    format!(
        "(p.username_key LIKE ${first} ESCAPE '!' OR p.name_key LIKE ${first} ESCAPE '!' \
         OR p.name_key LIKE ${word} ESCAPE '!')"
    )
}

impl PeopleQuery {
    /// Returns the statement. It reads one person more than the page holds, to see whether there
    /// are more.
    pub fn text(&self) -> String {
        let (condition, limit) = if self.key.is_empty() {
            (String::new(), "$4")
        } else {
            (format!("AND {} ", name_condition(4)), "$6")
        };
        format!(
            "SELECT {} FROM users p WHERE {PAGE_CONDITION} {condition}\
             ORDER BY p.name_key, p.id LIMIT {limit}",
            rows::PERSON
        )
    }
}

impl Store {
    /// Returns a page of people, by name. `NotFound` when there is no account `after`.
    pub async fn find_people(&self, wanted: &PeopleQuery) -> Result<PeoplePage> {
        let (name, id) = match wanted.after {
            Some(after) => (self.name_key(after).await?.ok_or(KithError::NotFound)?, after.0),
            // Before everybody: no name is empty.
            None => (String::new(), i64::MIN),
        };
        let text = wanted.text();
        let mut query = sqlx::query(&text).bind(wanted.by.0).bind(name).bind(id);
        if !wanted.key.is_empty() {
            let [begins, word_begins] = sql::beginnings(&wanted.key);
            query = query.bind(begins).bind(word_begins);
        }
        let query = query.bind(wanted.limit.saturating_add(1));
        let found = query.fetch_all(&self.reads).await.map_err(Failure::from)?;
        let people: Result<Vec<Person>, _> = found.iter().map(rows::person).collect();
        let mut people = people.map_err(Failure::from)?;
        let limit = usize::try_from(wanted.limit).unwrap_or(0);
        let has_more = people.len() > limit;
        people.truncate(limit);
        Ok(PeoplePage { people, has_more })
    }

    async fn name_key(&self, user: UserId) -> Result<Option<String>> {
        let text = "SELECT name_key FROM users WHERE id = $1 AND deleted = 0";
        let found = self.all(text, user, |row| row.try_get("name_key")).await?;
        Ok(found.into_iter().next())
    }

    /// Returns the people with these ids, in the order of the ids. Ids that never existed are left
    /// out.
    pub async fn people(&self, ids: &[UserId]) -> Result<Vec<Person>> {
        let mut connection = self.reads.acquire().await.map_err(Failure::from)?;
        let mut people: Vec<Person> =
            lookup::people_by_id(&mut connection, ids).await?.into_values().collect();
        people.sort_by_key(|person| person.id);
        Ok(people)
    }

    /// Returns those of `ids` who are or were in a conversation with `user`.
    pub async fn with_common_conversation(
        &self,
        user: UserId,
        ids: &[UserId],
    ) -> Result<Vec<UserId>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let text = format!(
            "SELECT DISTINCT o.user_id FROM member o JOIN member m \
             ON m.conversation_id = o.conversation_id WHERE m.user_id = $1 AND o.user_id IN ({})",
            sql::list(ids.len(), 2)
        );
        let query = ids.iter().fold(sqlx::query(&text).bind(user.0), |query, id| query.bind(id.0));
        let found = query.fetch_all(&self.reads).await.map_err(Failure::from)?;
        let ids: Result<Vec<UserId>, _> =
            found.iter().map(|row| rows::user(row, "user_id")).collect();
        Ok(ids.map_err(Failure::from)?)
    }

    /// Returns the profile of `user`; `None` when there was never such a user.
    pub async fn profile(&self, user: UserId) -> Result<Option<Profile>> {
        let text = format!("SELECT p.bio, {} FROM users p WHERE p.id = $1", rows::PERSON);
        let found = self
            .all(&text, user, |row| {
                Ok(Profile { person: rows::person(row)?, bio: row.try_get("bio")? })
            })
            .await?;
        Ok(found.into_iter().next())
    }
}
