//! The addresses of the administration, written and read in one place.

use crate::model::{GroupId, UserId};
use crate::ui::i18n::{Locale, td_string};
use crate::ui::paths::ADMINISTRATION;

/// A page of the administration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdminPage {
    Overview,
    People,
    NewPerson,
    Person(UserId),
    Groups,
    NewGroup,
    Group(GroupId),
    Registration,
    Log,
}

impl AdminPage {
    /// Those that the navigation leads to.
    pub const MAIN: [Self; 5] =
        [Self::Overview, Self::People, Self::Groups, Self::Registration, Self::Log];

    pub fn of_path(path: &str) -> Option<Self> {
        let rest = path.strip_prefix(ADMINISTRATION)?;
        let mut segments = rest.split('/');
        if !segments.next()?.is_empty() {
            return None;
        }
        let segments: Vec<&str> = segments.collect();
        Some(match segments.as_slice() {
            [] => Self::Overview,
            ["people"] => Self::People,
            ["people", "new"] => Self::NewPerson,
            ["people", user] => Self::Person(user.parse().ok()?),
            ["groups"] => Self::Groups,
            ["groups", "new"] => Self::NewGroup,
            ["groups", group] => Self::Group(group.parse().ok()?),
            ["registration"] => Self::Registration,
            ["log"] => Self::Log,
            _ => return None,
        })
    }

    pub fn path(self) -> String {
        let rest = match self {
            Self::Overview => String::new(),
            Self::People => "/people".into(),
            Self::NewPerson => "/people/new".into(),
            Self::Person(user) => format!("/people/{user}"),
            Self::Groups => "/groups".into(),
            Self::NewGroup => "/groups/new".into(),
            Self::Group(group) => format!("/groups/{group}"),
            Self::Registration => "/registration".into(),
            Self::Log => "/log".into(),
        };
        format!("{ADMINISTRATION}{rest}")
    }

    /// The path with which this page says afterwards what was done.
    pub fn after(self, done: Confirmation) -> String {
        format!("{}?done={}", self.path(), done.word())
    }

    /// The one of the navigation under which this one is found.
    pub fn main(self) -> Self {
        match self {
            Self::NewPerson | Self::Person(_) => Self::People,
            Self::NewGroup | Self::Group(_) => Self::Groups,
            main => main,
        }
    }

    pub fn title(self, locale: Locale) -> &'static str {
        match self {
            Self::Overview => td_string!(locale, admin_overview),
            Self::People | Self::Person(_) => td_string!(locale, admin_people),
            Self::NewPerson => td_string!(locale, admin_new_person),
            Self::Groups | Self::Group(_) => td_string!(locale, groups),
            Self::NewGroup => td_string!(locale, new_group),
            Self::Registration => td_string!(locale, admin_registration),
            Self::Log => td_string!(locale, admin_log),
        }
    }
}

/// What was just done, as the next page says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    Created,
    Saved,
    Disabled,
    Enabled,
    PasswordSet,
    SignedOut,
    Administrator,
    NoAdministrator,
    Deleted,
    Unfriended,
    Added,
    Removed,
    RoleSet,
    Disbanded,
    LinkMade,
    LinkRevoked,
    JoinLinkEnded,
}

impl Confirmation {
    const ALL: [Self; 17] = [
        Self::Created,
        Self::Saved,
        Self::Disabled,
        Self::Enabled,
        Self::PasswordSet,
        Self::SignedOut,
        Self::Administrator,
        Self::NoAdministrator,
        Self::Deleted,
        Self::Unfriended,
        Self::Added,
        Self::Removed,
        Self::RoleSet,
        Self::Disbanded,
        Self::LinkMade,
        Self::LinkRevoked,
        Self::JoinLinkEnded,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Saved => "saved",
            Self::Disabled => "disabled",
            Self::Enabled => "enabled",
            Self::PasswordSet => "password-set",
            Self::SignedOut => "signed-out",
            Self::Administrator => "administrator",
            Self::NoAdministrator => "no-administrator",
            Self::Deleted => "deleted",
            Self::Unfriended => "unfriended",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::RoleSet => "role-set",
            Self::Disbanded => "disbanded",
            Self::LinkMade => "link-made",
            Self::LinkRevoked => "link-revoked",
            Self::JoinLinkEnded => "join-link-ended",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|done| done.word() == word)
    }

    pub fn sentence(self, locale: Locale) -> &'static str {
        match self {
            Self::Created => td_string!(locale, admin_done_created),
            Self::Saved => td_string!(locale, saved),
            Self::Disabled => td_string!(locale, admin_done_disabled),
            Self::Enabled => td_string!(locale, admin_done_enabled),
            Self::PasswordSet => td_string!(locale, admin_done_password),
            Self::SignedOut => td_string!(locale, admin_done_signed_out),
            Self::Administrator => td_string!(locale, admin_done_administrator),
            Self::NoAdministrator => td_string!(locale, admin_done_no_administrator),
            Self::Deleted => td_string!(locale, admin_done_deleted),
            Self::Unfriended => td_string!(locale, admin_done_unfriended),
            Self::Added => td_string!(locale, admin_done_added),
            Self::Removed => td_string!(locale, admin_done_removed),
            Self::RoleSet => td_string!(locale, admin_done_role),
            Self::Disbanded => td_string!(locale, admin_done_disbanded),
            Self::LinkMade => td_string!(locale, admin_done_link),
            Self::LinkRevoked => td_string!(locale, admin_done_revoked),
            Self::JoinLinkEnded => td_string!(locale, admin_done_join_link),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_as_they_are_written() {
        let others = [AdminPage::NewPerson, AdminPage::Person(UserId(3)), AdminPage::NewGroup];
        for place in AdminPage::MAIN.into_iter().chain(others).chain([AdminPage::Group(GroupId(3))])
        {
            assert_eq!(AdminPage::of_path(&place.path()), Some(place));
        }
        for nothing in ["/admin/", "/administer", "/admin/people/ann", "/admin/log/1", "/"] {
            assert_eq!(AdminPage::of_path(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn what_was_done_is_read_as_it_is_written() {
        for done in Confirmation::ALL {
            assert_eq!(Confirmation::named(done.word()), Some(done));
        }
    }
}
