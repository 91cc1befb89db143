//! Which conversations keep what was loaded of them: the last few that were open. Memory stays
//! bounded, however many one goes through.

use crate::model::Contact;

/// So many conversations keep their loaded messages.
pub const LOADED_MAX: usize = 40;
/// A conversation that is left at its newest message keeps at most so many; else the newest ones.
pub const WINDOW_MAX: usize = 500;
/// What such a conversation is cut down to.
pub const WINDOW_TRIMMED: usize = 100;

#[derive(Debug, Default)]
pub struct Recent {
    /// The last opened at the end.
    opened: Vec<Contact>,
}

impl Recent {
    /// A conversation is opened. Returns the one that has to let go of its messages for it.
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
    fn the_one_that_was_not_opened_for_longest_lets_go() {
        let contact = |n: usize| Contact::User(UserId(n as i64));
        let mut recent = Recent::default();
        assert!((0..LOADED_MAX).all(|n| recent.opened(contact(n)).is_none()));
        assert_eq!(recent.opened(contact(0)), None, "it was here already");
        assert_eq!(recent.opened(contact(99)), Some(contact(1)));
        assert_eq!(recent.opened(contact(1)), Some(contact(2)));
    }
}
