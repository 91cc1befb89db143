//! A count that waits for one's attention. Nothing at zero.

use leptos::prelude::*;

use crate::ui::view::show::Show;

/// A badge; `label` turns the count into words for those who do not see its place.
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
