//! The name under which a contact is shown, also if its name is not known.

use leptos_i18n::I18nContext;

use crate::client::cache::SessionCache;
use crate::model::Contact;
use crate::model::mention::{self, MentionPiece};
use crate::ui::i18n::{Locale, t_string};

/// Returns the name of a contact, or a word for a contact without one. Tracks the cache and the
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

/// The text of a message as it is shown: in a group, names replace the tokens of mentions. Tracks
/// the names.
pub fn shown_text(
    i18n: I18nContext<Locale>,
    cache: SessionCache,
    contact: Contact,
    text: &str,
) -> String {
    match contact {
        Contact::User(_) => text.to_string(),
        Contact::Group(_) => mention::with_names(text, |piece| mentioned(i18n, cache, piece)),
    }
}

/// Returns the name for the token of a mention.
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
