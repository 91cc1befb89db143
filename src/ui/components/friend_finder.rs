//! Finds a person by the exact username, and asks them to be a friend.

use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;

use crate::api;
use crate::client::driver::Driver;
use crate::error::KithError;
use crate::model::{Person, Relation, UserId, limits, validation};
use crate::ui::i18n::{t, use_i18n};
use crate::ui::sentence::sentence;

#[component]
pub fn FriendFinder() -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let username = NodeRef::<Input>::new();
    let find = Action::new(move |username: &String| {
        let username = username.clone();
        async move {
            let found = api::find_people(driver.me(), username, None).await?;
            found.people.into_iter().next().ok_or(KithError::NotFound)
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(username) = username.get() {
            find.dispatch(username.value().trim().to_string());
        }
    };
    let result = move || {
        find.value().get().map(|found| match found {
            Ok(person) => view! { <Found person /> }.into_any(),
            Err(KithError::NotFound | KithError::Invalid(_)) => {
                view! { <p class="finder-result">{t!(i18n, nobody_found)}</p> }.into_any()
            }
            Err(error) => {
                driver.stops_after(&error);
                view! { <p class="form-error">{move || sentence(i18n, &error)}</p> }.into_any()
            }
        })
    };
    view! {
        <div class="finder">
            <h2 id="add-friend">{t!(i18n, add_friend)}</h2>
            <form aria-labelledby="add-friend" on:submit=submit>
                <label for="find-username">{t!(i18n, username)}</label>
                <input
                    id="find-username"
                    node_ref=username
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    required
                />
                <button type="submit" disabled=move || find.pending().get()>
                    {t!(i18n, find)}
                </button>
            </form>
            <div role="status">{result}</div>
        </div>
    }
}

/// The person who was found, and what can be done: it follows what becomes of the two.
#[component]
fn Found(person: Person) -> impl IntoView {
    let i18n = use_i18n();
    let cache = expect_context::<Driver>().cache;
    let user = person.id;
    let relation = Memo::new(move |_| cache.relation(user));
    let action = move || match relation.get() {
        Relation::Oneself => view! { <p>{t!(i18n, relation_oneself)}</p> }.into_any(),
        Relation::Friend => view! { <p>{t!(i18n, relation_friend)}</p> }.into_any(),
        Relation::Asked => view! { <p>{t!(i18n, relation_asked)}</p> }.into_any(),
        Relation::AskedMe | Relation::Stranger => view! { <AskForm user /> }.into_any(),
    };
    view! {
        <div class="finder-result">
            <p>
                <strong>{person.display_name}</strong>
                " @"
                {person.username}
            </p>
            {action}
        </div>
    }
}

#[component]
fn AskForm(user: UserId) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let note = NodeRef::<Input>::new();
    let ask = Action::new(move |note: &String| {
        let note = validation::note(note).map_err(KithError::from);
        async move { api::request_friend(driver.me(), user, note?).await }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(note) = note.get() {
            ask.dispatch(note.value());
        }
    };
    let failed = move || {
        let error = ask.value().get()?.err()?;
        (!driver.stops_after(&error)).then(|| sentence(i18n, &error))
    };
    view! {
        <form class="ask" on:submit=submit>
            <label for="request-note">{t!(i18n, note)}</label>
            <input
                id="request-note"
                node_ref=note
                maxlength=limits::NOTE_MAX.to_string()
                autocomplete="off"
            />
            <button type="submit" class="primary" disabled=move || ask.pending().get()>
                {t!(i18n, send_request)}
            </button>
            {move || failed().map(|text| view! { <p class="form-error">{text}</p> })}
        </form>
    }
}
