//! Matches as spans, and the relations between two sets of them.

use domain::Millis;
use domain::query::{Amount, Order};

use super::scan::{Position, Scan};

/// Spans that one relation keeps of one interaction; later ones are dropped.
const MAX_SPANS: usize = 20_000;
/// Pairs of matches that one run of a query looks at; no sensible query comes near.
pub(super) const MAX_PAIRS: usize = 10_000_000;

/// A match: from a first to a last word, ending at the latest end of its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) first: Position,
    pub(super) last: Position,
    pub(super) end: Millis,
    /// Where its origin is noted.
    pub(super) origin: usize,
}

/// Each span once, by first word.
pub(super) fn sort(matches: &mut Vec<Match>) {
    sort_by(matches, |found| *found);
}

fn sort_by<T>(matches: &mut Vec<T>, span: impl Fn(&T) -> Match) {
    let key = |found: &T| {
        let found = span(found);
        (found.first, found.last, found.end)
    };
    matches.sort_by_key(key);
    matches.dedup_by(|a, b| key(a) == key(b));
}

/// Measures gaps in time or in words: a later match is in reach of an earlier one where its
/// start is at most the earlier one's end plus the amount.
struct Measure<'a> {
    scan: &'a Scan<'a>,
    amount: Amount,
}

impl Measure<'_> {
    fn start(&self, found: &Match) -> u64 {
        match self.amount {
            Amount::Time(_) => self.scan.start(found.first).0,
            Amount::Words(_) => u64::from(found.first),
        }
    }

    fn limit(&self, found: &Match) -> u64 {
        match self.amount {
            Amount::Time(time) => found.end.0.saturating_add(time.0),
            Amount::Words(words) => u64::from(found.last) + 1 + u64::from(words),
        }
    }
}

/// Matches of one side, searchable from a match of the other.
struct Side<'a> {
    matches: &'a [Match],
    /// The highest limit of the matches up to and including each.
    limits: Vec<u64>,
}

impl<'a> Side<'a> {
    fn new(matches: &'a [Match], measure: &Measure<'_>) -> Self {
        let mut highest = 0;
        let limits = matches
            .iter()
            .map(|found| {
                highest = measure.limit(found).max(highest);
                highest
            })
            .collect();
        Self { matches, limits }
    }

    /// Those in reach of `left` in the asked order.
    fn in_reach<'b>(
        &'b self,
        left: &Match,
        order: Order,
        measure: &'b Measure<'_>,
    ) -> impl Iterator<Item = &'a Match> + 'b {
        let middle = self
            .matches
            .partition_point(|found| found.first < left.first);
        let from = match order {
            Order::Before => self
                .matches
                .partition_point(|found| found.first <= left.first),
            Order::Near | Order::After => middle,
        };
        let (start, limit) = (measure.start(left), measure.limit(left));
        let later = self.matches.get(from..).filter(|_| order != Order::After);
        let ahead = later.unwrap_or_default();
        let ahead = ahead
            .get(..ahead.partition_point(|found| measure.start(found) <= limit))
            .unwrap_or_default();
        let earlier = self
            .matches
            .get(..middle)
            .filter(|_| order != Order::Before);
        let reaching = self.limits.get(..middle).unwrap_or_default();
        let behind = earlier
            .unwrap_or_default()
            .iter()
            .zip(reaching)
            .rev()
            .take_while(move |(_, highest)| **highest >= start)
            .map(|(found, _)| found)
            .filter(move |found| measure.limit(found) >= start);
        behind.chain(ahead)
    }
}

/// Spans over a match of each side. `origin` notes where each came from; `pairs` is how many
/// more the run may look at.
pub(super) fn related(
    scan: &Scan<'_>,
    (left, right): (&[Match], &[Match]),
    order: Order,
    amount: Amount,
    pairs: &mut usize,
    mut origin: impl FnMut(usize, usize) -> usize,
) -> Vec<Match> {
    let measure = Measure { scan, amount };
    let side = Side::new(right, &measure);
    // The origin of the left match, and beside it that of the right.
    let mut made: Vec<(Match, usize)> = Vec::new();
    'all: for a in left {
        for b in side.in_reach(a, order, &measure) {
            if *pairs == 0 {
                break 'all;
            }
            *pairs -= 1;
            let hull = Match {
                first: a.first.min(b.first),
                last: a.last.max(b.last),
                end: a.end.max(b.end),
                origin: a.origin,
            };
            // A long match reaches over many short ones and stays the same.
            if made.last().is_none_or(|(last, _)| *last != hull) {
                made.push((hull, b.origin));
            }
        }
        if made.len() > 4 * MAX_SPANS {
            sort_by(&mut made, |(found, _)| *found);
            if made.len() > MAX_SPANS {
                break;
            }
        }
    }
    sort_by(&mut made, |(found, _)| *found);
    made.truncate(MAX_SPANS);
    made.into_iter()
        .map(|(found, right)| Match {
            origin: origin(found.origin, right),
            ..found
        })
        .collect()
}

/// Matches of the left side with none of the right in reach.
pub(super) fn unrelated(
    scan: &Scan<'_>,
    left: &[Match],
    right: &[Match],
    order: Order,
    amount: Amount,
) -> Vec<Match> {
    let measure = Measure { scan, amount };
    let side = Side::new(right, &measure);
    left.iter()
        .filter(|a| side.in_reach(a, order, &measure).next().is_none())
        .copied()
        .collect()
}

/// Matches of the left side whose words lie inside no match of the right.
pub(super) fn outside(left: &[Match], right: &[Match]) -> Vec<Match> {
    let mut furthest = 0;
    let reach: Vec<Position> = right
        .iter()
        .map(|found| {
            furthest = found.last.max(furthest);
            furthest
        })
        .collect();
    let inside = |found: &&Match| {
        let begun = right.partition_point(|other| other.first <= found.first);
        begun
            .checked_sub(1)
            .and_then(|at| reach.get(at))
            .is_some_and(|furthest| *furthest >= found.last)
    };
    left.iter()
        .filter(|found| !inside(found))
        .copied()
        .collect()
}
