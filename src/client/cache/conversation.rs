//! The signals of one conversation. The driver alone writes messages, marks and the outbox's items;
//! views write the draft, the reply and the scroll position.

use std::sync::Arc;

use leptos::prelude::*;

use crate::client::machines::loaded_messages::LoadedMessages;
use crate::client::machines::marks::Marks;
use crate::client::machines::outbox::OutboxItem;
use crate::client::machines::overview::{ChatOverview, ChatSummary};
use crate::client::machines::reading::ReadingPosition;
use crate::client::machines::recent::{MESSAGES_AFTER_TRIM, MESSAGES_MAX};
use crate::error::KithError;
use crate::model::{Contact, History, Message, OwnCopy, Quote, UserId};

/// State of the current fetch of history.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Fetch {
    #[default]
    Idle,
    Running,
    Failed(KithError),
}

#[derive(Debug, Clone, Copy)]
pub struct ConversationCache {
    pub contact: Contact,
    /// The text in the composer.
    pub draft: RwSignal<String>,
    pub position: RwSignal<ReadingPosition>,
    /// The message to which the user is replying.
    pub replying: RwSignal<Option<Quote>>,
    /// Number of messages that were written in this tab.
    pub sent_here: RwSignal<u32>,
    loaded: RwSignal<LoadedMessages>,
    marks: RwSignal<Marks>,
    outbox: RwSignal<Vec<OutboxItem>>,
    fetch: RwSignal<Fetch>,
    overview: RwSignal<ChatOverview>,
}

/// For the pages. Methods follow the signals that they read, except `…_untracked` and
/// `unread_after`.
impl ConversationCache {
    pub fn unread(&self) -> i64 {
        self.marks.with(Marks::unread)
    }

    pub fn with_messages<T>(&self, read: impl FnOnce(&[Arc<Message>]) -> T) -> T {
        self.loaded.with(|loaded| read(loaded.messages()))
    }

    /// The message with this `seq`, if it is loaded.
    pub fn message(&self, seq: i64) -> Option<Arc<Message>> {
        self.with_messages(|all| {
            let at = all.binary_search_by_key(&seq, |message| message.seq).ok()?;
            Some(Arc::clone(&all[at]))
        })
    }

    pub fn with_messages_untracked<T>(&self, read: impl FnOnce(&[Arc<Message>]) -> T) -> T {
        self.loaded.with_untracked(|loaded| read(loaded.messages()))
    }

    pub fn newest(&self) -> Option<Arc<Message>> {
        self.with_messages(|messages| messages.last().cloned())
    }

    pub fn with_outbox<T>(&self, read: impl FnOnce(&[OutboxItem]) -> T) -> T {
        self.outbox.with(|items| read(items))
    }

    pub fn has_older(&self) -> bool {
        self.loaded.with(LoadedMessages::has_older)
    }

    pub fn is_loaded(&self) -> bool {
        self.loaded.with(LoadedMessages::is_loaded)
    }

    pub fn fetch(&self) -> Fetch {
        self.fetch.get()
    }

    /// The user's own copy: cleared, hidden, pinned, muted, marked as unread.
    pub fn own(&self) -> OwnCopy {
        self.marks.with(|marks| marks.own)
    }

    /// The `seq` of the last message.
    pub fn last_seq(&self) -> i64 {
        self.marks.with(|marks| marks.last_seq)
    }

    /// Whether an unread message mentions the user.
    pub fn is_mentioned(&self) -> bool {
        self.marks.with(Marks::is_mentioned)
    }

    pub fn marks_untracked(&self) -> Marks {
        self.marks.get_untracked()
    }

    pub fn newest_untracked(&self) -> Option<Arc<Message>> {
        self.loaded.with_untracked(|loaded| loaded.messages().last().cloned())
    }

    pub fn fetch_untracked(&self) -> Fetch {
        self.fetch.get_untracked()
    }

    /// The `seq` of the last read message, if there are unread ones. Follows no signal.
    pub fn unread_after(&self) -> Option<i64> {
        let marks = self.marks.get_untracked();
        (marks.unread() > 0).then_some(marks.read_seq)
    }

    pub fn is_loaded_untracked(&self) -> bool {
        self.loaded.with_untracked(LoadedMessages::is_loaded)
    }

    pub fn has_older_untracked(&self) -> bool {
        self.loaded.with_untracked(LoadedMessages::has_older)
    }

    /// Follows everything that can change the rows of the list, or which of them are read.
    pub fn track(&self) {
        self.loaded.track();
        self.marks.track();
        self.outbox.track();
        self.fetch.track();
        self.sent_here.track();
    }
}

/// For the driver.
impl ConversationCache {
    pub(in crate::client) fn new(contact: Contact, overview: RwSignal<ChatOverview>) -> Self {
        Self {
            contact,
            draft: RwSignal::default(),
            position: RwSignal::default(),
            replying: RwSignal::default(),
            sent_here: RwSignal::default(),
            loaded: RwSignal::default(),
            marks: RwSignal::default(),
            outbox: RwSignal::default(),
            fetch: RwSignal::default(),
            overview,
        }
    }

