//! Invites people to a group.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::api;
use crate::client::driver::Driver;
use crate::model::GroupId;
use crate::ui::contacts::people_picker::PeoplePicker;
use crate::ui::i18n::{t, use_i18n};
use crate::ui::parts::call_error::CallError;
use crate::ui::view::call::ServerCall;

/// The form that invites people; `invited` is called after success.
#[component]
pub fn InvitePeople(
    group: GroupId,
    invited: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let cache = driver.cache;
    let picked = RwSignal::new(BTreeSet::new());
    let call = ServerCall::of_page();
    let present = Memo::new(move |_| {
        let known = cache.members_of(group).unwrap_or_default();
        let members = known.members.into_iter().map(|member| member.person.id);
        let invited = known.invited.into_iter().map(|invitation| invitation.person.id);
        members.chain(invited).collect::<BTreeSet<_>>()
    });
    let is_in = move |user| present.with(|present| present.contains(&user));
    let invite = move |_| {
        let users = picked.get_untracked().into_iter().collect();
        call.run_then(api::invite_to_group(driver.me(), group, users), move || {
            picked.set(BTreeSet::new());
            invited();
        });
    };
    view! {
        <details class="pane-part">
            <summary>{t!(i18n, invite_people)}</summary>
            <PeoplePicker picked except=is_in />
            <CallError call />
            <button
                type="button"
                class="primary"
                disabled=move || call.is_running() || picked.with(BTreeSet::is_empty)
                on:click=invite
            >
                {t!(i18n, invite)}
            </button>
        </details>
    }
    .into_any()
}
