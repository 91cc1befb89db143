//! How people come into a group: they are invited, or come by its link and are let in.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::api;
use crate::client::browser;
use crate::client::driver::Driver;
use crate::model::{Contact, GroupAct, GroupId, JoinLink, JoinRequest};
use crate::ui::contacts::people_picker::PeoplePicker;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::avatar::Avatar;
use crate::ui::paths;
use crate::ui::text::name::contact_name;
use crate::ui::text::time::{TimeStyle, When};
use crate::ui::view::call::{CallError, ServerCall};
use crate::ui::view::each::Each;
use crate::ui::view::show::Show;

/// For how many days a link may be made to hold.
const DAYS: [i64; 3] = [1, 7, 30];

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
    let there = Memo::new(move |_| {
        let known = cache.members_of(group).unwrap_or_default();
        let members = known.members.into_iter().map(|member| member.person.id);
        let invited = known.invited.into_iter().map(|invitation| invitation.person.id);
        members.chain(invited).collect::<BTreeSet<_>>()
    });
    let is_in = move |user| there.with(|there| there.contains(&user));
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

/// The link by which people join by themselves, and whether an admin looks at each of them.
#[component]
pub fn JoinByLink(
    group: GroupId,
    changed: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let cache = driver.cache;
    let me = driver.me();
    let call = ServerCall::of_page();
    let link = Memo::new(move |_| cache.members_of(group).and_then(|known| known.link));
    let days = RwSignal::new(DAYS[1]);
    let make = move |_| {
        let make = api::make_join_link(me, group, days.get_untracked());
        call.run_then(async move { make.await.map(|_| ()) }, changed);
    };
    let revoke = move |_| call.run_then(api::revoke_join_link(me, group), changed);
    let role = move || cache.role_in(group);
    let may_set = move || role().is_some_and(|role| role.may(GroupAct::SetApproval));
    let approve = move || cache.group(group).is_some_and(|group| group.approve);
    let set_approval = move |event| {
        call.run(api::set_approval(me, group, event_target_checked(&event)));
    };
    view! {
        <details class="pane-part join-link">
            <summary>{t!(i18n, join_link)}</summary>
            <CallError call />
            {move || link.get().map(|link| view! { <PresentLink link /> })}
            <Show when=move || link.get().is_none()>
                <p class="field-hint">{t!(i18n, join_link_hint)}</p>
            </Show>
            <div class="button-row">
                <label class="join-link-days">
                    {t!(i18n, join_link_for)} " "
                    <select on:change=move |event| {
                        days.set(event_target_value(&event).parse().unwrap_or(DAYS[1]));
                    }>
                        {DAYS
                            .map(|of| {
                                let text = move || t_string!(i18n, days_count, count = of);
                                view! {
                                    <option value=of.to_string() selected=of == DAYS[1]>
                                        {text}
                                    </option>
                                }
                            })}
                    </select>
                </label>
                <button type="button" disabled=move || call.is_running() on:click=make>
                    {move || match link.get() {
                        Some(_) => t_string!(i18n, replace_join_link),
                        None => t_string!(i18n, make_join_link),
                    }}
                </button>
                <Show when=move || link.get().is_some()>
                    <button
                        type="button"
                        class="danger"
                        disabled=move || call.is_running()
                        on:click=revoke
                    >
                        {t!(i18n, revoke_join_link)}
                    </button>
                </Show>
            </div>
            <Show
                when=may_set
                fallback=move || {
                    view! {
                        <Show when=approve>
                            <p class="field-hint">{t!(i18n, join_approve)}</p>
                        </Show>
                    }
                }
            >
                <div class="ticks">
                    <label>
                        <input type="checkbox" prop:checked=approve on:change=set_approval />
                        {t!(i18n, join_approve)}
                    </label>
                </div>
            </Show>
        </details>
    }
    .into_any()
}

/// A link to be copied, and when it ends.
#[component]
fn PresentLink(link: JoinLink) -> impl IntoView {
    let i18n = use_i18n();
    let address = format!("{}{}", browser::origin(), paths::join(&link.token));
    let copied = RwSignal::new(false);
    let shown = address.clone();
    let copy = move |_| {
        browser::copy(&address);
        copied.set(true);
    };
    view! {
        <div class="join-link-address">
            <input
                type="text"
                readonly
                aria-label=move || t_string!(i18n, join_link)
                value=shown
            />
            <button type="button" class="primary" on:click=copy>
                {move || match copied.get() {
                    true => t_string!(i18n, copied),
                    false => t_string!(i18n, copy),
                }}
            </button>
        </div>
        <p class="field-hint" role="status">
            {t!(i18n, join_link_until)} " " <When time=link.until shown=TimeStyle::Day />
        </p>
    }
    .into_any()
}

/// Those who came by the link and wait to be let in.
#[component]
pub fn Asking(group: GroupId, answered: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
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
                        <Request group request call answered />
                    </Each>
                </ul>
            </section>
        </Show>
    }
    .into_any()
}

#[component]
fn Request(
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
