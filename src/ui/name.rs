//! The name under which a contact is shown, also where there is none.

use leptos_i18n::I18nContext;

use crate::client::session_cache::SessionCache;
use crate::model::Contact;

use super::i18n::{Locale, t_string};

/// Returns the name of a contact, or what stands in its place; it follows the cache and the
/// language.
pub fn contact_name(i18n: I18nContext<Locale>, cache: SessionCache, contact: Contact) -> String {
    cache.name_of(contact).unwrap_or_else(|| {
        let nameless = match cache.is_deleted(contact) {
            true => t_string!(i18n, deleted_account),
            false => t_string!(i18n, somebody),
        };
        nameless.to_string()
    })
}
