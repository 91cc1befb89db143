//! Storing messages: everything that a batch of sends needs is read with a few statements,
//! decided in memory, and written with a few statements, whatever the size of the batch or of
//! the groups.

mod loading;
mod send_cache;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::error::{KithError, Result};
use crate::model::mention::{self, MentionPiece};
use crate::model::{
    ClientId, Contact, Contacts, Conversation, Event, EventId, EventKind, GroupAction, Message,
    Quote, Role, UserId,
};

use super::conversations::mentions;
use super::fact::AUDIENCE_CONVERSATION;
use super::rows::{KIND_DIRECT, KIND_GROUP};
use super::script::Script;
use super::transaction::Tx;
use super::{Audience, Failure, sql};

pub use send_cache::SendCache;

/// A message to store. Its result is the stored message, or: `NotAContact` if the sender may not
/// write there, `NotFound` if they may not see the message it replies to, `NotAllowed` if they may
/// not mention everybody, `ClientIdReused` if the client id belongs to another message.
#[derive(Debug, Clone)]
pub struct SendMessage {
    pub sender: UserId,
    pub contact: Contact,
    pub client_id: ClientId,
    /// Validated.
    pub text: String,
    /// The `seq` of the message that it replies to, in the same conversation.
    pub reply_to: Option<i64>,
    /// The operator's rule for who may write to whom; the same for all sends of this process.
    pub contacts: Contacts,
}

impl SendMessage {
    fn conversation(&self) -> Conversation {
        self.contact.conversation_with(self.sender)
    }

    fn key(&self) -> (UserId, ClientId) {
        (self.sender, self.client_id.clone())
    }
}

/// Applies a batch of sends and returns the outcome of each, in their order.
pub async fn apply(
    tx: &mut Tx,
    cache: &mut SendCache,
    sends: &[&SendMessage],
) -> Result<Vec<Result<Message>>, Failure> {
    let outcomes = apply_batch(tx, cache, sends).await;
    if outcomes.is_err() {
        // It counts messages that are not stored.
        cache.clear();
    }
    outcomes
}

async fn apply_batch(
    tx: &mut Tx,
    cache: &mut SendCache,
    sends: &[&SendMessage],
) -> Result<Vec<Result<Message>>, Failure> {
    let mut batch = SendBatch::load(tx, cache, sends).await?;
    batch.begin_conversations(tx, sends).await?;
    let outcomes = sends.iter().map(|send| batch.decide(tx, send)).collect();
    batch.store(tx).await?;
    Ok(outcomes)
}

/// A conversation, as of the last message of the batch so far.
#[derive(Debug)]
struct StoredConversation {
    id: i64,
    last_seq: i64,
    last_count: i64,
    /// The current members.
    members: Vec<Member>,
}

#[derive(Debug)]
struct Member {
    user: UserId,
    joined_seq: i64,
    joined_event: i64,
    cleared_seq: i64,
    role: Role,
}

struct MessageToStore {
    conversation_id: i64,
    message: Message,
    event: EventId,
}

/// The last `seq` and `count` of a conversation after this batch.
struct ConversationHead {
    kind: i64,
    last_seq: i64,
    last_count: i64,
}

/// The new read mark of a sender. Sending marks everything before as read.
struct SenderMark {
    joined_seq: i64,
    joined_event: i64,
    read_seq: i64,
    read_count: i64,
}

struct SendBatch<'a> {
    cache: &'a mut SendCache,
    /// The messages stored already under these client ids, in the database or earlier in this
    /// batch.
    sent: HashMap<(UserId, ClientId), (Conversation, Message)>,
    new: Vec<MessageToStore>,
    /// The new ends of the conversations, by conversation.
    heads: BTreeMap<i64, ConversationHead>,
    /// By conversation and member.
    marks: BTreeMap<(i64, UserId), SenderMark>,
    /// The messages that these sends reply to, by conversation and `seq`.
    quotes: HashMap<(i64, i64), Quote>,
    /// New mentions: the conversation, the user, and the `seq` of the message.
    mentions: Vec<(i64, UserId, i64)>,
}

impl<'a> SendBatch<'a> {
    async fn load(
        tx: &mut Tx,
        cache: &'a mut SendCache,
        sends: &[&SendMessage],
    ) -> Result<Self, Failure> {
        cache.load(tx.read(), sends).await?;
        Ok(Self {
            sent: loading::load_sent(tx.read(), sends).await?,
            quotes: loading::load_quotes(tx.read(), sends, cache.states()).await?,
            cache,
            new: Vec::new(),
            heads: BTreeMap::new(),
            marks: BTreeMap::new(),
            mentions: Vec::new(),
        })
    }

