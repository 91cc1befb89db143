//! How often the page tells the server that its user types.

use crate::model::Contact;

/// One's own typing is told at most this often, in milliseconds.
const TELL_MS: f64 = 3_000.0;

/// When one's own typing was told last.
#[derive(Debug, Default)]
pub struct TypingTold {
    last: Option<(Contact, f64)>,
}

impl TypingTold {
    /// One types to `contact`: returns whether to tell the server.
    pub fn due(&mut self, contact: Contact, now_ms: f64) -> bool {
        let recently = self.last.is_some_and(|(told, at_ms)| {
            told == contact && (at_ms..at_ms + TELL_MS).contains(&now_ms)
        });
        if !recently {
            self.last = Some((contact, now_ms));
        }
        !recently
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::model::UserId;

    const ANN: UserId = UserId(1);
    const WITH_BOB: Contact = Contact::User(UserId(2));

    #[test]
    fn typing_is_told_at_most_every_three_seconds_for_each_conversation() {
        let mut told = TypingTold::default();
        assert!(told.due(WITH_BOB, 0.0));
        assert!(!told.due(WITH_BOB, 2_999.0));
        assert!(told.due(WITH_BOB, 3_000.0));
        assert!(told.due(Contact::User(ANN), 3_001.0));
        assert!(told.due(WITH_BOB, 3_002.0));
        assert!(told.due(WITH_BOB, 0.0), "a clock that was set back silences nobody");
    }
}
