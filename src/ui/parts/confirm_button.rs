//! A button for an action that cannot be undone: the first click asks, the second acts.

use leptos::html::Button;
use leptos::prelude::*;

use crate::ui::i18n::{t, use_i18n};
use crate::ui::view::show::Show;

#[component]
pub fn ConfirmButton(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] question: Signal<String>,
    confirmed: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let asking = RwSignal::new(false);
    let asked = StoredValue::new(false);
    let (first, cancel) = (NodeRef::<Button>::new(), NodeRef::<Button>::new());
    let ask = move |_| {
        asked.set_value(true);
        asking.set(true);
    };
    // Each button replaces the other, and takes over its focus.
    Effect::new(move |_| {
        let shown = if asking.get() { cancel.get() } else { first.get() };
        if let Some(button) = shown.filter(|_| asked.get_value()) {
            let _ = button.focus();
        }
    });
    view! {
        <Show
            when=move || asking.get()
            fallback=move || {
                view! {
                    <button type="button" class="danger" node_ref=first on:click=ask>
                        {label}
                    </button>
                }
            }
        >
            <div class="confirm" role="alertdialog" aria-label=question>
                <p>{question}</p>
                <span class="button-row">
                    <button
                        type="button"
                        class="danger"
                        on:click=move |_| {
                            asking.set(false);
                            confirmed();
                        }
                    >
                        {label}
                    </button>
                    <button type="button" node_ref=cancel on:click=move |_| asking.set(false)>
                        {t!(i18n, cancel)}
                    </button>
                </span>
            </div>
        </Show>
    }
}
