//! The conversations that keep their loaded messages: the ones opened last. This bounds the memory
//! of a page, however many conversations the user opens.

use crate::model::Contact;

/// Maximum number of conversations that keep their loaded messages.
pub const LOADED_MAX: usize = 40;
/// Maximum number of loaded messages of a conversation whose reader is at the newest one.
pub const MESSAGES_MAX: usize = 500;
/// Number of messages to which a conversation above `MESSAGES_MAX` is trimmed.
pub const MESSAGES_AFTER_TRIM: usize = 100;

#[derive(Debug, Default)]
pub struct Recent {
    /// In the order in which they were opened, the last one at the end.
    opened: Vec<Contact>,
}

impl Recent {
    /// A conversation is opened. Returns the conversation that has to unload its messages.
    pub fn opened(&mut self, contact: Contact) -> Option<Contact> {
        self.opened.retain(|known| *known != contact);
        self.opened.push(contact);
        (self.opened.len() > LOADED_MAX).then(|| self.opened.remove(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::model::UserId;

    #[test]
    fn the_conversation_opened_longest_ago_is_unloaded() {
        let contact = |n: usize| Contact::User(UserId(n as i64));
        let mut recent = Recent::default();
        assert!((0..LOADED_MAX).all(|n| recent.opened(contact(n)).is_none()));
        assert_eq!(recent.opened(contact(0)), None, "the conversation is loaded already");
        assert_eq!(recent.opened(contact(99)), Some(contact(1)));
        assert_eq!(recent.opened(contact(1)), Some(contact(2)));
    }
}
