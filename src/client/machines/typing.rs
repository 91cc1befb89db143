//! How often the page tells the server that its user types.

use crate::model::Contact;

/// One's own typing is told at most this often, in milliseconds.
const TYPING_INTERVAL_MS: f64 = 3_000.0;

/// When one's own typing was told last.
#[derive(Debug, Default)]
pub struct TypingThrottle {
    last_sent: Option<(Contact, f64)>,
}

impl TypingThrottle {
    /// One types to `contact`: returns whether to tell the server.
    pub fn should_send(&mut self, contact: Contact, now_ms: f64) -> bool {
        let recently = self.last_sent.is_some_and(|(contact_before, at_ms)| {
            contact_before == contact && (at_ms..at_ms + TYPING_INTERVAL_MS).contains(&now_ms)
        });
        if !recently {
            self.last_sent = Some((contact, now_ms));
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
        let mut typing = TypingThrottle::default();
        assert!(typing.should_send(WITH_BOB, 0.0));
        assert!(!typing.should_send(WITH_BOB, 2_999.0));
        assert!(typing.should_send(WITH_BOB, 3_000.0));
        assert!(typing.should_send(Contact::User(ANN), 3_001.0));
        assert!(typing.should_send(WITH_BOB, 3_002.0));
        assert!(typing.should_send(WITH_BOB, 0.0), "a clock that was set back silences nobody");
    }
}
