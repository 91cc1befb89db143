//! What a group says of itself, who is in it, and what one may do there.

use std::collections::BTreeSet;

use leptos::ev::SubmitEvent;
use leptos::html::{Input, Textarea};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api;
use crate::client::browser;
use crate::client::driver::Driver;
use crate::error::KithError;
use crate::model::validation::Invalid;
use crate::model::{
    Contact, Group, GroupAct, GroupId, GroupInvitation, GroupMember, Role, limits, validation,
};
use crate::ui::call::{Call, CallError};
use crate::ui::each::Each;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::name::contact_name;
use crate::ui::page::Here;
use crate::ui::sentence::sentence;
use crate::ui::show::Show;

use super::account::Outcome;
use super::avatar::Avatar;
use super::confirm_button::ConfirmButton;
use super::people_picker::PeoplePicker;
use super::way_back::CloseProfile;

/// With more members than this there is a box to search them.
const SEARCHED_FROM: usize = 8;

#[component]
pub fn GroupPane(group: GroupId) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let cache = driver.cache;
    let contact = Contact::Group(group);
    let role = Memo::new(move |_| cache.role_in(group));
    let may = move |act| role.get().is_some_and(|role| role.may(act));
    let standing = move || match role.get() {
        Some(_) => {
            let members = cache.group(group).map(|group| group.members).unwrap_or_default();
            t_string!(i18n, members_count, count = members)
        }
        None => t_string!(i18n, standing_left).to_string(),
    };
    let description = move || cache.group(group).map(|group| group.description);
    let failed = RwSignal::new(None);
    let load = move || {
        spawn_local(async move {
            match api::group_members(driver.me(), group).await {
                Ok(members) => {
                    cache.take_members(group, members);
                    failed.try_set(None);
                }
                Err(error) if driver.stops_after(&error) => {}
                Err(error) => {
                    failed.try_set(Some(error));
                }
            }
        });
    };
    // In the browser alone: whenever one looks, as nobody is told of all invitations; and again when
    // the list is gone, for whoever comes back to the group or was away for long.
    let is_missing = Memo::new(move |_| !cache.knows_members_of(group));
    Effect::new(move |looked: Option<()>| {
        let is_missing = is_missing.get();
        if role.get().is_some() && (is_missing || looked.is_none()) {
            load();
        }
    });
    view! {
        <aside class="profile-pane group-pane" aria-labelledby="profile-name">
            <CloseProfile contact />
            <Avatar contact large=true />
            <h2 id="profile-name">{move || contact_name(i18n, cache, contact)}</h2>
            <p class="profile-username" role="status">
                {standing}
            </p>
            <p class="profile-bio" dir="auto">
                {description}
            </p>
            <Show when=move || may(GroupAct::Describe)>
                <EditGroup group />
            </Show>
            <Show when=move || may(GroupAct::Invite)>
                <InvitePeople group invited=load />
            </Show>
            {move || {
                failed
                    .get()
                    .map(|error: KithError| {
                        view! { <p class="form-error" role="alert">{sentence(i18n, &error)}</p> }
                    })
            }}
            <Members group />
            <Show when=move || role.get().is_some()>
                <Farewell group />
            </Show>
        </aside>
    }
    .into_any()
}

