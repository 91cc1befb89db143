//! What a plain form brings back after a refusal: the error, and what was typed. Both stand in
//! the page's query, so that it is shown with and without JavaScript.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::server_fn::error::ServerFnUrlError;
use leptos_router::hooks::use_query_map;

use crate::error::KithError;

/// The error with which the form of server function `F` came back to this page, if it did.
pub fn form_error<F: ServerFn>() -> Option<KithError> {
    use_query_map().with_untracked(|query| {
        let of_this_form = query.get_str("__path").is_some_and(|path| path == F::PATH);
        let error = query.get_str("__err").filter(|_| of_this_form)?;
        Some(ServerFnUrlError::<KithError>::decode_err(error))
    })
}

/// What was typed into a field, or stood in the address from the start.
pub fn typed(field: &str) -> Option<String> {
    let typed = use_query_map().with_untracked(|query| query.get(field));
    typed.filter(|typed| !typed.is_empty())
}
