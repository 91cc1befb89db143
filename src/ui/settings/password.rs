//! Changes the password, which signs out the other devices. A plain form, with and without
//! JavaScript.

use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api;
use crate::client::driver::Driver;
use crate::model::validation;
use crate::ui::i18n::{t, use_i18n};
use crate::ui::parts::form_outcome::FormOutcome;
use crate::ui::view::call::ServerCall;
use crate::ui::view::form_error::form_error;

#[component]
pub fn ChangePassword() -> impl IntoView {
    let i18n = use_i18n();
    let me = expect_context::<Driver>().me();
    let (present, new) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let call = ServerCall::of_page();
    let refused = form_error::<api::ChangePassword>();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(present), Some(new)) = (present.get_untracked(), new.get_untracked()) else {
            return;
        };
        if let Err(invalid) = validation::password(&new.value()) {
            return call.refuse(invalid);
        }
        call.run_then(api::change_password(me, present.value(), new.value()), move || {
            present.set_value("");
            new.set_value("");
        });
    };
    view! {
        <section class="settings-section" aria-labelledby="change-password">
            <h2 id="change-password">{t!(i18n, change_password)}</h2>
            <form
                class="settings-form"
                method="post"
                action=api::ChangePassword::PATH
                on:submit=submit
            >
                <input type="hidden" name="for_user" value=me.to_string() />
                <div class="field">
                    <label for="present-password">{t!(i18n, present_password)}</label>
                    <input
                        id="present-password"
                        name="password"
                        type="password"
                        autocomplete="current-password"
                        required
                        node_ref=present
                    />
                </div>
                <div class="field">
                    <label for="new-password">{t!(i18n, new_password)}</label>
                    <input
                        id="new-password"
                        name="new_password"
                        type="password"
                        autocomplete="new-password"
                        aria-describedby="new-password-hint"
                        required
                        node_ref=new
                    />
                    <p id="new-password-hint" class="field-hint">
                        {t!(i18n, new_password_hint)}
                    </p>
                </div>
                <FormOutcome call plain=refused />
                <button type="submit" class="primary" disabled=move || call.is_running()>
                    {t!(i18n, change_password)}
                </button>
            </form>
        </section>
    }
    .into_any()
}
