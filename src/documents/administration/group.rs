//! The page of one group: everything about it except its messages.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api;
use crate::documents::{ActionForm, Field, TextArea, UtcTime, page_context};
use crate::model::administration::GroupDetails;
use crate::model::{Group, GroupId, GroupInvitation, GroupMember, Role, Timestamp, UserId, limits};
use crate::ui::i18n::td_string;

use super::action_button::ActionButton;
use super::admin_page::AdminPage;
use super::confirmation::Confirmation;
use super::hidden_fields::{about, about_group};
use super::relationships::role_name;
use super::table::PersonLink;

#[component]
pub fn GroupPage(me: UserId, file: GroupDetails) -> impl IntoView {
    let GroupDetails { group, members, link_until, ceiling } = file;
    let id = group.id;
    view! {
        <Edit me group=group.clone() ceiling />
        <Members me group members=members.members />
        <AddMember me group=id />
        {link_until.map(|until| view! { <EndJoinLink me group=id until /> })}
        <Invited invited=members.invited />
        <Disband me group=id />
    }
}

#[component]
fn Edit(me: UserId, group: Group, ceiling: i64) -> impl IntoView {
    const FORM: &str = api::AdminEditGroup::PATH;
    let locale = page_context().locale;
    view! {
        <section class="settings-section" aria-labelledby="edit">
            <h2 id="edit">{td_string!(locale, edit_group)}</h2>
            <ActionForm path=FORM hidden=about_group(me, group.id, Confirmation::Saved)>
                <Field
                    of=FORM
                    name="name"
                    label=td_string!(locale, group_name)
                    value=group.name
                    max=limits::GROUP_NAME_MAX
                />
                <TextArea
                    of=FORM
                    name="description"
                    label=td_string!(locale, group_description)
                    value=group.description
                    max=limits::GROUP_DESCRIPTION_MAX
                />
                <Field
                    of=FORM
                    name="max_members"
                    label=td_string!(locale, group_ceiling)
                    value=group.max_members.to_string()
                    kind="number"
                    up_to=ceiling
                    hint=td_string!(locale, admin_ceiling_hint, count = ceiling)
                />
                <div class="ticks">
                    <label>
                        <input type="checkbox" name="approve" value="true" checked=group.approve />
                        {td_string!(locale, join_approve)}
                    </label>
                </div>
                <button type="submit" class="primary">
                    {td_string!(locale, save)}
                </button>
            </ActionForm>
        </section>
    }
}

#[component]
fn Members(me: UserId, group: Group, members: Vec<GroupMember>) -> impl IntoView {
    let locale = page_context().locale;
    let rows = members.into_iter().map(|member| view! { <Member me group=group.id member /> });
    let rows = rows.collect_view();
    let count = format!("{} / {}", group.members, group.max_members);
    view! {
        <section class="settings-section" aria-labelledby="members">
            <h2 id="members">
                {td_string!(locale, members)} " " <small class="admin-count">{count}</small>
            </h2>
            <ul class="admin-list">{rows}</ul>
        </section>
    }
}

#[component]
fn Member(me: UserId, group: GroupId, member: GroupMember) -> impl IntoView {
    let locale = page_context().locale;
    let GroupMember { person, role, joined } = member;
    let acts = match role {
        // The owner's role changes only when another member becomes the owner.
        Role::Owner => {
            view! { <span class="admin-mark">{td_string!(locale, owner_role)}</span> }.into_any()
        }
        role => {
            let (user, name) = (person.id, person.display_name.clone());
            view! { <MemberActs me group user name role /> }.into_any()
        }
    };
    view! {
        <li class="admin-row">
            <span>
                <PersonLink person />
                " "
                <small>
                    {td_string!(locale, admin_member_since)} " " <UtcTime at=joined />
                </small>
            </span>
            {acts}
        </li>
    }
}

