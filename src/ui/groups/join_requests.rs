//! The people who followed a group's link and wait to be let in.

use leptos::prelude::*;

use crate::api;
use crate::client::driver::Driver;
use crate::model::{Contact, GroupId, JoinRequest};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::avatar::Avatar;
use crate::ui::parts::call_error::CallError;
use crate::ui::text::name::contact_name;
use crate::ui::view::call::ServerCall;
use crate::ui::view::each::Each;
use crate::ui::view::show::Show;

/// The open requests of a group; `answered` is called after each answer.
#[component]
pub fn JoinRequests(
    group: GroupId,
    answered: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let cache = expect_context::<Driver>().cache;
    let call = ServerCall::of_page();
    let asking = move || cache.members_of(group).map(|known| known.asking).unwrap_or_default();
    view! {
        <CallError call />
        <Show when=move || !asking().is_empty()>
            <section class="requests" aria-labelledby="group-asking">
                <h3 id="group-asking" class="list-heading">
                    {t!(i18n, asking_to_join)}
                </h3>
                <ul>
                    <Each
                        each=asking
                        key=|request| format!("{}-{}", request.person.id, request.at.0)
                        let(request)
                    >
                        <JoinRequestEntry group request call answered />
                    </Each>
                </ul>
            </section>
        </Show>
    }
    .into_any()
}

#[component]
fn JoinRequestEntry(
    group: GroupId,
    request: JoinRequest,
    call: ServerCall,
    answered: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let me = driver.me();
    let user = request.person.id;
    let contact = Contact::User(user);
    let name = move || contact_name(i18n, driver.cache, contact);
    let about = move |what: &str| format!("{what}: {}", name());
    let answer = move |accept| {
        call.run_then(api::answer_join_request(me, group, user, accept), answered);
    };
    view! {
        <li class="request">
            <Avatar contact />
            <span class="request-name">{move || name()}</span>
            <span class="request-username">{request.person.username}</span>
            <span class="request-actions">
                <button
                    type="button"
                    class="primary"
                    aria-label=move || about(t_string!(i18n, let_in))
                    on:click=move |_| answer(true)
                >
                    {t!(i18n, let_in)}
                </button>
                <button
                    type="button"
                    aria-label=move || about(t_string!(i18n, decline))
                    on:click=move |_| answer(false)
                >
                    {t!(i18n, decline)}
                </button>
            </span>
        </li>
    }
    .into_any()
}
