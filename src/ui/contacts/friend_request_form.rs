//! The form that sends a friend request, with a note.

use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;

use crate::api;
use crate::client::driver::Driver;
use crate::model::{UserId, limits, validation};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::call_error::CallError;
use crate::ui::view::call::ServerCall;

#[component]
pub fn FriendRequestForm(user: UserId) -> impl IntoView {
    let i18n = use_i18n();
    let me = expect_context::<Driver>().me();
    let note = NodeRef::<Input>::new();
    let call = ServerCall::of_page();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(note) = note.get_untracked() else { return };
        match validation::note(&note.value()) {
            Ok(note) => call.run(api::request_friend(me, user, note)),
            Err(invalid) => call.refuse(invalid),
        }
    };
    view! {
        <form class="ask" on:submit=submit>
            <input
                node_ref=note
                aria-label=move || t_string!(i18n, note)
                placeholder=move || t_string!(i18n, note_placeholder)
                maxlength=limits::NOTE_MAX.to_string()
                autocomplete="off"
            />
            <button type="submit" class="primary" disabled=move || call.is_running()>
                {t!(i18n, send_request)}
            </button>
            <CallError call />
        </form>
    }
}
