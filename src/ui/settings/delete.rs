//! Deletes the account. The form asks for the password, since this cannot be undone.

use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api;
use crate::client::driver::Driver;
use crate::ui::i18n::{t, use_i18n};
use crate::ui::parts::form_outcome::FormOutcome;
use crate::ui::view::call::ServerCall;
use crate::ui::view::form_error::form_error;

#[component]
pub fn DeleteAccount() -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let me = driver.me();
    let password = NodeRef::<Input>::new();
    let call = ServerCall::of_page();
    let refused = form_error::<api::DeleteAccount>();
    let is_open = refused.is_some();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(password) = password.get_untracked() {
            call.run(driver.sign_out_after(api::delete_account(me, password.value())));
        }
    };
    view! {
        <details class="settings-section settings-end" open=is_open>
            <summary>{t!(i18n, delete_account)}</summary>
            <form
                class="settings-form"
                method="post"
                action=api::DeleteAccount::PATH
                on:submit=submit
            >
                <p>{t!(i18n, delete_account_text)}</p>
                <input type="hidden" name="for_user" value=me.to_string() />
                <div class="field">
                    <label for="delete-password">{t!(i18n, password)}</label>
                    <input
                        id="delete-password"
                        name="password"
                        type="password"
                        autocomplete="current-password"
                        required
                        node_ref=password
                    />
                </div>
                <FormOutcome call plain=refused />
                <button type="submit" class="danger" disabled=move || call.is_running()>
                    {t!(i18n, delete_account_now)}
                </button>
            </form>
        </details>
    }
    .into_any()
}
