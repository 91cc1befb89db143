//! A badge with a number: unread messages, or requests that wait for an answer. Nothing at zero.

use leptos::prelude::*;

use crate::ui::view::show::Show;

/// The badge. `label` puts the count into words for screen readers.
#[component]
pub fn CountBadge(
    #[prop(into)] count: Signal<i64>,
    label: impl Fn(i64) -> String + Send + Sync + Copy + 'static,
) -> impl IntoView {
    let short = move || match count.get() {
        100.. => "99+".to_string(),
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
