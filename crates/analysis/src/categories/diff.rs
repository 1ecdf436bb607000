//! What changed between two versions of a text, line by line.

/// A line of either text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// In both.
    Kept(String),
    /// Only in the older text.
    Removed(String),
    /// Only in the newer text.
    Added(String),
}

/// Lines compared beyond which a text is shown as replaced.
const MAX_LINES: usize = 2_000;

/// Every line of both texts in reading order; what is kept is the longest common part.
#[must_use]
pub fn changes(older: &str, newer: &str) -> Vec<Change> {
    let old: Vec<&str> = older.lines().collect();
    let new: Vec<&str> = newer.lines().collect();
    if old.len() > MAX_LINES || new.len() > MAX_LINES {
        let removed = old.iter().map(|line| Change::Removed((*line).to_owned()));
        let added = new.iter().map(|line| Change::Added((*line).to_owned()));
        return removed.chain(added).collect();
    }
    let common = common(&old, &new);
    let at = |i: usize, j: usize| common.get(i * (new.len() + 1) + j).copied().unwrap_or(0);
    let (mut i, mut j) = (0, 0);
    let mut all = Vec::new();
    loop {
        match (old.get(i), new.get(j)) {
            (Some(a), Some(b)) if a == b => {
                all.push(Change::Kept((*a).to_owned()));
                (i, j) = (i + 1, j + 1);
            }
            (Some(a), b) if b.is_none() || at(i + 1, j) >= at(i, j + 1) => {
                all.push(Change::Removed((*a).to_owned()));
                i += 1;
            }
            (_, Some(b)) => {
                all.push(Change::Added((*b).to_owned()));
                j += 1;
            }
            _ => return all,
        }
    }
}

/// Length of the longest common part of what follows each pair of places.
fn common(old: &[&str], new: &[&str]) -> Vec<u32> {
    let width = new.len() + 1;
    let mut table = vec![0u32; (old.len() + 1) * width];
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            let get = |i: usize, j: usize| table.get(i * width + j).copied().unwrap_or(0);
            let best = if a == b {
                get(i + 1, j + 1) + 1
            } else {
                get(i + 1, j).max(get(i, j + 1))
            };
            if let Some(cell) = table.get_mut(i * width + j) {
                *cell = best;
            }
        }
    }
    table
}
