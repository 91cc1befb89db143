//! A button for what cannot be taken back: the first click asks, the second does it.

use leptos::prelude::*;

use crate::ui::i18n::{t, use_i18n};
use crate::ui::show::Show;

#[component]
pub fn ConfirmButton(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] question: Signal<String>,
    confirmed: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let asking = RwSignal::new(false);
    view! {
        <Show
            when=move || asking.get()
            fallback=move || {
                view! {
                    <button type="button" class="danger" on:click=move |_| asking.set(true)>
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
                    <button type="button" autofocus on:click=move |_| asking.set(false)>
                        {t!(i18n, cancel)}
                    </button>
                </span>
            </div>
        </Show>
    }
}
