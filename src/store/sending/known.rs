//! What the writer knows of conversations from the sends before: who is in them, how far they go,
//! and who may write to whom. It is the only one who writes, so that it need not ask again until
//! something else than a message was written.

use std::collections::{BTreeSet, HashMap};

use sqlx::AnyConnection;

use super::{SendMessage, StoredConversation, loading};
use crate::error::Result;
use crate::model::{Contacts, Conversation, EventId, UserId};
use crate::store::Failure;
use crate::store::people::write_access::open_pairs;

/// Pairs, conversations and members that are kept, all together; a member takes about 100 bytes.
const MOST: usize = 50_000;

/// Thrown away whenever it may be old: nothing is lost by it.
#[derive(Debug, Default)]
pub struct Known {
    /// The log's head after the last batch. If it is another one, somebody else has written.
    head: EventId,
    /// Whether these two may write to each other, the smaller id first.
    open: HashMap<(UserId, UserId), bool>,
    states: HashMap<Conversation, StoredConversation>,
    size: usize,
}

impl Known {
    /// A batch begins, before which the log's head was this.
    pub fn begin(&mut self, head: EventId) {
        if self.head != head || self.size > MOST {
            self.forget();
        }
    }

    /// The batch is written, and this is the log's head.
    pub fn end(&mut self, head: EventId) {
        self.head = head;
    }

    /// Something was changed that may concern what is known.
    pub fn forget(&mut self) {
        *self = Self { head: self.head, ..Self::default() };
    }

    /// Whether these two may write to each other.
    pub(super) fn is_open(&self, low: UserId, high: UserId) -> bool {
        self.open.get(&(low, high)).copied().unwrap_or(false)
    }

    pub(super) fn state(&mut self, conversation: Conversation) -> Option<&mut StoredConversation> {
        self.states.get_mut(&conversation)
    }

    pub(super) fn states(&self) -> &HashMap<Conversation, StoredConversation> {
        &self.states
    }

    pub(super) fn add(&mut self, conversation: Conversation, state: StoredConversation) {
        self.size += 1 + state.members.len();
        self.states.insert(conversation, state);
    }

    /// Reads what these sends need and is not known.
    pub(super) async fn load(
        &mut self,
        connection: &mut AnyConnection,
        sends: &[&SendMessage],
    ) -> Result<(), Failure> {
        let (mut pairs, mut direct, mut groups) =
            (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for send in sends {
            let conversation = send.conversation();
            let is_new = !self.states.contains_key(&conversation);
            match conversation {
                Conversation::Direct(low, high) => {
                    if !self.open.contains_key(&(low, high)) {
                        pairs.insert((low.0, high.0));
                    }
                    if is_new {
                        direct.insert((low.0, high.0));
                    }
                }
                Conversation::Group(group) if is_new => {
                    groups.insert(group.0);
                }
                Conversation::Group(_) => {}
            }
        }
        if !pairs.is_empty() {
            let contacts = sends.first().map_or(Contacts::Friends, |send| send.contacts);
            let open = open_pairs(connection, &pairs, contacts).await?;
            self.size += pairs.len();
            self.open.extend(pairs.into_iter().map(|(low, high)| {
                let pair = (UserId(low), UserId(high));
                (pair, open.contains(&pair))
            }));
        }
        let mut states = HashMap::new();
        loading::load_direct(connection, &direct, &mut states).await?;
        loading::load_groups(connection, &groups, &mut states).await?;
        loading::load_members(connection, &mut states).await?;
        for (conversation, state) in states {
            self.add(conversation, state);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sending::Member;

    fn known() -> Known {
        let mut known = Known::default();
        known.begin(EventId(0));
        known.open.insert((UserId(1), UserId(2)), true);
        let members = vec![Member::new(UserId(1)), Member::new(UserId(2))];
        let state = StoredConversation { id: 1, last_seq: 0, last_count: 0, members };
        known.add(Conversation::direct(UserId(1), UserId(2)), state);
        known.end(EventId(3));
        known
    }

    #[test]
    fn what_was_known_stays_known_while_nobody_else_writes() {
        let mut known = known();
        known.begin(EventId(3));
        assert!(known.is_open(UserId(1), UserId(2)));
        assert!(known.state(Conversation::direct(UserId(1), UserId(2))).is_some());
    }

    #[test]
    fn it_is_forgotten_when_somebody_else_has_written() {
        let mut known = known();
        known.begin(EventId(4));
        assert!(!known.is_open(UserId(1), UserId(2)));
        assert!(known.states().is_empty());
    }

    #[test]
    fn it_does_not_grow_for_ever() {
        let mut known = known();
        known.size = MOST + 1;
        known.begin(EventId(3));
        assert!(known.states().is_empty() && known.size == 0);
    }
}
