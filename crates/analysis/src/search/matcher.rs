//! Decides whether a word stream matches a query, and which words made it so.

use domain::query::{
    AlikeTurn, Evidence, EvidencePart, FieldTest, FieldValue, Fields, Place, Query, Similar,
    WordStream,
};
use domain::{Millis, Span, Timestamp};

use super::compile::{self, Lexicon, Step, Symbol};
use super::scan::{Position, Scan, View};
use super::spans::{self, Match};
use super::terms::Resolved;
use super::words;

/// Matches `query` against one interaction: none where it does not match, else the evidence of
/// every positive part in order of start; it is empty where only absence or fields decided.
///
/// A query that mentions a word, pattern or category that is not resolved matches nothing.
#[must_use]
pub fn evaluate(
    query: &Query,
    resolved: &Resolved,
    stream: &WordStream,
    fields: &Fields,
) -> Option<Vec<Evidence>> {
    Matcher::new(query, resolved)?.evaluate(stream, fields)
}

/// A query prepared once for many interactions.
#[derive(Debug, Clone)]
pub struct Matcher {
    lexicon: Lexicon,
    step: Step,
}

impl Matcher {
    /// None if a word, pattern or category of the query is not resolved.
    #[must_use]
    pub fn new(query: &Query, resolved: &Resolved) -> Option<Self> {
        let mut lexicon = Lexicon::default();
        let step = compile::compile(query, resolved, &mut lexicon)?;
        Some(Self { lexicon, step })
    }

    /// As [`evaluate`].
    #[must_use]
    pub fn evaluate(&self, stream: &WordStream, fields: &Fields) -> Option<Vec<Evidence>> {
        run(&self.step, &Scan::new(stream, &self.lexicon), fields)
    }
}

/// Runs a compiled query over a scanned stream.
pub(super) fn run(step: &Step, scan: &Scan<'_>, fields: &Fields) -> Option<Vec<Evidence>> {
    let mut run = Run {
        scan,
        fields,
        origins: Vec::new(),
        pairs: spans::MAX_PAIRS,
    };
    let outcome = run.step(step, scan.whole());
    outcome.holds.then(|| {
        outcome
            .matches
            .iter()
            .filter_map(|found| run.evidence(found))
            .collect()
    })
}

/// Where a match came from.
enum Origin {
    Words(Position, Position, Millis, Place),
    Turn(AlikeTurn, Position, Millis, Place),
    Both(usize, usize),
}

struct Outcome {
    holds: bool,
    matches: Vec<Match>,
}

impl Outcome {
    fn of(matches: Vec<Match>) -> Self {
        Self {
            holds: !matches.is_empty(),
            matches,
        }
    }

    const fn plain(holds: bool) -> Self {
        Self {
            holds,
            matches: Vec::new(),
        }
    }
}

struct Run<'a> {
    scan: &'a Scan<'a>,
    fields: &'a Fields,
    origins: Vec<Origin>,
    /// Pairs that relations may still look at.
    pairs: usize,
}

