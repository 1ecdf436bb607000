//! How well a category agrees with what people say, with how sure that is.

/// What people and a category say about the same interactions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// It matches and ought to.
    pub right: u64,
    /// It matches and ought not to.
    pub wrong: u64,
    /// It does not match and ought to.
    pub missed: u64,
    /// It does not match and ought not to.
    pub left_out: u64,
}

/// A range that holds the true share in 95 of 100 such samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// A share with its range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The share, 0 to 1.
    pub value: f64,
    /// Its range.
    pub interval: Interval,
}

/// Quantile of the normal distribution for 95 %.
const Z: f64 = 1.959_963_984_540_054;

impl Counts {
    /// Adds one interaction.
    pub const fn note(&mut self, matches: bool, belongs: bool) {
        let cell = match (matches, belongs) {
            (true, true) => &mut self.right,
            (true, false) => &mut self.wrong,
            (false, true) => &mut self.missed,
            (false, false) => &mut self.left_out,
        };
        *cell += 1;
    }

    /// Of what it matches, the share that it ought to; none where it matches nothing.
    #[must_use]
    pub fn precision(&self) -> Option<Measured> {
        wilson(self.right, self.right + self.wrong)
    }

    /// Of what it ought to match, the share that it does; none where there is nothing.
    #[must_use]
    pub fn recall(&self) -> Option<Measured> {
        wilson(self.right, self.right + self.missed)
    }

    /// The harmonic mean of precision and recall. F1 grows with the share `right / (right + wrong
    /// + missed)`, which is one of independent trials; its range is that share's, carried over by
    /// `F1 = 2 s / (1 + s)`.
    #[must_use]
    pub fn f1(&self) -> Option<Measured> {
        let share = wilson(self.right, self.right + self.wrong + self.missed)?;
        let carried = |s: f64| 2.0 * s / (1.0 + s);
        Some(Measured {
            value: carried(share.value),
            interval: Interval {
                low: carried(share.interval.low),
                high: carried(share.interval.high),
            },
        })
    }
}

/// A share of independent trials with Wilson's score interval (E. B. Wilson, JASA 22, 1927).
fn wilson(hits: u64, trials: u64) -> Option<Measured> {
    if trials == 0 {
        return None;
    }
    let (hits, n) = (real(hits), real(trials));
    let share = hits / n;
    let square = Z * Z;
    let middle = (share + square / (2.0 * n)) / (1.0 + square / n);
    let inner = share * (1.0 - share) / n + square / (4.0 * n * n);
    let half = Z * inner.sqrt() / (1.0 + square / n);
    Some(Measured {
        value: share,
        interval: Interval {
            low: (middle - half).clamp(0.0, 1.0),
            high: (middle + half).clamp(0.0, 1.0),
        },
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of marked interactions are far below 2^52"
)]
const fn real(count: u64) -> f64 {
    count as f64
}
