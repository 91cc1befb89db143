//! An act that takes nothing but a click.

use leptos::prelude::*;

use crate::documents::ActForm;

/// A form that is nothing but its button.
#[component]
pub fn ActButton(
    path: &'static str,
    hidden: Vec<(&'static str, String)>,
    #[prop(optional)] class: &'static str,
    words: &'static str,
    /// Of whom it is, where there are several.
    #[prop(optional, into)]
    label: Option<String>,
) -> impl IntoView {
    view! {
        <ActForm path hidden class="act-button">
            <button type="submit" class=class aria-label=label>
                {words}
            </button>
        </ActForm>
    }
}
