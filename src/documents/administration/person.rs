//! The page of one account.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api;
use crate::documents::{ActionForm, Field, TextArea, UtcTime, page_context};
use crate::model::administration::{Account, AccountDetails};
use crate::model::{UserId, limits};
use crate::ui::i18n::td_string;

use super::access::{Rights, SignIns};
use super::action_button::ActionButton;
use super::admin_page::AdminPage;
use super::confirmation::Confirmation;
use super::hidden_fields::{about, about_person};
use super::people::account_marks;
use super::relationships::{Friends, Groups};

#[component]
pub fn PersonPage(me: UserId, file: AccountDetails, suggestion: String) -> impl IntoView {
    let AccountDetails { account, friends, groups } = file;
    let user = account.person.id;
    let is_me = user == me;
    let rest = (!is_me).then(|| {
        view! {
            <SignIns me user sign_ins=account.sign_ins suggestion />
        }
    });
    let end = (!is_me).then(|| view! { <Delete me user /> });
    view! {
        <Facts me account=account.clone() />
        <Names me account=account.clone() />
        {rest}
        <Rights me user administrator=account.administrator disabled=account.disabled />
        <Friends me user friends />
        <Groups groups />
        {end}
    }
}

#[component]
fn Facts(me: UserId, account: Account) -> impl IntoView {
    let locale = page_context().locale;
    let at = format!("@{}", account.person.username);
    let seen = account.last_seen.map(|at| view! { <UtcTime at /> }.into_any());
    let until = account.one_time_until.map(|at| {
        view! {
            <div>
                <dt>{td_string!(locale, admin_one_time_until)}</dt>
                <dd>
                    <UtcTime at />
                </dd>
            </div>
        }
    });
    let (created, sign_ins) = (account.created, account.sign_ins);
    let marks = account_marks(me, &account);
    view! {
        <p class="admin-who">
            <span class="admin-username">{at}</span>
            " "
            {marks}
        </p>
        <dl class="admin-facts">
            <div>
                <dt>{td_string!(locale, admin_created)}</dt>
                <dd>
                    <UtcTime at=created />
                </dd>
            </div>
            <div>
                <dt>{td_string!(locale, last_seen)}</dt>
                <dd>{seen.unwrap_or_else(|| td_string!(locale, admin_never).into_any())}</dd>
            </div>
            <div>
                <dt>{td_string!(locale, devices)}</dt>
                <dd>{sign_ins}</dd>
            </div>
            {until}
        </dl>
    }
}

#[component]
fn Names(me: UserId, account: Account) -> impl IntoView {
    const FORM: &str = api::AdminEditUser::PATH;
    let locale = page_context().locale;
    let Account { person, bio, .. } = account;
    view! {
        <section class="settings-section" aria-labelledby="profile">
            <h2 id="profile">{td_string!(locale, profile)}</h2>
            <ActionForm path=FORM hidden=about_person(me, person.id, Confirmation::Saved)>
                <Field
                    of=FORM
                    name="username"
                    label=td_string!(locale, username)
                    value=person.username
                    max=limits::USERNAME_MAX
                />
                <Field
                    of=FORM
                    name="display_name"
                    label=td_string!(locale, display_name)
                    value=person.display_name
                    max=limits::DISPLAY_NAME_MAX
                />
                <TextArea
                    of=FORM
                    name="bio"
                    label=td_string!(locale, about_me)
                    value=bio
                    max=limits::BIO_MAX
                />
                <button type="submit" class="primary">
                    {td_string!(locale, save)}
                </button>
            </ActionForm>
        </section>
    }
}

#[component]
fn Delete(me: UserId, user: UserId) -> impl IntoView {
    let locale = page_context().locale;
    let after = AdminPage::People.path_with(Confirmation::Deleted);
    let hidden = about(me, ("user", user.to_string()), after);
    view! {
        <details class="settings-section settings-end">
            <summary>{td_string!(locale, admin_delete)}</summary>
            <p>{td_string!(locale, admin_delete_text)}</p>
            <ActionButton
                path=api::AdminDeleteUser::PATH
                hidden
                class="danger"
                words=td_string!(locale, delete_account_now)
            />
        </details>
    }
}