impl Run<'_> {
    fn step(&mut self, step: &Step, view: View) -> Outcome {
        match step {
            Step::Or(parts) => self.any(parts, view),
            Step::And(parts) => self.all(parts, view),
            Step::Not(inner) => Outcome::plain(!self.step(inner, view).holds),
            Step::Phrase { words, gap, place } => {
                Outcome::of(self.phrase(words, *gap, *place, view))
            }
            Step::Relation {
                left,
                order,
                negated,
                amount,
                right,
            } => {
                let left = self.step(left, view).matches;
                if left.is_empty() {
                    return Outcome::plain(false);
                }
                let right = self.step(right, view).matches;
                if *negated {
                    return Outcome::of(spans::unrelated(
                        self.scan, &left, &right, *order, *amount,
                    ));
                }
                let origins = &mut self.origins;
                let origin = |left, right| {
                    origins.push(Origin::Both(left, right));
                    origins.len() - 1
                };
                let made = spans::related(
                    self.scan,
                    (&left, &right),
                    *order,
                    *amount,
                    &mut self.pairs,
                    origin,
                );
                Outcome::of(made)
            }
            Step::NotIn(left, right) => {
                let left = self.step(left, view).matches;
                if left.is_empty() {
                    return Outcome::plain(false);
                }
                let right = self.step(right, view).matches;
                Outcome::of(spans::outside(&left, &right))
            }
            Step::Speaker(speaker, inner) => {
                let view = self.scan.of_speaker(view, *speaker);
                self.step(inner, view)
            }
            Step::Edge(edge, reach, inner) => {
                let view = self.scan.at_edge(view, *edge, *reach);
                self.step(inner, view)
            }
            Step::Field(name, test) => Outcome::plain(passes(test, self.fields.get(name))),
            Step::Similar(similar, place) => Outcome::of(self.similar(similar, *place, view)),
        }
    }

    fn any(&mut self, parts: &[Step], view: View) -> Outcome {
        let mut any = Outcome::plain(false);
        for part in parts {
            let mut outcome = self.step(part, view);
            any.holds |= outcome.holds;
            any.matches.append(&mut outcome.matches);
        }
        spans::sort(&mut any.matches);
        any
    }

    fn all(&mut self, parts: &[Step], view: View) -> Outcome {
        let mut all = Outcome::plain(true);
        for part in parts {
            let mut outcome = self.step(part, view);
            if !outcome.holds {
                return Outcome::plain(false);
            }
            all.matches.append(&mut outcome.matches);
        }
        spans::sort(&mut all.matches);
        all
    }

    /// At each place where the first word stands, the shortest way through the others.
    fn phrase(&mut self, words: &[Vec<Symbol>], gap: u32, place: Place, view: View) -> Vec<Match> {
        let Some((head, rest)) = words.split_first() else {
            return Vec::new();
        };
        let mut matches = Vec::new();
        for symbol in head {
            for first in self.scan.positions(*symbol) {
                if !self.scan.sees(view, *first) {
                    continue;
                }
                if let Some((last, end)) = self.through(rest, *first, gap, view) {
                    self.origins.push(Origin::Words(*first, last, end, place));
                    matches.push(Match {
                        first: *first,
                        last,
                        end,
                        origin: self.origins.len() - 1,
                    });
                }
            }
        }
        if head.len() > 1 {
            spans::sort(&mut matches);
        }
        matches
    }

    /// The turns that are like an example and lie in the view as a whole.
    fn similar(&mut self, similar: &Similar, place: Place, view: View) -> Vec<Match> {
        let mut matches = Vec::new();
        for turn in self.scan.alike(similar) {
            let Some((first, last, end)) = self.scan.turn(turn) else {
                continue;
            };
            if self.scan.sees(view, first) && self.scan.sees(view, last) {
                self.origins.push(Origin::Turn(*turn, first, end, place));
                matches.push(Match {
                    first,
                    last,
                    end,
                    origin: self.origins.len() - 1,
                });
            }
        }
        spans::sort(&mut matches);
        matches
    }

    /// The last word and latest end of a phrase that begins at a place. Taking each word where
    /// it stands first leaves the most of the gap for the others.
    fn through(
        &self,
        rest: &[Vec<Symbol>],
        first: Position,
        mut gap: u32,
        view: View,
    ) -> Option<(Position, Millis)> {
        let mut at = first;
        let mut end = self.scan.end(first);
        for symbols in rest {
            loop {
                at = self.scan.next(at).filter(|at| self.scan.sees(view, *at))?;
                if self
                    .scan
                    .symbol(at)
                    .is_some_and(|symbol| symbols.binary_search(&symbol).is_ok())
                {
                    break;
                }
                gap = gap.checked_sub(1)?;
            }
            end = end.max(self.scan.end(at));
        }
        Some((at, end))
    }

    fn evidence(&self, found: &Match) -> Option<Evidence> {
        let mut parts = Vec::new();
        self.parts(found.origin, &mut parts);
        parts.sort_by_key(|part| (part.span.start(), part.first, part.last, part.place.start));
        parts.dedup_by_key(|part| (part.first, part.last, part.place));
        Some(Evidence {
            first: parts.iter().map(|part| part.first).min()?,
            last: parts.iter().map(|part| part.last).max()?,
            span: parts
                .iter()
                .map(|part| part.span)
                .reduce(|a, b| a.hull(&b))?,
            parts,
        })
    }

    fn parts(&self, origin: usize, parts: &mut Vec<EvidencePart>) {
        match self.origins.get(origin) {
            Some(Origin::Words(first, last, end, place)) => {
                parts.extend(self.part(*first, *last, *end, *place));
            }
            Some(Origin::Turn(turn, at, end, place)) => {
                parts.extend(self.scan.word(*at).map(|word| EvidencePart {
                    first: turn.first,
                    last: turn.last,
                    speaker: word.speaker,
                    span: Span::between(word.span.start(), *end),
                    place: *place,
                    likeness: Some(turn.likeness),
                }));
            }
            Some(Origin::Both(left, right)) => {
                self.parts(*left, parts);
                self.parts(*right, parts);
            }
            None => {}
        }
    }

    fn part(
        &self,
        first: Position,
        last: Position,
        end: Millis,
        place: Place,
    ) -> Option<EvidencePart> {
        let (from, to) = (self.scan.word(first)?, self.scan.word(last)?);
        Some(EvidencePart {
            first: from.word,
            last: to.last,
            speaker: from.speaker,
            span: Span::between(from.span.start(), end),
            place,
            likeness: None,
        })
    }
}

