//! Chooses some of the people to whom the user may write.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::client::driver::Driver;
use crate::client::machines::name_search::any_name_contains;
use crate::model::{Contact, Contacts, UserId};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::avatar::Avatar;
use crate::ui::text::name::contact_name;
use crate::ui::view::each::Each;
use crate::ui::view::show::Show;

use super::people_search::{PeopleSearch, SearchBox};

/// A list with a checkbox for each person, without those in `except`.
#[component]
pub fn PeoplePicker(
    picked: RwSignal<BTreeSet<UserId>>,
    except: impl Fn(UserId) -> bool + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let cache = expect_context::<Driver>().cache;
    let everyone = cache.contacts() == Contacts::Everyone;
    let search = PeopleSearch::empty();
    let filter = RwSignal::new(String::new());
    let people = Memo::new(move |_| {
        let shown: Vec<UserId> = if everyone {
            search.found()
        } else {
            let text = filter.with(|text| text.trim().to_lowercase());
            let friends = cache.friends().into_iter();
            let called = friends.filter(|friend| any_name_contains(friend.names(), &text));
            called.map(|friend| friend.person.id).collect()
        };
        // Picked people stay in the list, whatever is searched next.
        let mut all: Vec<UserId> = picked.with(|picked| picked.iter().copied().collect());
        all.extend(shown.into_iter().filter(|user| !picked.with(|picked| picked.contains(user))));
        all.retain(|user| !except(*user));
        all
    });
    let search_box = move || match everyone {
        true => view! { <SearchBox search /> }.into_any(),
        false => view! {
            <input
                type="search"
                aria-label=move || t_string!(i18n, find_people)
                placeholder=move || t_string!(i18n, find_people)
                autocomplete="off"
                on:input=move |event| filter.set(event_target_value(&event))
            />
        }
        .into_any(),
    };
    view! {
        // Enter in the search would submit the form around.
        <fieldset
            class="people-picker"
            on:keydown=move |event| {
                if event.key() == "Enter" {
                    event.prevent_default();
                }
            }
            aria-label=move || t_string!(i18n, invite_people)
        >
            {search_box()}
            <ul>
                <Each each=move || people.get() key=|user| user.to_string() let(user)>
                    <PersonChoice user picked />
                </Each>
            </ul>
            <Show when=move || people.with(Vec::is_empty)>
                <p class="field-hint">{t!(i18n, nobody_to_invite)}</p>
            </Show>
        </fieldset>
    }
    .into_any()
}

#[component]
fn PersonChoice(user: UserId, picked: RwSignal<BTreeSet<UserId>>) -> impl IntoView {
    let i18n = use_i18n();
    let cache = expect_context::<Driver>().cache;
    let contact = Contact::User(user);
    let toggle = move |event| {
        picked.update(|picked| match event_target_checked(&event) {
            true => drop(picked.insert(user)),
            false => drop(picked.remove(&user)),
        });
    };
    view! {
        <li>
            <label class="person-choice">
                <input
                    type="checkbox"
                    prop:checked=move || picked.with(|picked| picked.contains(&user))
                    on:change=toggle
                />
                <Avatar contact />
                <span>{move || contact_name(i18n, cache, contact)}</span>
            </label>
        </li>
    }
    .into_any()
}
