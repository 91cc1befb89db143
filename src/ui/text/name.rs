//! The name under which a contact is shown, also where there is none.

use leptos_i18n::I18nContext;

use crate::client::cache::SessionCache;
use crate::model::Contact;
use crate::model::mention::{self, MentionPiece};
use crate::ui::i18n::{Locale, t_string};

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

/// Returns a text as it is read: in a group, with names in the place of its tokens. It follows them.
pub fn spoken(
    i18n: I18nContext<Locale>,
    cache: SessionCache,
    contact: Contact,
    text: &str,
) -> String {
    match contact {
        Contact::User(_) => text.to_string(),
        Contact::Group(_) => mention::named(text, |piece| mentioned(i18n, cache, piece)),
    }
}

/// Returns the name of whom a token stands for.
pub fn mentioned(
    i18n: I18nContext<Locale>,
    cache: SessionCache,
    piece: MentionPiece<'_>,
) -> String {
    match piece {
        MentionPiece::Person(user) => contact_name(i18n, cache, Contact::User(user)),
        MentionPiece::Everybody => t_string!(i18n, everybody).to_string(),
        MentionPiece::Words(words) => words.to_string(),
    }
}
