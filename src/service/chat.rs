//! Sending, the user's own copy, typing, history, read marks, and the snapshot of a page.

use std::collections::BTreeSet;
use std::time::Instant;

use super::throttle::Limit;
use super::{Caller, Kith};
use crate::error::{KithError, Result};
use crate::model::limits::PEOPLE_BY_ID_MAX;
use crate::model::{
    ClientId, Contact, ConversationState, Cursor, History, HoldMs, Message, OpenConversation,
    Person, Snapshot, Timestamp, UserId, validation,
};
use crate::store::{ClearChat, HideMessage, MarkRead, Recall, SendMessage, SetChat};

impl Kith {
    /// Stores a message of the caller and returns it once it is on disk.
    pub async fn send_message(
        &self,
        caller: Caller,
        contact: Contact,
        client_id: ClientId,
        text: &str,
        reply_to: Option<i64>,
    ) -> Result<Message> {
        let text = validation::message(text)?;
        self.0.throttle.count(Limit::Messages, caller.user)?;
        let contacts = self.policy().contacts;
        let send =
            SendMessage { sender: caller.user, contact, client_id, text, reply_to, contacts };
        let accepted = Instant::now();
        let sent = self.store().send(send).await?;
        // The writer answers after it has woken the mailboxes.
        self.0.metrics.message_sent(accepted.elapsed());
        Ok(sent)
    }

    /// Recalls the message `seq` of the conversation with `contact`.
    pub async fn recall_message(&self, caller: Caller, contact: Contact, seq: i64) -> Result<()> {
        self.0.throttle.count(Limit::Messages, caller.user)?;
        self.store().write(Recall { user: caller.user, contact, seq }).await
    }

    /// Deletes the message `seq` for the caller alone.
    pub async fn hide_message(&self, caller: Caller, contact: Contact, seq: i64) -> Result<()> {
        self.0.throttle.count(Limit::Messages, caller.user)?;
        self.store().write(HideMessage { user: caller.user, contact, seq }).await
    }

    /// Sets how the caller's list shows the conversation. `None` leaves a setting as it is.
    pub async fn set_chat(
        &self,
        caller: Caller,
        contact: Contact,
        pinned: Option<bool>,
        muted_until: Option<Timestamp>,
        marked_unread: Option<bool>,
    ) -> Result<()> {
        let user = caller.user;
        self.0.throttle.count(Limit::Messages, user)?;
        self.store().write(SetChat { user, contact, pinned, muted_until, marked_unread }).await
    }

    /// Deletes the messages with `contact` up to `seq` for the caller alone. With `hide` the
    /// conversation also leaves their list.
    pub async fn clear_chat(
        &self,
        caller: Caller,
        contact: Contact,
        seq: i64,
        hide: bool,
    ) -> Result<()> {
        self.0.throttle.count(Limit::Messages, caller.user)?;
        self.store().write(ClearChat { user: caller.user, contact, seq, hide }).await
    }

    /// Reports that the caller is typing to `contact`. `NotAContact` when they may not write to
    /// them, except for a block: a refusal would tell the caller that they are blocked.
    pub async fn typing(&self, caller: Caller, contact: Contact) -> Result<()> {
        self.0.throttle.count(Limit::Typing, caller.user)?;
        let presence = &self.0.presence;
        if let Contact::User(to) = contact
            && presence.renew_typing(caller.user, to)
        {
            return Ok(());
        }
        // Read before the look-up: otherwise a block between the two would be overlooked.
        let revocations = presence.revocations();
        let (store, contacts) = (self.store(), self.policy().contacts);
        if !store.may_write(caller.user, contact, contacts).await? {
            return match contact {
                Contact::User(to) if store.is_contact(caller.user, to, contacts).await? => Ok(()),
                _ => Err(KithError::NotAContact),
            };
        }
        if let Contact::User(to) = contact {
            presence.start_typing(caller.user, to, revocations);
        }
        Ok(())
    }

    /// Returns a page of the caller's history with `contact`, before the `seq` in `before`.
    pub async fn history(
        &self,
        caller: Caller,
        contact: Contact,
        before: Option<i64>,
    ) -> Result<History> {
        self.store().history(caller.user, contact, before, self.policy().contacts).await
    }

    /// Moves the caller's read mark to `seq`.
    pub async fn mark_read(&self, caller: Caller, contact: Contact, seq: i64) -> Result<()> {
        self.store().write(MarkRead { user: caller.user, contact, seq }).await
    }

    /// Returns the snapshot that a page starts from. The cursor is read first: events during the
    /// other reads are delivered again, and applying them twice does no harm. The mailbox is joined
    /// before that, so that the page's first receive is served from memory.
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
            // A mute that is over is none.
            state.own.muted_until = state.own.muted_until.filter(|until| *until > now);
        }
        Ok(Snapshot {
            people: self.people_in_groups(&conversations, open.as_ref()).await?,
            cursor,
            build: self.policy().build.clone(),
            hold_ms: self.policy().hold.as_millis().try_into().unwrap_or(HoldMs::MAX),
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

    /// Returns the people in the last messages of groups, and in the open group.
    async fn people_in_groups(
        &self,
        conversations: &[ConversationState],
        open: Option<&OpenConversation>,
    ) -> Result<Vec<Person>> {
        let groups =
            conversations.iter().filter(|state| matches!(state.contact, Contact::Group(_)));
        let last = groups.filter_map(|state| state.last_message.as_ref());
        let open = open.filter(|open| matches!(open.contact, Contact::Group(_)));
        let open = open.into_iter().flat_map(|open| &open.history.messages);
        let ids: BTreeSet<UserId> = last.chain(open).flat_map(Message::people).collect();
        // In chunks, because each id is a parameter of the statement.
        let mut people = Vec::with_capacity(ids.len());
        for chunk in Vec::from_iter(ids).chunks(PEOPLE_BY_ID_MAX) {
            people.extend(self.store().people(chunk).await?);
        }
        Ok(people)
    }

    /// Returns the conversation with `contact`; `None` when that is not a contact of the caller.
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
