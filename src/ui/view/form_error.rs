//! The error and the submitted text of a plain form that was refused. The error comes back in the
//! query of the page, so that it is shown with and without JavaScript. The text is in the document
//! alone: hydration keeps the values of its fields.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::server_fn::error::ServerFnUrlError;
use leptos_router::hooks::{use_location, use_query_map};
use leptos_router::location::Url;

use crate::error::KithError;

/// What the refused form submitted that led to the page of this request: names and values of its
/// fields. The server provides it.
#[derive(Debug, Clone, Default)]
pub struct SubmittedFields(pub Vec<(String, String)>);

impl SubmittedFields {
    pub fn get(&self, field: &str) -> Option<&str> {
        let (_, value) = self.0.iter().rev().find(|(name, _)| name == field)?;
        Some(value)
    }
}

/// The error of the form of server function `F`, if that form was refused and led back here.
pub fn form_error<F: ServerFn>() -> Option<KithError> {
    use_query_map().with_untracked(|query| {
        let of_this_form = query.get_str("__path").is_some_and(|path| path == F::PATH);
        let error = query.get_str("__err").filter(|_| of_this_form)?;
        Some(ServerFnUrlError::<KithError>::decode_err(error))
    })
}

/// The text that a refused form submitted in a field. `None` in the browser.
pub fn submitted_text(field: &str) -> Option<String> {
    let submitted = use_context::<SubmittedFields>()?;
    submitted.get(field).filter(|text| !text.is_empty()).map(str::to_string)
}

/// The text of a field in the query: the link to this page has it.
pub fn query_text(field: &str) -> Option<String> {
    // Not from the router's map, which decodes twice: "100%25" would come back as "100%".
    let search = use_location().search.get_untracked();
    let mut pairs =
        search.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
    let (_, text) = pairs.find(|(name, _)| *name == field)?;
    let text = Url::unescape(&text.replace('+', " "));
    (!text.is_empty()).then_some(text)
}
