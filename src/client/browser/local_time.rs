//! Times in the reader's own zone and language.

use std::time::Duration;

use js_sys::{Date, Object, Reflect};
use leptos::prelude::{set_interval, window};
use wasm_bindgen::JsValue;

use crate::client::clock::{self, Moment};
use crate::model::Timestamp;

use super::{now_ms, on_visibility};

fn date(time: Timestamp) -> Date {
    Date::new(&JsValue::from_f64(time.0 as f64))
}

/// The reader's variety of the page's language (`en-GB` on an English page), which decides
/// between 14:05 and 2:05 PM.
fn variety(language: &str) -> String {
    let navigator = window().navigator().language();
    navigator.filter(|own| own.starts_with(language)).unwrap_or_else(|| language.to_string())
}

fn written(time: Timestamp, language: &str, options: &[(&str, &str)]) -> String {
    let object = Object::new();
    for (name, value) in options {
        let _ = Reflect::set(&object, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    date(time).to_locale_string(&variety(language), &object).into()
}

/// What the reader's calendar and clock show.
pub fn moment(time: Timestamp) -> Moment {
    let date = date(time);
    Moment {
        year: i64::from(date.get_full_year()),
        month: date.get_month() + 1,
        day: date.get_date(),
        hour: date.get_hours(),
        minute: date.get_minutes(),
    }
}

/// Calls `changed` with today's date: now, every minute, and whenever the page is looked at, for as
/// long as the page lives.
pub fn on_date(changed: impl Fn(clock::Date) + Clone + 'static) {
    let look = move || changed(moment(Timestamp(now_ms() as i64)).date());
    look();
    let again = look.clone();
    on_visibility(move |_| again());
    set_interval(look, Duration::from_secs(60));
}

/// The time of day.
pub fn time_text(time: Timestamp, language: &str) -> String {
    written(time, language, &[("hour", "numeric"), ("minute", "2-digit")])
}

/// The date: with the day of the week in this year, with the year in others.
pub fn date_text(time: Timestamp, language: &str) -> String {
    let year = Date::new_0().get_full_year();
    let day = [("weekday", "short"), ("month", "short"), ("day", "numeric")];
    if date(time).get_full_year() == year {
        written(time, language, &day)
    } else {
        written(time, language, &[("year", "numeric"), ("month", "short"), ("day", "numeric")])
    }
}
