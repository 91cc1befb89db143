//! What a batch of sends needs to know: known client ids, who may write to whom, conversations,
//! members.

use std::collections::{BTreeSet, HashMap, HashSet};

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Member, SendMessage, StoredConversation};
use crate::error::Result;
use crate::model::{ClientId, Contacts, Conversation, Message, Quote, UserId};
use crate::store::groups::circle;
use crate::store::rows::KIND_GROUP;
use crate::store::{Failure, rows, sql, visibility};

pub(super) type Sent = HashMap<(UserId, ClientId), (Conversation, Message)>;

pub(super) async fn load_sent(
    connection: &mut AnyConnection,
    sends: &[&SendMessage],
) -> Result<Sent, Failure> {
    let mut sent = HashMap::new();
    for part in sql::parts(sends) {
        let text = format!(
            "SELECT {}, {} FROM message x JOIN conversation c ON c.id = x.conversation_id {} \
             WHERE (x.sender_id, x.client_id) IN (VALUES {})",
            rows::MESSAGE,
            rows::CONVERSATION,
            rows::QUOTED,
            sql::rows(part.len(), 2, 1)
        );
        let mut query = sqlx::query(&text);
        for send in part {
            query = query.bind(send.sender.0).bind(send.client_id.as_str());
        }
        for row in query.fetch_all(&mut *connection).await? {
            let message = rows::message(&row)?;
            let Some(client_id) = message.client_id.clone() else { continue };
            sent.insert((message.sender, client_id), (rows::conversation(&row)?, message));
        }
    }
    Ok(sent)
}

/// Returns those of the pairs (smaller id first) who may write to each other: where friends do,
/// the friends; where everyone does, all who are here; and never where one blocks the other.
pub(in crate::store) async fn load_open(
    connection: &mut AnyConnection,
    pairs: &BTreeSet<(i64, i64)>,
    contacts: Contacts,
) -> Result<HashSet<(UserId, UserId)>, Failure> {
    let mut open: HashSet<(UserId, UserId)> = match contacts {
        Contacts::Friends => {
            let text = "SELECT user_id, friend_id FROM friendship WHERE (user_id, friend_id)";
            let rows = fetch_pairs(connection, text, pairs).await?;
            rows.iter().map(|row| two(row, "user_id", "friend_id")).collect::<Result<_, _>>()?
        }
        Contacts::Everyone => {
            let named: Vec<UserId> =
                pairs.iter().flat_map(|&(low, high)| [UserId(low), UserId(high)]).collect();
            let people = crate::store::people::directory::people(connection, &named).await?;
            let is_here = |id| people.get(&id).is_some_and(|person| !person.deleted);
            let pairs = pairs.iter().map(|&(low, high)| (UserId(low), UserId(high)));
            pairs.filter(|&(low, high)| low != high && is_here(low) && is_here(high)).collect()
        }
    };
    let both_ways: BTreeSet<(i64, i64)> =
        open.iter().flat_map(|(low, high)| [(low.0, high.0), (high.0, low.0)]).collect();
    let text = "SELECT user_id, blocked_id FROM block WHERE (user_id, blocked_id)";
    for row in fetch_pairs(connection, text, &both_ways).await? {
        let (user, blocked) = two(&row, "user_id", "blocked_id")?;
        open.remove(&(user.min(blocked), user.max(blocked)));
    }
    Ok(open)
}

fn two(row: &AnyRow, one: &str, other: &str) -> Result<(UserId, UserId), sqlx::Error> {
    Ok((rows::user(row, one)?, rows::user(row, other)?))
}

pub(super) async fn load_direct(
    connection: &mut AnyConnection,
    pairs: &BTreeSet<(i64, i64)>,
    states: &mut HashMap<Conversation, StoredConversation>,
) -> Result<(), Failure> {
    let text = format!(
        "SELECT {}, c.last_seq, c.last_count FROM conversation c WHERE (c.low_user, c.high_user)",
        rows::CONVERSATION
    );
    for row in fetch_pairs(connection, &text, pairs).await? {
        states.insert(rows::conversation(&row)?, StoredConversation::read(&row)?);
    }
    Ok(())
}