#[component]
fn EditGroup(group: GroupId) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let cache = driver.cache;
    let me = driver.me();
    let call = Call::of_page();
    let (name, description) = (NodeRef::<Input>::new(), NodeRef::<Textarea>::new());
    let ceiling = NodeRef::<Input>::new();
    let Some(known) = untrack(move || cache.group(group)) else { return ().into_any() };
    let Group { name: known_name, description: known_description, max_members, .. } = known.clone();
    let known = StoredValue::new(known);
    let may_ceiling =
        move || cache.role_in(group).is_some_and(|role| role.may(GroupAct::SetCeiling));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(name), Some(description)) = (name.get_untracked(), description.get_untracked())
        else {
            return;
        };
        let Some(now) = cache.group(group) else { return };
        // What was not touched stays as somebody else may have made it meanwhile.
        let typed = known.with_value(|known| -> Result<_, Invalid> {
            let (name, description) = (name.value(), description.value());
            let name = if name == known.name { now.name } else { validation::group_name(&name)? };
            let description = match description == known.description {
                true => now.description,
                false => validation::group_description(&description)?,
            };
            let most = ceiling.get_untracked().map(|input| input.value().trim().to_string());
            let most = most.filter(|most| *most != known.max_members.to_string());
            let most = most.map(|most| most.parse().map_err(|_| Invalid::GroupCeiling));
            Ok((name, description, most.transpose()?))
        });
        match typed {
            Ok((name, description, most)) => {
                call.run(api::set_group(me, group, name, description, most));
            }
            Err(invalid) => call.refuse(invalid),
        }
    };
    view! {
        <details class="pane-part">
            <summary>{t!(i18n, edit_group)}</summary>
            <form class="group-form" on:submit=submit>
                <div class="field">
                    <label for="group-name">{t!(i18n, group_name)}</label>
                    <input
                        id="group-name"
                        node_ref=name
                        value=known_name
                        maxlength=limits::GROUP_NAME_MAX.to_string()
                        autocomplete="off"
                        required
                    />
                </div>
                <div class="field">
                    <label for="group-description">{t!(i18n, group_description)}</label>
                    <textarea
                        id="group-description"
                        rows="3"
                        maxlength=limits::GROUP_DESCRIPTION_MAX.to_string()
                        node_ref=description
                        prop:value=known_description
                    ></textarea>
                </div>
                <Show when=may_ceiling>
                    <div class="field">
                        <label for="group-ceiling">{t!(i18n, group_ceiling)}</label>
                        <input
                            id="group-ceiling"
                            type="number"
                            min="1"
                            inputmode="numeric"
                            node_ref=ceiling
                            value=max_members.to_string()
                        />
                    </div>
                </Show>
                <Outcome call plain=None />
                <button type="submit" class="primary" disabled=move || call.is_running()>
                    {t!(i18n, save)}
                </button>
            </form>
        </details>
    }
    .into_any()
}

