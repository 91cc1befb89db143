//! The Chats tab: every conversation with messages or a draft, pinned ones first, then by activity.

use leptos::prelude::*;

use crate::client::driver::Driver;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::icon::{Icon, icon};
use crate::ui::paths::ContactTab;
use crate::ui::view::show::Show;

use super::rows::ContactRows;

/// Minimum number of chats at which the filter appears.
const FILTER_FROM: usize = 8;

#[component]
pub fn ChatList() -> impl IntoView {
    let i18n = use_i18n();
    let cache = expect_context::<Driver>().cache;
    let scrolled = RwSignal::new(());
    let filter = RwSignal::new(String::new());
    let chats = Memo::new(move |_| {
        let mut chats = cache.chat_list();
        let text = filter.with(|text| text.trim().to_lowercase());
        if !text.is_empty() {
            chats.retain(|contact| cache.name_contains(*contact, &text));
        }
        chats
    });
    let is_empty = Memo::new(move |_| chats.with(Vec::is_empty));
    // A filter with text stays, so that the text can be removed however few chats are left.
    let many = Memo::new(move |_| {
        cache.chat_list().len() >= FILTER_FROM || !filter.with(String::is_empty)
    });
    view! {
        <section
            class="contact-list"
            aria-label=move || t_string!(i18n, chats)
            on:scroll=move |_| scrolled.notify()
        >
            <Show when=move || many.get()>
                <search class="search-box">
                    {icon(Icon::Search)}
                    <input
                        type="search"
                        aria-label=move || t_string!(i18n, filter_chats)
                        placeholder=move || t_string!(i18n, filter_chats)
                        autocomplete="off"
                        spellcheck="false"
                        prop:value=move || filter.get()
                        on:input=move |event| filter.set(event_target_value(&event))
                    />
                </search>
            </Show>
            <ContactRows tab=ContactTab::Chats contacts=chats scrolled />
            <Show when=move || is_empty.get()>
                <div class="empty" role="status">
                    {move || {
                        if filter.with(String::is_empty) {
                            view! {
                                <p>{t!(i18n, chats_empty)}</p>
                                <a class="button" href=ContactTab::Friends.path(None)>
                                    {t!(i18n, find_people)}
                                </a>
                            }
                                .into_any()
                        } else {
                            view! { <p>{t!(i18n, nothing_filtered)}</p> }.into_any()
                        }
                    }}
                </div>
            </Show>
        </section>
    }
}