#[component]
fn MemberActs(me: UserId, group: GroupId, user: UserId, name: String, role: Role) -> impl IntoView {
    let locale = page_context().locale;
    let of = |done| {
        let mut hidden = about_group(me, group, done);
        hidden.push(("user", user.to_string()));
        hidden
    };
    let options = [Role::Member, Role::Admin, Role::Owner].map(|known| {
        let words = match known {
            Role::Owner => td_string!(locale, admin_owner_choice),
            known => role_name(locale, known),
        };
        let word = match known {
            Role::Member => "member",
            Role::Admin => "admin",
            Role::Owner => "owner",
        };
        view! {
            <option value=word selected=known == role>
                {words}
            </option>
        }
    });
    let label = |words: &str| format!("{words}: {name}");
    let (of_whom, set, remove) = (
        label(td_string!(locale, admin_role_of)),
        label(td_string!(locale, admin_set_role)),
        label(td_string!(locale, remove_member)),
    );
    view! {
        <div class="admin-acts">
            <ActionForm
                path=api::AdminSetRole::PATH
                hidden=of(Confirmation::RoleSet)
                class="act-inline"
            >
                <select name="role" aria-label=of_whom>
                    {options.collect_view()}
                </select>
                <button type="submit" aria-label=set>
                    {td_string!(locale, admin_set_role)}
                </button>
            </ActionForm>
            <ActionButton
                path=api::AdminRemoveMember::PATH
                hidden=of(Confirmation::Removed)
                class="danger"
                words=td_string!(locale, admin_remove)
                label=remove
            />
        </div>
    }
}

#[component]
fn AddMember(me: UserId, group: GroupId) -> impl IntoView {
    const FORM: &str = api::AdminAddMember::PATH;
    let locale = page_context().locale;
    view! {
        <section class="settings-section" aria-labelledby="add-member">
            <h2 id="add-member">{td_string!(locale, admin_add_member)}</h2>
            <ActionForm path=FORM hidden=about_group(me, group, Confirmation::Added)>
                <Field
                    of=FORM
                    name="username"
                    label=td_string!(locale, username)
                    hint=td_string!(locale, admin_add_member_hint)
                    max=limits::USERNAME_MAX
                />
                <button type="submit">{td_string!(locale, admin_add)}</button>
            </ActionForm>
        </section>
    }
}

#[component]
fn EndJoinLink(me: UserId, group: GroupId, until: Timestamp) -> impl IntoView {
    let locale = page_context().locale;
    view! {
        <section class="settings-section" aria-labelledby="join-link">
            <h2 id="join-link">{td_string!(locale, join_link)}</h2>
            <p>
                {td_string!(locale, admin_join_link_until)} " " <UtcTime at=until />
            </p>
            <ActionButton
                path=api::AdminEndJoinLink::PATH
                hidden=about_group(me, group, Confirmation::JoinLinkEnded)
                class="danger"
                words=td_string!(locale, revoke_join_link)
            />
        </section>
    }
}

#[component]
fn Invited(invited: Vec<GroupInvitation>) -> impl IntoView {
    let locale = page_context().locale;
    (!invited.is_empty()).then(|| {
        let rows = invited.into_iter().map(|invitation| {
            let by = td_string!(locale, invited_by, name = invitation.by.display_name);
            view! {
                <li class="admin-row">
                    <span>
                        <PersonLink person=invitation.person />
                        " "
                        <small>{by}</small>
                    </span>
                </li>
            }
        });
        view! {
            <section class="settings-section" aria-labelledby="invited">
                <h2 id="invited">{td_string!(locale, invited)}</h2>
                <ul class="admin-list">{rows.collect_view()}</ul>
            </section>
        }
    })
}

#[component]
fn Disband(me: UserId, group: GroupId) -> impl IntoView {
    let locale = page_context().locale;
    let after = AdminPage::Groups.path_with(Confirmation::Disbanded);
    let hidden = about(me, ("group", group.to_string()), after);
    view! {
        <details class="settings-section settings-end">
            <summary>{td_string!(locale, disband_group)}</summary>
            <p>{td_string!(locale, disband_group_question)}</p>
            <ActionButton
                path=api::AdminDisbandGroup::PATH
                hidden
                class="danger"
                words=td_string!(locale, admin_disband_now)
            />
        </details>
    }
}
