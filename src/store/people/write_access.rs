//! Who may write to whom in a direct conversation.

use std::collections::{BTreeSet, HashSet};

use sqlx::AnyConnection;
use sqlx::any::AnyRow;

use crate::error::Result;
use crate::model::{Contacts, UserId};
use crate::store::{Failure, lookup, rows, sql};

/// Returns those of the pairs (smaller id first) who may write to each other. With
/// `Contacts::Friends` those are friends, with `Contacts::Everyone` all whose accounts exist; never
/// two of whom one blocks the other.
pub(in crate::store) async fn open_pairs(
    connection: &mut AnyConnection,
    pairs: &BTreeSet<(i64, i64)>,
    contacts: Contacts,
) -> Result<HashSet<(UserId, UserId)>, Failure> {
    let mut open: HashSet<(UserId, UserId)> = match contacts {
        Contacts::Friends => {
            let text = "SELECT user_id, friend_id FROM friendship WHERE (user_id, friend_id)";
            let rows = sql::fetch_pairs(connection, text, pairs).await?;
            rows.iter().map(|row| pair(row, "user_id", "friend_id")).collect::<Result<_, _>>()?
        }
        Contacts::Everyone => {
            let ids: Vec<UserId> =
                pairs.iter().flat_map(|&(low, high)| [UserId(low), UserId(high)]).collect();
            let people = lookup::people_by_id(connection, &ids).await?;
            let exists = |id| people.get(&id).is_some_and(|person| !person.deleted);
            let pairs = pairs.iter().map(|&(low, high)| (UserId(low), UserId(high)));
            pairs.filter(|&(low, high)| low != high && exists(low) && exists(high)).collect()
        }
    };
    let both_ways: BTreeSet<(i64, i64)> =
        open.iter().flat_map(|(low, high)| [(low.0, high.0), (high.0, low.0)]).collect();
    let text = "SELECT user_id, blocked_id FROM block WHERE (user_id, blocked_id)";
    for row in sql::fetch_pairs(connection, text, &both_ways).await? {
        let (user, blocked) = pair(&row, "user_id", "blocked_id")?;
        open.remove(&(user.min(blocked), user.max(blocked)));
    }
    Ok(open)
}

fn pair(row: &AnyRow, one: &str, other: &str) -> Result<(UserId, UserId), sqlx::Error> {
    Ok((rows::user(row, one)?, rows::user(row, other)?))
}
