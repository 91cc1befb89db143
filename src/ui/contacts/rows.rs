//! A long list of contacts: only the rows near what is seen are in the document, so that two
//! thousand conversations cost no more than a screen full of them.

use leptos::html::Ul;
use leptos::prelude::*;

use crate::client::browser;
use crate::model::Contact;
use crate::ui::paths::Tab;
use crate::ui::view::each::Each;

use super::entry::ContactEntry;

/// So many rows are in the document before it is known what is seen.
const AT_FIRST: usize = 60;
/// So many beyond what is seen, on either side.
const SPARE: usize = 10;

/// The entries of `contacts`, in their order, in `tab`'s list. `scrolled` tells that what is around
/// them was.
#[component]
pub fn ContactRows(
    tab: Tab,
    #[prop(into)] contacts: Signal<Vec<Contact>>,
    scrolled: RwSignal<()>,
) -> impl IntoView {
    let list = NodeRef::<Ul>::new();
    // The first that is in the document, and how many follow it.
    let near = RwSignal::new((0, AT_FIRST));
    let look = move || {
        let list = list.try_get_untracked().flatten();
        if let Some((first, seen)) = list.and_then(|list| browser::rows_in_view(&list)) {
            let now = (first.saturating_sub(SPARE), seen + 2 * SPARE);
            near.maybe_update(|near| std::mem::replace(near, now) != now);
        }
    };
    Effect::new(move |_| {
        scrolled.track();
        list.track();
        request_animation_frame(look);
    });
    // In the browser alone.
    Effect::new(move |_| {
        let resized = window_event_listener(leptos::ev::resize, move |_| look());
        on_cleanup(move || resized.remove());
    });
    let drawn = Memo::new(move |_| {
        let (first, count) = near.get();
        contacts.with(|all| {
            let first = first.min(all.len().saturating_sub(count));
            let some = all.iter().skip(first).take(count).copied().collect::<Vec<_>>();
            (first, all.len() - first - some.len(), some)
        })
    });
    // What is not in the document keeps its room.
    Effect::new(move |_| {
        let (above, below) = drawn.with(|(above, below, _)| (*above, *below));
        if let Some(list) = list.get() {
            browser::keep_room(&list, above, below);
        }
    });
    view! {
        <ul node_ref=list>
            <Each each=move || drawn.get().2 key=|contact| contact.to_string() let(contact)>
                <ContactEntry tab contact />
            </Each>
        </ul>
    }
    .into_any()
}
