//! Sending, history, read marks, and what a page starts from.

use super::{Caller, Kith};
use crate::error::{KithError, Result};
use crate::model::{
    ClientId, Contact, Contacts, Cursor, History, Hold, Message, OpenConversation, Snapshot,
    validation,
};
use crate::store::{MarkRead, SendMessage};

impl Kith {
    /// Stores a message of the caller's and returns it once it is on disk.
    pub async fn send_message(
        &self,
        caller: Caller,
        contact: Contact,
        client_id: ClientId,
        text: &str,
    ) -> Result<Message> {
        let text = validation::message(text)?;
        self.0.throttle.message_of(caller.user)?;
        self.store().send(SendMessage { sender: caller.user, contact, client_id, text }).await
    }

    /// Returns a page of the caller's history with `contact`, older than `before`.
    pub async fn history(
        &self,
        caller: Caller,
        contact: Contact,
        before: Option<i64>,
    ) -> Result<History> {
        self.store().history(caller.user, contact, before).await
    }

    /// Sets the caller's read mark.
    pub async fn mark_read(&self, caller: Caller, contact: Contact, seq: i64) -> Result<()> {
        self.store().write(MarkRead { user: caller.user, contact, seq }).await
    }

    /// Returns what a page starts from. The cursor is read first: what happens while the rest
    /// is read is delivered again, and applying it twice does no harm.
    pub async fn load_page(&self, caller: Caller, contact: Option<Contact>) -> Result<Snapshot> {
        let mailboxes = &self.0.mailboxes;
        let cursor = Cursor { epoch: mailboxes.epoch().to_string(), id: mailboxes.head() };
        let user = caller.user;
        let store = self.store();
        let open = match contact {
            Some(contact) => match store.history(user, contact, None).await {
                Ok(history) => Some(OpenConversation { contact, person: None, history }),
                Err(KithError::NotAContact) => None,
                Err(error) => return Err(error),
            },
            None => None,
        };
        Ok(Snapshot {
            cursor,
            build: self.policy().build.clone(),
            hold_ms: self.policy().hold.as_millis().try_into().unwrap_or(Hold::MAX),
            me: store.me(user).await?,
            contacts: Contacts::Friends,
            blocked: Vec::new(),
            friends: store.friends(user).await?,
            requests: store.friend_requests(user).await?,
            groups: store.groups(user).await?,
            conversations: store.conversations(user).await?,
            open,
            form_client_id: ClientId::random(),
        })
    }
}
