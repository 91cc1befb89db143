//! Look-ups that several subjects need, on any connection.

use std::collections::{BTreeSet, HashMap};

use sqlx::{AnyConnection, Row};

use super::rows::{self, KIND_DIRECT, KIND_GROUP};
use super::{Failure, sql};
use crate::model::{Contact, Person, UserId};

/// Returns the people with these ids. Ids that never existed are left out.
pub async fn people_by_id(
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

/// Returns the id of the conversation that `user` has with `contact`. `None` when it has not begun,
/// and when they were never a member of it.
pub async fn conversation_id(
    connection: &mut AnyConnection,
    user: UserId,
    contact: Contact,
) -> Result<Option<i64>, Failure> {
    let text = "SELECT c.id FROM conversation c JOIN member m ON m.conversation_id = c.id \
         WHERE m.user_id = $1 AND c.kind = $2 AND";
    let row = match contact {
        Contact::User(other) => {
            let (low, high) = (user.min(other), user.max(other));
            sqlx::query(&format!("{text} c.low_user = $3 AND c.high_user = $4"))
                .bind(user.0)
                .bind(KIND_DIRECT)
                .bind(low.0)
                .bind(high.0)
                .fetch_optional(connection)
                .await?
        }
        Contact::Group(group) => {
            sqlx::query(&format!("{text} c.id = $3"))
                .bind(user.0)
                .bind(KIND_GROUP)
                .bind(group.0)
                .fetch_optional(connection)
                .await?
        }
    };
    Ok(row.map(|row| row.try_get("id")).transpose()?)
}