#[component]
fn InvitePeople(
    group: GroupId,
    invited: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let cache = driver.cache;
    let picked = RwSignal::new(BTreeSet::new());
    let call = Call::of_page();
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

/// Who is in it, and who was asked to be.
#[component]
fn Members(group: GroupId) -> impl IntoView {
    let i18n = use_i18n();
    let cache = expect_context::<Driver>().cache;
    let call = Call::of_page();
    let filter = RwSignal::new(String::new());
    let known = Memo::new(move |_| cache.members_of(group));
    let members = Memo::new(move |_| {
        let text = filter.with(|text| browser::lower_case(text.trim()));
        let all = known.get().map(|known| known.members).unwrap_or_default();
        let called = |member: &GroupMember| {
            let name = contact_name(i18n, cache, Contact::User(member.person.id));
            browser::is_called([&*name, &*member.person.username], &text)
        };
        all.into_iter().filter(called).collect::<Vec<_>>()
    });
    let many = move || {
        // What is typed in it can be taken back, however few are left.
        !filter.with(String::is_empty)
            || known
                .with(|known| known.as_ref().is_some_and(|all| all.members.len() > SEARCHED_FROM))
    };
    let invited = move || known.get().map(|known| known.invited).unwrap_or_default();
    view! {
        <CallError call />
        <Show when=many>
            <input
                type="search"
                class="member-search"
                aria-label=move || t_string!(i18n, find_members)
                placeholder=move || t_string!(i18n, find_members)
                autocomplete="off"
                on:input=move |event| filter.set(event_target_value(&event))
            />
        </Show>
        <ul class="members" aria-label=move || t_string!(i18n, members)>
            <Each
                each=move || members.get()
                key=|member| member.person.id.to_string()
                let(member)
            >
                <Member group member call />
            </Each>
        </ul>
        <Show when=move || !invited().is_empty()>
            <h3 class="list-heading">{t!(i18n, invited)}</h3>
            <ul class="members">
                <Each each=invited key=|invitation| invitation.person.id.to_string() let(invitation)>
                    <Invited group invitation call />
                </Each>
            </ul>
        </Show>
    }
    .into_any()
}

#[component]
fn Member(group: GroupId, member: GroupMember, call: Call) -> impl IntoView {
    let i18n = use_i18n();
    let here = expect_context::<Here>();
    let driver = expect_context::<Driver>();
    let cache = driver.cache;
    let me = driver.me();
    let user = member.person.id;
    let contact = Contact::User(user);
    let theirs = Memo::new(move |_| cache.role_of_member(group, user).unwrap_or(Role::Member));
    let name = move || contact_name(i18n, cache, contact);
    let may = move |act| cache.role_in(group).is_some_and(|role| role.may(act));
    let may_remove = move || user != me && may(GroupAct::Remove(theirs.get()));
    let may_set_role = move || user != me && may(GroupAct::SetRoles);
    let word = move || match theirs.get() {
        Role::Member => "",
        Role::Admin => t_string!(i18n, admin_role),
        Role::Owner => t_string!(i18n, owner_role),
    };
    let other_role = move || match theirs.get() {
        Role::Member => Role::Admin,
        Role::Admin | Role::Owner => Role::Member,
    };
    let set = move |role| call.run(api::set_role(me, group, user, role));
    let text = move |read: fn(_) -> &'static str| Signal::derive(move || read(i18n).to_string());
    view! {
        <li class="member">
            <a
                class="member-name"
                href=move || here.tab.get().profile_path(contact)
            >
                <Avatar contact />
                <span>{move || name()}</span>
            </a>
            <span class="member-role">{word}</span>
            <Show when=move || may_remove() || may_set_role()>
                <details class="member-acts">
                    <summary aria-label=move || {
                        t_string!(i18n, actions_for, name = name())
                    }>"⋯"</summary>
                    <Show when=may_set_role>
                        <button type="button" on:click=move |_| set(other_role())>
                            {move || match other_role() {
                                Role::Admin => t_string!(i18n, make_admin),
                                Role::Member | Role::Owner => t_string!(i18n, unmake_admin),
                            }}
                        </button>
                        <ConfirmButton
                            label=text(|i18n| t_string!(i18n, hand_over))
                            question=Signal::derive(move || {
                                t_string!(i18n, hand_over_question, name = name())
                            })
                            confirmed=move || set(Role::Owner)
                        />
                    </Show>
                    <Show when=may_remove>
                        <ConfirmButton
                            label=text(|i18n| t_string!(i18n, remove_member))
                            question=Signal::derive(move || {
                                t_string!(i18n, remove_member_question, name = name())
                            })
                            confirmed=move || call.run(api::remove_member(me, group, user))
                        />
                    </Show>
                </details>
            </Show>
        </li>
    }
    .into_any()
}

#[component]
fn Invited(group: GroupId, invitation: GroupInvitation, call: Call) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let me = driver.me();
    let (user, by) = (invitation.person.id, invitation.by.id);
    let name = move || contact_name(i18n, driver.cache, Contact::User(user));
    let inviter = move || contact_name(i18n, driver.cache, Contact::User(by));
    let may_take_back = move || {
        by == me || driver.cache.role_in(group).is_some_and(|role| role.may(GroupAct::TakeBack))
    };
    let take_back = move |_| {
        call.run_then(api::close_group_invitation(me, group, user), move || {
            driver.cache.uninvited(group, user);
        });
    };
    view! {
        <li class="member">
            <span class="member-name">
                <Avatar contact=Contact::User(user) />
                <span>
                    {move || name()}
                    <small>{move || t_string!(i18n, invited_by, name = inviter())}</small>
                </span>
            </span>
            <Show when=may_take_back>
                <button
                    type="button"
                    aria-label=move || format!("{}: {}", t_string!(i18n, take_back_invitation), name())
                    on:click=take_back
                >
                    {t!(i18n, take_back_invitation)}
                </button>
            </Show>
        </li>
    }
    .into_any()
}

/// How one leaves: the owner hands the group over first, or ends it.
#[component]
fn Farewell(group: GroupId) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let me = driver.me();
    let call = Call::of_page();
    let may_leave =
        move || driver.cache.role_in(group).is_some_and(|role| role.may(GroupAct::Leave));
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
