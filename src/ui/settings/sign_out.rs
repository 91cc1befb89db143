//! Signs out: a plain form without JavaScript. This device forgets the user's data, so a question
//! comes first while messages are unsent.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api;
use crate::client::browser;
use crate::client::driver::Driver;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::call_error::call_error;
use crate::ui::parts::icon::{Icon, icon};
use crate::ui::text::errors::chat_sentence;
use crate::ui::view::call::ServerCall;

#[component]
pub fn SignOut() -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let call = ServerCall::of_page();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let waiting = untrack(move || driver.cache.waiting());
        let question = || untrack(|| t_string!(i18n, sign_out_question, count = waiting));
        if waiting == 0 || browser::confirm(&question()) {
            call.run(driver.sign_out_after(api::sign_out()));
        }
    };
    view! {
        <form class="sign-out" method="post" action=api::SignOut::PATH on:submit=submit>
            <button type="submit" class="nav-link">
                {icon(Icon::SignOut)} <span class="nav-word">{t!(i18n, sign_out)}</span>
            </button>
            {call_error(call, chat_sentence)}
        </form>
    }
}
