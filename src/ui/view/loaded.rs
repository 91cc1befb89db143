//! What a page loads: on the server before it is sent, and handed to the browser along with it.

use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Result;
use crate::wire::JsonTree;

/// Loads what `load` answers for `of`, and once more whenever `of` changes. No document is sent
/// before it is there.
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
