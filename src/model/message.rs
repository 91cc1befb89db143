//! A message as it is stored and shown.

use serde::Serialize;

use crate::wire::read_by_field;

use super::limits::QUOTE_MAX;
use super::{ClientId, SystemLine, Timestamp, UserId, mention};

/// One line of a conversation. The sender's name is looked up when it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Its place in the conversation: 1, 2, 3 … without holes.
    pub seq: i64,
    /// How many lines that deserve a badge stand up to here, this one included.
    pub count: i64,
    pub sender: UserId,
    /// By this the sender's own pages know their bubble again. Others are not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// Names in it are tokens; see [`mention`].
    pub text: String,
    /// The message that this one answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<Quote>,
    /// What Kith says here, in place of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<SystemLine>,
    pub sent: Timestamp,
}

read_by_field!(Message { seq, count, sender, client_id, text, reply, system, sent });

/// A message of the same conversation, as the one that answers it shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quote {
    pub seq: i64,
    pub sender: UserId,
    /// How it begins; nothing once it was recalled.
    pub text: String,
}

read_by_field!(Quote { seq, sender, text });

impl Quote {
    pub fn new(seq: i64, sender: UserId, text: &str) -> Self {
        let mut beginning: String = text.chars().take(QUOTE_MAX).collect();
        // Not in the middle of a name; what merely looks like one stays.
        let name = beginning.rfind("@{").filter(|at| !beginning[*at..].contains('}'));
        if let Some(at) = name.filter(|at| *at > 0 && beginning.len() < text.len()) {
            beginning.truncate(at);
        }
        Self { seq, sender, text: beginning }
    }
}

impl Message {
    /// Whom it names: its sender, those of whom a system line tells, and those to whom it speaks
    /// or whom it answers.
    pub fn people(&self) -> impl Iterator<Item = UserId> {
        let named = self.system.as_ref().and_then(SystemLine::names);
        let answered = self.reply.as_ref().map(|quote| quote.sender);
        let quoted = self.reply.as_ref().map(|quote| mention::people(&quote.text));
        let spoken_to = mention::people(&self.text).into_iter().chain(quoted.unwrap_or_default());
        std::iter::once(self.sender).chain(named).chain(answered).chain(spoken_to)
    }

    /// The message as `user` is told of it.
    pub fn seen_by(self, user: UserId) -> Self {
        Self { client_id: self.client_id.filter(|_| self.sender == user), ..self }
    }

    /// The same place in the conversation, without what was said there.
    pub fn emptied(self, line: SystemLine) -> Self {
        Self { text: String::new(), reply: None, system: Some(line), ..self }
    }
}

/// A page of a conversation, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct History {
    pub messages: Vec<Message>,
    /// Whether older messages than these may be asked for.
    pub has_older: bool,
}

read_by_field!(History { messages, has_older });