    /// Creates the direct conversations that do not exist yet. The first message creates its
    /// conversation.
    async fn begin_conversations(
        &mut self,
        tx: &mut Tx,
        sends: &[&SendMessage],
    ) -> Result<(), Failure> {
        let missing: BTreeSet<(i64, i64)> = sends
            .iter()
            .filter_map(|send| match send.conversation() {
                direct @ Conversation::Direct(low, high) => (self.cache.may_write(low, high)
                    && !self.sent.contains_key(&send.key())
                    && !self.cache.states().contains_key(&direct))
                .then_some((low.0, high.0)),
                Conversation::Group(_) => None,
            })
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let last = tx.new_ids("conversation", missing.len() as i64).await?;
        let now = tx.now.0;
        let ids = (last - missing.len() as i64 + 1)..;

        let text = format!(
            "INSERT INTO conversation \
             (id, kind, low_user, high_user, last_seq, last_count, activity) VALUES {}",
            sql::rows(missing.len(), 7, 1)
        );
        let mut query = sqlx::query(&text);
        for (&(low, high), id) in missing.iter().zip(ids.clone()) {
            query = query.bind(id).bind(KIND_DIRECT).bind(low).bind(high);
            query = query.bind(0_i64).bind(0_i64).bind(now);
        }
        query.execute(tx.write()).await?;

        let text = format!(
            "INSERT INTO member (conversation_id, user_id, joined_seq, joined_event, read_seq, \
             read_count) VALUES {}",
            sql::rows(missing.len() * 2, 6, 1)
        );
        let mut query = sqlx::query(&text);
        for (&(low, high), id) in missing.iter().zip(ids.clone()) {
            for user in [low, high] {
                query = query.bind(id).bind(user);
                query = query.bind(0_i64).bind(0_i64).bind(0_i64).bind(0_i64);
            }
        }
        query.execute(tx.write()).await?;

        for (&(low, high), id) in missing.iter().zip(ids) {
            let members = [low, high].map(|user| Member::new(UserId(user))).into();
            let state = StoredConversation { id, last_seq: 0, last_count: 0, members };
            self.cache.add(Conversation::Direct(UserId(low), UserId(high)), state);
        }
        Ok(())
    }

    /// Gives the message its `seq`, or returns why it is refused. A repeated send gets the first
    /// answer.
    fn decide(&mut self, tx: &mut Tx, send: &SendMessage) -> Result<Message> {
        let conversation = send.conversation();
        if let Some((stored_in, message)) = self.sent.get(&send.key()) {
            let reply_to = message.reply.as_ref().map(|quote| quote.seq);
            // The text of a recalled message is gone, so it cannot be compared.
            let same = *stored_in == conversation
                && (message.system.is_some()
                    || message.text == send.text && reply_to == send.reply_to);
            return if same { Ok(message.clone()) } else { Err(KithError::ClientIdReused) };
        }
        if let Conversation::Direct(low, high) = conversation
            && !self.cache.may_write(low, high)
        {
            return Err(KithError::NotAContact);
        }
        let state = self.cache.state(conversation).ok_or(KithError::NotAContact)?;
        let sender = state
            .members
            .iter()
            .find(|member| member.user == send.sender)
            .ok_or(KithError::NotAContact)?;
        let reply = match send.reply_to {
            Some(seq) if seq > sender.joined_seq.max(sender.cleared_seq) => {
                Some(self.quotes.get(&(state.id, seq)).cloned().ok_or(KithError::NotFound)?)
            }
            Some(_) => return Err(KithError::NotFound),
            None => None,
        };
        // Only messages in groups have mentions.
        let is_group = matches!(conversation, Conversation::Group(_));
        let everybody = is_group && mention::pieces(&send.text).contains(&MentionPiece::Everybody);
        if everybody && !sender.role.may(GroupAction::CallEverybody) {
            return Err(KithError::NotAllowed);
        }

        state.last_seq += 1;
        state.last_count += 1;
        let (last_seq, last_count) = (state.last_seq, state.last_count);
        let kind = if is_group { KIND_GROUP } else { KIND_DIRECT };
        self.heads.insert(state.id, ConversationHead { kind, last_seq, last_count });
        let Member { joined_seq, joined_event, .. } = *sender;
        let mark =
            SenderMark { joined_seq, joined_event, read_seq: last_seq, read_count: last_count };
        self.marks.insert((state.id, send.sender), mark);
        let message = Message {
            seq: state.last_seq,
            count: state.last_count,
            sender: send.sender,
            client_id: Some(send.client_id.clone()),
            text: send.text.clone(),
            reply,
            system: None,
            sent: tx.now,
        };
        if everybody {
            self.mentions.push((state.id, mentions::EVERYBODY, message.seq));
        }
        if is_group {
            // A mention of a person who is not a member notifies nobody.
            let mut named = mention::mentioned_people(&send.text);
            named.retain(|user| state.members.iter().any(|member| member.user == *user));
            self.mentions.extend(named.into_iter().map(|user| (state.id, user, message.seq)));
        }
        let event = tx.next_event();
        tx.publish(
            Event {
                id: event,
                kind: EventKind::Message { conversation, message: message.clone() },
            },
            Audience::Users(state.members.iter().map(|member| member.user).collect()),
        );
        self.sent.insert(send.key(), (conversation, message.clone()));
        self.new.push(MessageToStore {
            conversation_id: state.id,
            message: message.clone(),
            event,
        });
        Ok(message)
    }

