//! The people whom the user has blocked.

use leptos::prelude::*;

use crate::api;
use crate::client::driver::Driver;
use crate::model::Contact;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::avatar::Avatar;
use crate::ui::parts::call_error::CallError;
use crate::ui::text::name::contact_name;
use crate::ui::view::call::ServerCall;
use crate::ui::view::each::Each;
use crate::ui::view::show::Show;

#[component]
pub fn BlockedPeople() -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let (cache, me) = (driver.cache, driver.me());
    let call = ServerCall::of_page();
    view! {
        <Show when=move || !cache.blocked().is_empty()>
            <section class="settings-section" aria-labelledby="blocked-people">
                <h2 id="blocked-people">{t!(i18n, blocked_people)}</h2>
                <CallError call />
                <ul>
                    <Each
                        each=move || cache.blocked()
                        key=|person| person.id.to_string()
                        let(person)
                    >
                        <li class="blocked-person">
                            <Avatar contact=Contact::User(person.id) />
                            <span>
                                {move || contact_name(i18n, cache, Contact::User(person.id))}
                            </span>
                            <button
                                type="button"
                                aria-label=move || {
                                    let name = contact_name(i18n, cache, Contact::User(person.id));
                                    format!("{}: {name}", t_string!(i18n, unblock))
                                }
                                on:click=move |_| {
                                    call.run(api::set_blocked(me, person.id, false));
                                }
                            >
                                {t!(i18n, unblock)}
                            </button>
                        </li>
                    </Each>
                </ul>
            </section>
        </Show>
    }
    .into_any()
}
