//! Friend requests that wait: to me, to be accepted or declined; from me, to be taken back.

use leptos::prelude::*;

use crate::api;
use crate::client::driver::Driver;
use crate::error::Result;
use crate::model::{Contact, FriendRequest, Person, UserId};
use crate::ui::i18n::{t, use_i18n};
use crate::ui::sentence::sentence;

use super::avatar::Avatar;

/// What one does with a request; the answer comes back as an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Accept(UserId),
    /// Declines theirs, or takes back one's own.
    Close(UserId),
}

#[component]
pub fn FriendRequests() -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let cache = driver.cache;
    let answer = Action::new(move |answer: &Answer| {
        let answer = *answer;
        async move {
            match answer {
                Answer::Accept(user) => api::accept_friend(driver.me(), user).await,
                Answer::Close(user) => api::decline_friend(driver.me(), user).await,
            }
        }
    });
    let failed = move || {
        let error = answer.value().get()?.err()?;
        (!driver.stops_after(&error)).then(|| sentence(i18n, &error))
    };
    view! {
        {move || failed().map(|text| view! { <p class="form-error" role="alert">{text}</p> })}
        <Show when=move || !cache.requests_to_me().is_empty()>
            <section class="requests" aria-labelledby="requests">
                <h2 id="requests">{t!(i18n, requests)}</h2>
                <ul>
                    <For
                        each=move || cache.requests_to_me()
                        key=|request| request.from.id
                        let(request)
                    >
                        <RequestToMe request answer />
                    </For>
                </ul>
            </section>
        </Show>
        <Show when=move || !cache.requests_from_me().is_empty()>
            <section class="requests" aria-labelledby="requests-sent">
                <h2 id="requests-sent">{t!(i18n, requests_sent)}</h2>
                <ul>
                    <For
                        each=move || cache.requests_from_me()
                        key=|request| request.to.id
                        let(request)
                    >
                        <RequestFromMe request answer />
                    </For>
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn RequestToMe(request: FriendRequest, answer: Action<Answer, Result<()>>) -> impl IntoView {
    let i18n = use_i18n();
    let user = request.from.id;
    let give = move |given: Answer| {
        answer.dispatch(given);
    };
    view! {
        <li class="request">
            <Who person=request.from note=request.note />
            <span class="request-actions">
                <button
                    type="button"
                    class="primary"
                    on:click=move |_| give(Answer::Accept(user))
                >
                    {t!(i18n, accept)}
                </button>
                <button type="button" on:click=move |_| give(Answer::Close(user))>
                    {t!(i18n, decline)}
                </button>
            </span>
        </li>
    }
}

#[component]
fn RequestFromMe(request: FriendRequest, answer: Action<Answer, Result<()>>) -> impl IntoView {
    let i18n = use_i18n();
    let user = request.to.id;
    let take_back = move |_| {
        answer.dispatch(Answer::Close(user));
    };
    view! {
        <li class="request">
            <Who person=request.to note=request.note />
            <span class="request-actions">
                <button type="button" on:click=take_back>
                    {t!(i18n, take_back)}
                </button>
            </span>
        </li>
    }
}

/// A person with both names, and what they wrote along.
#[component]
fn Who(person: Person, note: String) -> impl IntoView {
    view! {
        <Avatar contact=Contact::User(person.id) />
        <span class="request-name">{person.display_name}</span>
        <span class="request-username">"@" {person.username}</span>
        {(!note.is_empty()).then(|| view! { <span class="request-note">{note}</span> })}
    }
}
