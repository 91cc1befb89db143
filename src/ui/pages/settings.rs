//! The settings page: profile, password, appearance, signed-in devices, and the end of the account.

use leptos::prelude::*;

use crate::client::driver::Driver;
use crate::error::Result;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::parts::call_error::CallError;
use crate::ui::parts::language_switch::LanguageSwitch;
use crate::ui::paths::ADMINISTRATION;
use crate::ui::settings::blocked::BlockedPeople;
use crate::ui::settings::delete::DeleteAccount;
use crate::ui::settings::device_settings::DeviceSettings;
use crate::ui::settings::password::ChangePassword;
use crate::ui::settings::profile::EditProfile;
use crate::ui::settings::sign_out::SignOut;
use crate::ui::settings::theme_switch::ThemeSwitch;
use crate::ui::text::device_name::device_name;
use crate::ui::text::errors::sentence;
use crate::ui::text::time::{LocalTime, TimeStyle};
use crate::ui::view::call::ServerCall;
use crate::ui::view::loaded::loaded;
use crate::{api, model};

#[component]
pub fn SettingsPage() -> impl IntoView {
    let i18n = use_i18n();
    let is_administrator = expect_context::<Driver>().cache.is_administrator();
    let administration = is_administrator.then(|| {
        view! {
            <a class="settings-section settings-way" href=ADMINISTRATION rel="external">
                {t!(i18n, administration)}
            </a>
        }
    });
    view! {
        <main class="settings">
            <div class="settings-column">
                <h1>{t!(i18n, settings)}</h1>
                <EditProfile />
                <section class="settings-section" aria-labelledby="looks">
                    <h2 id="looks">{t!(i18n, language_and_appearance)}</h2>
                    <LanguageSwitch />
                    <ThemeSwitch />
                </section>
                <DeviceSettings />
                <ConnectionInUse />
                <ChangePassword />
                <Devices />
                <BlockedPeople />
                {administration}
                <SignOut />
                <DeleteAccount />
            </div>
        </main>
    }
    .into_any()
}

/// The transport by which this page receives events.
#[component]
fn ConnectionInUse() -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let in_use = move || match (driver.is_by_socket(), driver.is_by_tab()) {
        (true, _) => t_string!(i18n, by_websocket),
        (false, true) => t_string!(i18n, by_another_tab),
        (false, false) => t_string!(i18n, by_long_polling),
    };
    view! {
        <section class="settings-section" aria-labelledby="connection">
            <h2 id="connection">{t!(i18n, connection)}</h2>
            <p>{move || in_use()}</p>
        </section>
    }
}

#[component]
fn Devices() -> impl IntoView {
    let i18n = use_i18n();
    let call = ServerCall::of_page();
    // Counts the devices that were signed out here; each change loads the list again.
    let revoked = RwSignal::new(0);
    let sign_ins = loaded(move || revoked.get(), |_| api::sign_ins());
    let list = move |sign_ins: Result<Vec<model::SignIn>>| match sign_ins {
        Ok(sign_ins) => sign_ins
            .into_iter()
            .map(|sign_in| view! { <DeviceEntry sign_in call revoked /> })
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
            <CallError call />
            <ul class="device-list">
                <Transition>
                    {move || Suspend::new(async move { list(sign_ins.await) })}
                </Transition>
            </ul>
        </section>
    }
}

#[component]
fn DeviceEntry(sign_in: model::SignIn, call: ServerCall, revoked: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let model::SignIn { id, device, last_seen, current, .. } = sign_in;
    let device = StoredValue::new(device);
    let name = move || {
        device.with_value(|device| match device.as_str() {
            "" => t_string!(i18n, unknown_device).to_string(),
            device => device_name(device),
        })
    };
    let revoke_button = move || {
        view! {
            <button
                type="button"
                aria-label=move || format!("{}: {}", t_string!(i18n, sign_out_device), name())
                on:click=move |_| {
                    call.run_then(api::revoke_sign_in(id), move || revoked.update(|n| *n += 1));
                }
            >
                {t!(i18n, sign_out_device)}
            </button>
        }
    };
    view! {
        <li class="device">
            <p class="device-name">{move || name()}</p>
            <p class="device-seen">
                {t!(i18n, last_seen)} " " <LocalTime time=last_seen shown=TimeStyle::Short />
            </p>
            {if current {
                view! { <p class="device-current">{t!(i18n, this_device)}</p> }.into_any()
            } else {
                revoke_button().into_any()
            }}
        </li>
    }
}
