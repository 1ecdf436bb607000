//! By when a person must be answered.
//!
//! GDPR, Article 12(3) with Regulation 1182/71 and the EDPB's Guidelines 01/2022: the month runs
//! from the day of receipt and ends with the last hour of the same date of the next month, or of
//! its last day where that date does not exist; an end on a Saturday, Sunday or public holiday
//! moves to the next working day. Two further months may be added. CCPA, §7021: 45 calendar days,
//! once extended to 90 in all.

use std::fmt;
use std::str::FromStr;

use domain::{IdError, Timestamp};
use jiff::civil::{Date, Weekday, date};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};

/// The law that a request is made under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Law {
    /// Regulation (EU) 2016/679.
    Gdpr,
    /// California Consumer Privacy Act.
    Ccpa,
}

impl Law {
    /// Its key in records.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Gdpr => "gdpr",
            Self::Ccpa => "ccpa",
        }
    }

    /// By when a request must be answered.
    #[must_use]
    pub fn answer_by(self, received: Timestamp, zone: &TimeZone) -> Timestamp {
        match self {
            Self::Gdpr => end(received, zone, 1.month(), true),
            Self::Ccpa => end(received, zone, 45.days(), false),
        }
    }

    /// By when it must be answered after the one extension that the law allows.
    #[must_use]
    pub fn extended(self, received: Timestamp, zone: &TimeZone) -> Timestamp {
        match self {
            Self::Gdpr => end(received, zone, 3.months(), true),
            Self::Ccpa => end(received, zone, 90.days(), false),
        }
    }
}

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl FromStr for Law {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        match text {
            "gdpr" => Ok(Self::Gdpr),
            "ccpa" => Ok(Self::Ccpa),
            _ => Err(IdError::Name("a law is `gdpr` or `ccpa`")),
        }
    }
}

/// The last instant of the last day of a period.
fn end(received: Timestamp, zone: &TimeZone, period: Span, working: bool) -> Timestamp {
    let last = jiff::Timestamp::from_millisecond(received.0).and_then(|at| {
        let day = at.to_zoned_datetime(zone.clone()).date();
        let mut last = day.checked_add(period)?;
        while working && !is_working_day(last) {
            last = last.tomorrow()?;
        }
        last.tomorrow()?.to_zoned_datetime(zone.clone())
    });
    // A date past the calendar's end leaves no time at all: the request is due at once.
    last.map_or(received, |next| {
        Timestamp(next.timestamp().as_millisecond().saturating_sub(1))
    })
}

/// Not a weekend, nor a day on which the Union's payment system rests.
fn is_working_day(day: Date) -> bool {
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let fixed = matches!((day.month(), day.day()), (1 | 5, 1) | (12, 25 | 26));
    let easter = easter(day.year());
    let moving = [easter.yesterday(), easter.tomorrow()]
        .into_iter()
        .flatten()
        .collect::<Vec<Date>>();
    let good_friday = moving
        .first()
        .and_then(|saturday| saturday.yesterday().ok());
    let easter_monday = moving.last().copied();
    !weekend && !fixed && Some(day) != good_friday && Some(day) != easter_monday
}

/// Easter Sunday by the Gregorian calendar (the anonymous algorithm of 1876).
fn easter(year: i16) -> Date {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let month = (h + l - 7 * m + 114) / 31;
    let day = (h + l - 7 * m + 114) % 31 + 1;
    date(
        year,
        i8::try_from(month).unwrap_or(4),
        i8::try_from(day).unwrap_or(1),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    /// The dates are those of the EDPB's examples and of the calendar of 2026.
    #[test]
    fn months_end_as_the_guidelines_count_them() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        for (received, due) in [
            // The same date, in summer time.
            ("2026-03-05T10:00:00Z", "2026-04-07T21:59:59.999Z"), // 5 April is Easter Sunday
            ("2026-06-10T10:00:00Z", "2026-07-10T21:59:59.999Z"),
            // 31 August: September has no 31st.
            ("2026-08-31T10:00:00Z", "2026-09-30T21:59:59.999Z"),
            // 24 November: 24 December is a Thursday.
            ("2026-11-24T10:00:00Z", "2026-12-24T22:59:59.999Z"),
            // 25 November: Christmas Day, Boxing Day and a Sunday follow.
            ("2026-11-25T10:00:00Z", "2026-12-28T22:59:59.999Z"),
            // Late in the evening it is the next day already where the tenant is.
            ("2026-06-09T22:30:00Z", "2026-07-10T21:59:59.999Z"),
        ] {
            assert_eq!(
                Law::Gdpr.answer_by(at(received), &zone),
                at(due),
                "{received}"
            );
        }
        let received = at("2026-06-10T10:00:00Z");
        assert_eq!(
            Law::Gdpr.extended(received, &zone),
            at("2026-09-10T21:59:59.999Z")
        );
    }

    #[test]
    fn days_of_the_ccpa_run_through_weekends() {
        let zone = TimeZone::get("America/Los_Angeles").unwrap();
        let received = at("2026-06-10T18:00:00Z");
        // 25 July 2026 is a Saturday.
        assert_eq!(
            Law::Ccpa.answer_by(received, &zone),
            at("2026-07-26T06:59:59.999Z")
        );
        assert_eq!(
            Law::Ccpa.extended(received, &zone),
            at("2026-09-09T06:59:59.999Z")
        );
    }

    #[test]
    fn easter_is_where_the_almanac_puts_it() {
        for (year, month, day) in [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2038, 4, 25)] {
            assert_eq!(easter(year), date(year, month, day));
        }
    }
}
