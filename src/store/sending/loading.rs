//! The reads for a batch of sends: messages with these client ids, conversations, members, and
//! quoted messages.

use std::collections::{BTreeSet, HashMap};

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Member, SendMessage, StoredConversation};
use crate::error::Result;
use crate::model::{ClientId, Conversation, Message, Quote, UserId};
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

pub(super) async fn load_direct(
    connection: &mut AnyConnection,
    pairs: &BTreeSet<(i64, i64)>,
    states: &mut HashMap<Conversation, StoredConversation>,
) -> Result<(), Failure> {
    let text = format!(
        "SELECT {}, c.last_seq, c.last_count FROM conversation c WHERE (c.low_user, c.high_user)",
        rows::CONVERSATION
    );
    for row in sql::fetch_pairs(connection, &text, pairs).await? {
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
        rows::ROLE,
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
                role: rows::role(&row)?,
            });
        }
    }
    Ok(())
}

/// Returns the messages that these sends reply to, by conversation and `seq`. System lines and
/// recalled messages cannot be replied to.
pub(super) async fn load_quotes(
    connection: &mut AnyConnection,
    sends: &[&SendMessage],
    states: &HashMap<Conversation, StoredConversation>,
) -> Result<HashMap<(i64, i64), Quote>, Failure> {
    let quoted: BTreeSet<(i64, i64)> = sends
        .iter()
        .filter_map(|send| Some((states.get(&send.conversation())?.id, send.reply_to?)))
        .collect();
    let text = "SELECT conversation_id, seq, sender_id, body FROM message WHERE system IS NULL \
         AND (conversation_id, seq)";
    let mut quotes = HashMap::new();
    for row in sql::fetch_pairs(connection, text, &quoted).await? {
        let (conversation, seq) = (row.try_get("conversation_id")?, row.try_get("seq")?);
        let body: String = row.try_get("body")?;
        let quote = Quote::new(seq, rows::user(&row, "sender_id")?, &body);
        quotes.insert((conversation, seq), quote);
    }
    Ok(quotes)
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
