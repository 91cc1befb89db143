//! The chat page: the contact panel, and the conversation that the address names.

use leptos::prelude::*;

use crate::model::Contact;
use crate::ui::chat::chat_window::ChatWindow;
use crate::ui::contacts::chat_list::ChatList;
use crate::ui::contacts::contact_tabs::ContactTabs;
use crate::ui::i18n::{t, use_i18n};
use crate::ui::later::{Later, later};
use crate::ui::parts::icon::{Icon, icon};
use crate::ui::parts::menu::MenuAsked;
use crate::ui::paths::ContactTab;
use crate::ui::route::CurrentRoute;
use crate::ui::view::show::Show;

#[component]
pub fn ChatPage() -> impl IntoView {
    let i18n = use_i18n();
    let route = expect_context::<CurrentRoute>();
    let list = move || match route.tab.get() {
        ContactTab::Chats => view! { <ChatList /> }.into_any(),
        ContactTab::Friends => later(Later::Friends),
        ContactTab::Groups => later(Later::Groups),
    };
    let none_open = Memo::new(move |_| route.open.get().is_none());
    // All conversations share one window, so that a switch renders only the messages.
    let window = move || {
        none_open.track();
        let Some(first) = route.open.get_untracked() else {
            return view! {
                <div class="no-conversation">
                    {icon(Icon::Chats)} <p>{t!(i18n, choose_contact)}</p>
                </div>
            }
            .into_any();
        };
        // While the window closes, it keeps the contact that it showed.
        let contact = Memo::new(move |before: Option<&Contact>| {
            route.open.get().or(before.copied()).unwrap_or(first)
        });
        view! { <ChatWindow contact /> }.into_any()
    };
    let profile = move || match route.open.get().filter(|_| route.is_profile.get()) {
        Some(Contact::User(user)) => later(Later::Profile(user)),
        Some(Contact::Group(group)) => later(Later::Group(group)),
        None => ().into_any(),
    };
    let asked = RwSignal::new(None);
    provide_context(MenuAsked(asked));
    let menu = move || {
        let (of, at) = asked.get()?;
        let closed = Callback::new(move |()| asked.set(None));
        Some(later(Later::Menu { of, at, closed }))
    };
    view! {
        <main class="chat-page">
            <div class="contact-panel">
                <Show when=move || none_open.get()>
                    <h1 class="visually-hidden">{t!(i18n, chats)}</h1>
                </Show>
                <ContactTabs />
                {move || list()}
            </div>
            {menu}
            <div class="chat-pane" class:with-profile=move || route.is_profile.get()>
                {window} {profile}
            </div>
        </main>
    }
    .into_any()
}
