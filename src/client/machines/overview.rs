//! One table of what the chat list and the page's title need of every conversation. Following the
//! signals of two hundred conversations would cost far more than one look-up here.

use std::collections::HashMap;

use crate::model::Contact;

/// One conversation as the chat list sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChatSummary {
    /// Time of the last message or other activity. `None`: there never was any.
    pub activity: Option<i64>,
    /// The user removed it from the list, and no message has arrived since.
    pub hidden: bool,
    /// Its composer contains text.
    pub has_draft: bool,
    pub pinned: bool,
    pub muted: bool,
    pub marked_unread: bool,
    /// An unread message mentions the user.
    pub mentioned: bool,
    pub unread: i64,
    /// Number of the user's own messages that wait to be sent.
    pub waiting: usize,
}

impl ChatSummary {
    fn is_shown(&self) -> bool {
        self.has_draft || self.activity.is_some() && !self.hidden
    }

    /// Whether it counts as unread. A muted conversation counts only if it mentions the user.
    fn wants_attention(&self) -> bool {
        self.mentioned || !self.muted && (self.unread > 0 || self.marked_unread)
    }
}

#[derive(Debug, Default)]
pub struct ChatOverview {
    summaries: HashMap<Contact, ChatSummary>,
}

impl ChatOverview {
    /// Sets the summary of a conversation. Returns whether it has changed.
    pub fn update(&mut self, contact: Contact, summary: ChatSummary) -> bool {
        self.summaries.insert(contact, summary) != Some(summary)
    }

    /// Conversations with a history or a draft: the pinned ones first, then the last active first.
    pub fn chat_list(&self) -> Vec<Contact> {
        let shown = self.summaries.iter().filter(|(_, s)| s.is_shown());
        let mut list: Vec<(bool, Option<i64>, Contact)> =
            shown.map(|(contact, s)| (s.pinned, s.activity, *contact)).collect();
        list.sort_unstable_by(|a, b| b.cmp(a));
        list.into_iter().map(|(.., contact)| contact).collect()
    }

    /// Number of conversations that count as unread.
    pub fn unread_conversations(&self) -> usize {
        self.summaries.values().filter(|s| s.wants_attention()).count()
    }

    /// Number of unread messages in all conversations that are not muted.
    pub fn unread_messages(&self) -> i64 {
        self.summaries.values().filter(|s| !s.muted).map(|s| s.unread).sum()
    }

    /// Number of the user's own messages that wait to be sent.
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
    fn the_chat_list_begins_with_the_last_active_and_omits_empty_conversations() {
        let mut overview = ChatOverview::default();
        let summary =
            |activity| ChatSummary { activity, unread: 2, waiting: 1, ..ChatSummary::default() };
        assert!(overview.update(BOB, summary(Some(5))));
        assert!(!overview.update(BOB, summary(Some(5))), "an equal summary is no change");
        overview.update(EVE, ChatSummary::default());
        assert_eq!(overview.chat_list(), [BOB]);
        overview.update(EVE, summary(Some(6)));
        assert_eq!(overview.chat_list(), [EVE, BOB]);
        assert_eq!(overview.unread_conversations(), 2);
        assert_eq!((overview.unread_messages(), overview.waiting()), (4, 2));
    }

    #[test]
    fn pinned_muted_hidden_and_marked_conversations_are_listed_and_counted_as_set() {
        let mut overview = ChatOverview::default();
        let active = ChatSummary { activity: Some(5), unread: 1, ..ChatSummary::default() };
        overview.update(BOB, ChatSummary { pinned: true, muted: true, ..active });
        overview.update(EVE, ChatSummary { activity: Some(6), ..active });
        assert_eq!(overview.chat_list(), [BOB, EVE], "pinned conversations come first");
        assert_eq!((overview.unread_conversations(), overview.unread_messages()), (1, 1));
        overview.update(BOB, ChatSummary { muted: true, mentioned: true, ..active });
        assert_eq!(
            overview.unread_conversations(),
            2,
            "a mention counts in a muted conversation too"
        );
        overview.update(EVE, ChatSummary { hidden: true, unread: 0, ..active });
        assert_eq!(overview.chat_list(), [BOB]);
        overview.update(EVE, ChatSummary { has_draft: true, ..ChatSummary::default() });
        assert_eq!(overview.chat_list(), [BOB, EVE]);
        overview.update(EVE, ChatSummary { marked_unread: true, unread: 0, ..active });
        assert_eq!(overview.unread_conversations(), 2);
    }
}
