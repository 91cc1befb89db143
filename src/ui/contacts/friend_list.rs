//! The Friends tab: a search, open friend requests, and the friends by name. Where everyone may
//! write to everyone, it lists everyone.

use leptos::prelude::*;

use crate::client::driver::Driver;
use crate::client::machines::name_search::any_name_contains;
use crate::model::{Contact, Contacts, UserId};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::paths::ContactTab;
use crate::ui::view::show::Show;

use super::friend_requests::FriendRequests;
use super::people_search::{PeopleResults, PeopleSearch, SearchBox};
use super::rows::ContactRows;

#[component]
pub fn FriendList() -> impl IntoView {
    let i18n = use_i18n();
    let cache = expect_context::<Driver>().cache;
    let search = PeopleSearch::empty();
    let everyone = cache.contacts() == Contacts::Everyone;
    let friends = Memo::new(move |_| match (everyone, search.is_searching()) {
        (true, false) => Vec::new(),
        (_, false) => cache.friends(),
        (_, true) => {
            let text = search.text.with(|text| text.trim().to_lowercase());
            let friends = cache.friends().into_iter();
            friends.filter(|friend| any_name_contains(friend.names(), &text)).collect()
        }
    });
    let contacts = Signal::derive(move || {
        friends.with(|all| all.iter().map(|friend| Contact::User(friend.person.id)).collect())
    });
    let scrolled = RwSignal::new(());
    let is_shown = move |user: UserId| friends.with(|all| all.iter().any(|f| f.person.id == user));
    let is_lonely = move || !everyone && !search.is_searching() && friends.with(Vec::is_empty);
    view! {
        <section
            class="contact-list"
            aria-label=move || t_string!(i18n, friends)
            on:scroll=move |_| scrolled.notify()
        >
            <SearchBox search />
            <Show when=move || !search.is_searching()>
                <FriendRequests />
            </Show>
            <ContactRows tab=ContactTab::Friends contacts=contacts scrolled />
            <PeopleResults search except=is_shown />
            <Show when=is_lonely>
                <p class="empty">{t!(i18n, friends_empty)}</p>
            </Show>
        </section>
    }
    .into_any()
}
