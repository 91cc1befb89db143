//! Whom one talks to: a contact is one side's view of a conversation.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{GroupId, UserId};

/// Somebody to write to: a person or a group. Written `user-12` or `group-3` in addresses,
/// forms, JSON and storage keys, so that user 3 and group 3 never meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Contact {
    User(UserId),
    Group(GroupId),
}

impl Contact {
    /// The conversation that `me` has with this contact.
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

/// A conversation as everybody in it sees it, the same for both sides of a direct one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conversation {
    /// The two people, the smaller id first: one conversation for each pair.
    Direct(UserId, UserId),
    Group(GroupId),
}

impl Conversation {
    /// The direct conversation of two people, whoever is named first.
    pub fn direct(one: UserId, other: UserId) -> Self {
        Self::Direct(one.min(other), one.max(other))
    }

    /// The contact under which `me` knows this conversation.
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
        assert_eq!(user.to_string().parse(), Ok(user));
        assert_eq!(group.to_string().parse(), Ok(group));
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
    fn anything_else_is_no_contact() {
        for text in ["", "3", "user-", "user-x", "room-3", "user-3-4"] {
            assert!(text.parse::<Contact>().is_err(), "{text}");
        }
    }
}
