//! The language: the choice of this device (a cookie), else the best of the browser's languages.

use leptos::prelude::*;
use leptos_i18n::I18nContext;
use leptos_i18n::context::{I18nContextOptions, UseLocalesOptions};
use leptos_i18n::locale::resolve_locale_with_options;

use crate::client::browser;
use crate::ui::i18n::{I18nContextProvider, Locale};
use crate::ui::view::choices::{DeviceHeaders, choice};

const COOKIE: &str = "kith_language";

/// Every language with its own name for itself.
pub const ALL: [(Locale, &str); 2] = [(Locale::en, "English"), (Locale::zh, "中文")];

/// Provides the sentences to its children, and sets the language of the document.
#[component]
pub fn Language<C: IntoView + 'static>(children: TypedChildren<C>) -> impl IntoView {
    // The server alone asks: the page keeps the language in which it was rendered.
    let getter = UseLocalesOptions::default().ssr_lang_header_getter(wanted_languages);
    view! {
        <I18nContextProvider ssr_lang_header_getter=getter>
            {children.into_inner()()}
        </I18nContextProvider>
    }
}

/// The language for the request that is being answered.
pub fn of_request() -> Locale {
    let device = DeviceHeaders::of_request();
    let chosen = device.choice(COOKIE).and_then(|name| name.parse().ok());
    chosen.unwrap_or_else(|| {
        let languages = move || Some(device.languages.clone());
        let options = UseLocalesOptions::default().ssr_lang_header_getter(languages);
        resolve_locale_with_options(I18nContextOptions::default().ssr_lang_header_getter(options))
    })
}

/// The chosen language, else those that the browser accepts, best first.
fn wanted_languages() -> Option<String> {
    let chosen = choice(COOKIE).filter(|name| name.parse::<Locale>().is_ok());
    Some(chosen.unwrap_or_else(|| DeviceHeaders::of_request().languages))
}

/// Sets the language of this page and of later ones.
pub fn choose(i18n: I18nContext<Locale>, locale: Locale) {
    i18n.set_locale(locale);
    browser::set_cookie(COOKIE, locale_name(locale));
}

/// The language tag, as HTML writes it.
pub fn locale_name(locale: Locale) -> &'static str {
    leptos_i18n::Locale::as_str(locale)
}
