//! The sign-in page: a plain form, with and without JavaScript.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api;
use crate::client::driver::announce_signed_out;
use crate::error::KithError;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::entrance::Entrance;
use crate::ui::parts::text_field::TextField;
use crate::ui::paths::{REGISTER, with_back};
use crate::ui::text::errors::sentence;
use crate::ui::view::form_error::{form_error, query_text, submitted_text};

#[component]
pub fn SignInPage() -> impl IntoView {
    let i18n = use_i18n();
    let title = Signal::derive(move || t_string!(i18n, sign_in).to_string());
    let username = Signal::derive(move || t_string!(i18n, username).to_string());
    let password = Signal::derive(move || t_string!(i18n, password).to_string());
    // A user whose sign-in has ended lands here. That is no error of the form.
    let error = form_error::<api::SignIn>().filter(|error| *error != KithError::Unauthorised);
    let username_text = submitted_text("username");
    let knows_username = username_text.is_some();
    let back = query_text("back");
    let register = with_back(REGISTER, back.as_deref());
    Effect::new(|_| announce_signed_out());

    view! {
        <Entrance title>
            {error
                .map(|error| {
                    view! {
                        <p class="form-error" role="alert">
                            {move || sentence(i18n, &error)}
                        </p>
                    }
                })}
            <form method="post" action=api::SignIn::PATH>
                <TextField
                    name="username"
                    label=username
                    autocomplete="username"
                    value=username_text
                    autofocus=!knows_username
                />
                <TextField
                    name="password"
                    label=password
                    kind="password"
                    autocomplete="current-password"
                    autofocus=knows_username
                />
                {back.map(|back| view! { <input type="hidden" name="back" value=back /> })}
                <button type="submit" class="primary">
                    {t!(i18n, sign_in)}
                </button>
            </form>
            <p>
                {t!(i18n, no_account)} " "
                <a href=register rel="external">
                    {t!(i18n, create_account_link)}
                </a>
            </p>
        </Entrance>
    }
}
