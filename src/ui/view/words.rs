//! Sentences as views. Each closure type that a view is made of brings a few kilobytes of Leptos
//! into the WASM; here all sentences share one.

use leptos_i18n::I18nContext;

use crate::ui::i18n::Locale;

/// Returns a sentence that follows the language; `t!` calls this.
pub fn words(
    i18n: I18nContext<Locale>,
    say: fn(Locale) -> &'static str,
) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    move || say(i18n.get_locale())
}
