//! Replaces the composer where the user cannot write: the reason, and a way out.

use leptos::prelude::*;

use crate::api;
use crate::client::driver::Driver;
use crate::model::{Contact, Relation, UserId};
use crate::ui::contacts::friend_request_form::FriendRequestForm;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::call_error::CallError;
use crate::ui::text::name::contact_name;
use crate::ui::view::call::ServerCall;

/// The reason why the user cannot write to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    Deleted,
    Blocked,
    Relation(Relation),
}

#[component]
pub fn CannotWrite(contact: Contact) -> impl IntoView {
    let user = match contact {
        Contact::User(user) => user,
        Contact::Group(_) => return view! { <LeftGroup /> }.into_any(),
    };
    let cache = expect_context::<Driver>().cache;
    let reason = Memo::new(move |_| {
        if cache.is_deleted(Contact::User(user)) {
            Reason::Deleted
        } else if cache.is_blocked(user) {
            Reason::Blocked
        } else {
            Reason::Relation(cache.relation(user))
        }
    });
    let call = ServerCall::of_page();
    view! {
        <div class="cannot-write">
            {move || reason_view(user, reason.get(), call)} <CallError call />
        </div>
    }
    .into_any()
}

#[component]
fn LeftGroup() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="cannot-write">
            <p>{t!(i18n, standing_left)}</p>
        </div>
    }
}

fn reason_view(user: UserId, reason: Reason, call: ServerCall) -> AnyView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let name = move || contact_name(i18n, driver.cache, Contact::User(user));
    let me = driver.me();
    let note = move || {
        let note = driver.cache.request_note(user);
        note.map(|note| view! { <p class="cannot-write-note">{note}</p> })
    };
    let sentence = move |text: String| view! { <p>{text}</p> };
    match reason {
        Reason::Deleted => sentence(t_string!(i18n, standing_deleted).to_string()).into_any(),
        Reason::Blocked => view! {
            <p>{move || t_string!(i18n, standing_blocked, name = name())}</p>
            <button type="button" on:click=move |_| call.run(api::set_blocked(me, user, false))>
                {t!(i18n, unblock)}
            </button>
        }
        .into_any(),
        Reason::Relation(Relation::Asked) => view! {
            <p>{t!(i18n, relation_asked)}</p>
            {note}
            <button type="button" on:click=move |_| call.run(api::decline_friend(me, user))>
                {t!(i18n, take_back)}
            </button>
        }
        .into_any(),
        Reason::Relation(Relation::AskedMe) => view! {
            <p>{move || t_string!(i18n, standing_asked_me, name = name())}</p>
            {note}
            <span class="button-row">
                <button
                    type="button"
                    class="primary"
                    on:click=move |_| call.run(api::accept_friend(me, user))
                >
                    {t!(i18n, accept)}
                </button>
                <button type="button" on:click=move |_| call.run(api::decline_friend(me, user))>
                    {t!(i18n, decline)}
                </button>
            </span>
        }
        .into_any(),
        Reason::Relation(Relation::Oneself) => {
            sentence(t_string!(i18n, relation_oneself).to_string()).into_any()
        }
        Reason::Relation(Relation::Friend | Relation::Stranger) => view! {
            <p>{move || t_string!(i18n, standing_stranger, name = name())}</p>
            <FriendRequestForm user />
        }
        .into_any(),
    }
}
