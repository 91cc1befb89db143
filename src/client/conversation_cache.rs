//! The signals of one conversation. Only the driver writes messages, marks and the outbox's view;
//! views write the draft and the place to which one has scrolled.

use leptos::prelude::*;

use crate::error::KithError;
use crate::model::{Contact, History, Message};

use super::merge::{Marks, Window};
use super::outbox::Item;

/// Where a conversation was left, to come back to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Place {
    /// At the newest message, and following it.
    #[default]
    Newest,
    /// Further up.
    Top {
        /// So many pixels from the top of what was loaded.
        px: i32,
        /// The newest place when one scrolled away from it: what lies behind it was not seen.
        left_at: i64,
    },
}

impl Place {
    /// The newest place when one scrolled away from it; nothing while one is there.
    pub fn left_at(self) -> Option<i64> {
        match self {
            Self::Newest => None,
            Self::Top { left_at, .. } => Some(left_at),
        }
    }
}

/// How fetching of history goes.
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
    /// What stands in the composer and is not sent.
    pub draft: RwSignal<String>,
    pub place: RwSignal<Place>,
    window: RwSignal<Window>,
    marks: RwSignal<Marks>,
    outbox: RwSignal<Vec<Item>>,
    fetch: RwSignal<Fetch>,
}

/// What the page may read; every method follows its signals.
impl ConversationCache {
    pub fn unread(&self) -> i64 {
        self.marks.with(Marks::unread)
    }

    pub fn marks(&self) -> Marks {
        self.marks.get()
    }

    pub fn with_messages<T>(&self, read: impl FnOnce(&[Message]) -> T) -> T {
        self.window.with(|window| read(window.messages()))
    }

    pub fn newest(&self) -> Option<Message> {
        self.with_messages(|messages| messages.last().cloned())
    }

    pub fn outbox(&self) -> Vec<Item> {
        self.outbox.get()
    }

    pub fn has_older(&self) -> bool {
        self.window.with(Window::has_older)
    }

    pub fn is_loaded(&self) -> bool {
        self.window.with(Window::is_loaded)
    }

    pub fn fetch(&self) -> Fetch {
        self.fetch.get()
    }

    pub fn newest_untracked(&self) -> Option<Message> {
        self.window.with_untracked(|window| window.messages().last().cloned())
    }

    pub fn fetch_untracked(&self) -> Fetch {
        self.fetch.get_untracked()
    }

    /// When something last happened here, or nothing if nothing ever did.
    pub fn activity(&self) -> Option<i64> {
        let stored = self.with_messages(|messages| messages.last().map(|m| m.sent.0));
        let own = self.outbox.with(|items| items.last().map(|item| item.at.0));
        stored.max(own)
    }
}

/// What the driver writes.
impl ConversationCache {
    pub(super) fn new(contact: Contact) -> Self {
        Self {
            contact,
            draft: RwSignal::default(),
            place: RwSignal::default(),
            window: RwSignal::default(),
            marks: RwSignal::default(),
            outbox: RwSignal::default(),
            fetch: RwSignal::default(),
        }
    }

    /// Begins anew from a snapshot; draft and outbox stay.
    pub(super) fn replace(&self, marks: Marks, newest: Option<Message>) {
        self.marks.set(marks);
        self.window.set(Window::of_newest(newest));
        self.place.set(Place::Newest);
    }

    pub(super) fn add(&self, message: Message, by_me: bool) {
        self.marks.update(|marks| marks.message(&message, by_me));
        self.window.update(|window| window.add(message));
    }

    pub(super) fn join(&self, page: History) {
        self.window.update(|window| window.join(page));
        self.set_fetch(Fetch::Idle);
    }

    pub(super) fn read(&self, seq: i64, count: i64) {
        self.marks.update(|marks| marks.read(seq, count));
    }

    pub(super) fn show_outbox(&self, items: Vec<Item>) {
        self.outbox.set(items);
    }

    pub(super) fn set_fetch(&self, fetch: Fetch) {
        self.fetch.set(fetch);
    }

    pub(super) fn window(&self) -> RwSignal<Window> {
        self.window
    }

    pub(super) fn marks_untracked(&self) -> Marks {
        self.marks.get_untracked()
    }
}