    /// Replaces everything but draft and outbox by a snapshot.
    pub(in crate::client) fn replace(&self, marks: Marks, newest: Option<Message>) {
        self.marks.set(marks);
        self.loaded.set(LoadedMessages::of_newest(newest, marks.own.cleared_seq));
        self.position.set(ReadingPosition::AtNewest);
        self.update_summary();
    }

    pub(in crate::client) fn add(&self, message: &Arc<Message>, by_me: bool, mentions_me: bool) {
        self.marks.update(|marks| {
            marks.message(message, by_me);
            marks.mention(message.seq, mentions_me);
        });
        // A reader further up must not lose rows, so trim at the newest alone. Of a conversation
        // that was never opened, only the newest message is shown anywhere.
        let at_newest = self.position.get_untracked() == ReadingPosition::AtNewest;
        self.loaded.update(|loaded| {
            loaded.add(Arc::clone(message));
            let (max, trimmed) = if loaded.is_loaded() {
                (MESSAGES_MAX, MESSAGES_AFTER_TRIM)
            } else {
                (MESSAGES_AFTER_TRIM, 1)
            };
            if at_newest && loaded.messages().len() > max {
                loaded.keep_newest(trimmed);
            }
        });
        self.update_summary();
    }

    pub(in crate::client) fn add_page(&self, page: History) {
        self.loaded.update(|loaded| loaded.add_page(page));
        self.set_fetch(Fetch::Idle);
        self.update_summary();
    }

    pub(in crate::client) fn read(&self, seq: i64, count: i64) {
        self.marks.update(|marks| marks.read(seq, count));
        self.update_summary();
    }

    /// Ends a reply to a message that was recalled.
    pub(in crate::client) fn not_replying_to(&self, seq: i64) {
        self.replying.maybe_update(|replying| {
            let recalled = replying.as_ref().is_some_and(|quote| quote.seq == seq);
            if recalled {
                *replying = None;
            }
            recalled
        });
    }

    pub(in crate::client) fn hide(&self, seq: i64) {
        self.loaded.update(|loaded| loaded.hide(seq));
        self.update_summary();
    }

    pub(in crate::client) fn set_own(&self, own: OwnCopy) {
        let cleared = self.marks.with_untracked(|marks| marks.own.cleared_seq) < own.cleared_seq;
        self.marks.update(|marks| marks.own = own);
        if cleared {
            self.loaded.update(|loaded| loaded.clear(own.cleared_seq));
            self.position.set(ReadingPosition::AtNewest);
            self.replying.set(None);
        }
        self.update_summary();
    }

    pub(in crate::client) fn show_outbox(&self, items: Vec<OutboxItem>) {
        self.outbox.set(items);
        self.update_summary();
    }

    pub(in crate::client) fn set_fetch(&self, fetch: Fetch) {
        self.fetch.set(fetch);
    }

    pub(in crate::client) fn loaded(&self) -> RwSignal<LoadedMessages> {
        self.loaded
    }

    pub(in crate::client) fn people_untracked(&self) -> Vec<UserId> {
        self.loaded.with_untracked(|loaded| {
            loaded.messages().iter().flat_map(|message| message.people()).collect()
        })
    }

    /// The conversation is no longer on screen: trims a long history. A conversation that was left
    /// further up stays as it is, with its position.
    pub(in crate::client) fn close(&self) {
        let long = self.loaded.with_untracked(|loaded| loaded.messages().len() > MESSAGES_MAX);
        if long && self.position.get_untracked() == ReadingPosition::AtNewest {
            self.loaded.update(|loaded| loaded.keep_newest(MESSAGES_AFTER_TRIM));
        }
    }

    /// Many others were opened since: drops everything but the newest message, draft, outbox and
    /// marks.
    pub(in crate::client) fn unload(&self) {
        self.position.set(ReadingPosition::AtNewest);
        self.loaded.update(LoadedMessages::unload);
    }

    /// Sets the text in the composer, from this tab or from another one.
    pub fn set_draft(&self, text: String) {
        if self.draft.with_untracked(|draft| *draft != text) {
            self.draft.set(text);
            self.update_summary();
        }
    }

    /// Updates this conversation's summary in the overview.
    fn update_summary(&self) {
        let stored = self.newest_untracked().map(|message| message.sent.0);
        let marks = self.marks.get_untracked();
        let (stored, own) = (stored.max(marks.activity), marks.own);
        let summary = self.outbox.with_untracked(|items| ChatSummary {
            activity: stored.max(items.last().map(|item| item.at.0)),
            hidden: marks.last_count <= own.hidden_count && items.is_empty(),
            has_draft: self.draft.with_untracked(|draft| !draft.trim().is_empty()),
            pinned: own.pinned.is_some(),
            muted: own.muted_until.is_some(),
            marked_unread: own.marked_unread,
            mentioned: marks.is_mentioned(),
            unread: marks.unread(),
            waiting: items.iter().filter(|item| item.refused.is_none()).count(),
        });
        self.overview.maybe_update(|overview| overview.update(self.contact, summary));
    }
}
