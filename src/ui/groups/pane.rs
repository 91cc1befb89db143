//! The profile of a group: description, members, and the actions that the user's role allows.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::client::driver::Driver;
use crate::error::KithError;
use crate::model::{Contact, GroupAction, GroupId, Role};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::avatar::Avatar;
use crate::ui::parts::call_error::CallError;
use crate::ui::parts::confirm_button::ConfirmButton;
use crate::ui::parts::way_back::CloseProfile;
use crate::ui::text::errors::sentence;
use crate::ui::text::name::contact_name;
use crate::ui::view::call::ServerCall;
use crate::ui::view::show::Show;

use super::edit::EditGroup;
use super::invite::InvitePeople;
use super::join_requests::JoinRequests;
use super::link::GroupLink;
use super::members::Members;

#[component]
pub fn GroupPane(group: GroupId) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let cache = driver.cache;
    let contact = Contact::Group(group);
    let role = Memo::new(move |_| cache.role_in(group));
    let may = move |act| role.get().is_some_and(|role| role.may(act));
    let summary = move || match role.get() {
        Some(_) => {
            let members = cache.group(group).map(|group| group.members).unwrap_or_default();
            t_string!(i18n, members_count, count = members)
        }
        None => t_string!(i18n, standing_left).to_string(),
    };
    let description = move || cache.group(group).map(|group| group.description);
    let failed = RwSignal::new(None);
    let load = move || load_members(driver, group, failed);
    keep_members_loaded(driver, group, role, load);
    Effect::new(move |_| driver.follow_members(group));
    view! {
        <aside class="profile-pane group-pane" aria-labelledby="profile-name">
            <CloseProfile contact />
            <Avatar contact large=true />
            <h2 id="profile-name">{move || contact_name(i18n, cache, contact)}</h2>
            <p class="profile-username" role="status">
                {summary}
            </p>
            <p class="profile-bio" dir="auto">
                {description}
            </p>
            <Show when=move || may(GroupAction::Describe)>
                <EditGroup group />
            </Show>
            <Show when=move || may(GroupAction::Invite)>
                <InvitePeople group invited=load />
            </Show>
            <Show when=move || may(GroupAction::Link)>
                <GroupLink group changed=load />
            </Show>
            {move || {
                failed
                    .get()
                    .map(|error: KithError| {
                        view! { <p class="form-error" role="alert">{sentence(i18n, &error)}</p> }
                    })
            }}
            <Show when=move || may(GroupAction::Approve)>
                <JoinRequests group answered=load />
            </Show>
            <Members group />
            <Show when=move || role.get().is_some()>
                <LeaveGroup group />
            </Show>
        </aside>
    }
    .into_any()
}

/// Fetches the members into the cache, or sets `failed`.
fn load_members(driver: Driver, group: GroupId, failed: RwSignal<Option<KithError>>) {
    spawn_local(async move {
        match api::group_members(driver.me(), group).await {
            Ok(members) => {
                driver.cache.take_members(group, members);
                failed.try_set(None);
            }
            Err(error) if driver.stops_after(&error) => {}
            Err(error) => {
                failed.try_set(Some(error));
            }
        }
    });
}

/// Loads the members each time the pane opens, because events do not cover all invitations. Loads
/// them again if the cache dropped them (after a return to the group or a long absence), if the
/// number of join requests changed, and if the user's role changed.
fn keep_members_loaded(
    driver: Driver,
    group: GroupId,
    role: Memo<Option<Role>>,
    load: impl Fn() + 'static,
) {
    let cache = driver.cache;
    let is_missing = Memo::new(move |_| !cache.knows_members_of(group));
    let asking = Memo::new(move |_| {
        let group = cache
            .group(group)
            .filter(|_| role.get().is_some_and(|role| role.may(GroupAction::Approve)));
        group.map(|group| group.asking)
    });
    Effect::new(move |known: Option<_>| {
        let now = (asking.get(), role.get());
        if role.get().is_some() && (is_missing.get() || known != Some(now)) {
            load();
        }
        now
    });
}

/// The button to leave. The owner must hand the group over first, or disband it.
#[component]
fn LeaveGroup(group: GroupId) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let me = driver.me();
    let call = ServerCall::of_page();
    let may_leave =
        move || driver.cache.role_in(group).is_some_and(|role| role.may(GroupAction::Leave));
    let text = move |read: fn(_) -> &'static str| Signal::derive(move || read(i18n).to_string());
    view! {
        <div class="profile-actions">
            <CallError call />
            <Show
                when=may_leave
                fallback=move || {
                    view! {
                        <p class="field-hint">{t!(i18n, owner_leaves_hint)}</p>
                        <ConfirmButton
                            label=text(|i18n| t_string!(i18n, disband_group))
                            question=text(|i18n| t_string!(i18n, disband_group_question))
                            confirmed=move || call.run(api::disband_group(me, group))
                        />
                    }
                }
            >
                <ConfirmButton
                    label=text(|i18n| t_string!(i18n, leave_group))
                    question=text(|i18n| t_string!(i18n, leave_group_question))
                    confirmed=move || call.run(api::leave_group(me, group))
                />
            </Show>
        </div>
    }
    .into_any()
}