pub(super) async fn load_groups(
    connection: &mut AnyConnection,
    groups: &BTreeSet<i64>,
    states: &mut HashMap<Conversation, StoredConversation>,
) -> Result<(), Failure> {
    if groups.is_empty() {
        return Ok(());
    }
    let text = format!(
        "SELECT {}, c.last_seq, c.last_count FROM conversation c WHERE c.kind = {KIND_GROUP} \
         AND c.id IN ({})",
        rows::CONVERSATION,
        sql::list(groups.len(), 1)
    );
    let query = groups.iter().fold(sqlx::query(&text), |query, id| query.bind(*id));
    for row in query.fetch_all(connection).await? {
        states.insert(rows::conversation(&row)?, StoredConversation::read(&row)?);
    }
    Ok(())
}

pub(super) async fn load_members(
    connection: &mut AnyConnection,
    states: &mut HashMap<Conversation, StoredConversation>,
) -> Result<(), Failure> {
    if states.is_empty() {
        return Ok(());
    }
    let text = format!(
        "SELECT m.conversation_id, m.user_id, m.joined_seq, m.joined_event, m.cleared_seq, \
         {}, c.kind, c.low_user, c.high_user \
         FROM member m JOIN conversation c ON c.id = m.conversation_id \
         LEFT JOIN chat_group g ON g.id = c.id \
         WHERE {} AND m.conversation_id IN ({})",
        circle::ROLE,
        visibility::PRESENT,
        sql::list(states.len(), 1)
    );
    let query = states.values().fold(sqlx::query(&text), |query, state| query.bind(state.id));
    for row in query.fetch_all(connection).await? {
        let conversation = rows::conversation(&row)?;
        if let Some(state) = states.get_mut(&conversation) {
            state.members.push(Member {
                user: rows::user(&row, "user_id")?,
                joined_seq: row.try_get("joined_seq")?,
                joined_event: row.try_get("joined_event")?,
                cleared_seq: row.try_get("cleared_seq")?,
                role: circle::role(&row)?,
            });
        }
    }
    Ok(())
}

/// Returns what these sends answer, by conversation and place. What Kith itself says cannot be
/// answered, nor what was recalled.
pub(super) async fn load_answered(
    connection: &mut AnyConnection,
    sends: &[&SendMessage],
    states: &HashMap<Conversation, StoredConversation>,
) -> Result<HashMap<(i64, i64), Quote>, Failure> {
    let places: BTreeSet<(i64, i64)> = sends
        .iter()
        .filter_map(|send| Some((states.get(&send.conversation())?.id, send.reply_to?)))
        .collect();
    let text = "SELECT conversation_id, seq, sender_id, body FROM message WHERE system IS NULL \
         AND (conversation_id, seq)";
    let mut answered = HashMap::new();
    for row in fetch_pairs(connection, text, &places).await? {
        let (conversation, seq) = (row.try_get("conversation_id")?, row.try_get("seq")?);
        let body: String = row.try_get("body")?;
        let quote = Quote::new(seq, rows::user(&row, "sender_id")?, &body);
        answered.insert((conversation, seq), quote);
    }
    Ok(answered)
}

impl StoredConversation {
    fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("conversation_id")?,
            last_seq: row.try_get("last_seq")?,
            last_count: row.try_get("last_count")?,
            members: Vec::new(),
        })
    }
}

async fn fetch_pairs(
    connection: &mut AnyConnection,
    select: &str,
    pairs: &BTreeSet<(i64, i64)>,
) -> Result<Vec<AnyRow>, Failure> {
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    let text = format!("{select} IN (VALUES {})", sql::rows(pairs.len(), 2, 1));
    let query =
        pairs.iter().fold(sqlx::query(&text), |query, (low, high)| query.bind(*low).bind(*high));
    Ok(query.fetch_all(connection).await?)
}
