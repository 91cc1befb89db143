//! The members and invited people of a group, and the actions on each.

use leptos::prelude::*;

use crate::api;
use crate::client::driver::Driver;
use crate::client::machines::name_search::any_name_contains;
use crate::model::{Contact, GroupAction, GroupId, GroupInvitation, GroupMember, Role};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::avatar::Avatar;
use crate::ui::parts::call_error::CallError;
use crate::ui::parts::confirm_button::ConfirmButton;
use crate::ui::route::CurrentRoute;
use crate::ui::text::name::contact_name;
use crate::ui::view::call::ServerCall;
use crate::ui::view::each::Each;
use crate::ui::view::show::Show;

/// Maximum number of members without a search field.
const MAX_WITHOUT_SEARCH: usize = 8;

#[component]
pub fn Members(group: GroupId) -> impl IntoView {
    let i18n = use_i18n();
    let cache = expect_context::<Driver>().cache;
    let call = ServerCall::of_page();
    let filter = RwSignal::new(String::new());
    let known = Memo::new(move |_| cache.members_of(group));
    let members = Memo::new(move |_| {
        let text = filter.with(|text| text.trim().to_lowercase());
        let all = known.get().map(|known| known.members).unwrap_or_default();
        let called = |member: &GroupMember| {
            let name = contact_name(i18n, cache, Contact::User(member.person.id));
            any_name_contains([&*name, &*member.person.username], &text)
        };
        all.into_iter().filter(called).collect::<Vec<_>>()
    });
    let many = move || {
        // A search with text stays, so that the text can be removed however few members are left.
        !filter.with(String::is_empty)
            || known.with(|known| {
                known.as_ref().is_some_and(|all| all.members.len() > MAX_WITHOUT_SEARCH)
            })
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
                <Each
                    each=invited
                    key=|invitation| invitation.person.id.to_string()
                    let(invitation)
                >
                    <Invited group invitation call />
                </Each>
            </ul>
        </Show>
    }
    .into_any()
}

#[component]
fn Member(group: GroupId, member: GroupMember, call: ServerCall) -> impl IntoView {
    let i18n = use_i18n();
    let route = expect_context::<CurrentRoute>();
    let driver = expect_context::<Driver>();
    let cache = driver.cache;
    let me = driver.me();
    let user = member.person.id;
    let contact = Contact::User(user);
    let their_role = Memo::new(move |_| cache.role_of_member(group, user).unwrap_or(Role::Member));
    let name = move || contact_name(i18n, cache, contact);
    let may = move |act| cache.role_in(group).is_some_and(|role| role.may(act));
    let may_remove = move || user != me && may(GroupAction::Remove(their_role.get()));
    let may_set_role = move || user != me && may(GroupAction::SetRoles);
    let word = move || match their_role.get() {
        Role::Member => "",
        Role::Admin => t_string!(i18n, admin_role),
        Role::Owner => t_string!(i18n, owner_role),
    };
    let other_role = move || match their_role.get() {
        Role::Member => Role::Admin,
        Role::Admin | Role::Owner => Role::Member,
    };
    let set = move |role| call.run(api::set_role(me, group, user, role));
    let text = move |read: fn(_) -> &'static str| Signal::derive(move || read(i18n).to_string());
    view! {
        <li class="member">
            <a
                class="member-name"
                href=move || route.tab.get().profile_path(contact)
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
fn Invited(group: GroupId, invitation: GroupInvitation, call: ServerCall) -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let me = driver.me();
    let (user, by) = (invitation.person.id, invitation.by.id);
    let name = move || contact_name(i18n, driver.cache, Contact::User(user));
    let inviter = move || contact_name(i18n, driver.cache, Contact::User(by));
    let may_take_back = move || {
        by == me || driver.cache.role_in(group).is_some_and(|role| role.may(GroupAction::TakeBack))
    };
    let take_back = move |_| {
        call.run_then(api::close_group_invitation(me, group, user), move || {
            driver.cache.invitation_withdrawn(group, user);
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
                    aria-label=move || {
                        format!("{}: {}", t_string!(i18n, take_back_invitation), name())
                    }
                    on:click=take_back
                >
                    {t!(i18n, take_back_invitation)}
                </button>
            </Show>
        </li>
    }
    .into_any()
}
