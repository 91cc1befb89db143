//! Contacts and conversations. A contact is one user's view of a conversation.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{GroupId, UserId};

/// A person or a group to write to. Written `user-12` or `group-3` in URLs, forms, JSON and storage
/// keys, so that user 3 and group 3 are never mixed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Contact {
    User(UserId),
    Group(GroupId),
}

impl Contact {
    /// Returns the conversation that `me` has with this contact.
    pub fn conversation_with(self, me: UserId) -> Conversation {
        match self {
            Self::User(other) => Conversation::direct(me, other),
            Self::Group(group) => Conversation::Group(group),
        }
    }
}

impl fmt::Display for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user-{id}"),
            Self::Group(id) => write!(f, "group-{id}"),
        }
    }
}

impl FromStr for Contact {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "a contact is written user-NUMBER or group-NUMBER";
        let (kind, id) = text.split_once('-').ok_or(WRONG)?;
        match kind {
            "user" => id.parse().map(Self::User).map_err(|_| WRONG),
            "group" => id.parse().map(Self::Group).map_err(|_| WRONG),
            _ => Err(WRONG),
        }
    }
}

impl TryFrom<String> for Contact {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Contact> for String {
    fn from(contact: Contact) -> Self {
        contact.to_string()
    }
}

/// A conversation, named in the same way for all its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conversation {
    /// Two people, the smaller id first: a pair has one conversation.
    Direct(UserId, UserId),
    Group(GroupId),
}

impl Conversation {
    /// Returns the direct conversation of two people, in either order.
    pub fn direct(one: UserId, other: UserId) -> Self {
        Self::Direct(one.min(other), one.max(other))
    }

    /// Returns the contact that this conversation is for `me`.
    pub fn contact_of(self, me: UserId) -> Contact {
        match self {
            Self::Direct(low, high) if low == me => Contact::User(high),
            Self::Direct(low, _) => Contact::User(low),
            Self::Group(group) => Contact::Group(group),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_3_and_group_3_are_different_contacts() {
        let user = Contact::User(UserId(3));
        let group = Contact::Group(GroupId(3));
        assert_ne!(user, group);
        for contact in [user, group] {
            // Each variant must be in this list: a new one does not compile here.
            match contact {
                Contact::User(_) | Contact::Group(_) => {}
            }
            assert_eq!(contact.to_string().parse(), Ok(contact));
        }
        assert_ne!(user.to_string(), group.to_string());
    }

    #[test]
    fn both_sides_name_the_same_direct_conversation() {
        let (ann, bob) = (UserId(2), UserId(10));
        assert_eq!(Conversation::direct(ann, bob), Conversation::direct(bob, ann));
        let both = Conversation::direct(bob, ann);
        assert_eq!(both.contact_of(ann), Contact::User(bob));
        assert_eq!(both.contact_of(bob), Contact::User(ann));
    }

    #[test]
    fn other_texts_are_not_read_as_a_contact() {
        for text in ["", "3", "user-", "user-x", "room-3", "user-3-4"] {
            assert!(text.parse::<Contact>().is_err(), "{text}");
        }
    }
}
