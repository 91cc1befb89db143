//! The settings of this browser: notifications, a sound, and the Enter key.

use leptos::prelude::*;

use crate::client::browser::{self, MayNotify};
use crate::client::driver::Driver;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::text::time::Hydrated;

#[component]
pub fn DeviceSettings() -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let hydrated = expect_context::<Hydrated>();
    // The permission of the browser is known once the page is hydrated.
    let asked = RwSignal::new(());
    let may_notify = Memo::new(move |_| {
        asked.track();
        if hydrated.0.get() { browser::may_notify() } else { MayNotify::NotAsked }
    });
    let switch_notifications = move |on: bool| {
        let set = move |on: bool| driver.set_settings(|settings| settings.notifications = on);
        match may_notify.get_untracked() {
            MayNotify::NotAsked if on => browser::ask_to_notify(move |answer| {
                asked.set(());
                set(answer == MayNotify::Yes);
            }),
            may => set(on && may == MayNotify::Yes),
        }
    };
    let why_not = move || match may_notify.get() {
        MayNotify::Yes | MayNotify::NotAsked => None,
        MayNotify::No => Some(t_string!(i18n, notifications_denied)),
        MayNotify::Never => Some(t_string!(i18n, notifications_unsupported)),
    };
    let notifies = move || driver.settings().notifications && may_notify.get() == MayNotify::Yes;
    view! {
        <section class="settings-section" aria-labelledby="this-browser">
            <h2 id="this-browser">{t!(i18n, this_browser)}</h2>
            <div class="ticks">
                <label>
                    <input
                        type="checkbox"
                        prop:checked=notifies
                        disabled=move || why_not().is_some()
                        aria-describedby="why-no-notifications"
                        on:change:target=move |event| {
                            switch_notifications(event.target().checked());
                            event.target().set_checked(untrack(notifies));
                        }
                    />
                    <span>{t!(i18n, notifications_on)}</span>
                </label>
                <p id="why-no-notifications" class="field-hint">
                    {move || why_not()}
                </p>
                <label>
                    <input
                        type="checkbox"
                        prop:checked=move || driver.settings().sound
                        on:change:target=move |event| {
                            let on = event.target().checked();
                            driver.set_settings(|settings| settings.sound = on);
                            if on {
                                browser::play_tone();
                            }
                        }
                    />
                    <span>{t!(i18n, sound_on)}</span>
                </label>
            </div>
            <EnterKey />
        </section>
    }
}

#[component]
fn EnterKey() -> impl IntoView {
    let i18n = use_i18n();
    let driver = expect_context::<Driver>();
    let name = move |makes_line| match makes_line {
        true => t_string!(i18n, enter_makes_line),
        false => t_string!(i18n, enter_sends),
    };
    let choices = [false, true].map(|makes_line| {
        view! {
            <label>
                <input
                    type="radio"
                    name="enter-key"
                    prop:checked=move || driver.settings().enter_makes_line == makes_line
                    on:change=move |_| {
                        driver.set_settings(|settings| settings.enter_makes_line = makes_line);
                    }
                />
                <span>{move || name(makes_line)}</span>
            </label>
        }
    });
    view! {
        <fieldset class="choice">
            <legend>{t!(i18n, enter_key)}</legend>
            {choices}
        </fieldset>
    }
}
