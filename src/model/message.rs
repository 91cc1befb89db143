//! A message as it is stored and shown.

use serde::{Deserialize, Serialize};

use super::{ClientId, SystemLine, Timestamp, UserId};

/// One line of a conversation. The sender's name is looked up when it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its place in the conversation: 1, 2, 3 … without holes.
    pub seq: i64,
    /// How many lines that deserve a badge stand up to here, this one included.
    pub count: i64,
    pub sender: UserId,
    /// By this the sender's own pages know their bubble again.
    pub client_id: ClientId,
    pub text: String,
    /// What Kith says here, in place of a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<SystemLine>,
    pub sent: Timestamp,
}

impl Message {
    /// Whom it names: its sender, and those of whom a system line tells.
    pub fn people(&self) -> impl Iterator<Item = UserId> {
        let named = self.system.as_ref().and_then(SystemLine::names);
        std::iter::once(self.sender).chain(named)
    }
}

/// A page of a conversation, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct History {
    pub messages: Vec<Message>,
    /// Whether older messages than these may be asked for.
    pub has_older: bool,
}
