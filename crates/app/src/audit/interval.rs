//! A share with what its sample leaves open.

use std::fmt;

/// A share and Wilson's score interval at 95 % around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The share seen, 0 to 1.
    pub share: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

impl Interval {
    /// Wilson's interval (E. B. Wilson, 1927) of `hits` among `of`; everything is open where
    /// there is no sample.
    #[must_use]
    pub fn wilson(hits: u64, of: u64) -> Self {
        const Z: f64 = 1.959_964;
        if of == 0 {
            return Self {
                share: 0.0,
                low: 0.0,
                high: 1.0,
            };
        }
        // Counts stay far below 2^32 here; the conversion is exact there.
        let float = |count: u64| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        let n = float(of);
        let share = float(hits.min(of)) / n;
        let middle = share + Z * Z / (2.0 * n);
        let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        let whole = 1.0 + Z * Z / n;
        Self {
            share,
            low: ((middle - half) / whole).max(0.0),
            high: ((middle + half) / whole).min(1.0),
        }
    }
}

/// As in `12.50 % [3.50, 36.02]`.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:6.2} % [{:.2}, {:.2}]",
            self.share * 100.0,
            self.low * 100.0,
            self.high * 100.0
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_miss_in_few_is_not_no_miss_at_all() {
        let few = Interval::wilson(0, 10);
        assert!(
            few.low.abs() < 1e-9 && (few.high - 0.2775).abs() < 0.001,
            "{few:?}"
        );
        let many = Interval::wilson(5, 1_000);
        assert!((many.low - 0.00214).abs() < 1e-4 && (many.high - 0.01165).abs() < 1e-4);
        assert!((Interval::wilson(0, 0).high - 1.0).abs() < 1e-9);
    }
}
