//! What the lists and the title need of every conversation, in one place: following the signals
//! of two hundred conversations would cost far more than a look into one table.

use std::collections::HashMap;

use crate::model::Contact;

/// One conversation as the lists see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChatSummary {
    /// When something last happened, or nothing if nothing ever did.
    pub activity: Option<i64>,
    /// One took it off one's list, and nothing was said since.
    pub hidden: bool,
    /// Something stands in its composer.
    pub has_draft: bool,
    pub pinned: bool,
    pub muted: bool,
    pub marked_unread: bool,
    /// One was spoken to by name and has not read it.
    pub mentioned: bool,
    pub unread: i64,
    /// Messages of one's own that wait to be sent.
    pub waiting: usize,
}

impl ChatSummary {
    fn is_shown(&self) -> bool {
        self.has_draft || self.activity.is_some() && !self.hidden
    }

    /// Whether it wants to be looked at. A muted one does when it speaks to one by name.
    fn wants_attention(&self) -> bool {
        self.mentioned || !self.muted && (self.unread > 0 || self.marked_unread)
    }
}

#[derive(Debug, Default)]
pub struct ChatOverview {
    summaries: HashMap<Contact, ChatSummary>,
}

impl ChatOverview {
    /// Takes note of how a conversation stands. Returns whether that is news.
    pub fn update(&mut self, contact: Contact, summary: ChatSummary) -> bool {
        self.summaries.insert(contact, summary) != Some(summary)
    }

    /// Conversations with a history or a draft: those that are pinned, then the others, the last
    /// active first.
    pub fn chat_list(&self) -> Vec<Contact> {
        let shown = self.summaries.iter().filter(|(_, s)| s.is_shown());
        let mut list: Vec<(bool, Option<i64>, Contact)> =
            shown.map(|(contact, s)| (s.pinned, s.activity, *contact)).collect();
        list.sort_unstable_by(|a, b| b.cmp(a));
        list.into_iter().map(|(.., contact)| contact).collect()
    }

    /// How many conversations call for attention.
    pub fn unread_conversations(&self) -> usize {
        self.summaries.values().filter(|s| s.wants_attention()).count()
    }

    /// How many messages wait where nothing is muted.
    pub fn unread_messages(&self) -> i64 {
        self.summaries.values().filter(|s| !s.muted).map(|s| s.unread).sum()
    }

    pub fn waiting(&self) -> usize {
        self.summaries.values().map(|s| s.waiting).sum()
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
        let mut overview = ChatOverview::default();
        let summary =
            |activity| ChatSummary { activity, unread: 2, waiting: 1, ..ChatSummary::default() };
        assert!(overview.update(BOB, summary(Some(5))));
        assert!(!overview.update(BOB, summary(Some(5))), "nothing new");
        overview.update(EVE, ChatSummary::default());
        assert_eq!(overview.chat_list(), [BOB]);
        overview.update(EVE, summary(Some(6)));
        assert_eq!(overview.chat_list(), [EVE, BOB]);
        assert_eq!(overview.unread_conversations(), 2);
        assert_eq!((overview.unread_messages(), overview.waiting()), (4, 2));
    }

    #[test]
    fn ones_own_list_is_as_one_keeps_it() {
        let mut overview = ChatOverview::default();
        let active = ChatSummary { activity: Some(5), unread: 1, ..ChatSummary::default() };
        overview.update(BOB, ChatSummary { pinned: true, muted: true, ..active });
        overview.update(EVE, ChatSummary { activity: Some(6), ..active });
        assert_eq!(overview.chat_list(), [BOB, EVE], "pinned ones come first");
        assert_eq!((overview.unread_conversations(), overview.unread_messages()), (1, 1));
        overview.update(BOB, ChatSummary { muted: true, mentioned: true, ..active });
        assert_eq!(overview.unread_conversations(), 2, "a mention calls from a muted one, too");
        overview.update(EVE, ChatSummary { hidden: true, unread: 0, ..active });
        assert_eq!(overview.chat_list(), [BOB]);
        overview.update(EVE, ChatSummary { has_draft: true, ..ChatSummary::default() });
        assert_eq!(overview.chat_list(), [BOB, EVE]);
        overview.update(EVE, ChatSummary { marked_unread: true, unread: 0, ..active });
        assert_eq!(overview.unread_conversations(), 2);
    }
}
