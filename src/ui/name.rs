//! The name under which a contact is shown, in the reader's language where there is none.

use leptos_i18n::I18nContext;

use crate::client::session_cache::SessionCache;
use crate::model::{Contact, UserId};

use super::i18n::{Locale, t_string};

/// Returns the remark, else the name that they gave themselves; it follows all of them.
pub fn name_of(i18n: I18nContext<Locale>, cache: SessionCache, contact: Contact) -> String {
    cache.name_of(contact).unwrap_or_else(|| match contact {
        Contact::User(user) if is_deleted(cache, user) => t_string!(i18n, deleted_account).into(),
        _ => t_string!(i18n, somebody).into(),
    })
}

/// Whether their account is gone.
pub fn is_deleted(cache: SessionCache, user: UserId) -> bool {
    cache.person(user).is_some_and(|person| person.deleted)
}
