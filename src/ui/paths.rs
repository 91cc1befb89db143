//! Every page's path, written and read here alone.

use crate::model::Contact;

pub const SIGN_IN: &str = "/sign-in";
pub const REGISTER: &str = "/register";
pub const SETTINGS: &str = "/settings";
/// Documents that the server renders alone; the router does not know their paths.
pub const ADMINISTRATION: &str = "/admin";
pub const NEW_PASSWORD: &str = "/new-password";
/// The start of a group's link; the token follows.
pub const JOIN: &str = "/join/";

/// The last segment of a profile's path.
const PROFILE: &str = "profile";

/// The lists of the contact panel. Not a tab of the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ContactTab {
    #[default]
    Chats,
    Friends,
    Groups,
}

impl ContactTab {
    pub const ALL: [Self; 3] = [Self::Chats, Self::Friends, Self::Groups];

    /// The first segment of this list's path.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Chats => "chats",
            Self::Friends => "friends",
            Self::Groups => "groups",
        }
    }

    /// The path of this list, with `contact` open beside it.
    pub fn path(self, contact: Option<Contact>) -> String {
        match contact {
            Some(contact) => format!("/{}/{contact}", self.word()),
            None => format!("/{}", self.word()),
        }
    }

    /// The path of this list, with the profile of `contact` open.
    pub fn profile_path(self, contact: Contact) -> String {
        format!("{}/{PROFILE}", self.path(Some(contact)))
    }
}

/// The pages of a signed-in user. The chat page is one page, whichever list it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    Chat { tab: ContactTab, contact: Option<Contact>, profile: bool },
    Settings,
}

impl Page {
    /// Reads a path that the router accepted. A segment that is not a contact is ignored.
    pub fn of_path(path: &str) -> Self {
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        let first = segments.next().unwrap_or_default();
        if format!("/{first}") == SETTINGS {
            return Self::Settings;
        }
        let tab = ContactTab::ALL.into_iter().find(|tab| tab.word() == first).unwrap_or_default();
        let contact = segments.next().and_then(|segment| segment.parse().ok());
        let profile = contact.is_some() && segments.next() == Some(PROFILE);
        Self::Chat { tab, contact, profile }
    }
}

/// The path of a group's link.
pub fn join_path(token: &str) -> String {
    format!("{JOIN}{token}")
}

/// Returns the path of `page`, which leads on to `back` afterwards.
pub fn with_back(page: &str, back: Option<&str>) -> String {
    match back {
        Some(back) => format!("{page}?back={}", leptos_router::location::Url::escape(back)),
        None => page.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::model::{GroupId, UserId};

    #[test]
    fn page_paths_parse_back_to_the_page_that_wrote_them() {
        for tab in ContactTab::ALL {
            for contact in [None, Some(Contact::User(UserId(3))), Some(Contact::Group(GroupId(3)))]
            {
                let page = Page::Chat { tab, contact, profile: false };
                assert_eq!(Page::of_path(&tab.path(contact)), page);
            }
            let contact = Contact::User(UserId(3));
            let page = Page::Chat { tab, contact: Some(contact), profile: true };
            assert_eq!(Page::of_path(&tab.profile_path(contact)), page);
        }
        assert_eq!(Page::of_path("/settings"), Page::Settings);
    }

    #[test]
    fn a_path_with_an_unreadable_contact_opens_no_conversation() {
        let nothing = Page::Chat { tab: ContactTab::Friends, contact: None, profile: false };
        assert_eq!(Page::of_path("/friends/user-x"), nothing);
        assert_eq!(Page::of_path("/friends/"), nothing);
    }
}