/// Whether a field's values pass a test whose texts are folded.
fn passes(test: &FieldTest, values: &[FieldValue]) -> bool {
    let any = |test: &dyn Fn(&FieldValue) -> bool| values.iter().any(test);
    match test {
        FieldTest::Is(wanted) => any(&|value| same(value, wanted)),
        FieldTest::IsNot(wanted) => !any(&|value| same(value, wanted)),
        FieldTest::Above(limit) => any(&|value| order(value, limit).is_some_and(|o| o.is_gt())),
        FieldTest::AtLeast(limit) => any(&|value| order(value, limit).is_some_and(|o| o.is_ge())),
        FieldTest::Below(limit) => any(&|value| order(value, limit).is_some_and(|o| o.is_lt())),
        FieldTest::AtMost(limit) => any(&|value| order(value, limit).is_some_and(|o| o.is_le())),
        FieldTest::Within(low, high) => any(&|value| within(value, low, high)),
        FieldTest::Outside(low, high) => !any(&|value| within(value, low, high)),
    }
}

fn same(value: &FieldValue, wanted: &FieldValue) -> bool {
    match (value, wanted) {
        (FieldValue::Text(value), FieldValue::Text(wanted)) => words::fold(value.trim()) == *wanted,
        _ => order(value, wanted).is_some_and(|o| o.is_eq()),
    }
}

fn within(value: &FieldValue, low: &FieldValue, high: &FieldValue) -> bool {
    let above = order(value, low).is_some_and(|o| o.is_ge());
    let below = order(value, high).is_some_and(|o| match value {
        FieldValue::Instant(Timestamp(_)) => o.is_lt(),
        _ => o.is_le(),
    });
    above && below
}

fn order(value: &FieldValue, other: &FieldValue) -> Option<std::cmp::Ordering> {
    match (value, other) {
        (FieldValue::Number(a), FieldValue::Number(b)) => a.partial_cmp(b),
        (FieldValue::Instant(a), FieldValue::Instant(b)) => Some(a.cmp(b)),
        _ => None,
    }
}
