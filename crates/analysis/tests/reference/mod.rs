//! A slow, obvious evaluator of the search language, written from the language's page alone.
//!
//! It knows no index, no hashing and no shortcut: words are texts, every pair of matches is
//! compared, and each rule stands where the page states it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test's code: a broken case must stop the run"
)]

pub(crate) mod cases;

use std::collections::BTreeSet;

use domain::query::{
    Amount, Edge, FieldTest, FieldValue, Fields, IndexText, IndexWord, Node, Order, Query, Reach,
    WordTest,
};
use domain::{Millis, SpeakerLabel};

/// First place, last place, latest end. Places count the interaction's words in order of start.
pub(crate) type Found = (usize, usize, Millis);

/// Which words are looked at.
type Looked = Vec<bool>;

pub(crate) struct Reference<'a> {
    words: &'a [IndexWord],
    duration: Millis,
    fields: &'a Fields,
}

/// Whether a query holds, and its matches.
pub(crate) struct Answer {
    pub(crate) holds: bool,
    pub(crate) found: BTreeSet<Found>,
}

impl<'a> Reference<'a> {
    pub(crate) fn new(text: &'a IndexText, fields: &'a Fields) -> Self {
        Self {
            words: text.words(),
            duration: text.duration(),
            fields,
        }
    }

    pub(crate) fn answer(&self, query: &Query) -> Answer {
        self.look(query, &vec![true; self.words.len()])
    }

    fn look(&self, query: &Query, looked: &Looked) -> Answer {
        match &query.node {
            Node::Or(parts) | Node::AnyOf(parts) => {
                let answers: Vec<Answer> =
                    parts.iter().map(|part| self.look(part, looked)).collect();
                Answer {
                    holds: answers.iter().any(|answer| answer.holds),
                    found: answers
                        .into_iter()
                        .flat_map(|answer| answer.found)
                        .collect(),
                }
            }
            Node::And(parts) => {
                let answers: Vec<Answer> =
                    parts.iter().map(|part| self.look(part, looked)).collect();
                if answers.iter().any(|answer| !answer.holds) {
                    return holds(false);
                }
                Answer {
                    holds: true,
                    found: answers
                        .into_iter()
                        .flat_map(|answer| answer.found)
                        .collect(),
                }
            }
            Node::Not(inner) => holds(!self.look(inner, looked).holds),
            Node::Phrase { words, gap } => spans(self.phrase(words, *gap as usize, looked)),
            Node::Relation(relation) => {
                let left = self.look(&relation.left, looked).found;
                let right = self.look(&relation.right, looked).found;
                let related =
                    |a: &Found, b: &Found| self.related(a, b, relation.order, relation.amount);
                if relation.negated {
                    return spans(
                        left.into_iter()
                            .filter(|a| !right.iter().any(|b| related(a, b)))
                            .collect(),
                    );
                }
                let mut found = BTreeSet::new();
                for a in &left {
                    for b in right.iter().filter(|b| related(a, b)) {
                        found.insert((a.0.min(b.0), a.1.max(b.1), a.2.max(b.2)));
                    }
                }
                spans(found)
            }
            Node::NotIn(left, right) => {
                let right = self.look(right, looked).found;
                let left = self.look(left, looked).found.into_iter();
                spans(
                    left.filter(|a| !right.iter().any(|b| b.0 <= a.0 && a.1 <= b.1))
                        .collect(),
                )
            }
            Node::Speaker(speaker, inner) => self.look(
                inner,
                &self.narrowed(looked, |at| self.words[at].speaker == *speaker),
            ),
            Node::Edge(edge, reach, inner) => self.look(
                inner,
                &self.narrowed(looked, |at| self.at_edge(at, *edge, *reach)),
            ),
            Node::Category { body, .. } => self.look(body.as_ref().expect("followed"), looked),
            Node::Field { name, test } => holds(passes(test, self.fields.get(name))),
            Node::Similar(_) => unreachable!("the language has no form of it"),
        }
    }

    fn narrowed(&self, looked: &Looked, keep: impl Fn(usize) -> bool) -> Looked {
        looked
            .iter()
            .enumerate()
            .map(|(at, seen)| *seen && keep(at))
            .collect()
    }

    fn at_edge(&self, at: usize, edge: Edge, reach: Reach) -> bool {
        let start = self.words[at].span.start().0 as f64;
        let duration = self.duration.0 as f64;
        let reach = match reach {
            Reach::Amount(Amount::Words(words)) => {
                return match edge {
                    Edge::First => at < words as usize,
                    Edge::Last => at + words as usize >= self.words.len(),
                };
            }
            Reach::Amount(Amount::Time(time)) => time.0 as f64,
            Reach::Share(thousandths) => duration * f64::from(thousandths) / 1_000.0,
        };
        match edge {
            Edge::First => start <= reach,
            Edge::Last => start >= duration - reach,
        }
    }

