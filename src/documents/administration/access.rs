//! The parts of an account's page about its password, its sign-ins and its rights.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api;
use crate::documents::{ActionForm, Field, page_context};
use crate::model::{UserId, limits};
use crate::ui::i18n::td_string;

use super::action_button::ActionButton;
use super::confirmation::Confirmation;
use super::hidden_fields::about_person;

/// A password that the administrator passes on, and that the user replaces. It goes to the server
/// with the form and never comes back; each page suggests another.
#[component]
pub fn OneTimePassword(of: &'static str, suggestion: String) -> impl IntoView {
    let locale = page_context().locale;
    view! {
        <Field
            of
            name="password"
            label=td_string!(locale, one_time_password)
            value=suggestion
            hint=td_string!(locale, one_time_password_hint)
            max=limits::PASSWORD_MAX
        />
    }
}

#[component]
pub fn SignIns(me: UserId, user: UserId, sign_ins: i64, suggestion: String) -> impl IntoView {
    const FORM: &str = api::AdminSetPassword::PATH;
    let locale = page_context().locale;
    let sign_out = (sign_ins > 0).then(|| {
        view! {
            <ActionButton
                path=api::AdminSignOutUser::PATH
                hidden=about_person(me, user, Confirmation::SignedOut)
                words=td_string!(locale, admin_sign_out_everywhere)
            />
        }
    });
    view! {
        <section class="settings-section" aria-labelledby="signing-in">
            <h2 id="signing-in">{td_string!(locale, admin_signing_in)}</h2>
            <ActionForm path=FORM hidden=about_person(me, user, Confirmation::PasswordSet)>
                <OneTimePassword of=FORM suggestion />
                <button type="submit">{td_string!(locale, admin_set_password)}</button>
            </ActionForm>
            {sign_out}
        </section>
    }
}

#[component]
pub fn Rights(me: UserId, user: UserId, administrator: bool, disabled: bool) -> impl IntoView {
    let locale = page_context().locale;
    let with = |name: &'static str, value: bool, done: Confirmation| {
        let mut hidden = about_person(me, user, done);
        hidden.push((name, value.to_string()));
        hidden
    };
    let administrator = match administrator {
        true => view! {
            <ActionButton
                path=api::AdminSetAdministrator::PATH
                hidden=with("administrator", false, Confirmation::NoAdministrator)
                words=td_string!(locale, admin_unmake_administrator)
            />
        }
        .into_any(),
        // A disabled account cannot sign in, so it cannot become an administrator.
        false if disabled => ().into_any(),
        false => view! {
            <ActionButton
                path=api::AdminSetAdministrator::PATH
                hidden=with("administrator", true, Confirmation::Administrator)
                words=td_string!(locale, admin_make_administrator)
            />
        }
        .into_any(),
    };
    let access = match disabled {
        true => view! {
            <ActionButton
                path=api::AdminSetDisabled::PATH
                hidden=with("disabled", false, Confirmation::Enabled)
                words=td_string!(locale, admin_enable)
            />
        }
        .into_any(),
        false if user == me => ().into_any(),
        false => view! {
            <ActionButton
                path=api::AdminSetDisabled::PATH
                hidden=with("disabled", true, Confirmation::Disabled)
                class="danger"
                words=td_string!(locale, admin_disable)
            />
        }
        .into_any(),
    };
    let hint = match (user == me, disabled) {
        (true, _) => td_string!(locale, admin_own_account),
        (false, true) => td_string!(locale, admin_enable_hint),
        (false, false) => td_string!(locale, admin_disable_hint),
    };
    view! {
        <section class="settings-section" aria-labelledby="rights">
            <h2 id="rights">{td_string!(locale, admin_rights)}</h2>
            <p class="field-hint">{hint}</p>
            <div class="admin-acts">{administrator} {access}</div>
        </section>
    }
}
