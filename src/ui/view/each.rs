//! Leptos' `For`, with one type for all lists: each type of list adds several kilobytes to the
//! WASM.

use leptos::prelude::*;

/// Renders every item, and keeps a rendered item for as long as the list has its key.
#[component]
pub fn Each<T, V>(
    each: impl Fn() -> Vec<T> + Send + Sync + 'static,
    key: impl Fn(&T) -> String + Send + Sync + 'static,
    children: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    let item = move |item: T| {
        let (key, children) = (key(&item), children.clone());
        KeyedRow { key, view: Box::new(move || children(item).into_any()) }
    };
    listed(Box::new(move || each().into_iter().map(&item).collect()))
}

struct KeyedRow {
    key: String,
    view: Box<dyn FnOnce() -> AnyView + Send>,
}

type KeyedRows = Box<dyn Fn() -> Vec<KeyedRow> + Send + Sync>;

#[expect(clippy::disallowed_methods, reason = "the one use, for all lists")]
fn listed(items: KeyedRows) -> AnyView {
    view! {
        <For each=items key=|item| item.key.clone() let(item)>
            {(item.view)()}
        </For>
    }
    .into_any()
}
