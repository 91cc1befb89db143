//! The switch between the languages, each named in itself.

use leptos::prelude::*;

use crate::ui::i18n::{t, use_i18n};
use crate::ui::text::language::{self, locale_name};

#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <fieldset class="choice">
            <legend>{t!(i18n, language)}</legend>
            {language::ALL
                .map(|(locale, name)| {
                    view! {
                        <label lang=locale_name(locale)>
                            <input
                                type="radio"
                                name="language"
                                value=locale_name(locale)
                                checked=i18n.get_locale_untracked() == locale
                                prop:checked=move || i18n.get_locale() == locale
                                on:change=move |_| language::choose(i18n, locale)
                            />
                            <span>{name}</span>
                        </label>
                    }
                })}
        </fieldset>
    }
}
