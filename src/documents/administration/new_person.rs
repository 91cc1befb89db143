//! The form for a new account, with a password that the user replaces at the first sign-in.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api::AdminCreateUser;
use crate::documents::{ActionForm, Field, page_context};
use crate::model::{UserId, limits};
use crate::ui::i18n::td_string;

use super::access::OneTimePassword;

const FORM: &str = AdminCreateUser::PATH;

#[component]
pub fn NewPersonPage(me: UserId, suggestion: String) -> impl IntoView {
    let page = page_context();
    let locale = page.locale;
    let is_administrator = page.address.submitted_text(FORM, "administrator").is_some();
    view! {
        <section class="settings-section">
            <ActionForm path=FORM hidden=vec![("for_user", me.to_string())]>
                <Field
                    of=FORM
                    name="username"
                    label=td_string!(locale, username)
                    hint=td_string!(locale, username_hint)
                    max=limits::USERNAME_MAX
                    autofocus=true
                />
                <Field
                    of=FORM
                    name="display_name"
                    label=td_string!(locale, display_name)
                    hint=td_string!(locale, display_name_hint)
                    max=limits::DISPLAY_NAME_MAX
                />
                <OneTimePassword of=FORM suggestion />
                <div class="ticks">
                    <label>
                        <input
                            type="checkbox"
                            name="administrator"
                            value="true"
                            checked=is_administrator
                        />
                        {td_string!(locale, admin_is_administrator)}
                    </label>
                </div>
                <button type="submit" class="primary">
                    {td_string!(locale, admin_create_account)}
                </button>
            </ActionForm>
        </section>
    }
}
