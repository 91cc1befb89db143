//! The pages of the administration and their paths, written and read here alone.

use crate::model::{GroupId, UserId};
use crate::ui::i18n::{Locale, td_string};
use crate::ui::paths::ADMINISTRATION;

use super::confirmation::Confirmation;

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
    /// The pages in the navigation.
    pub const SECTIONS: [Self; 5] =
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

    /// The path of this page with a confirmation on it.
    pub fn path_with(self, done: Confirmation) -> String {
        format!("{}?done={}", self.path(), done.word())
    }

    /// The page of the navigation that this page belongs to.
    pub fn section(self) -> Self {
        match self {
            Self::NewPerson | Self::Person(_) => Self::People,
            Self::NewGroup | Self::Group(_) => Self::Groups,
            section => section,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_every_page_reads_back_as_that_page() {
        let others = [AdminPage::NewPerson, AdminPage::Person(UserId(3)), AdminPage::NewGroup];
        for page in
            AdminPage::SECTIONS.into_iter().chain(others).chain([AdminPage::Group(GroupId(3))])
        {
            assert_eq!(AdminPage::of_path(&page.path()), Some(page));
        }
        for nothing in ["/admin/", "/administer", "/admin/people/ann", "/admin/log/1", "/"] {
            assert_eq!(AdminPage::of_path(nothing), None, "{nothing}");
        }
    }
}
