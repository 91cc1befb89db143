//! The sentences of the audit log, in the reader's language and with the names of that time.

use crate::client::machines::clock::Moment;
use crate::model::Role;
use crate::model::administration::{AuditedAction, RegistrationMode};
use crate::ui::i18n::{Locale, td_string};

/// Returns the sentence of an action. The log shows its author in another column.
pub fn audit_line(locale: Locale, act: &AuditedAction) -> String {
    match act {
        AuditedAction::CreateUser { username: user, administrator: false, .. } => {
            td_string!(locale, act_create_user, user = user)
        }
        AuditedAction::CreateUser { username: user, administrator: true, .. } => {
            td_string!(locale, act_create_administrator, user = user)
        }
        AuditedAction::EditUser { username: user, display_name: name, was: None, .. } => {
            td_string!(locale, act_edit_user, user = user, name = name)
        }
        AuditedAction::EditUser { username: user, display_name: name, was: Some(was), .. } => {
            td_string!(locale, act_rename_user, was = was, user = user, name = name)
        }
        AuditedAction::DisableUser { username: user, .. } => {
            td_string!(locale, act_disable_user, user = user)
        }
        AuditedAction::EnableUser { username: user, .. } => {
            td_string!(locale, act_enable_user, user = user)
        }
        AuditedAction::SetPassword { username: user, .. } => {
            td_string!(locale, act_set_password, user = user)
        }
        AuditedAction::SignOutUser { username: user, .. } => {
            td_string!(locale, act_sign_out_user, user = user)
        }
        AuditedAction::SetAdministrator { username: user, administrator: true, .. } => {
            td_string!(locale, act_make_administrator, user = user)
        }
        AuditedAction::SetAdministrator { username: user, administrator: false, .. } => {
            td_string!(locale, act_unmake_administrator, user = user)
        }
        AuditedAction::DeleteUser { username: user, .. } => {
            td_string!(locale, act_delete_user, user = user)
        }
        AuditedAction::EndFriendship { username: user, friend_username: friend, .. } => {
            td_string!(locale, act_end_friendship, user = user, friend = friend)
        }
        AuditedAction::CreateGroup { name: group, .. } => {
            td_string!(locale, act_create_group, group = group)
        }
        AuditedAction::EditGroup { name: group, was: None, .. } => {
            td_string!(locale, act_edit_group, group = group)
        }
        AuditedAction::EditGroup { name: group, was: Some(was), .. } => {
            td_string!(locale, act_rename_group, was = was, group = group)
        }
        AuditedAction::EndJoinLink { name: group, .. } => {
            td_string!(locale, act_end_join_link, group = group)
        }
        AuditedAction::AddMember { name: group, username: user, .. } => {
            td_string!(locale, act_add_member, group = group, user = user)
        }
        AuditedAction::RemoveMember { name: group, username: user, .. } => {
            td_string!(locale, act_remove_member, group = group, user = user)
        }
        AuditedAction::SetRole { name: group, username: user, role, .. } => match role {
            Role::Member => td_string!(locale, act_unmake_admin, group = group, user = user),
            Role::Admin => td_string!(locale, act_make_admin, group = group, user = user),
            Role::Owner => td_string!(locale, act_hand_over, group = group, user = user),
        },
        AuditedAction::DisbandGroup { name: group, .. } => {
            td_string!(locale, act_disband_group, group = group)
        }
        AuditedAction::SetRegistration { mode } => match mode {
            RegistrationMode::Open => td_string!(locale, act_registration_open),
            RegistrationMode::Closed => td_string!(locale, act_registration_closed),
            RegistrationMode::ByLink => td_string!(locale, act_registration_by_link),
        }
        .to_string(),
        AuditedAction::CreateRegistrationLink { uses, until } => {
            let date = Moment::utc(*until).date_text();
            td_string!(locale, act_create_link, count = *uses, date = date)
        }
        AuditedAction::RevokeRegistrationLink => td_string!(locale, act_revoke_link).to_string(),
    }
}
