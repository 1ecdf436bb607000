//! Moments as a query writes them: a day, a minute or a second, in UTC.

use domain::Timestamp;

const DAY: i64 = 86_400_000;
const UNITS: [i64; 4] = [DAY, 60_000, 1_000, 1];

/// The stretch that a written moment covers: from its start to the start of the next one.
pub(super) fn parse(text: &str) -> Option<(Timestamp, Timestamp)> {
    let text = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    let (date, time) = match text.split_once(['T', 't']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let [year, month, day] = parts::<3>(date, '-', &[4, 2, 2])?;
    let midnight = days(year, month, day)?.checked_mul(DAY)?;
    let (offset, unit) = match time {
        None => (0, DAY),
        Some(time) => clock(time)?,
    };
    let start = midnight + offset;
    Some((Timestamp(start), Timestamp(start + unit)))
}

/// Milliseconds into the day and the unit written.
fn clock(time: &str) -> Option<(i64, i64)> {
    let (time, millis) = match time.split_once('.') {
        Some((time, millis)) => (time, Some(parts::<1>(millis, '.', &[3])?)),
        None => (time, None),
    };
    let (hour, minute, second, unit) = if time.len() == 5 && millis.is_none() {
        let [hour, minute] = parts::<2>(time, ':', &[2, 2])?;
        (hour, minute, 0, 60_000)
    } else {
        let [hour, minute, second] = parts::<3>(time, ':', &[2, 2, 2])?;
        (
            hour,
            minute,
            second,
            if millis.is_some() { 1 } else { 1_000 },
        )
    };
    let valid = hour < 24 && minute < 60 && second < 60;
    let millis = millis.map_or(0, |[millis]| millis);
    valid.then_some((((hour * 60 + minute) * 60 + second) * 1_000 + millis, unit))
}

fn parts<const N: usize>(text: &str, separator: char, widths: &[usize; N]) -> Option<[i64; N]> {
    let mut numbers = [0; N];
    let mut pieces = text.split(separator);
    for (number, width) in numbers.iter_mut().zip(widths) {
        let piece = pieces.next()?;
        if piece.len() != *width || !piece.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        *number = piece.parse().ok()?;
    }
    pieces.next().is_none().then_some(numbers)
}

/// Days from 1970-01-01 in the Gregorian calendar, none for a day that does not exist.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    // Years that begin in March put the leap day last, so months have a formula.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * month + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// Year, month and day of a day counted from 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let year = year + era * 400 + i64::from(month >= 10);
    (year, if month < 10 { month + 3 } else { month - 9 }, day)
}

/// The longest unit that starts at both moments.
pub(super) fn common_unit(a: Timestamp, b: Timestamp) -> i64 {
    UNITS
        .into_iter()
        .find(|unit| a.0 % unit == 0 && b.0 % unit == 0)
        .unwrap_or(1)
}

/// A moment written to a unit of [`common_unit`].
pub(super) fn write(at: Timestamp, unit: i64) -> String {
    let (year, month, day) = civil(at.0.div_euclid(DAY));
    let date = format!("{year:04}-{month:02}-{day:02}");
    let ms = at.0.rem_euclid(DAY);
    let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
    match unit {
        DAY => date,
        60_000 => format!("{date}T{hour:02}:{minute:02}"),
        1_000 => format!("{date}T{hour:02}:{minute:02}:{second:02}"),
        _ => format!("{date}T{hour:02}:{minute:02}:{second:02}.{:03}", ms % 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_exist_and_come_back() {
        assert_eq!(parse("1970-01-01").map(|(a, b)| (a.0, b.0)), Some((0, DAY)));
        assert_eq!(parse("2000-02-29").map(|(a, _)| a.0 / DAY), Some(11_016));
        for bad in [
            "2026-02-29",
            "2026-13-01",
            "26-01-01",
            "2026-01-01T25:00",
            "now",
            "",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
        for text in [
            "2026-11-24",
            "1999-12-31T23:59",
            "2026-03-01T00:00:07",
            "2024-02-29T10:00:00.250",
        ] {
            let (start, end) = parse(text).unwrap();
            assert_eq!(write(start, end.0 - start.0), text);
        }
        for day in (-200_000..200_000).step_by(97) {
            let (year, month, dom) = civil(day);
            assert_eq!(days(year, month, dom), Some(day));
        }
    }
}
