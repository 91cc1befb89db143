//! Edits the profile that others see. A plain form, with and without JavaScript.

use html_escape::encode_text;
use leptos::ev::SubmitEvent;
use leptos::html::{Input, Textarea};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api;
use crate::client::driver::Driver;
use crate::error::Result;
use crate::model::{limits, validation};
use crate::ui::i18n::{t, use_i18n};
use crate::ui::parts::form_outcome::FormOutcome;
use crate::ui::view::call::ServerCall;
use crate::ui::view::form_error::form_error;

#[component]
pub fn EditProfile() -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let me = driver.me();
    let cache = driver.cache;
    let known = cache.person(me).map(|person| person.display_name).unwrap_or_default();
    let known_bio = cache.bio().get_untracked();
    let (name, bio) = (NodeRef::<Input>::new(), NodeRef::<Textarea>::new());
    let call = ServerCall::of_page();
    let refused = form_error::<api::SetProfile>();
    let typed = move || -> Option<Result<(String, String)>> {
        let (name, bio) = (name.get_untracked()?.value(), bio.get_untracked()?.value());
        let valid =
            validation::display_name(&name).and_then(|name| Ok((name, validation::bio(&bio)?)));
        Some(valid.map_err(Into::into))
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        match typed() {
            Some(Ok((name, bio))) => {
                let saved = bio.clone();
                call.run_then(api::set_profile(me, name, bio), move || cache.bio().set(saved));
            }
            Some(Err(error)) => call.refuse(error),
            None => {}
        }
    };
    view! {
        <section class="settings-section" aria-labelledby="my-profile">
            <h2 id="my-profile">{t!(i18n, my_profile)}</h2>
            <form
                class="settings-form"
                method="post"
                action=api::SetProfile::PATH
                on:submit=submit
            >
                <input type="hidden" name="for_user" value=me.to_string() />
                <div class="field">
                    <label for="display-name">{t!(i18n, display_name)}</label>
                    <input
                        id="display-name"
                        name="display_name"
                        value=known
                        autocomplete="name"
                        required
                        node_ref=name
                    />
                </div>
                <div class="field">
                    <label for="bio">{t!(i18n, about_me)}</label>
                    <textarea
                        id="bio"
                        name="bio"
                        rows="3"
                        maxlength=limits::BIO_MAX.to_string()
                        node_ref=bio
                        inner_html=encode_text(&known_bio).into_owned()
                    ></textarea>
                </div>
                <FormOutcome call plain=refused />
                <button type="submit" class="primary" disabled=move || call.is_running()>
                    {t!(i18n, save)}
                </button>
            </form>
        </section>
    }
    .into_any()
}
