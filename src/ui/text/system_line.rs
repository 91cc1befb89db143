//! System lines of a conversation, in the reader's language and with current names.

use leptos_i18n::I18nContext;

use crate::client::cache::SessionCache;
use crate::model::{Contact, Message, Role, SystemLine, UserId};
use crate::ui::i18n::{Locale, t_string};

use super::name::{contact_name, shown_text};

/// Returns the sentence of a system line. Tracks names and language.
pub fn system_line(
    i18n: I18nContext<Locale>,
    cache: SessionCache,
    by: UserId,
    line: &SystemLine,
) -> String {
    let me = cache.me();
    let known = |user| contact_name(i18n, cache, Contact::User(user));
    let name = match by == me {
        true => t_string!(i18n, you).to_string(),
        false => known(by),
    };
    let them = |user: UserId| match user == me {
        true => t_string!(i18n, them_you).to_string(),
        false => known(user),
    };
    match line {
        SystemLine::Created => t_string!(i18n, line_created, name = name),
        SystemLine::Joined { by: who } if *who == by => t_string!(i18n, line_came, name = name),
        SystemLine::Joined { by } => t_string!(i18n, line_joined, name = name, other = them(*by)),
        SystemLine::Admitted { user } => {
            t_string!(i18n, line_admitted, name = name, other = them(*user))
        }
        SystemLine::Left => t_string!(i18n, line_left, name = name),
        SystemLine::Removed { user } => {
            t_string!(i18n, line_removed, name = name, other = them(*user))
        }
        SystemLine::Renamed { name: group } => {
            t_string!(i18n, line_renamed, name = name, group = group.clone())
        }
        SystemLine::RoleSet { user, role } => {
            let other = them(*user);
            match role {
                Role::Member => t_string!(i18n, line_unmade_admin, name = name, other = other),
                Role::Admin => t_string!(i18n, line_made_admin, name = name, other = other),
                Role::Owner => t_string!(i18n, line_handed_over, name = name, other = other),
            }
        }
        SystemLine::Inherited { user } => t_string!(i18n, line_inherited, other = them(*user)),
        SystemLine::Disbanded => t_string!(i18n, line_disbanded, name = name),
        SystemLine::Recalled { by: who } if *who == by => {
            t_string!(i18n, line_recalled, name = name)
        }
        SystemLine::Recalled { by: who } => {
            let admin = if *who == me { t_string!(i18n, you).to_string() } else { known(*who) };
            t_string!(i18n, line_recalled_of, name = admin, other = them(by))
        }
        SystemLine::Gone => String::new(),
        SystemLine::Unknown => t_string!(i18n, line_unknown).to_string(),
    }
}

/// Returns a message as one line of a list, in a group with its sender.
pub fn one_line(
    i18n: I18nContext<Locale>,
    cache: SessionCache,
    contact: Contact,
    message: &Message,
) -> String {
    if let Some(line) = &message.system {
        return system_line(i18n, cache, message.sender, line);
    }
    let text = shown_text(i18n, cache, contact, &message.text);
    match contact {
        _ if message.sender == cache.me() => t_string!(i18n, your_message, text = text),
        Contact::User(_) => text,
        Contact::Group(_) => {
            let name = contact_name(i18n, cache, Contact::User(message.sender));
            t_string!(i18n, their_message, name = name, text = text)
        }
    }
}
