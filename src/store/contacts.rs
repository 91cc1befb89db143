//! Reading people, friends, requests and groups.

use std::collections::{BTreeSet, HashMap};

use sqlx::{AnyConnection, Row};

use super::{Failure, Store, rows, sql};
use crate::error::Result;
use crate::model::{Friend, FriendRequest, Group, GroupId, Person, Relation, UserId};

/// Returns the people with these ids, those that there are.
pub(super) async fn people(
    connection: &mut AnyConnection,
    ids: &[UserId],
) -> Result<HashMap<UserId, Person>, Failure> {
    let ids: BTreeSet<UserId> = ids.iter().copied().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let text =
        format!("SELECT {} FROM users p WHERE p.id IN ({})", rows::PERSON, sql::list(ids.len(), 1));
    let query = ids.iter().fold(sqlx::query(&text), |query, id| query.bind(id.0));
    let mut people = HashMap::new();
    for row in query.fetch_all(connection).await? {
        let person = rows::person(&row)?;
        people.insert(person.id, person);
    }
    Ok(people)
}

impl Store {
    /// Returns the person of this username, given by its key.
    pub async fn person_by_username(&self, key: &str) -> Result<Option<Person>> {
        let text = format!("SELECT {} FROM users p WHERE p.username_key = $1", rows::PERSON);
        self.one(&text, key, rows::person).await
    }

    /// Returns what `other` is to `user`.
    pub async fn relation(&self, user: UserId, other: UserId) -> Result<Relation> {
        if user == other {
            return Ok(Relation::Oneself);
        }
        let row = sqlx::query(
            "SELECT \
             (SELECT COUNT(*) FROM friendship WHERE user_id = $1 AND friend_id = $2) AS friend, \
             (SELECT COUNT(*) FROM friend_request WHERE from_user = $1 AND to_user = $2) AS asked, \
             (SELECT COUNT(*) FROM friend_request WHERE from_user = $2 AND to_user = $1) AS asked_me",
        )
        .bind(user.0)
        .bind(other.0)
        .fetch_one(&self.reads)
        .await
        .map_err(Failure::from)?;
        let is =
            |column| row.try_get::<i64, _>(column).map(|count| count > 0).map_err(Failure::from);
        Ok(if is("friend")? {
            Relation::Friend
        } else if is("asked_me")? {
            Relation::AskedMe
        } else if is("asked")? {
            Relation::Asked
        } else {
            Relation::Stranger
        })
    }

    /// Returns the friends of `user`, by display name.
    pub async fn friends(&self, user: UserId) -> Result<Vec<Friend>> {
        let text = format!(
            "SELECT f.since, {} FROM friendship f JOIN users p ON p.id = f.friend_id \
             WHERE f.user_id = $1 ORDER BY p.display_name, p.id",
            rows::PERSON
        );
        self.all(&text, user, |row| {
            Ok(Friend {
                person: rows::person(row)?,
                since: rows::time(row, "since")?,
                remark: String::new(),
            })
        })
        .await
    }

    /// Returns the requests from and to `user` that wait for an answer, the newest first.
    pub async fn friend_requests(&self, user: UserId) -> Result<Vec<FriendRequest>> {
        let text = "SELECT r.note, r.at, f.id AS from_id, f.username AS from_username, \
             f.display_name AS from_display_name, t.id AS to_id, t.username AS to_username, \
             t.display_name AS to_display_name FROM friend_request r \
             JOIN users f ON f.id = r.from_user JOIN users t ON t.id = r.to_user \
             WHERE r.from_user = $1 OR r.to_user = $1 ORDER BY r.at DESC";
        let person = |row: &sqlx::any::AnyRow, side: &str| {
            Ok::<_, sqlx::Error>(Person {
                id: rows::user(row, &format!("{side}_id"))?,
                username: row.try_get(format!("{side}_username").as_str())?,
                display_name: row.try_get(format!("{side}_display_name").as_str())?,
                deleted: false,
            })
        };
        self.all(text, user, |row| {
            Ok(FriendRequest {
                from: person(row, "from")?,
                to: person(row, "to")?,
                note: row.try_get("note")?,
                at: rows::time(row, "at")?,
            })
        })
        .await
    }

    /// Returns the groups of which `user` is a member, by name.
    pub async fn groups(&self, user: UserId) -> Result<Vec<Group>> {
        let text = "SELECT g.id, g.name FROM member m JOIN chat_group g \
             ON g.id = m.conversation_id WHERE m.user_id = $1 AND m.left_event IS NULL \
             ORDER BY g.name_key";
        self.all(text, user, |row| {
            Ok(Group { id: GroupId(row.try_get("id")?), name: row.try_get("name")? })
        })
        .await
    }

    /// Returns the row that a query finds by a key, if there is one.
    pub(super) async fn one<T>(
        &self,
        text: &str,
        key: &str,
        read: impl Fn(&sqlx::any::AnyRow) -> Result<T, sqlx::Error>,
    ) -> Result<Option<T>> {
        let query = sqlx::query(text).bind(key);
        let row = query.fetch_optional(&self.reads).await.map_err(Failure::from)?;
        Ok(row.as_ref().map(read).transpose().map_err(Failure::from)?)
    }

    /// Returns the rows of a query about one user.
    pub(super) async fn all<T>(
        &self,
        text: &str,
        user: UserId,
        read: impl Fn(&sqlx::any::AnyRow) -> Result<T, sqlx::Error>,
    ) -> Result<Vec<T>> {
        let rows =
            sqlx::query(text).bind(user.0).fetch_all(&self.reads).await.map_err(Failure::from)?;
        let found: Result<Vec<T>, sqlx::Error> = rows.iter().map(read).collect();
        Ok(found.map_err(Failure::from)?)
    }
}
