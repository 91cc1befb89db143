//! Contacts and cursors: their written forms.

use super::{config, text_of};
use kith::model::{ClientId, Contact, Conversation, Cursor, EventId, GroupId, UserId};
use proptest::prelude::*;

const PARTS: &[&str] = &["user-", "group-", "-", "+", "0", "7", "9223372036854775807", ".", "k3f9"];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn contact_is_read_as_it_is_written(id in any::<i64>()) {
        for contact in [Contact::User(UserId(id)), Contact::Group(GroupId(id))] {
            prop_assert_eq!(contact.to_string().parse(), Ok(contact));
            let json = serde_json::to_vec(&contact).expect("JSON");
            prop_assert_eq!(kith::wire::read::<Contact>(&json), Ok(contact));
        }
    }

    #[test]
    fn any_text_is_a_contact_or_an_error(text in text_of(PARTS)) {
        if let Ok(contact) = text.parse::<Contact>() {
            prop_assert_eq!(contact.to_string().parse(), Ok(contact));
            prop_assert!(text.starts_with("user-") || text.starts_with("group-"));
        }
    }

    #[test]
    fn both_sides_have_the_same_direct_conversation(one in any::<i64>(), other in any::<i64>()) {
        let (one, other) = (UserId(one), UserId(other));
        let conversation = Contact::User(other).conversation_with(one);
        prop_assert_eq!(conversation, Contact::User(one).conversation_with(other));
        prop_assert_eq!(conversation, Conversation::direct(one, other));
        prop_assert_eq!(conversation.contact_of(one), Contact::User(other));
    }

    #[test]
    fn cursor_is_read_as_it_is_written(epoch in "[a-z0-9]{1,12}", id in 0..i64::MAX) {
        let cursor = Cursor { epoch, id: EventId(id) };
        prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
    }

    #[test]
    fn any_text_is_a_cursor_or_an_error(text in text_of(PARTS)) {
        if let Ok(cursor) = text.parse::<Cursor>() {
            prop_assert!(cursor.id.0 >= 0);
            prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
    }

    #[test]
    fn client_id_keeps_its_text_or_is_rejected(text in text_of(PARTS)) {
        if let Ok(client_id) = ClientId::try_from(text.clone()) {
            prop_assert_eq!(client_id.as_str(), &text);
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
            prop_assert!((1..=64).contains(&text.len()) && text.chars().all(plain));
        }
    }
}
