//! Leptos' `Show`, with one type for all conditions and contents: each type adds a few kilobytes
//! to the WASM.

use leptos::children::{ChildrenFn, ViewFn};
use leptos::prelude::*;

/// Shows the children while `when` is true, else the fallback.
#[component]
pub fn Show(
    when: impl Fn() -> bool + Send + Sync + 'static,
    children: ChildrenFn,
    #[prop(optional, into)] fallback: ViewFn,
) -> impl IntoView {
    shown(Box::new(when), children, fallback)
}

type Condition = Box<dyn Fn() -> bool + Send + Sync>;

fn shown(when: Condition, children: ChildrenFn, fallback: ViewFn) -> AnyView {
    let when = Memo::new(move |_| when());
    (move || if when.get() { children() } else { fallback.run() }).into_any()
}
