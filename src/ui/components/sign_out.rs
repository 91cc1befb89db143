//! Signing out: a plain form. What this device keeps for the user is wiped on the way.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api;
use crate::client::driver::Driver;
use crate::ui::i18n::{t, use_i18n};

use super::icon::{Icon, icon};

#[component]
pub fn SignOut() -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    view! {
        <form
            class="sign-out"
            method="post"
            action=api::SignOut::PATH
            on:submit=move |_| driver.leave()
        >
            <button type="submit" class="nav-link">
                {icon(Icon::SignOut)} <span class="nav-word">{t!(i18n, sign_out)}</span>
            </button>
        </form>
    }
}