    /// Every choice of places, in one speaker's own order, with at most `gap` of the speaker's
    /// other words between; of those that begin at one place, the one that ends first.
    fn phrase(&self, tests: &[WordTest], gap: usize, looked: &Looked) -> BTreeSet<Found> {
        let mut found = BTreeSet::new();
        for speaker in self
            .words
            .iter()
            .map(|word| word.speaker)
            .collect::<BTreeSet<SpeakerLabel>>()
        {
            let own: Vec<usize> = (0..self.words.len())
                .filter(|at| self.words[*at].speaker == speaker)
                .collect();
            for begin in 0..own.len() {
                for length in tests.len()..=(tests.len() + gap).min(own.len() - begin) {
                    let window = &own[begin..begin + length];
                    let ends = window.iter().all(|at| looked[*at]);
                    if let Some(places) = ends.then(|| self.ways(tests, window)).flatten() {
                        let end = places
                            .iter()
                            .map(|at| self.words[*at].span.end())
                            .max()
                            .unwrap();
                        found.insert((window[0], window[length - 1], end));
                        break;
                    }
                }
            }
        }
        found
    }

    /// Places for the words with the first on the window's first and the last on its last.
    fn ways(&self, tests: &[WordTest], window: &[usize]) -> Option<Vec<usize>> {
        let (test, rest) = tests.split_first()?;
        let (at, others) = window.split_first()?;
        if !takes(test, &self.words[*at].text) {
            return None;
        }
        if rest.is_empty() {
            return others.is_empty().then(|| vec![*at]);
        }
        (0..others.len()).find_map(|skip| {
            let mut places = self.ways(rest, &others[skip..])?;
            places.insert(0, *at);
            Some(places)
        })
    }

    fn related(&self, a: &Found, b: &Found, order: Order, amount: Amount) -> bool {
        let in_order = match order {
            Order::Near => true,
            Order::Before => a.0 < b.0,
            Order::After => b.0 < a.0,
        };
        let (earlier, later) = if a.0 <= b.0 { (a, b) } else { (b, a) };
        let near = match amount {
            Amount::Time(time) => {
                let start = self.words[later.0].span.start();
                start.saturating_sub(earlier.2) <= time
            }
            Amount::Words(words) => (earlier.1 + 1..later.0).count() <= words as usize,
        };
        in_order && near
    }
}

fn holds(holds: bool) -> Answer {
    Answer {
        holds,
        found: BTreeSet::new(),
    }
}

fn spans(found: BTreeSet<Found>) -> Answer {
    Answer {
        holds: !found.is_empty(),
        found,
    }
}

fn takes(test: &WordTest, word: &str) -> bool {
    match test {
        WordTest::Exact(exact) => word == exact,
        WordTest::Inflected(base) => analysis::search::inflections(base)
            .iter()
            .any(|form| form == word),
        WordTest::Wildcard(wildcard) => {
            let pattern: Vec<char> = wildcard.chars().collect();
            let word: Vec<char> = word.chars().collect();
            word.first() != Some(&'[') && like(&pattern, &word)
        }
        WordTest::Regex(source) => {
            let whole = regex::Regex::new(&format!("^(?i:{source})$")).expect("parsed");
            !word.starts_with('[') && whole.is_match(word)
        }
    }
}

fn like(pattern: &[char], word: &[char]) -> bool {
    match (pattern.first(), word.first()) {
        (None, None) => true,
        (Some('*'), _) => {
            like(&pattern[1..], word) || (!word.is_empty() && like(pattern, &word[1..]))
        }
        (Some('?'), Some(_)) => like(&pattern[1..], &word[1..]),
        (Some(a), Some(b)) => a == b && like(&pattern[1..], &word[1..]),
        _ => false,
    }
}

fn passes(test: &FieldTest, values: &[FieldValue]) -> bool {
    match test {
        FieldTest::Is(wanted) => values.iter().any(|value| equal(value, wanted)),
        FieldTest::IsNot(wanted) => !values.iter().any(|value| equal(value, wanted)),
        FieldTest::Above(limit) => values.iter().any(|value| number(value) > number(limit)),
        FieldTest::AtLeast(limit) => values.iter().any(|value| number(value) >= number(limit)),
        FieldTest::Below(limit) => values.iter().any(|value| number(value) < number(limit)),
        FieldTest::AtMost(limit) => values.iter().any(|value| number(value) <= number(limit)),
        FieldTest::Within(low, high) => values.iter().any(|value| inside(value, low, high)),
        FieldTest::Outside(low, high) => !values.iter().any(|value| inside(value, low, high)),
    }
}

fn inside(value: &FieldValue, low: &FieldValue, high: &FieldValue) -> bool {
    let open = matches!(value, FieldValue::Instant(_));
    number(value) >= number(low)
        && (number(value) < number(high) || (!open && number(value) == number(high)))
}

fn equal(value: &FieldValue, wanted: &FieldValue) -> bool {
    match (value, wanted) {
        (FieldValue::Text(a), FieldValue::Text(b)) => a.to_lowercase() == b.to_lowercase(),
        _ => number(value) == number(wanted),
    }
}

fn number(value: &FieldValue) -> f64 {
    match value {
        FieldValue::Text(_) => f64::NAN,
        FieldValue::Number(number) => *number,
        FieldValue::Instant(at) => at.0 as f64,
    }
}
