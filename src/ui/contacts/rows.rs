//! A long list of contacts. Only the rows near the visible part are in the document, so that two
//! thousand conversations cost no more than a screenful.

use leptos::html::Ul;
use leptos::prelude::*;

use crate::client::browser;
use crate::model::Contact;
use crate::ui::paths::ContactTab;
use crate::ui::view::each::Each;

use super::entry::ContactEntry;

/// Number of rows in the document before the visible part is known.
const ROWS_AT_FIRST: usize = 60;
/// Number of rows beyond the visible part, on either side.
const SPARE_ROWS: usize = 10;

/// The entries of `contacts`, in this order, in the list of `tab`. `scrolled` notifies when the
/// element around the list was scrolled.
#[component]
pub fn ContactRows(
    tab: ContactTab,
    #[prop(into)] contacts: Signal<Vec<Contact>>,
    scrolled: RwSignal<()>,
) -> impl IntoView {
    let list = NodeRef::<Ul>::new();
    // The index of the first row in the document, and the number of rows.
    let near = RwSignal::new((0, ROWS_AT_FIRST));
    let measure = move || {
        let list = list.try_get_untracked().flatten();
        if let Some((first, visible)) = list.and_then(|list| browser::rows_in_view(&list)) {
            let now = (first.saturating_sub(SPARE_ROWS), visible + 2 * SPARE_ROWS);
            near.maybe_update(|near| std::mem::replace(near, now) != now);
        }
    };
    Effect::new(move |_| {
        scrolled.track();
        list.track();
        request_animation_frame(measure);
    });
    // An effect, so that it runs in the browser alone.
    Effect::new(move |_| {
        let resized = window_event_listener(leptos::ev::resize, move |_| measure());
        on_cleanup(move || resized.remove());
    });
    let rendered = Memo::new(move |_| {
        let (first, count) = near.get();
        contacts.with(|all| {
            let first = first.min(all.len().saturating_sub(count));
            let some = all.iter().skip(first).take(count).copied().collect::<Vec<_>>();
            (first, all.len() - first - some.len(), some)
        })
    });
    // Padding replaces the rows that are not in the document.
    Effect::new(move |_| {
        let (above, below) = rendered.with(|(above, below, _)| (*above, *below));
        if let Some(list) = list.get() {
            browser::keep_room(&list, above, below);
        }
    });
    view! {
        <ul node_ref=list>
            <Each each=move || rendered.get().2 key=|contact| contact.to_string() let(contact)>
                <ContactEntry tab contact />
            </Each>
        </ul>
    }
    .into_any()
}
