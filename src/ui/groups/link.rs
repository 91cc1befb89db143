//! The link by which people join a group on their own.

use leptos::prelude::*;

use crate::api;
use crate::client::browser;
use crate::client::driver::Driver;
use crate::model::{GroupAction, GroupId, JoinLink};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::call_error::CallError;
use crate::ui::paths;
use crate::ui::text::time::{LocalTime, TimeStyle};
use crate::ui::view::call::ServerCall;
use crate::ui::view::show::Show;

/// The lifetimes that a link can be given, in days.
const LIFETIMES_DAYS: [i64; 3] = [1, 7, 30];
const DEFAULT_DAYS: i64 = 7;

/// The link of a group, and whether an admin must let each person in. `changed` is called when
/// the link changed.
#[component]
pub fn GroupLink(
    group: GroupId,
    changed: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let cache = driver.cache;
    let me = driver.me();
    let call = ServerCall::of_page();
    let link = Memo::new(move |_| cache.members_of(group).and_then(|known| known.link));
    let days = RwSignal::new(DEFAULT_DAYS);
    let make = move |_| {
        let make = api::make_join_link(me, group, days.get_untracked());
        call.run_then(async move { make.await.map(|_| ()) }, changed);
    };
    let revoke = move |_| call.run_then(api::revoke_join_link(me, group), changed);
    view! {
        <details class="pane-part join-link">
            <summary>{t!(i18n, join_link)}</summary>
            <CallError call />
            {move || link.get().map(|link| view! { <CurrentLink link /> })}
            <Show when=move || link.get().is_none()>
                <p class="field-hint">{t!(i18n, join_link_hint)}</p>
            </Show>
            <div class="button-row">
                <Lifetime days />
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
            <Approval group call />
        </details>
    }
    .into_any()
}

/// The choice of the lifetime of the next link.
#[component]
fn Lifetime(days: RwSignal<i64>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <label class="join-link-days">
            {t!(i18n, join_link_for)} " "
            <select on:change=move |event| {
                days.set(event_target_value(&event).parse().unwrap_or(DEFAULT_DAYS));
            }>
                {LIFETIMES_DAYS
                    .map(|of| {
                        let text = move || t_string!(i18n, days_count, count = of);
                        view! {
                            <option value=of.to_string() selected=of == DEFAULT_DAYS>
                                {text}
                            </option>
                        }
                    })}
            </select>
        </label>
    }
}

/// Whether an admin must let each person in: a checkbox for roles that may change it, else a
/// sentence.
#[component]
fn Approval(group: GroupId, call: ServerCall) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let (cache, me) = (driver.cache, driver.me());
    let role = move || cache.role_in(group);
    let may_set = move || role().is_some_and(|role| role.may(GroupAction::SetApproval));
    let approve = move || cache.group(group).is_some_and(|group| group.approve);
    let set_approval = move |event| {
        call.run(api::set_approval(me, group, event_target_checked(&event)));
    };
    view! {
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
    }
}

/// The link, with a button that copies it, and its end.
#[component]
fn CurrentLink(link: JoinLink) -> impl IntoView {
    let i18n = use_i18n();
    let address = format!("{}{}", browser::origin(), paths::join_path(&link.token));
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
            {t!(i18n, join_link_until)} " " <LocalTime time=link.until shown=TimeStyle::Day />
        </p>
    }
    .into_any()
}
