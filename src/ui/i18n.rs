//! The sentences of `locales/*.json`, as text and as views.

use leptos_i18n::I18nContext;

// `mod i18n`, written by build.rs. It offers more than is used here.
#[allow(unused)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n.rs"));
}

pub use generated::i18n::{I18nContextProvider, Locale, t_string, td_string, use_i18n};

/// A sentence without values, as a child or an attribute. A sentence with values is a `t_string!`
/// in a closure.
macro_rules! t {
    ($i18n:expr, $sentence:ident) => {
        $crate::ui::i18n::words($i18n, |locale| $crate::ui::i18n::td_string!(locale, $sentence))
    };
}
pub(crate) use t;

/// Returns a sentence that follows the language; `t!` calls this. Each closure type in a view adds
/// kilobytes of Leptos to the WASM, so all sentences share this one.
pub fn words(
    i18n: I18nContext<Locale>,
    read: fn(Locale) -> &'static str,
) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    move || read(i18n.get_locale())
}
