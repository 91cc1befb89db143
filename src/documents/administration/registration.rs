//! The page of registration: who may make an account, and the links that allow it.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api;
use crate::documents::{ActionForm, Field, UtcTime, link, page_context};
use crate::model::administration::{RegistrationLink, RegistrationMode, RegistrationState};
use crate::model::{UserId, limits};
use crate::ui::i18n::td_string;
use crate::ui::paths::REGISTER;

use super::action_button::ActionButton;
use super::admin_page::AdminPage;
use super::confirmation::Confirmation;
use super::hidden_fields::HiddenFields;
use super::table::PersonLink;

/// Returns the hidden fields of each form of this page.
fn hidden_fields(me: UserId, done: Confirmation) -> HiddenFields {
    vec![("for_user", me.to_string()), ("back", AdminPage::Registration.path_with(done))]
}

#[component]
pub fn RegistrationPage(me: UserId, state: RegistrationState) -> impl IntoView {
    view! {
        <Mode me mode=state.mode />
        <Links me links=state.links />
        <NewLink me />
    }
}

#[component]
fn Mode(me: UserId, mode: RegistrationMode) -> impl IntoView {
    let locale = page_context().locale;
    let modes = [
        (
            RegistrationMode::Open,
            "open",
            td_string!(locale, admin_mode_open),
            td_string!(locale, admin_mode_open_hint),
        ),
        (
            RegistrationMode::ByLink,
            "by_link",
            td_string!(locale, admin_mode_link),
            td_string!(locale, admin_mode_link_hint),
        ),
        (
            RegistrationMode::Closed,
            "closed",
            td_string!(locale, admin_mode_closed),
            td_string!(locale, admin_mode_closed_hint),
        ),
    ];
    let choices = modes.map(|(choice, word, name, hint)| {
        view! {
            <label>
                <input type="radio" name="mode" value=word checked=choice == mode />
                <span>
                    <strong>{name}</strong>
                    <small>{hint}</small>
                </span>
            </label>
        }
    });
    view! {
        <section class="settings-section">
            <ActionForm
                path=api::AdminSetRegistration::PATH
                hidden=hidden_fields(me, Confirmation::Saved)
            >
                <fieldset class="admin-modes">
                    <legend>{td_string!(locale, admin_who_may_register)}</legend>
                    {choices.collect_view()}
                </fieldset>
                <button type="submit" class="primary">
                    {td_string!(locale, save)}
                </button>
            </ActionForm>
        </section>
    }
}

#[component]
fn Links(me: UserId, links: Vec<RegistrationLink>) -> impl IntoView {
    let locale = page_context().locale;
    let none = links.is_empty().then(|| view! { <p>{td_string!(locale, admin_no_links)}</p> });
    let rows = links.into_iter().map(|link| view! { <Link me link /> });
    view! {
        <section class="settings-section" aria-labelledby="links">
            <h2 id="links">{td_string!(locale, admin_links)}</h2>
            {none}
            <ul class="admin-list">{rows.collect_view()}</ul>
        </section>
    }
}

/// A link with its whole address in a field, from which it can be copied.
#[component]
fn Link(me: UserId, link: RegistrationLink) -> impl IntoView {
    let page = page_context();
    let locale = page.locale;
    let RegistrationLink { token, by, until, left } = link;
    let address = format!("{}{}", page.origin, self::link(REGISTER, &[("invite", &token)]));
    let by = match by {
        Some(person) => view! { <PersonLink person /> }.into_any(),
        None => td_string!(locale, admin_operator).into_any(),
    };
    let mut hidden = hidden_fields(me, Confirmation::LinkRevoked);
    hidden.push(("token", token));
    view! {
        <li class="admin-row admin-link">
            <input type="text" readonly value=address aria-label=td_string!(locale, admin_link) />
            <small>
                {td_string!(locale, admin_link_left, count = left)} " · "
                {td_string!(locale, admin_link_until)} " " <UtcTime at=until /> " · "
                {td_string!(locale, admin_link_by)} " " {by}
            </small>
            <ActionButton
                path=api::AdminRevokeLink::PATH
                hidden
                words=td_string!(locale, admin_revoke)
            />
        </li>
    }
}

#[component]
fn NewLink(me: UserId) -> impl IntoView {
    const FORM: &str = api::AdminCreateLink::PATH;
    let locale = page_context().locale;
    view! {
        <section class="settings-section" aria-labelledby="new-link">
            <h2 id="new-link">{td_string!(locale, admin_new_link)}</h2>
            <ActionForm path=FORM hidden=hidden_fields(me, Confirmation::LinkMade)>
                <Field
                    of=FORM
                    name="uses"
                    label=td_string!(locale, admin_uses)
                    value="1"
                    kind="number"
                    up_to=limits::LINK_USES_MAX
                    hint=td_string!(locale, admin_number_hint, count = limits::LINK_USES_MAX)
                />
                <Field
                    of=FORM
                    name="days"
                    label=td_string!(locale, admin_days)
                    value="7"
                    kind="number"
                    up_to=limits::LINK_DAYS_MAX
                    hint=td_string!(locale, admin_number_hint, count = limits::LINK_DAYS_MAX)
                />
                <button type="submit">{td_string!(locale, admin_make_link)}</button>
            </ActionForm>
        </section>
    }
}
