//! A badge with a count of unread or open things; empty at zero.

use leptos::prelude::*;

use crate::ui::view::show::Show;

/// A badge; `label` puts the count into words for screen readers.
#[component]
pub fn UnreadBadge(
    #[prop(into)] count: Signal<i64>,
    label: impl Fn(i64) -> String + Send + Sync + Copy + 'static,
) -> impl IntoView {
    let short = move || match count.get() {
        many @ 100.. => format!("{}+", many.min(99)),
        few => few.to_string(),
    };
    view! {
        <Show when=move || { count.get() > 0 }>
            <span class="unread-badge" role="img" aria-label=move || label(count.get())>
                {move || short()}
            </span>
        </Show>
    }
}
