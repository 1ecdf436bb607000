//! The words of two versions side by side, clause by clause, for people who read them.

use domain::ClauseId;

use crate::Policy;

/// What happened to a stretch of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It stands in both versions.
    Same,
    /// Only the earlier one has it.
    Out,
    /// Only the later one has it.
    In,
}

/// One clause whose words differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redline {
    /// Which clause.
    pub clause: ClauseId,
    /// Its words in order, cut where they begin or cease to differ.
    pub pieces: Vec<(Mark, String)>,
}

/// Every clause that is new, gone or worded anew, in the order of the later version, what is gone
/// last.
#[must_use]
pub fn redline(from: &Policy, to: &Policy) -> Vec<Redline> {
    let mut lines = Vec::new();
    for new in to.clauses() {
        let after = new.prose.trim();
        let before = from.clause(&new.id).map_or("", |old| old.prose.trim());
        if before != after {
            lines.push(Redline {
                clause: new.id.clone(),
                pieces: compare(before, after),
            });
        }
    }
    for old in from.clauses() {
        if to.clause(&old.id).is_none() {
            lines.push(Redline {
                clause: old.id.clone(),
                pieces: vec![(Mark::Out, old.prose.trim().to_owned())],
            });
        }
    }
    lines
}

/// Words by their longest common subsequence.
fn compare(before: &str, after: &str) -> Vec<(Mark, String)> {
    let old: Vec<&str> = before.split_whitespace().collect();
    let new: Vec<&str> = after.split_whitespace().collect();
    let lengths = lengths(&old, &new);
    let length = |i: usize, j: usize| {
        let row = lengths.get(i);
        row.and_then(|row| row.get(j)).copied().unwrap_or(0)
    };
    let mut pieces: Vec<(Mark, String)> = Vec::new();
    let (mut i, mut j) = (0, 0);
    loop {
        match (old.get(i), new.get(j)) {
            (Some(a), Some(b)) if a == b => {
                push(&mut pieces, Mark::Same, a);
                (i, j) = (i + 1, j + 1);
            }
            (Some(a), rest) if rest.is_none() || length(i + 1, j) >= length(i, j + 1) => {
                push(&mut pieces, Mark::Out, a);
                i += 1;
            }
            (_, Some(b)) => {
                push(&mut pieces, Mark::In, b);
                j += 1;
            }
            (_, None) => return pieces,
        }
    }
}

/// For each pair of places, how many words the rest of both has in common.
fn lengths(old: &[&str], new: &[&str]) -> Vec<Vec<u32>> {
    let mut below = vec![0; new.len() + 1];
    let mut rows = vec![below.clone()];
    for a in old.iter().rev() {
        let mut row = vec![0; new.len() + 1];
        for (j, b) in new.iter().enumerate().rev() {
            let at = |row: &[u32], j: usize| row.get(j).copied().unwrap_or(0);
            let best = if a == b {
                at(&below, j + 1) + 1
            } else {
                at(&below, j).max(at(&row, j + 1))
            };
            if let Some(cell) = row.get_mut(j) {
                *cell = best;
            }
        }
        below.clone_from(&row);
        rows.push(row);
    }
    rows.reverse();
    rows
}

fn push(pieces: &mut Vec<(Mark, String)>, mark: Mark, word: &str) {
    match pieces.last_mut() {
        Some((last, text)) if *last == mark => {
            text.push(' ');
            text.push_str(word);
        }
        _ => pieces.push((mark, word.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(before: &str, after: &str) -> String {
        let signs = |mark| match mark {
            Mark::Same => ("", ""),
            Mark::Out => ("-", "-"),
            Mark::In => ("+", "+"),
        };
        let pieces = compare(before, after).into_iter();
        let words: Vec<String> = pieces
            .map(|(mark, text)| format!("{}{text}{}", signs(mark).0, signs(mark).1))
            .collect();
        words.join(" ")
    }

    #[test]
    fn only_the_words_that_differ_are_marked() {
        assert_eq!(
            said("We keep mail for one year.", "We keep mail for two years."),
            "We keep mail for -one year.- +two years.+"
        );
        assert_eq!(said("", "All new."), "+All new.+");
        assert_eq!(said("All gone.", ""), "-All gone.-");
        assert_eq!(said("a b c", "b c d"), "-a- b c +d+");
        assert_eq!(said("same", "same"), "same");
    }
}
