//! The page on which a user replaces a one-time password, before the first sign-in succeeds.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api::ChoosePassword;
use crate::ui::i18n::td_string;
use crate::ui::paths::{SIGN_IN, with_back};
use crate::ui::text::errors::sentence_in;

use super::{ActionForm, Field, PageContent, Refusal, entrance, page_context};

const FORM: &str = ChoosePassword::PATH;

pub fn content() -> PageContent {
    let page = page_context();
    let (locale, address) = (page.locale, &page.address);
    let title = td_string!(locale, choose_password).to_string();
    let refused = address.refused().map(|(_, error)| {
        let why = sentence_in(locale, &error);
        view! { <Refusal why /> }
    });
    let back = address.get("back").unwrap_or_default().to_string();
    let sign_in = with_back(SIGN_IN, address.get("back"));
    let username = address.get("username").unwrap_or_default().to_string();
    let is_known = !username.is_empty();
    let body = view! {
        {refused}
        <p>{td_string!(locale, choose_password_text)}</p>
        <ActionForm path=FORM hidden=vec![("back", back)] class="">
            <Field
                of=FORM
                name="username"
                label=td_string!(locale, username)
                value=username
                autocomplete="username"
                autofocus=!is_known
            />
            <Field
                of=FORM
                name="password"
                label=td_string!(locale, one_time_password)
                kind="password"
                autocomplete="current-password"
                autofocus=is_known
            />
            <Field
                of=FORM
                name="new_password"
                label=td_string!(locale, new_password)
                kind="password"
                autocomplete="new-password"
                hint=td_string!(locale, password_hint)
            />
            <button type="submit" class="primary">
                {td_string!(locale, choose_password_now)}
            </button>
        </ActionForm>
        <p>
            <a href=sign_in>{td_string!(locale, to_sign_in)}</a>
        </p>
    };
    let body = entrance(locale, title.clone(), body.into_any());
    PageContent { status: 200, title, body }
}
