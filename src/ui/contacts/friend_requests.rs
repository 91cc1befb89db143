//! Open friend requests: those to the user, to accept or decline, and those from the user, to
//! take back.

use leptos::prelude::*;

use crate::api;
use crate::client::driver::Driver;
use crate::model::{Contact, FriendRequest, Person};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::avatar::Avatar;
use crate::ui::parts::call_error::CallError;
use crate::ui::view::call::ServerCall;
use crate::ui::view::each::Each;
use crate::ui::view::show::Show;

#[component]
pub fn FriendRequests() -> impl IntoView {
    let i18n = use_i18n();
    let cache = expect_context::<Driver>().cache;
    let call = ServerCall::of_page();
    view! {
        <CallError call />
        <Show when=move || !cache.requests_to_me().is_empty()>
            <section class="requests" aria-labelledby="requests">
                <h2 id="requests" class="list-heading">{t!(i18n, requests)}</h2>
                <ul>
                    <Each
                        each=move || cache.requests_to_me()
                        key=|request| request.from.id.to_string()
                        let(request)
                    >
                        <RequestToMe request call />
                    </Each>
                </ul>
            </section>
        </Show>
        <Show when=move || !cache.requests_from_me().is_empty()>
            <section class="requests" aria-labelledby="requests-sent">
                <h2 id="requests-sent" class="list-heading">{t!(i18n, requests_sent)}</h2>
                <ul>
                    <Each
                        each=move || cache.requests_from_me()
                        key=|request| request.to.id.to_string()
                        let(request)
                    >
                        <RequestFromMe request call />
                    </Each>
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn RequestToMe(request: FriendRequest, call: ServerCall) -> impl IntoView {
    let i18n = use_i18n();
    let user = request.from.id;
    let name = StoredValue::new(request.from.display_name.clone());
    let about = move |what: &str| format!("{what}: {}", name.read_value());
    let me = expect_context::<Driver>().me();
    view! {
        <li class="request">
            <PersonAndNote person=request.from note=request.note />
            <span class="request-actions">
                <button
                    type="button"
                    class="primary"
                    aria-label=move || about(t_string!(i18n, accept))
                    on:click=move |_| call.run(api::accept_friend(me, user))
                >
                    {t!(i18n, accept)}
                </button>
                <button
                    type="button"
                    aria-label=move || about(t_string!(i18n, decline))
                    on:click=move |_| call.run(api::decline_friend(me, user))
                >
                    {t!(i18n, decline)}
                </button>
            </span>
        </li>
    }
}

#[component]
fn RequestFromMe(request: FriendRequest, call: ServerCall) -> impl IntoView {
    let i18n = use_i18n();
    let user = request.to.id;
    let name = StoredValue::new(request.to.display_name.clone());
    let about = move |what: &str| format!("{what}: {}", name.read_value());
    let me = expect_context::<Driver>().me();
    let take_back = move |_| call.run(api::decline_friend(me, user));
    view! {
        <li class="request">
            <PersonAndNote person=request.to note=request.note />
            <span class="request-actions">
                <button
                    type="button"
                    aria-label=move || about(t_string!(i18n, take_back))
                    on:click=take_back
                >
                    {t!(i18n, take_back)}
                </button>
            </span>
        </li>
    }
}

/// A person with both names, and the note of the request.
#[component]
fn PersonAndNote(person: Person, note: String) -> impl IntoView {
    view! {
        <Avatar contact=Contact::User(person.id) />
        <span class="request-name">{person.display_name}</span>
        <span class="request-username">"@" {person.username}</span>
        {(!note.is_empty()).then(|| view! { <span class="request-note">{note}</span> })}
    }
}
