//! A labelled field of a plain form, with its hint and its error.

use leptos::prelude::*;

/// A field named `name`. Screen readers read the error, if there is one, with the field.
#[component]
pub fn TextField(
    name: &'static str,
    #[prop(into)] label: Signal<String>,
    #[prop(default = "text")] kind: &'static str,
    autocomplete: &'static str,
    #[prop(default = None)] value: Option<String>,
    #[prop(optional)] hint: Option<Signal<String>>,
    /// The sentence that says what is wrong with the field.
    #[prop(default = None)]
    error: Option<Signal<String>>,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let hint_id = format!("{name}-hint");
    let error_id = format!("{name}-error");
    let described_by = match (&error, &hint) {
        (Some(_), _) => Some(error_id.clone()),
        (None, Some(_)) => Some(hint_id.clone()),
        (None, None) => None,
    };
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                id=name
                name=name
                type=kind
                value=value
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                required
                autofocus=autofocus
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=described_by
            />
            {error
                .map(|error| {
                    view! {
                        <p id=error_id class="field-error" role="alert">
                            {error}
                        </p>
                    }
                })}
            {hint.map(|hint| view! { <p id=hint_id class="field-hint">{hint}</p> })}
        </div>
    }
}
