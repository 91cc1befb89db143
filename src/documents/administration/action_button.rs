//! A form with a button and no visible fields.

use leptos::prelude::*;

use crate::documents::ActionForm;

#[component]
pub fn ActionButton(
    path: &'static str,
    hidden: Vec<(&'static str, String)>,
    #[prop(optional)] class: &'static str,
    words: &'static str,
    /// Names the object of the action, where a page has several such buttons.
    #[prop(optional, into)]
    label: Option<String>,
) -> impl IntoView {
    view! {
        <ActionForm path hidden class="act-button">
            <button type="submit" class=class aria-label=label>
                {words}
            </button>
        </ActionForm>
    }
}
