//! English or Chinese: by the choice of this device (a cookie), else by the browser's languages.

use leptos::prelude::*;
use leptos_i18n::I18nContext;
use leptos_i18n::context::CookieOptions;

use crate::client::browser;

use super::i18n::{I18nContextProvider, Locale};

const COOKIE: &str = "kith_language";

/// Every language with its own name for itself.
pub const ALL: [(Locale, &str); 2] = [(Locale::en, "English"), (Locale::zh, "中文")];

/// Provides the sentences to everything inside, and sets the document's language.
#[component]
pub fn Language<C: IntoView + 'static>(children: TypedChildren<C>) -> impl IntoView {
    // The library would write the language it chose by the browser into the cookie, as if
    // somebody had chosen it; only `choose` writes.
    let cookie = CookieOptions::<Locale>::default().readonly(true);
    view! {
        <I18nContextProvider cookie_name=COOKIE cookie_options=cookie>
            {children.into_inner()()}
        </I18nContextProvider>
    }
}

/// Sets the language of this page and of the next ones.
pub fn choose(i18n: I18nContext<Locale>, locale: Locale) {
    i18n.set_locale(locale);
    browser::set_cookie(COOKIE, locale_name(locale));
}

/// The language as browsers write it.
pub fn locale_name(locale: Locale) -> &'static str {
    leptos_i18n::Locale::as_str(locale)
}