    async fn store(&self, tx: &mut Tx) -> Result<(), Failure> {
        if self.new.is_empty() {
            return Ok(());
        }
        let now = tx.now.0;
        let connection = tx.write();
        let mut script = Script::on(connection, self.new.len());
        self.store_messages(&mut script);
        mentions::add(&mut script, &self.mentions);
        self.store_events(&mut script, now);
        self.store_conversations(&mut script, now);
        self.store_marks(&mut script);
        Ok(script.run(connection).await?)
    }

    fn store_messages<'q>(&'q self, script: &mut Script<'q>) {
        for part in sql::parts(&self.new) {
            script.add(|first| {
                format!(
                    "INSERT INTO message (conversation_id, seq, count, sender_id, client_id, \
                     body, sent, reply_to) VALUES {}",
                    sql::rows(part.len(), 8, first)
                )
            });
            for MessageToStore { conversation_id, message, .. } in part {
                script.bind(*conversation_id).bind(message.seq).bind(message.count);
                script.bind(message.sender.0);
                script.bind(message.client_id.as_ref().map(ClientId::as_str));
                script.bind(message.text.as_str()).bind(message.sent.0);
                script.bind(message.reply.as_ref().map(|quote| quote.seq));
            }
        }
    }

    fn store_events<'q>(&'q self, script: &mut Script<'q>, now: i64) {
        for part in sql::parts(&self.new) {
            script.add(|first| {
                format!(
                    "INSERT INTO event (id, audience, audience_id, seq, at) VALUES {}",
                    sql::rows(part.len(), 5, first)
                )
            });
            for MessageToStore { conversation_id, message, event, .. } in part {
                script.bind(event.0).bind(AUDIENCE_CONVERSATION).bind(*conversation_id);
                script.bind(message.seq).bind(now);
            }
        }
    }

    // All these rows exist. The upsert updates many rows in one statement.
    fn store_conversations<'q>(&'q self, script: &mut Script<'q>, now: i64) {
        for part in sql::parts(&Vec::from_iter(&self.heads)) {
            script.add(|first| {
                format!(
                    "INSERT INTO conversation (id, kind, last_seq, last_count, activity) \
                     VALUES {} ON CONFLICT (id) DO UPDATE SET last_seq = excluded.last_seq, \
                     last_count = excluded.last_count, activity = excluded.activity",
                    sql::rows(part.len(), 5, first)
                )
            });
            for (id, ConversationHead { kind, last_seq, last_count }) in part {
                script.bind(**id).bind(*kind).bind(*last_seq).bind(*last_count).bind(now);
            }
        }
    }

    fn store_marks<'q>(&'q self, script: &mut Script<'q>) {
        for part in sql::parts(&Vec::from_iter(&self.marks)) {
            script.add(|first| {
                format!(
                    "INSERT INTO member (conversation_id, user_id, joined_seq, joined_event, \
                     read_seq, read_count) VALUES {} ON CONFLICT (conversation_id, user_id) \
                     DO UPDATE SET read_seq = excluded.read_seq, \
                     read_count = excluded.read_count, marked_unread = 0",
                    sql::rows(part.len(), 6, first)
                )
            });
            for ((conversation, user), mark) in part {
                script.bind(*conversation).bind(user.0);
                script.bind(mark.joined_seq).bind(mark.joined_event);
                script.bind(mark.read_seq).bind(mark.read_count);
            }
        }
    }
}

impl Member {
    /// A member of a new direct conversation.
    fn new(user: UserId) -> Self {
        Self { user, joined_seq: 0, joined_event: 0, cleared_seq: 0, role: Role::Member }
    }
}
