//! Offsets, durations and instants, each its own type, all in whole milliseconds.

use std::fmt;

/// Milliseconds: a duration, or an offset from an interaction's start.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Millis(pub u64);

impl Millis {
    /// Nothing, or the very start.
    pub const ZERO: Self = Self(0);

    /// From seconds; negative and non-finite values become zero, fractions are rounded.
    #[must_use]
    pub fn from_secs_f64(seconds: f64) -> Self {
        if !seconds.is_finite() || seconds <= 0.0 {
            return Self::ZERO;
        }
        Self(
            std::time::Duration::try_from_secs_f64(seconds).map_or(u64::MAX, |d| {
                u64::try_from((d.as_micros() + 500) / 1000).unwrap_or(u64::MAX)
            }),
        )
    }

    /// As seconds, exact to 2^53 ms.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "2^53 ms is 285,000 years")]
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// The difference, or zero where `other` is later.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The sum, capped.
    #[must_use]
    pub const fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl fmt::Debug for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}ms", self.0)
    }
}

/// As a clock reads it: `m:ss.t`, or `h:mm:ss.t` from one hour.
impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.0 / 100;
        let (s, t) = (tenths / 10, tenths % 10);
        let (h, m, s) = (s / 3600, (s / 60) % 60, s % 60);
        if h > 0 {
            write!(f, "{h}:{m:02}:{s:02}.{t}")
        } else {
            write!(f, "{m}:{s:02}.{t}")
        }
    }
}

/// Why two offsets are no span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a span ends ({end:?}) before it starts ({start:?})")]
pub struct TimeError {
    /// The offered start.
    pub start: Millis,
    /// The offered end.
    pub end: Millis,
}

/// A stretch of an interaction: `start <= end`, both offsets from its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    start: Millis,
    end: Millis,
}

impl Span {
    /// Refuses an end before the start.
    ///
    /// # Errors
    /// [`TimeError`] with both offsets.
    pub const fn new(start: Millis, end: Millis) -> Result<Self, TimeError> {
        if end.0 < start.0 {
            Err(TimeError { start, end })
        } else {
            Ok(Self { start, end })
        }
    }

    /// The span between two offsets in whichever order they come.
    #[must_use]
    pub const fn between(a: Millis, b: Millis) -> Self {
        if a.0 <= b.0 {
            Self { start: a, end: b }
        } else {
            Self { start: b, end: a }
        }
    }

    /// Where it begins.
    #[must_use]
    pub const fn start(&self) -> Millis {
        self.start
    }

    /// Where it ends (exclusive).
    #[must_use]
    pub const fn end(&self) -> Millis {
        self.end
    }

    /// How long it is.
    #[must_use]
    pub const fn duration(&self) -> Millis {
        Millis(self.end.0 - self.start.0)
    }

    /// Whether the two share time; touching ends do not count.
    #[must_use]
    pub const fn overlaps(&self, other: &Self) -> bool {
        self.start.0 < other.end.0 && other.start.0 < self.end.0
    }

    /// The shared part, if any.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        let start = self.start.max(other.start);
        let end = self.end.min(other.end);
        (start < end).then_some(Self { start, end })
    }

    /// From the earlier start to the later end.
    #[must_use]
    pub fn hull(&self, other: &Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// Seconds-gap of the search language: `max(0, later start − earlier end)`.
    #[must_use]
    pub fn gap(&self, other: &Self) -> Millis {
        let (first, second) = if self.start <= other.start {
            (self, other)
        } else {
            (other, self)
        };
        second.start.saturating_sub(first.end)
    }
}

/// An instant: milliseconds since 1970-01-01T00:00:00Z. Read from a clock only at the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The instant `later` after this one, capped.
    #[must_use]
    pub fn plus(self, later: Millis) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(later.0).unwrap_or(i64::MAX)),
        )
    }

    /// How long after `earlier` this is; zero where it is not after.
    #[must_use]
    pub fn since(self, earlier: Self) -> Millis {
        Millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(a: u64, b: u64) -> Span {
        Span::between(Millis(a), Millis(b))
    }

    #[test]
    fn gap_is_zero_for_overlap_and_symmetric() {
        assert_eq!(span(0, 10).gap(&span(5, 20)), Millis(0));
        assert_eq!(span(0, 10).gap(&span(30, 40)), Millis(20));
        assert_eq!(span(30, 40).gap(&span(0, 10)), Millis(20));
    }

    #[test]
    fn seconds_round_and_refuse_nonsense() {
        assert_eq!(Millis::from_secs_f64(1.2346), Millis(1235));
        assert_eq!(Millis::from_secs_f64(f64::NAN), Millis::ZERO);
        assert_eq!(Millis::from_secs_f64(-3.0), Millis::ZERO);
        assert_eq!(Millis(3_723_400).to_string(), "1:02:03.4");
        assert!(Span::new(Millis(2), Millis(1)).is_err());
    }
}
