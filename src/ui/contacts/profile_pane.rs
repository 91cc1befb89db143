//! The profile of a person: their names and bio, the user's remark, and the actions on them.

use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::client::driver::Driver;
use crate::model::{Contact, Relation, Timestamp, UserId, limits, validation};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::avatar::Avatar;
use crate::ui::parts::call_error::CallError;
use crate::ui::parts::confirm_button::ConfirmButton;
use crate::ui::parts::form_outcome::FormOutcome;
use crate::ui::parts::way_back::CloseProfile;
use crate::ui::text::name::contact_name;
use crate::ui::text::time::{LocalTime, TimeStyle};
use crate::ui::view::call::ServerCall;
use crate::ui::view::show::Show;

#[component]
pub fn ProfilePane(user: UserId) -> impl IntoView {
    let i18n = use_i18n();
    let cache = expect_context::<Driver>().cache;
    let contact = Contact::User(user);
    let person = move || cache.person(user);
    let username = move || person().filter(|p| !p.deleted).map(|p| format!("@{}", p.username));
    // Their display name, if the user's remark replaces it above.
    let display_name = move || {
        let name = person().map(|p| p.display_name).unwrap_or_default();
        let is_shown = cache.name_of(contact).is_some_and(|shown| shown == name);
        (!is_shown && !name.is_empty()).then_some(name)
    };
    // A changed remark must not replace the form: only a new friendship does.
    let since = Memo::new(move |_| cache.friend(user).map(|friend| friend.since));
    let remark_form = move || {
        let since = since.get()?;
        let remark = untrack(|| cache.friend(user))?.remark;
        Some(view! { <RemarkForm user since remark /> })
    };
    let has_actions = move || user != cache.me() && !cache.is_deleted(Contact::User(user));
    view! {
        <aside class="profile-pane" aria-labelledby="profile-name">
            <CloseProfile contact />
            <Avatar contact large=true />
            <h2 id="profile-name">{move || contact_name(i18n, cache, contact)}</h2>
            {move || display_name().map(|name| view! { <p class="profile-own-name">{name}</p> })}
            <p class="profile-username">{move || username()}</p>
            <Bio user />
            {remark_form}
            <Show when=has_actions>
                <ProfileActions user />
            </Show>
        </aside>
    }
    .into_any()
}

/// Their bio, which is fetched when the profile opens.
#[component]
fn Bio(user: UserId) -> impl IntoView {
    let driver = expect_context::<Driver>();
    let bio = RwSignal::new(None);
    Effect::new(move |_| {
        spawn_local(async move {
            // The profile is of use without a bio, so an error is not shown.
            let loaded = api::profile(driver.me(), user).await.map(|profile| {
                driver.cache.add_people([profile.person]);
                profile.bio
            });
            bio.try_set(Some(loaded.unwrap_or_default()));
        });
    });
    move || match bio.get() {
        None => view! { <p class="profile-bio fetching" aria-busy="true"></p> }.into_any(),
        Some(bio) if bio.is_empty() => ().into_any(),
        Some(bio) => view! { <p class="profile-bio" dir="auto">{bio}</p> }.into_any(),
    }
}

#[component]
fn RemarkForm(user: UserId, since: Timestamp, remark: String) -> impl IntoView {
    let i18n = use_i18n();
    let me = expect_context::<Driver>().me();
    let known = remark;
    let remark = NodeRef::<Input>::new();
    let call = ServerCall::of_page();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(remark) = remark.get_untracked() else { return };
        match validation::remark(&remark.value()) {
            Ok(remark) => call.run(api::set_remark(me, user, remark)),
            Err(invalid) => call.refuse(invalid),
        }
    };
    view! {
        <form class="remark-form" on:submit=submit>
            <label for="remark">{t!(i18n, remark)}</label>
            <span class="field-row">
                <input
                    id="remark"
                    node_ref=remark
                    value=known
                    maxlength=limits::REMARK_MAX.to_string()
                    placeholder=move || t_string!(i18n, remark_placeholder)
                    autocomplete="off"
                />
                <button type="submit" disabled=move || call.is_running()>
                    {t!(i18n, save)}
                </button>
            </span>
            <FormOutcome call plain=None />
        </form>
        <p class="profile-since">
            {t!(i18n, friends_since)} " " <LocalTime time=since shown=TimeStyle::Day />
        </p>
    }
}

#[component]
fn ProfileActions(user: UserId) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let (cache, me) = (driver.cache, driver.me());
    let call = ServerCall::of_page();
    let name = move || contact_name(i18n, cache, Contact::User(user));
    let is_friend = Memo::new(move |_| cache.relation(user) == Relation::Friend);
    let is_blocked = Memo::new(move |_| cache.is_blocked(user));
    let text = move |read: fn(_) -> &'static str| Signal::derive(move || read(i18n).to_string());
    let remove_question =
        Signal::derive(move || t_string!(i18n, remove_friend_question, name = name()));
    let block_question = Signal::derive(move || t_string!(i18n, block_question, name = name()));
    view! {
        <div class="profile-actions">
            <CallError call />
            <Show
                when=move || is_blocked.get()
                fallback=move || {
                    view! {
                        <ConfirmButton
                            label=text(|i18n| t_string!(i18n, block))
                            question=block_question
                            confirmed=move || call.run(api::set_blocked(me, user, true))
                        />
                    }
                }
            >
                <button type="button" on:click=move |_| call.run(api::set_blocked(me, user, false))>
                    {t!(i18n, unblock)}
                </button>
            </Show>
            <Show when=move || is_friend.get()>
                <ConfirmButton
                    label=text(|i18n| t_string!(i18n, remove_friend))
                    question=remove_question
                    confirmed=move || call.run(api::remove_friend(me, user))
                />
            </Show>
        </div>
    }
}
