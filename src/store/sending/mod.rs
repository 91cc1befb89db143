//! Storing messages: everything that a batch of sends needs is read with a few statements,
//! decided in memory, and written with a few statements, whatever the size of the batch or of
//! the groups.

pub(super) mod loading;

use std::collections::{BTreeSet, HashMap, HashSet};

use sqlx::AnyConnection;

use super::fact::AUDIENCE_CONVERSATION;
use super::rows::{KIND_DIRECT, KIND_GROUP};
use super::transaction::Tx;
use super::{Failure, Hearers, mentions, sql};
use crate::error::{KithError, Result};
use crate::model::mention::Piece;
use crate::model::{
    ClientId, Contact, Contacts, Conversation, Event, EventId, EventKind, GroupAct, Message, Quote,
    Role, UserId, mention,
};

/// A message to store. Answered with the stored message; `NotAContact` when the sender may not
/// write there, `NotFound` when what it answers is not theirs to see, `ClientIdReused` when the id
/// carries another message already.
#[derive(Debug, Clone)]
pub struct SendMessage {
    pub sender: UserId,
    pub contact: Contact,
    pub client_id: ClientId,
    /// Validated.
    pub text: String,
    /// The message of the same conversation that it answers.
    pub reply_to: Option<i64>,
    /// As the operator has it, for all sends of this process alike.
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
pub async fn apply(tx: &mut Tx, sends: &[&SendMessage]) -> Result<Vec<Result<Message>>, Failure> {
    let mut batch = Batch::load(tx.read(), sends).await?;
    batch.begin_conversations(tx, sends).await?;
    let outcomes = sends.iter().map(|send| batch.decide(tx, send)).collect();
    batch.store(tx).await?;
    Ok(outcomes)
}

/// A conversation as it stands while the batch is decided.
struct State {
    id: i64,
    last_seq: i64,
    last_count: i64,
    /// Those who are in it now.
    members: Vec<Member>,
    /// Whether this batch changed it.
    spoken: bool,
}

struct Member {
    user: UserId,
    joined_seq: i64,
    joined_event: i64,
    cleared_seq: i64,
    role: Role,
    read_seq: i64,
    read_count: i64,
    /// Whether this batch moved the mark: the sender has read what they send.
    read: bool,
}

struct New {
    conversation_id: i64,
    message: Message,
    event: EventId,
}

struct Batch {
    states: HashMap<Conversation, State>,
    /// The pairs who may write to each other, the smaller id first.
    open: HashSet<(UserId, UserId)>,
    /// What a client id carries already, in the database or earlier in this batch.
    sent: HashMap<(UserId, ClientId), (Conversation, Message)>,
    new: Vec<New>,
    /// What is answered, by conversation and place.
    answered: HashMap<(i64, i64), Quote>,
    /// Who is spoken to: in which conversation, who, and in which message.
    mentions: Vec<(i64, UserId, i64)>,
}

impl Batch {
    async fn load(connection: &mut AnyConnection, sends: &[&SendMessage]) -> Result<Self, Failure> {
        let sent = loading::load_sent(connection, sends).await?;
        let pairs: BTreeSet<(i64, i64)> = sends
            .iter()
            .filter_map(|send| match send.conversation() {
                Conversation::Direct(low, high) => Some((low.0, high.0)),
                Conversation::Group(_) => None,
            })
            .collect();
        let groups: BTreeSet<i64> = sends
            .iter()
            .filter_map(|send| match send.contact {
                Contact::Group(group) => Some(group.0),
                Contact::User(_) => None,
            })
            .collect();
        let contacts = sends.first().map_or(Contacts::Friends, |send| send.contacts);
        let open = loading::load_open(connection, &pairs, contacts).await?;
        let mut states = HashMap::new();
        loading::load_direct(connection, &pairs, &mut states).await?;
        loading::load_groups(connection, &groups, &mut states).await?;
        loading::load_members(connection, &mut states).await?;
        let answered = loading::load_answered(connection, sends, &states).await?;
        Ok(Self { states, open, sent, new: Vec::new(), answered, mentions: Vec::new() })
    }

