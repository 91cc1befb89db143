//! The sentences of the audit log, in the reader's language and with the names of that time.

use crate::client::machines::clock::Moment;
use crate::model::Role;
use crate::model::administration::{Act, RegistrationMode};
use crate::ui::i18n::{Locale, td_string};

/// Returns the sentence of an action. The log shows its author in another column.
pub fn audit_line(locale: Locale, act: &Act) -> String {
    match act {
        Act::CreateUser { username: user, administrator: false, .. } => {
            td_string!(locale, act_create_user, user = user)
        }
        Act::CreateUser { username: user, administrator: true, .. } => {
            td_string!(locale, act_create_administrator, user = user)
        }
        Act::EditUser { username: user, display_name: name, was: None, .. } => {
            td_string!(locale, act_edit_user, user = user, name = name)
        }
        Act::EditUser { username: user, display_name: name, was: Some(was), .. } => {
            td_string!(locale, act_rename_user, was = was, user = user, name = name)
        }
        Act::DisableUser { username: user, .. } => {
            td_string!(locale, act_disable_user, user = user)
        }
        Act::EnableUser { username: user, .. } => td_string!(locale, act_enable_user, user = user),
        Act::SetPassword { username: user, .. } => {
            td_string!(locale, act_set_password, user = user)
        }
        Act::SignOutUser { username: user, .. } => {
            td_string!(locale, act_sign_out_user, user = user)
        }
        Act::SetAdministrator { username: user, administrator: true, .. } => {
            td_string!(locale, act_make_administrator, user = user)
        }
        Act::SetAdministrator { username: user, administrator: false, .. } => {
            td_string!(locale, act_unmake_administrator, user = user)
        }
        Act::DeleteUser { username: user, .. } => td_string!(locale, act_delete_user, user = user),
        Act::EndFriendship { username: user, friend_username: friend, .. } => {
            td_string!(locale, act_end_friendship, user = user, friend = friend)
        }
        Act::CreateGroup { name: group, .. } => {
            td_string!(locale, act_create_group, group = group)
        }
        Act::EditGroup { name: group, was: None, .. } => {
            td_string!(locale, act_edit_group, group = group)
        }
        Act::EditGroup { name: group, was: Some(was), .. } => {
            td_string!(locale, act_rename_group, was = was, group = group)
        }
        Act::EndJoinLink { name: group, .. } => {
            td_string!(locale, act_end_join_link, group = group)
        }
        Act::AddMember { name: group, username: user, .. } => {
            td_string!(locale, act_add_member, group = group, user = user)
        }
        Act::RemoveMember { name: group, username: user, .. } => {
            td_string!(locale, act_remove_member, group = group, user = user)
        }
        Act::SetRole { name: group, username: user, role, .. } => match role {
            Role::Member => td_string!(locale, act_unmake_admin, group = group, user = user),
            Role::Admin => td_string!(locale, act_make_admin, group = group, user = user),
            Role::Owner => td_string!(locale, act_hand_over, group = group, user = user),
        },
        Act::DisbandGroup { name: group, .. } => {
            td_string!(locale, act_disband_group, group = group)
        }
        Act::SetRegistration { mode } => match mode {
            RegistrationMode::Open => td_string!(locale, act_registration_open),
            RegistrationMode::Closed => td_string!(locale, act_registration_closed),
            RegistrationMode::ByLink => td_string!(locale, act_registration_by_link),
        }
        .to_string(),
        Act::CreateRegistrationLink { uses, until } => {
            let date = Moment::utc(*until).date_text();
            td_string!(locale, act_create_link, count = *uses, date = date)
        }
        Act::RevokeRegistrationLink => td_string!(locale, act_revoke_link).to_string(),
    }
}
