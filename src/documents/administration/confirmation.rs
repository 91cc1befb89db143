//! The sentences that confirm what a form of the administration did, on the page after it.

use crate::ui::i18n::{Locale, td_string};

/// Something that was just done.
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

    pub fn from_word(word: &str) -> Option<Self> {
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
    fn every_word_in_an_address_reads_back_as_its_confirmation() {
        for done in Confirmation::ALL {
            assert_eq!(Confirmation::from_word(done.word()), Some(done));
        }
    }
}
