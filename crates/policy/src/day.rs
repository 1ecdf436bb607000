//! Calendar days as the policy document writes them.

use std::fmt;
use std::str::FromStr;

use domain::{IdError, Timestamp};

const MILLIS_PER_DAY: i64 = 86_400_000;

/// A day of the Gregorian calendar in UTC, written `2026-11-24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    year: i64,
    month: u8,
    day: u8,
}

impl Day {
    /// Its first instant, UTC.
    #[must_use]
    pub fn start(self) -> Timestamp {
        Timestamp(self.since_epoch().saturating_mul(MILLIS_PER_DAY))
    }

    /// Days since 1970-01-01. The year is counted from March, so that the leap day comes last
    /// and the days before a month follow one straight line.
    fn since_epoch(self) -> i64 {
        let month = i64::from(self.month);
        let year = if month <= 2 { self.year - 1 } else { self.year };
        let from_march = (month + 9) % 12;
        let day_of_year = (153 * from_march + 2) / 5 + i64::from(self.day) - 1;
        let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        year * 365 + leap_days + day_of_year - 719_468
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Day {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let wrong = IdError::Name("a day is written as in `2026-11-24`");
        let mut parts = text.splitn(3, '-');
        let mut part = |width: usize| {
            parts
                .next()
                .filter(|digits| digits.len() == width)
                .and_then(|digits| digits.parse::<u16>().ok())
        };
        let (Some(year), Some(month), Some(day)) = (part(4), part(2), part(2)) else {
            return Err(wrong);
        };
        match (u8::try_from(month), u8::try_from(day)) {
            (Ok(month @ 1..=12), Ok(day)) if (1..=length(year, month)).contains(&day) => Ok(Self {
                year: i64::from(year),
                month,
                day,
            }),
            _ => Err(wrong),
        }
    }
}

const fn length(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_start_where_the_calendar_says() {
        for (text, days) in [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("2000-02-29", 11_016),
            ("2000-03-01", 11_017),
            ("2026-11-24", 20_781),
        ] {
            let day: Day = text.parse().unwrap();
            assert_eq!(day.start(), Timestamp(days * MILLIS_PER_DAY), "{text}");
            assert_eq!(day.to_string(), text);
        }
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in [
            "2026-02-29",
            "2026-13-01",
            "26-1-1",
            "2026-11",
            "2026-11-24-1",
            "",
        ] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }
}
