//! The outcome of a form: saved, or refused for a reason.

use leptos::prelude::*;

use crate::error::KithError;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::text::errors::sentence;
use crate::ui::view::call::ServerCall;

/// Shows the outcome of `call`. `plain` is the error of a form that was sent without JavaScript,
/// which loads the page again.
#[component]
pub fn FormOutcome(call: ServerCall, plain: Option<KithError>) -> impl IntoView {
    let i18n = use_i18n();
    let error = move || call.error().or_else(|| plain.clone().filter(|_| !call.is_done()));
    let reason = move || {
        error().map(|error| match error {
            // These forms have no username, which the usual sentence mentions.
            KithError::WrongPassword => t_string!(i18n, error_present_password).to_string(),
            error => sentence(i18n, &error),
        })
    };
    view! {
        {move || {
            reason().map(|reason| view! { <p class="form-error" role="alert">{reason}</p> })
        }}
        <p class="form-done" role="status">
            {move || call.is_done().then(|| t_string!(i18n, saved))}
        </p>
    }
    .into_any()
}
