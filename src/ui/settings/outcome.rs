//! The parts of the settings that concern one's own account.

use leptos::prelude::*;

use crate::error::KithError;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::text::errors::sentence;
use crate::ui::view::call::ServerCall;

/// What came of a form: that it is saved, or why it was refused; by script in place, and without
/// one after the page was loaded anew.
#[component]
pub fn Outcome(call: ServerCall, plain: Option<KithError>) -> impl IntoView {
    let i18n = use_i18n();
    let error = move || call.error().or_else(|| plain.clone().filter(|_| !call.is_done()));
    let reason = move || {
        error().map(|error| match error {
            // There is no username in these forms that could be wrong.
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
