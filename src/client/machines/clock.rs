//! Times in UTC, formatted without the browser. The server renders them so; the page then shows
//! them in the user's own zone and language.

use crate::model::Timestamp;

const DAY_MS: i64 = 86_400_000;

/// Year, month and day, both counted from 1.
pub type Date = (i64, u32, u32);

/// A time split into calendar and clock, in any zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment {
    pub year: i64,
    pub month: u32,
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
}

impl Moment {
    pub fn utc(time: Timestamp) -> Self {
        let (year, month, day) = civil(time.0.div_euclid(DAY_MS));
        let minutes = (time.0.rem_euclid(DAY_MS) / 60_000) as u32;
        Self { year, month, day, hour: minutes / 60, minute: minutes % 60 }
    }

    /// The day alone; each day of a conversation gets a separator.
    pub fn date(&self) -> Date {
        (self.year, self.month, self.day)
    }

    pub fn date_text(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    pub fn time_text(&self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }
}

/// The time in the format of a `datetime` attribute.
pub fn iso(time: Timestamp) -> String {
    let moment = Moment::utc(time);
    let ms = time.0.rem_euclid(60_000);
    let (date, clock) = (moment.date_text(), moment.time_text());
    format!("{date}T{clock}:{:02}.{:03}Z", ms / 1000, ms % 1000)
}

/// The date of a day counted from 1970-01-01, by Howard Hinnant's `civil_from_days`.
fn civil(days: i64) -> (i64, u32, u32) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * shifted_month + 2) / 5 + 1) as u32;
    let month = (if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 }) as u32;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_utc() {
        assert_eq!(iso(Timestamp(0)), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(Timestamp(951_782_400_000)), "2000-02-29T00:00:00.000Z");
        assert_eq!(iso(Timestamp(1_795_248_305_678)), "2026-11-21T08:05:05.678Z");
        assert_eq!(iso(Timestamp(-1)), "1969-12-31T23:59:59.999Z");
    }

    #[test]
    fn a_day_begins_at_midnight() {
        let day = |ms| Moment::utc(Timestamp(ms)).date();
        assert_eq!(day(DAY_MS - 1), (1970, 1, 1));
        assert_eq!(day(DAY_MS), (1970, 1, 2));
    }
}
