//! Throttle for telling the server that this user is typing.

use crate::model::Contact;

/// Minimum interval between two reports for one conversation, in milliseconds.
const TYPING_INTERVAL_MS: f64 = 3_000.0;

#[derive(Debug, Default)]
pub struct TypingThrottle {
    /// Conversation and time of the last report.
    last_sent: Option<(Contact, f64)>,
}

impl TypingThrottle {
    /// The user types to `contact`. Returns whether to tell the server.
    pub fn should_send(&mut self, contact: Contact, now_ms: f64) -> bool {
        let too_soon = self.last_sent.is_some_and(|(last, at_ms)| {
            last == contact && (at_ms..at_ms + TYPING_INTERVAL_MS).contains(&now_ms)
        });
        if !too_soon {
            self.last_sent = Some((contact, now_ms));
        }
        !too_soon
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::model::UserId;

    const ANN: UserId = UserId(1);
    const WITH_BOB: Contact = Contact::User(UserId(2));

    #[test]
    fn typing_is_reported_at_most_every_three_seconds_for_each_conversation() {
        let mut typing = TypingThrottle::default();
        assert!(typing.should_send(WITH_BOB, 0.0));
        assert!(!typing.should_send(WITH_BOB, 2_999.0));
        assert!(typing.should_send(WITH_BOB, 3_000.0));
        assert!(typing.should_send(Contact::User(ANN), 3_001.0));
        assert!(typing.should_send(WITH_BOB, 3_002.0));
        assert!(
            typing.should_send(WITH_BOB, 0.0),
            "a clock that was set back does not suppress reports"
        );
    }
}
