//! What the lists and the title need of every conversation, in one place: following the signals
//! of two hundred conversations would cost far more than a look into one table.

use std::collections::HashMap;

use crate::model::Contact;

/// One conversation as the lists see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// When something last happened, or nothing if nothing ever did.
    pub activity: Option<i64>,
    pub unread: i64,
    /// Messages of one's own that wait to be sent.
    pub waiting: usize,
}

#[derive(Debug, Default)]
pub struct Overview {
    standings: HashMap<Contact, Standing>,
}

impl Overview {
    /// Takes note of how a conversation stands. Returns whether that is news.
    pub fn note(&mut self, contact: Contact, standing: Standing) -> bool {
        self.standings.insert(contact, standing) != Some(standing)
    }

    /// Conversations with something in them, the last active first.
    pub fn chat_list(&self) -> Vec<Contact> {
        let active = self.standings.iter();
        let mut list: Vec<(i64, Contact)> =
            active.filter_map(|(contact, s)| Some((s.activity?, *contact))).collect();
        list.sort_unstable_by(|a, b| b.cmp(a));
        list.into_iter().map(|(_, contact)| contact).collect()
    }

    pub fn unread_conversations(&self) -> usize {
        self.standings.values().filter(|s| s.unread > 0).count()
    }

    pub fn unread_messages(&self) -> i64 {
        self.standings.values().map(|s| s.unread).sum()
    }

    pub fn waiting(&self) -> usize {
        self.standings.values().map(|s| s.waiting).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::UserId;

    const BOB: Contact = Contact::User(UserId(2));
    const EVE: Contact = Contact::User(UserId(3));

    #[test]
    fn the_last_active_comes_first_and_empty_ones_do_not_show() {
        let mut overview = Overview::default();
        let standing = |activity| Standing { activity, unread: 2, waiting: 1 };
        assert!(overview.note(BOB, standing(Some(5))));
        assert!(!overview.note(BOB, standing(Some(5))), "nothing new");
        overview.note(EVE, Standing::default());
        assert_eq!(overview.chat_list(), [BOB]);
        overview.note(EVE, standing(Some(6)));
        assert_eq!(overview.chat_list(), [EVE, BOB]);
        assert_eq!(overview.unread_conversations(), 2);
        assert_eq!((overview.unread_messages(), overview.waiting()), (4, 2));
    }
}
