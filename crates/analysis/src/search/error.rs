//! What is wrong with a query, where, and what would be right.

use std::fmt;

/// A query that was refused. Nothing is guessed: the query does not run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct QueryError {
    /// Where, in characters from 1.
    pub column: usize,
    /// What would have been right there.
    pub expected: String,
    /// What stood there.
    pub found: String,
    /// The nearest valid form, where there is one.
    pub nearest: Option<String>,
    /// Further faults of the same query, in order.
    pub others: Vec<QueryError>,
}

impl QueryError {
    pub(super) fn new(at: usize, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self {
            column: at + 1,
            expected: expected.into(),
            found: found.into(),
            nearest: None,
            others: Vec::new(),
        }
    }

    pub(super) fn try_instead(mut self, nearest: impl Into<String>) -> Self {
        self.nearest = Some(nearest.into());
        self
    }

    /// This fault and the others.
    pub fn all(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.others)
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "column {}: expected {}, found {}",
            self.column, self.expected, self.found
        )?;
        if let Some(nearest) = &self.nearest {
            write!(f, "; try `{nearest}`")?;
        }
        for other in &self.others {
            write!(f, "\n{other}")?;
        }
        Ok(())
    }
}

/// The candidate that is fewest edits away, if near enough to be meant.
pub(super) fn nearest<'a>(
    word: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).clamp(1, 3);
    candidates
        .map(|candidate| (edits(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Edit distance in which two swapped neighbours are one edit.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut above: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    let mut last: Option<char> = None;
    let cell = |row: &[usize], at: Option<usize>| at.and_then(|at| row.get(at)).copied();
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let replaced = cell(&row, Some(j)).unwrap_or(i) + usize::from(x != *y);
            let removed = cell(&row, Some(j + 1)).unwrap_or(i) + 1;
            let added = cell(&next, Some(j)).unwrap_or(i) + 1;
            let before = j.checked_sub(1);
            let crossed = last == Some(*y) && before.and_then(|at| b.get(at)) == Some(&x);
            let swapped = cell(&above, before)
                .filter(|_| crossed)
                .map(|cost| cost + 1);
            let cost = replaced.min(removed).min(added);
            next.push(swapped.map_or(cost, |swapped| swapped.min(cost)));
        }
        above = std::mem::replace(&mut row, next);
        last = Some(x);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{edits, nearest};

    #[test]
    fn nearest_is_near() {
        assert_eq!(edits("kitten", "sitting"), 3);
        assert_eq!(edits("", "abc"), 3);
        assert_eq!(edits("CRAD", "CARD"), 1);
        assert_eq!(
            nearest("durtion", ["duration", "direction"].into_iter()),
            Some("duration")
        );
        assert_eq!(nearest("banana", ["duration"].into_iter()), None);
    }
}
