//! How far people who judged the same things agree, beyond what chance gives.

use std::collections::BTreeMap;

/// How values of a judgement compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Same or not: yes, no, a choice.
    Nominal,
    /// Numbers whose differences count.
    Interval,
}

/// Cohen's kappa of two judges (J. Cohen, Educational and Psychological Measurement 20, 1960):
/// `(observed - expected) / (1 - expected)`. None without pairs, or where chance alone already
/// gives full agreement.
#[must_use]
pub fn cohen<T: Ord>(pairs: &[(T, T)]) -> Option<f64> {
    if pairs.is_empty() {
        return None;
    }
    let n = real(pairs.len());
    let mut counts: BTreeMap<&T, (f64, f64)> = BTreeMap::new();
    let mut same = 0.0;
    for (a, b) in pairs {
        counts.entry(a).or_default().0 += 1.0;
        counts.entry(b).or_default().1 += 1.0;
        same += f64::from(u8::from(a == b));
    }
    let expected: f64 = counts.values().map(|(a, b)| a * b / (n * n)).sum();
    (expected < 1.0).then(|| (same / n - expected) / (1.0 - expected))
}

/// Krippendorff's alpha of any number of judges with gaps (K. Krippendorff, Content Analysis,
/// chapter 12): `1 - observed / expected` disagreement. `units` holds the values that each thing
/// was given; one with fewer than two is left out. None where nothing can be compared or all
/// values are the same.
#[must_use]
pub fn krippendorff(units: &[Vec<f64>], level: Level) -> Option<f64> {
    let distance = |a: f64, b: f64| match level {
        Level::Nominal => f64::from(u8::from((a - b).abs() > 1e-12)),
        Level::Interval => (a - b) * (a - b),
    };
    let units: Vec<&Vec<f64>> = units.iter().filter(|unit| unit.len() > 1).collect();
    let all: Vec<f64> = units.iter().flat_map(|unit| unit.iter().copied()).collect();
    let n = real(all.len());
    let between = |values: &[f64]| -> f64 {
        let pairs = values
            .iter()
            .enumerate()
            .flat_map(|(at, a)| values.iter().skip(at + 1).map(move |b| (*a, *b)));
        2.0 * pairs.map(|(a, b)| distance(a, b)).sum::<f64>()
    };
    let observed: f64 = units
        .iter()
        .map(|unit| between(unit) / (real(unit.len()) - 1.0))
        .sum::<f64>()
        / n;
    let expected = between(&all) / (n * (n - 1.0));
    (n > 1.0 && expected > 0.0).then(|| 1.0 - observed / expected)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "numbers of judgements are far below 2^52"
)]
const fn real(count: usize) -> f64 {
    count as f64
}
