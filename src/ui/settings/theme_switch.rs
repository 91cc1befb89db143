//! The switch between the light theme, the dark theme, and that of the system.

use leptos::prelude::*;

use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::view::theme::{Theme, ThemeChoice};

#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let choice = expect_context::<ThemeChoice>();
    let name = move |theme| match theme {
        Theme::System => t_string!(i18n, appearance_system),
        Theme::Light => t_string!(i18n, appearance_light),
        Theme::Dark => t_string!(i18n, appearance_dark),
    };
    view! {
        <fieldset class="choice">
            <legend>{t!(i18n, appearance)}</legend>
            {Theme::ALL
                .map(|theme| {
                    view! {
                        <label>
                            <input
                                type="radio"
                                name="theme"
                                value=theme.as_str()
                                checked=choice.get_untracked() == theme
                                prop:checked=move || choice.get() == theme
                                on:change=move |_| choice.choose(theme)
                            />
                            <span>{move || name(theme)}</span>
                        </label>
                    }
                })}
        </fieldset>
    }
}
