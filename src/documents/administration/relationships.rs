//! An account's relationships: its friends and its groups.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api;
use crate::documents::{UtcTime, page_context};
use crate::model::{GroupId, Person, Role, Timestamp, UserId};
use crate::ui::i18n::{Locale, td_string};

use super::action_button::ActionButton;
use super::admin_page::AdminPage;
use super::confirmation::Confirmation;
use super::hidden_fields::about_person;
use super::table::PersonLink;

#[component]
pub fn Friends(me: UserId, user: UserId, friends: Vec<(Person, Timestamp)>) -> impl IntoView {
    let locale = page_context().locale;
    let none = friends.is_empty().then(|| view! { <p>{td_string!(locale, admin_no_friends)}</p> });
    let rows = friends.into_iter().map(|(friend, since)| {
        let mut hidden = about_person(me, user, Confirmation::Unfriended);
        hidden.push(("friend", friend.id.to_string()));
        let words = td_string!(locale, admin_end_friendship);
        let label = format!("{words}: {}", friend.display_name);
        view! {
            <li class="admin-row">
                <span>
                    <PersonLink person=friend />
                    " "
                    <small>
                        {td_string!(locale, friends_since)} " " <UtcTime at=since />
                    </small>
                </span>
                <ActionButton path=api::AdminEndFriendship::PATH hidden words label />
            </li>
        }
    });
    view! {
        <section class="settings-section" aria-labelledby="friends">
            <h2 id="friends">{td_string!(locale, friends)}</h2>
            {none}
            <ul class="admin-list">{rows.collect_view()}</ul>
        </section>
    }
}

#[component]
pub fn Groups(groups: Vec<(GroupId, String, Role)>) -> impl IntoView {
    let locale = page_context().locale;
    let none = groups.is_empty().then(|| view! { <p>{td_string!(locale, admin_in_no_group)}</p> });
    let rows = groups.into_iter().map(|(group, name, role)| {
        view! {
            <li class="admin-row">
                <a href=AdminPage::Group(group).path()>{name}</a>
                <small>{role_name(locale, role)}</small>
            </li>
        }
    });
    view! {
        <section class="settings-section" aria-labelledby="groups">
            <h2 id="groups">{td_string!(locale, groups)}</h2>
            {none}
            <ul class="admin-list">{rows.collect_view()}</ul>
        </section>
    }
}

/// Returns the name of a role.
pub fn role_name(locale: Locale, role: Role) -> &'static str {
    match role {
        Role::Member => td_string!(locale, member_role),
        Role::Admin => td_string!(locale, admin_role),
        Role::Owner => td_string!(locale, owner_role),
    }
}
