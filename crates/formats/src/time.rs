//! Instants as foreign files write them.

use domain::Timestamp;

/// Reads RFC 3339, RFC 2822 or `YYYY-MM-DD HH:MM[:SS]` (taken as UTC).
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(found) = text.parse::<jiff::Timestamp>() {
        return Some(Timestamp(found.as_millisecond()));
    }
    if let Ok(found) = jiff::fmt::rfc2822::parse(text) {
        return Some(Timestamp(found.timestamp().as_millisecond()));
    }
    let local = text.parse::<jiff::civil::DateTime>().ok()?;
    let found = jiff::tz::Offset::UTC.to_timestamp(local).ok()?;
    Some(Timestamp(found.as_millisecond()))
}

/// RFC 3339 in UTC with milliseconds only where there are any.
pub(crate) fn rfc3339(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(|_| String::new(), |at| at.to_string())
}