    /// The first message makes the conversation: adds those that are missing.
    async fn begin_conversations(
        &mut self,
        tx: &mut Tx,
        sends: &[&SendMessage],
    ) -> Result<(), Failure> {
        let missing: BTreeSet<(i64, i64)> = sends
            .iter()
            .filter_map(|send| match send.conversation() {
                place @ Conversation::Direct(low, high) => (self.open.contains(&(low, high))
                    && !self.sent.contains_key(&send.key())
                    && !self.states.contains_key(&place))
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
            "INSERT INTO conversation (id, kind, low_user, high_user, last_seq, last_count, activity) \
             VALUES {}",
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
            let state = State { id, last_seq: 0, last_count: 0, members, spoken: false };
            self.states.insert(Conversation::Direct(UserId(low), UserId(high)), state);
        }
        Ok(())
    }

    /// Gives the message its place, or says why not. A repeated send gets the first answer.
    fn decide(&mut self, tx: &mut Tx, send: &SendMessage) -> Result<Message> {
        let conversation = send.conversation();
        if let Some((place, message)) = self.sent.get(&send.key()) {
            let answers = message.reply.as_ref().map(|quote| quote.seq);
            // Of what was recalled meanwhile nobody knows any more what it said.
            let same = *place == conversation
                && (message.system.is_some()
                    || message.text == send.text && answers == send.reply_to);
            return if same { Ok(message.clone()) } else { Err(KithError::ClientIdReused) };
        }
        if let Conversation::Direct(low, high) = conversation
            && !self.open.contains(&(low, high))
        {
            return Err(KithError::NotAContact);
        }
        let state = self.states.get_mut(&conversation).ok_or(KithError::NotAContact)?;
        let sender = state
            .members
            .iter_mut()
            .find(|member| member.user == send.sender)
            .ok_or(KithError::NotAContact)?;
        let reply = match send.reply_to {
            Some(seq) if seq > sender.joined_seq.max(sender.cleared_seq) => {
                Some(self.answered.get(&(state.id, seq)).cloned().ok_or(KithError::NotFound)?)
            }
            Some(_) => return Err(KithError::NotFound),
            None => None,
        };
        // Names stand for people in groups alone.
        let is_group = matches!(conversation, Conversation::Group(_));
        let everybody = is_group && mention::pieces(&send.text).contains(&Piece::Everybody);
        if everybody && !sender.role.may(GroupAct::CallEverybody) {
            return Err(KithError::NotAllowed);
        }

        state.last_seq += 1;
        state.last_count += 1;
        state.spoken = true;
        sender.read_seq = state.last_seq;
        sender.read_count = state.last_count;
        sender.read = true;
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
            // Who is not in it is named, and not told.
            let mut named = mention::people(&send.text);
            named.retain(|user| state.members.iter().any(|member| member.user == *user));
            self.mentions.extend(named.into_iter().map(|user| (state.id, user, message.seq)));
        }
        let event = tx.next_event();
        tx.heard(
            Event {
                id: event,
                kind: EventKind::Message { conversation, message: message.clone() },
            },
            Hearers::Users(state.members.iter().map(|member| member.user).collect()),
        );
        self.sent.insert(send.key(), (conversation, message.clone()));
        self.new.push(New { conversation_id: state.id, message: message.clone(), event });
        Ok(message)
    }

    async fn store(&self, tx: &mut Tx) -> Result<(), Failure> {
        if self.new.is_empty() {
            return Ok(());
        }
        let now = tx.now.0;

        let text = format!(
            "INSERT INTO message (conversation_id, seq, count, sender_id, client_id, body, sent, \
             reply_to) VALUES {}",
            sql::rows(self.new.len(), 8, 1)
        );
        let mut query = sqlx::query(&text);
        for New { conversation_id, message, .. } in &self.new {
            query = query.bind(*conversation_id).bind(message.seq).bind(message.count);
            query =
                query.bind(message.sender.0).bind(message.client_id.as_ref().map(ClientId::as_str));
            query = query.bind(message.text.as_str()).bind(message.sent.0);
            query = query.bind(message.reply.as_ref().map(|quote| quote.seq));
        }
        query.execute(tx.write()).await?;
        mentions::add(tx.write(), &self.mentions).await?;

        let text = format!(
            "INSERT INTO event (id, audience, audience_id, seq, at) VALUES {}",
            sql::rows(self.new.len(), 5, 1)
        );
        let mut query = sqlx::query(&text);
        for New { conversation_id, message, event, .. } in &self.new {
            query = query.bind(event.0).bind(AUDIENCE_CONVERSATION).bind(*conversation_id);
            query = query.bind(message.seq).bind(now);
        }
        query.execute(tx.write()).await?;

        let spoken: Vec<(&Conversation, &State)> =
            self.states.iter().filter(|(_, state)| state.spoken).collect();
        // Every row exists: the upsert is an update of many rows in one statement.
        let text = format!(
            "INSERT INTO conversation (id, kind, last_seq, last_count, activity) VALUES {} \
             ON CONFLICT (id) DO UPDATE SET last_seq = excluded.last_seq, \
             last_count = excluded.last_count, activity = excluded.activity",
            sql::rows(spoken.len(), 5, 1)
        );
        let mut query = sqlx::query(&text);
        for (conversation, state) in &spoken {
            let kind = match conversation {
                Conversation::Direct(..) => KIND_DIRECT,
                Conversation::Group(_) => KIND_GROUP,
            };
            query = query.bind(state.id).bind(kind).bind(state.last_seq);
            query = query.bind(state.last_count).bind(now);
        }
        query.execute(tx.write()).await?;

        let marks: Vec<(i64, &Member)> = spoken
            .iter()
            .flat_map(|(_, state)| state.members.iter().map(|member| (state.id, member)))
            .filter(|(_, member)| member.read)
            .collect();
        let text = format!(
            "INSERT INTO member (conversation_id, user_id, joined_seq, joined_event, read_seq, \
             read_count) VALUES {} ON CONFLICT (conversation_id, user_id) DO UPDATE SET \
             read_seq = excluded.read_seq, read_count = excluded.read_count, marked_unread = 0",
            sql::rows(marks.len(), 6, 1)
        );
        let mut query = sqlx::query(&text);
        for (conversation, member) in marks {
            query = query.bind(conversation).bind(member.user.0);
            query = query.bind(member.joined_seq).bind(member.joined_event);
            query = query.bind(member.read_seq).bind(member.read_count);
        }
        query.execute(tx.write()).await?;
        Ok(())
    }
}

impl Member {
    /// Of a direct conversation that begins.
    fn new(user: UserId) -> Self {
        Self {
            user,
            joined_seq: 0,
            joined_event: 0,
            cleared_seq: 0,
            role: Role::Member,
            read_seq: 0,
            read_count: 0,
            read: false,
        }
    }
}
