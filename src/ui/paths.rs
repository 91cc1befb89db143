//! Every page's path, written and read in one place.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::model::Contact;

pub const SIGN_IN: &str = "/sign-in";
pub const REGISTER: &str = "/register";
pub const SETTINGS: &str = "/settings";
/// Plain documents, which the router knows nothing of.
pub const ADMINISTRATION: &str = "/admin";
pub const NEW_PASSWORD: &str = "/new-password";
/// A group's link; its token follows.
pub const JOIN: &str = "/join/";

/// The last segment of a contact's profile.
const PROFILE: &str = "profile";

/// The three lists of the contact panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    #[default]
    Chats,
    Friends,
    Groups,
}

impl Tab {
    pub const ALL: [Self; 3] = [Self::Chats, Self::Friends, Self::Groups];

    fn word(self) -> &'static str {
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

/// The pages of somebody who is signed in. The chat page is one page whatever list it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    Chat { tab: Tab, contact: Option<Contact>, profile: bool },
    Settings,
}

impl Page {
    /// Reads a path that the router has let through. What is no contact counts as none.
    pub fn of_path(path: &str) -> Self {
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        let first = segments.next().unwrap_or_default();
        if format!("/{first}") == SETTINGS {
            return Self::Settings;
        }
        let tab = Tab::ALL.into_iter().find(|tab| tab.word() == first).unwrap_or_default();
        let contact = segments.next().and_then(|segment| segment.parse().ok());
        let profile = contact.is_some() && segments.next() == Some(PROFILE);
        Self::Chat { tab, contact, profile }
    }
}

/// Where one is, derived from the address.
#[derive(Clone, Copy)]
pub struct CurrentRoute {
    pub is_settings: Memo<bool>,
    pub tab: Memo<Tab>,
    /// The contact whose conversation is open: the one highlight over all lists.
    pub open: Memo<Option<Contact>>,
    /// Whether their profile is open as well.
    pub is_profile: Memo<bool>,
    /// Where the chats were left: the way to them from elsewhere.
    pub chats: Memo<String>,
    /// The paths that led here, without detours that were taken back.
    trail: StoredValue<Vec<String>>,
}

impl CurrentRoute {
    /// Reads the address of the router around.
    pub fn from_router() -> Self {
        let path = use_location().pathname;
        let page = Memo::new(move |_| path.with(|path| Page::of_path(path)));
        let chat = move || match page.get() {
            Page::Chat { tab, contact, profile } => (tab, contact, profile),
            Page::Settings => (Tab::default(), None, false),
        };
        let trail = StoredValue::new(Vec::new());
        Effect::new(move |_| {
            let path = path.get();
            trail.update_value(|trail| step(trail, path));
        });
        let chats = Memo::new(move |before: Option<&String>| match (page.get(), before) {
            (Page::Settings, before) => {
                before.cloned().unwrap_or_else(|| Tab::default().path(None))
            }
            (Page::Chat { .. }, _) => path.get(),
        });
        Self {
            chats,
            trail,
            is_settings: Memo::new(move |_| page.get() == Page::Settings),
            tab: Memo::new(move |_| chat().0),
            open: Memo::new(move |_| chat().1),
            is_profile: Memo::new(move |_| chat().2),
        }
    }

    /// Whether one step back in the browser's history leads to `path`.
    pub fn came_from(&self, path: &str) -> bool {
        self.trail
            .with_value(|trail| trail.iter().rev().nth(1).is_some_and(|before| before == path))
    }
}

/// Follows one step to `path`. To go where one came from counts as a step back.
fn step(trail: &mut Vec<String>, path: String) {
    if trail.iter().rev().nth(1) == Some(&path) {
        trail.pop();
    } else if trail.last() != Some(&path) {
        trail.push(path);
    }
}

/// The path of the page to which a group's link leads.
pub fn join(token: &str) -> String {
    format!("{JOIN}{token}")
}

/// Returns `page` with `back` as the way to go on afterwards.
pub fn with_back(page: &str, back: Option<&str>) -> String {
    match back {
        Some(back) => format!("{page}?back={}", leptos_router::location::Url::escape(back)),
        None => page.to_string(),
    }
}

/// Whether this path shows something only to somebody who is signed in.
pub fn needs_sign_in(path: &str) -> bool {
    let first = path.split('/').nth(1).unwrap_or_default();
    first.is_empty()
        || path == SETTINGS
        || format!("/{first}") == ADMINISTRATION
        || path.starts_with(JOIN)
        || Tab::ALL.into_iter().any(|tab| tab.word() == first)
}

/// Whether the page at this path begins with something that the chat page does without.
pub fn begins_with_later(path: &str) -> bool {
    let begins_with_chats =
        matches!(Page::of_path(path), Page::Chat { tab: Tab::Chats, profile: false, .. });
    is_for_strangers(path) || !begins_with_chats
}

/// Whether this page is only for those who are not signed in.
pub fn is_for_strangers(path: &str) -> bool {
    path == SIGN_IN || path == REGISTER
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::model::{GroupId, UserId};

    #[test]
    fn paths_are_read_as_they_are_written() {
        for tab in Tab::ALL {
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
    fn everything_of_somebodys_own_needs_a_sign_in() {
        for path in ["/", "/chats", "/chats/user-3", "/friends", "/groups/group-1", "/settings"]
            .into_iter()
            .chain(["/admin", "/admin/people/3"])
        {
            assert!(needs_sign_in(path), "{path}");
        }
        for path in [
            "/sign-in",
            "/register",
            "/new-password",
            "/healthz",
            "/readyz",
            "/pkg/kith.css",
            "/nowhere",
        ] {
            assert!(!needs_sign_in(path), "{path}");
        }
    }

    #[test]
    fn the_list_of_chats_begins_with_nothing_of_later() {
        for path in ["/", "/chats", "/chats/user-3", "/chats/group-1", "/nowhere"] {
            assert!(!begins_with_later(path), "{path}");
        }
        for path in
            ["/sign-in", "/settings", "/friends", "/friends/user-3", "/groups", "/groups/group-1"]
        {
            assert!(begins_with_later(path), "{path}");
        }
        assert!(begins_with_later("/chats/user-3/profile"));
    }

    #[test]
    fn a_trail_forgets_the_steps_that_were_taken_back() {
        let mut trail = Vec::new();
        for (path, length) in [
            ("/chats", 1),
            ("/chats/user-2", 2),
            ("/settings", 3),
            ("/chats/user-2", 2),
            ("/chats", 1),
        ] {
            step(&mut trail, path.to_string());
            assert_eq!((trail.len(), trail.last().map(String::as_str)), (length, Some(path)));
        }
    }

    #[test]
    fn what_is_no_contact_opens_nothing() {
        let nothing = Page::Chat { tab: Tab::Friends, contact: None, profile: false };
        assert_eq!(Page::of_path("/friends/user-x"), nothing);
        assert_eq!(Page::of_path("/friends/"), nothing);
    }
}
