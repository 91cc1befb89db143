//! Settings: language, appearance, and the devices on which one is signed in.

use leptos::prelude::*;

use crate::api;
use crate::client::driver::Driver;
use crate::error::Result;
use crate::model::{self, SignInId};
use crate::ui::components::language_switch::LanguageSwitch;
use crate::ui::components::theme_switch::ThemeSwitch;
use crate::ui::device_name::device_name;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::loaded::loaded;
use crate::ui::sentence::sentence;
use crate::ui::when::{Shown, When};

#[component]
pub fn SettingsPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <main class="settings">
            <h1>{t!(i18n, settings)}</h1>
            <LanguageSwitch />
            <ThemeSwitch />
            <Devices />
        </main>
    }
    .into_any()
}

#[component]
fn Devices() -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let revoke = Action::new(|id: &SignInId| api::revoke_sign_in(*id));
    let sign_ins = loaded(move || revoke.version().get(), |_| api::sign_ins());
    let failed = move || {
        let error = revoke.value().get()?.err()?;
        (!driver.stops_after(&error)).then(|| sentence(i18n, &error))
    };
    let list = move |sign_ins: Result<Vec<model::SignIn>>| match sign_ins {
        Ok(sign_ins) => sign_ins
            .into_iter()
            .map(|sign_in| view! { <Device sign_in revoke /> })
            .collect_view()
            .into_any(),
        Err(error) => {
            view! { <li class="form-error" role="alert">{move || sentence(i18n, &error)}</li> }
                .into_any()
        }
    };
    view! {
        <section class="settings-section" aria-labelledby="devices">
            <h2 id="devices">{t!(i18n, devices)}</h2>
            {move || failed().map(|text| view! { <p class="form-error" role="alert">{text}</p> })}
            <ul class="device-list">
                <Transition>
                    {move || Suspend::new(async move { list(sign_ins.await) })}
                </Transition>
            </ul>
        </section>
    }
}

#[component]
fn Device(sign_in: model::SignIn, revoke: Action<SignInId, Result<()>>) -> impl IntoView {
    let i18n = use_i18n();
    let model::SignIn { id, device, last_seen, current, .. } = sign_in;
    let name = move || match device.as_str() {
        "" => t_string!(i18n, unknown_device).to_string(),
        device => device_name(device),
    };
    let revoke_button = move || {
        view! {
            <button
                type="button"
                on:click=move |_| {
                    revoke.dispatch(id);
                }
            >
                {t!(i18n, sign_out_device)}
            </button>
        }
    };
    view! {
        <li class="device">
            <p class="device-name">{name}</p>
            <p class="device-seen">
                {t!(i18n, last_seen)} " " <When time=last_seen shown=Shown::Short />
            </p>
            {if current {
                view! { <p class="device-current">{t!(i18n, this_device)}</p> }.into_any()
            } else {
                revoke_button().into_any()
            }}
        </li>
    }
}
