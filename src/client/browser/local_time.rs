//! Times in the user's own zone and language.

use std::cell::RefCell;
use std::time::Duration;

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use leptos::prelude::{set_interval, window};
use wasm_bindgen::JsValue;

use crate::client::machines::clock::{self, Moment};
use crate::model::Timestamp;

use super::device::now_ms;
use super::page::on_visibility;

fn date(time: Timestamp) -> Date {
    Date::new(&JsValue::from_f64(time.0 as f64))
}

/// The user's regional variety of the page's language. On an English page `en-GB` or `en-US`
/// decides between 14:05 and 2:05 PM.
fn locale_of(language: &str) -> String {
    let navigator = window().navigator().language();
    navigator.filter(|own| own.starts_with(language)).unwrap_or_else(|| language.to_string())
}

/// Key of a cached formatter: language, options and the offset of the user's time zone. The offset
/// may change while a page is open. Formatters are slow to create, and few are needed.
type FormatKey = (String, &'static [(&'static str, &'static str)], i32);

thread_local! {
    static FORMATS: RefCell<Vec<(FormatKey, Function)>> = const { RefCell::new(Vec::new()) };
}

fn format_of(language: &str, options: &'static [(&str, &str)]) -> Function {
    let offset = Date::new_0().get_timezone_offset() as i32;
    let kind = (language.to_string(), options, offset);
    FORMATS.with_borrow_mut(|formats| {
        if let Some((_, format)) = formats.iter().find(|(known, _)| *known == kind) {
            return format.clone();
        }
        let object = Object::new();
        for (name, value) in options {
            let _ = Reflect::set(&object, &JsValue::from_str(name), &JsValue::from_str(value));
        }
        let locales = Array::of1(&JsValue::from_str(&locale_of(language)));
        let format = Intl::DateTimeFormat::new(&locales, &object).format();
        formats.push((kind, format.clone()));
        format
    })
}

fn written(time: Timestamp, language: &str, options: &'static [(&str, &str)]) -> String {
    let format = format_of(language, options);
    let text = format.call1(&JsValue::UNDEFINED, &JsValue::from_f64(time.0 as f64));
    text.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// A time in the user's zone.
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

/// Calls `changed` with today's date: now, every minute, and whenever the page is shown or hidden,
/// as long as the page lives.
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

/// The date: with the weekday in the current year, with the year in others.
pub fn date_text(time: Timestamp, language: &str) -> String {
    let year = Date::new_0().get_full_year();
    if date(time).get_full_year() == year {
        written(time, language, &[("weekday", "short"), ("month", "short"), ("day", "numeric")])
    } else {
        written(time, language, &[("year", "numeric"), ("month", "short"), ("day", "numeric")])
    }
}
