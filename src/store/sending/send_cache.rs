//! The writer's cache for sends: conversations, members, and who may write to whom. It is cleared
//! when a change without `KEEPS_SEND_CACHE` is applied, when another process has written, when a
//! batch fails, and when it has grown too large.

use std::collections::{BTreeSet, HashMap};

use sqlx::AnyConnection;

use super::{SendMessage, StoredConversation, loading};
use crate::error::Result;
use crate::model::{Contacts, Conversation, EventId, UserId};
use crate::store::Failure;
use crate::store::people::write_access::open_pairs;

/// Maximum number of pairs, conversations and members together; a member takes about 100 bytes.
const CAPACITY: usize = 50_000;

/// It can be dropped at any time; everything in it can be read again.
#[derive(Debug, Default)]
pub struct SendCache {
    /// The log's head after the last batch. If a batch begins at another one, another process has
    /// written.
    head: EventId,
    /// Whether two users may write to each other. The smaller id comes first.
    may_write: HashMap<(UserId, UserId), bool>,
    states: HashMap<Conversation, StoredConversation>,
    size: usize,
}

impl SendCache {
    /// Begins a batch. `head` is the log's head before it.
    pub fn begin(&mut self, head: EventId) {
        if self.head != head || self.size > CAPACITY {
            self.clear();
        }
    }

    /// The batch is committed. `head` is the log's head after it.
    pub fn end(&mut self, head: EventId) {
        self.head = head;
    }

    /// Empties the cache.
    pub fn clear(&mut self) {
        *self = Self { head: self.head, ..Self::default() };
    }

    /// Whether two users may write to each other. `false` if that is not loaded.
    pub(super) fn may_write(&self, low: UserId, high: UserId) -> bool {
        self.may_write.get(&(low, high)).copied().unwrap_or(false)
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

    /// Reads what these sends need and the cache does not have.
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
                    if !self.may_write.contains_key(&(low, high)) {
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
            self.may_write.extend(pairs.into_iter().map(|(low, high)| {
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

    fn filled() -> SendCache {
        let mut cache = SendCache::default();
        cache.begin(EventId(0));
        cache.may_write.insert((UserId(1), UserId(2)), true);
        let members = vec![Member::new(UserId(1)), Member::new(UserId(2))];
        let state = StoredConversation { id: 1, last_seq: 0, last_count: 0, members };
        cache.add(Conversation::direct(UserId(1), UserId(2)), state);
        cache.end(EventId(3));
        cache
    }

    #[test]
    fn the_cache_is_kept_while_no_other_process_writes() {
        let mut cache = filled();
        cache.begin(EventId(3));
        assert!(cache.may_write(UserId(1), UserId(2)));
        assert!(cache.state(Conversation::direct(UserId(1), UserId(2))).is_some());
    }

    #[test]
    fn the_cache_is_cleared_when_another_process_has_written() {
        let mut cache = filled();
        cache.begin(EventId(4));
        assert!(!cache.may_write(UserId(1), UserId(2)));
        assert!(cache.states().is_empty());
    }

    #[test]
    fn the_cache_is_cleared_when_it_is_too_large() {
        let mut cache = filled();
        cache.size = CAPACITY + 1;
        cache.begin(EventId(3));
        assert!(cache.states().is_empty() && cache.size == 0);
    }
}
