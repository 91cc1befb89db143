//! Data that a page loads on the server, which hands it to the browser in the document.

use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::api::codec::JsonTree;
use crate::error::Result;

/// Loads data for the value of `of`, and again when that value changes. The server waits for the
/// data before it sends the document.
pub fn loaded<S, T, F>(
    of: impl Fn() -> S + Send + Sync + 'static,
    load: impl Fn(S) -> F + Send + Sync + 'static,
) -> Resource<Result<T>, JsonTree>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    Resource::new_with_options(of, load, true)
}
