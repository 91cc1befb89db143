//! Messages, as stored and shown.

use serde::Serialize;

use crate::wire::read_by_field;

use super::limits::QUOTE_MAX;
use super::{ClientId, SystemLine, Timestamp, UserId, mention};

/// A message. The sender's name is looked up when it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Its number in the conversation: 1, 2, 3 … without gaps.
    pub seq: i64,
    /// The number of messages up to this one, without system lines. `last_count` − `read_count` is
    /// the number of unread messages.
    pub count: i64,
    pub sender: UserId,
    /// The sender's own pages recognise their message by it. `None` for other users.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// Mentions in it are tokens; see [`mention`].
    pub text: String,
    /// The message that this one replies to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<Quote>,
    /// A line of Kith's own, instead of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<SystemLine>,
    pub sent: Timestamp,
}

read_by_field!(Message { seq, count, sender, client_id, text, reply, system, sent });

/// The beginning of a message, as shown above a reply to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quote {
    pub seq: i64,
    pub sender: UserId,
    /// At most `QUOTE_MAX` characters. Empty once the message was recalled.
    pub text: String,
}

read_by_field!(Quote { seq, sender, text });

impl Quote {
    pub fn new(seq: i64, sender: UserId, text: &str) -> Self {
        let mut beginning: String = text.chars().take(QUOTE_MAX).collect();
        // A mention that was cut in the middle is dropped. A text of nothing else stays as it is.
        let mention = beginning.rfind("@{").filter(|at| !beginning[*at..].contains('}'));
        if let Some(at) = mention.filter(|at| *at > 0 && beginning.len() < text.len()) {
            beginning.truncate(at);
        }
        Self { seq, sender, text: beginning }
    }
}

impl Message {
    /// The people whose names are needed to show it: its sender, people in a system line, people it
    /// mentions, and those of the message that it replies to.
    pub fn people(&self) -> impl Iterator<Item = UserId> {
        let in_line = self.system.as_ref().and_then(SystemLine::names);
        let answered = self.reply.as_ref().map(|quote| quote.sender);
        let quoted = self.reply.as_ref().map(|quote| mention::mentioned_people(&quote.text));
        let mentioned =
            mention::mentioned_people(&self.text).into_iter().chain(quoted.unwrap_or_default());
        std::iter::once(self.sender).chain(in_line).chain(answered).chain(mentioned)
    }

    /// The message as `user` receives it.
    pub fn seen_by(self, user: UserId) -> Self {
        Self { client_id: self.client_id.filter(|_| self.sender == user), ..self }
    }

    /// The same message with a system line instead of its content.
    pub fn without_content(self, line: SystemLine) -> Self {
        Self { text: String::new(), reply: None, system: Some(line), ..self }
    }
}

#[cfg(test)]
impl Message {
    /// A message of user 1 with the text "line `seq`", for unit tests. Each message before it
    /// counts as unread, and it was sent `seq` seconds after the epoch.
    pub fn example(seq: i64) -> Self {
        Self {
            seq,
            count: seq,
            sender: UserId(1),
            client_id: ClientId::try_from(format!("c-{seq}")).ok(),
            text: format!("line {seq}"),
            reply: None,
            system: None,
            sent: Timestamp(seq * 1000),
        }
    }
}

/// A page of a conversation, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct History {
    pub messages: Vec<Message>,
    /// Whether there are older messages.
    pub has_older: bool,
}

read_by_field!(History { messages, has_older });
