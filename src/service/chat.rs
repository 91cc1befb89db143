//! Sending, typing, history, read marks, and what a page starts from.

use std::collections::BTreeSet;
use std::time::Instant;

use super::{Caller, Kith};
use crate::error::{KithError, Result};
use crate::model::limits::PEOPLE_BY_ID_MAX;
use crate::model::{
    ClientId, Contact, ConversationState, Cursor, History, Hold, Message, OpenConversation, Person,
    Snapshot, Timestamp, UserId, validation,
};
use crate::store::{ClearChat, HideMessage, MarkRead, Recall, SendMessage, SetChat};

impl Kith {
    /// Stores a message of the caller's and returns it once it is on disk.
    pub async fn send_message(
        &self,
        caller: Caller,
        contact: Contact,
        client_id: ClientId,
        text: &str,
        reply_to: Option<i64>,
    ) -> Result<Message> {
        let text = validation::message(text)?;
        self.0.throttle.message_of(caller.user)?;
        let contacts = self.policy().contacts;
        let send =
            SendMessage { sender: caller.user, contact, client_id, text, reply_to, contacts };
        let asked = Instant::now();
        let sent = self.store().send(send).await?;
        // Whoever has the answer knows that the mailboxes were woken.
        self.0.metrics.sent(asked.elapsed());
        Ok(sent)
    }

    /// Takes back what was said at a place of the conversation with `contact`.
    pub async fn recall_message(&self, caller: Caller, contact: Contact, seq: i64) -> Result<()> {
        self.0.throttle.message_of(caller.user)?;
        self.store().write(Recall { user: caller.user, contact, seq }).await
    }

    /// Deletes a message for the caller alone.
    pub async fn hide_message(&self, caller: Caller, contact: Contact, seq: i64) -> Result<()> {
        self.0.throttle.message_of(caller.user)?;
        self.store().write(HideMessage { user: caller.user, contact, seq }).await
    }

    /// Keeps the conversation with `contact` so in the caller's list; what is `None` stays.
    pub async fn set_chat(
        &self,
        caller: Caller,
        contact: Contact,
        pinned: Option<bool>,
        muted_until: Option<Timestamp>,
        marked_unread: Option<bool>,
    ) -> Result<()> {
        let user = caller.user;
        self.0.throttle.message_of(user)?;
        self.store().write(SetChat { user, contact, pinned, muted_until, marked_unread }).await
    }

    /// Deletes what was said with `contact` up to `seq` for the caller alone; with `hide` also from
    /// their list.
    pub async fn clear_chat(
        &self,
        caller: Caller,
        contact: Contact,
        seq: i64,
        hide: bool,
    ) -> Result<()> {
        self.0.throttle.message_of(caller.user)?;
        self.store().write(ClearChat { user: caller.user, contact, seq, hide }).await
    }

    /// Says that the caller writes to `contact` just now. `NotAContact` when they could not.
    pub async fn typing(&self, caller: Caller, contact: Contact) -> Result<()> {
        self.0.throttle.typing_of(caller.user)?;
        let presence = &self.0.presence;
        if let Contact::User(to) = contact
            && presence.still_typing(caller.user, to)
        {
            return Ok(());
        }
        // Asked before it is looked up: a block in between must not be overlooked.
        let partings = presence.partings();
        if !self.store().may_write(caller.user, contact, self.policy().contacts).await? {
            return Err(KithError::NotAContact);
        }
        if let Contact::User(to) = contact {
            presence.begin_typing(caller.user, to, partings);
        }
        Ok(())
    }

    /// Returns a page of the caller's history with `contact`, older than `before`.
    pub async fn history(
        &self,
        caller: Caller,
        contact: Contact,
        before: Option<i64>,
    ) -> Result<History> {
        self.store().history(caller.user, contact, before, self.policy().contacts).await
    }

    /// Sets the caller's read mark.
    pub async fn mark_read(&self, caller: Caller, contact: Contact, seq: i64) -> Result<()> {
        self.store().write(MarkRead { user: caller.user, contact, seq }).await
    }

    /// Returns what a page starts from. The cursor is read first: what happens while the rest
    /// is read is delivered again, and applying it twice does no harm. The mailbox is joined
    /// before that, so that the page's first receive finds in memory what it missed.
    pub async fn load_page(&self, caller: Caller, contact: Option<Contact>) -> Result<Snapshot> {
        let mailboxes = &self.0.mailboxes;
        let user = caller.user;
        let _receiver = mailboxes.join(user);
        let cursor = Cursor { epoch: mailboxes.epoch().to_string(), id: mailboxes.head() };
        let store = self.store();
        let open = match contact {
            Some(contact) => self.open_conversation(caller, contact).await?,
            None => None,
        };
        let mut conversations = store.conversations(user).await?;
        let now = self.now();
        for state in &mut conversations {
            // What is over is not worth telling of.
            state.own.muted_until = state.own.muted_until.filter(|until| *until > now);
        }
        Ok(Snapshot {
            people: self.named(&conversations, open.as_ref()).await?,
            cursor,
            build: self.policy().build.clone(),
            hold_ms: self.policy().hold.as_millis().try_into().unwrap_or(Hold::MAX),
            websocket: self.policy().websocket,
            me: store.me(user).await?,
            contacts: self.policy().contacts,
            blocked: store.blocked(user).await?,
            friends: store.friends(user).await?,
            requests: store.friend_requests(user).await?,
            groups: store.groups(user).await?,
            group_invitations: store.group_invitations(user).await?,
            conversations,
            open,
            form_client_id: ClientId::random(),
        })
    }

    /// Returns who is named in the groups' last messages and in the open conversation.
    async fn named(
        &self,
        conversations: &[ConversationState],
        open: Option<&OpenConversation>,
    ) -> Result<Vec<Person>> {
        let groups =
            conversations.iter().filter(|state| matches!(state.contact, Contact::Group(_)));
        let last = groups.filter_map(|state| state.last_message.as_ref());
        let open = open.filter(|open| matches!(open.contact, Contact::Group(_)));
        let open = open.into_iter().flat_map(|open| &open.history.messages);
        let named: BTreeSet<UserId> = last.chain(open).flat_map(Message::people).collect();
        // Each is a parameter of one statement.
        let mut people = Vec::with_capacity(named.len());
        for some in Vec::from_iter(named).chunks(PEOPLE_BY_ID_MAX) {
            people.extend(self.store().people(some).await?);
        }
        Ok(people)
    }

    /// Returns the conversation with `contact`, unless the caller has nothing to do with them.
    async fn open_conversation(
        &self,
        caller: Caller,
        contact: Contact,
    ) -> Result<Option<OpenConversation>> {
        let history = match self.history(caller, contact, None).await {
            Ok(history) => history,
            Err(KithError::NotAContact) => return Ok(None),
            Err(error) => return Err(error),
        };
        let person = match contact {
            Contact::User(user) => self.store().people(&[user]).await?.pop(),
            Contact::Group(_) => None,
        };
        Ok(Some(OpenConversation { contact, person, history }))
    }
}
