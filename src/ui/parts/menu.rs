//! A menu that opens at the pointer: a column of buttons above everything else.

use leptos::children::Children;
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;

use crate::client::browser;
use crate::model::Contact;

/// A point in the window, in pixels from its upper left corner.
pub type At = (i32, i32);

/// The object of a menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MenuOf {
    Chat(Contact),
    Message(Contact, i64),
}

/// The menu that is open, if any, and its point: the page has one menu at a time.
#[derive(Clone, Copy)]
pub struct MenuAsked(pub RwSignal<Option<(MenuOf, At)>>);

/// A menu with the buttons of `children`; the first gets the focus. `closed` is called when the
/// user leaves the menu.
#[component]
pub fn Menu(
    at: At,
    #[prop(into)] label: Signal<String>,
    closed: Callback<()>,
    children: Children,
) -> impl IntoView {
    let list = NodeRef::<Div>::new();
    let key_pressed = move |event: KeyboardEvent| {
        let key = event.key();
        if matches!(key.as_str(), "Escape" | "Tab") {
            event.prevent_default();
            event.stop_propagation();
            return closed.run(());
        }
        if let Some(list) = list.get_untracked()
            && browser::move_focus_in_grid(&list, &key)
        {
            event.prevent_default();
        }
    };
    // The element that had the focus gets it back, unless the focus has moved on.
    let opener = StoredValue::new_local(None);
    Effect::new(move |_| {
        if let Some(list) = list.get() {
            if opener.with_value(Option::is_none) {
                opener.set_value(browser::focused());
            }
            browser::move_focus_in_grid(&list, "Home");
        }
    });
    on_cleanup(move || {
        let opener = opener.try_get_value().flatten();
        browser::give_back_focus(opener);
    });
    view! {
        <div
            class="menu-ground"
            on:click=move |_| closed.run(())
            on:contextmenu=move |event| {
                event.prevent_default();
                closed.run(());
            }
        ></div>
        <div
            class="menu"
            role="menu"
            aria-label=label
            node_ref=list
            style=("--x", format!("{}px", at.0))
            style=("--y", format!("{}px", at.1))
            on:keydown=key_pressed
        >
            {children()}
        </div>
    }
    .into_any()
}
