//! Friends by name, with what waits for an answer and the way to find more.

use leptos::prelude::*;

use crate::client::driver::Driver;
use crate::model::Contact;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::page::Tab;

use super::contact_entry::ContactEntry;
use super::friend_finder::FriendFinder;
use super::friend_requests::FriendRequests;

#[component]
pub fn FriendList() -> impl IntoView {
    let i18n = use_i18n();
    let cache = expect_context::<Driver>().cache;
    view! {
        <section class="contact-list" aria-label=move || t_string!(i18n, friends)>
            <FriendFinder />
            <FriendRequests />
            <ul>
                <For each=move || cache.friends() key=|friend| friend.person.id let(friend)>
                    <ContactEntry tab=Tab::Friends contact=Contact::User(friend.person.id) />
                </For>
            </ul>
            <Show when=move || cache.friends().is_empty()>
                <p class="empty">{t!(i18n, friends_empty)}</p>
            </Show>
        </section>
    }
}
