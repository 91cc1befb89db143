//! The reason why a call to the server failed, in the reader's language.

use leptos::prelude::*;
use leptos_i18n::I18nContext;

use crate::error::KithError;
use crate::ui::i18n::{Locale, use_i18n};
use crate::ui::text::errors::sentence;
use crate::ui::view::call::ServerCall;

/// Shows why a call failed; empty unless it did.
#[component]
pub fn CallError(call: ServerCall) -> impl IntoView {
    call_error(call, sentence)
}

/// Like [`CallError`], with the sentences of `sentence_of`: the chat page starts with fewer of
/// them.
pub fn call_error(
    call: ServerCall,
    sentence_of: fn(I18nContext<Locale>, &KithError) -> String,
) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        call.error().map(|error| {
            view! {
                <p class="form-error" role="alert">
                    {sentence_of(i18n, &error)}
                </p>
            }
        })
    }
}
