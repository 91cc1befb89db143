//! Times in the reader's own zone and language.

use js_sys::{Date, Object, Reflect};
use leptos::prelude::window;
use wasm_bindgen::JsValue;

use crate::client::clock::Moment;
use crate::model::Timestamp;

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
