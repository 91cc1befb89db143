//! Times on the page: the server renders them in UTC, and the page in the reader's time zone and
//! language once it is hydrated.

use leptos::prelude::*;
use leptos_i18n::I18nContext;

use crate::client::browser;
use crate::client::machines::clock::{Date, Moment, iso};
use crate::model::Timestamp;
use crate::ui::i18n::{Locale, t_string, use_i18n};

use super::language::locale_name;

/// Whether the page is hydrated. Until then everything must be rendered exactly as on the server.
#[derive(Clone, Copy)]
pub struct Hydrated(pub RwSignal<bool>);

/// The date in the reader's time zone, once the page is hydrated. A page may stay open for days.
#[derive(Clone, Copy)]
pub struct Today(RwSignal<Date>);

impl Today {
    /// Follows the calendar once the page is hydrated.
    pub fn tracked() -> Self {
        let today = Self(RwSignal::default());
        Effect::new(move |_| {
            browser::on_date(move |date| {
                if today.0.get_untracked() != date {
                    today.0.set(date);
                }
            });
        });
        today
    }
}

/// The part of a time that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeStyle {
    /// The time of day.
    Clock,
    /// The date.
    Day,
    /// The time of day if it was today, else the date.
    Short,
}

/// A point in time.
#[component]
pub fn LocalTime(time: Timestamp, shown: TimeStyle) -> impl IntoView {
    let clock = TimeFormat::here();
    view! { <time datetime=iso(time)>{move || clock.text(time, shown)}</time> }
}

/// Formats times by the reader's time zone, calendar and language, and tracks all three.
#[derive(Clone, Copy)]
pub struct TimeFormat {
    i18n: I18nContext<Locale>,
    hydrated: Hydrated,
    today: Today,
}

impl TimeFormat {
    pub fn here() -> Self {
        Self { i18n: use_i18n(), hydrated: expect_context(), today: expect_context() }
    }

    /// The date and time of day at a point in time, by the reader's calendar.
    pub fn moment(self, time: Timestamp) -> Moment {
        if self.hydrated.0.get() { browser::moment(time) } else { Moment::utc(time) }
    }

    pub fn text(self, time: Timestamp, shown: TimeStyle) -> String {
        if !self.hydrated.0.get() {
            let moment = Moment::utc(time);
            return match shown {
                TimeStyle::Clock => moment.time_text(),
                TimeStyle::Day | TimeStyle::Short => moment.date_text(),
            };
        }
        let language = locale_name(self.i18n.get_locale());
        let is_today = || browser::moment(time).date() == self.today.0.get();
        match shown {
            TimeStyle::Clock => browser::time_text(time, language),
            TimeStyle::Short if is_today() => browser::time_text(time, language),
            TimeStyle::Day if is_today() => t_string!(self.i18n, today).to_string(),
            TimeStyle::Day | TimeStyle::Short => browser::date_text(time, language),
        }
    }
}
