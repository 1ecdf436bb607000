//! Reading tantivy's segments, each sorted by start: the newest first, and no more than asked for.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Bound;
use std::time::{Duration, Instant};

use domain::query::TokenId;
use domain::{InteractionId, Timestamp};
use tantivy::columnar::Column;
use tantivy::query::{
    AllQuery, BooleanQuery, EmptyQuery, EnableScoring, Occur, Query, RangeQuery, TermQuery,
    TermSetQuery, Weight,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Searcher, SegmentReader, TERMINATED, TantivyError, Term};
use uuid::Uuid;

use super::folder::Fields;
use super::near::PlacedQuery;
use super::source::{Count, Plan};
use super::{Spot, written};

/// Tokens of one place that are looked up one by one; more of them as a set.
const FEW: usize = 64;
/// What one in so many documents say is a guess at all.
const ENOUGH: u64 = 50;

/// Start and id, in the order of pages.
type Key = (i64, u64, u64);

/// The columns of a segment that make a spot.
struct Columns {
    started: Column<i64>,
    high: Column<u64>,
    low: Column<u64>,
}

/// The newest `limit` documents that meet a plan and stand after a spot.
pub(super) fn page(
    searcher: &Searcher,
    fields: Fields,
    plan: &Plan,
    after: Option<Spot>,
    limit: usize,
) -> Result<Vec<Spot>, TantivyError> {
    let scoring = EnableScoring::disabled_from_searcher(searcher);
    let weight = Asked::of(fields).query(plan).weight(scoring)?;
    let mut segments = Vec::new();
    for segment in searcher.segment_readers() {
        let fast = segment.fast_fields();
        let columns = Columns {
            started: fast.i64("started")?,
            high: fast.u64("high")?,
            low: fast.u64("low")?,
        };
        segments.push((segment, columns));
    }
    // The newest segment first: the others may then have nothing that is newer.
    segments.sort_by_key(|(_, columns)| Reverse(columns.started.max_value()));
    let mut best = Best {
        after: after.map(key_of),
        limit,
        keys: BinaryHeap::new(),
    };
    for (segment, columns) in &segments {
        if segment.num_docs() > 0 && best.wants(columns.started.max_value()) {
            best.take(segment, columns, &*weight)?;
        }
    }
    let mut keys: Vec<Key> = best.keys.into_iter().map(|Reverse(key)| key).collect();
    keys.sort_unstable_by(|a, b| b.cmp(a));
    Ok(keys.into_iter().map(spot_of).collect())
}

/// How many documents meet a plan; what the time does not suffice for is bounded.
pub(super) fn count(
    searcher: &Searcher,
    fields: Fields,
    plan: &Plan,
    patience: Duration,
) -> Result<Count, TantivyError> {
    let until = Instant::now() + patience;
    let asked = Asked {
        fields,
        until: Some(until),
    };
    let scoring = EnableScoring::disabled_from_searcher(searcher);
    let weight = asked.query(plan).weight(scoring)?;
    // The smallest first: what is left when the time is up is guessed from those.
    let mut segments: Vec<&SegmentReader> = searcher.segment_readers().iter().collect();
    segments.sort_by_key(|segment| segment.num_docs());
    let (mut counted, mut open) = (0u64, 0u64);
    let (mut seen, mut all) = (0u64, 0u64);
    for segment in segments {
        let docs = u64::from(segment.num_docs());
        all += docs;
        if Instant::now() >= until {
            open += u64::from(ceiling(plan, segment, fields)?);
            continue;
        }
        let met = match since(plan, segment)? {
            Some(met) => u64::from(met),
            None => u64::from(weight.count(segment)?),
        };
        // When the time is up, places are not read to the end.
        if Instant::now() < until || !plan.by_places() {
            counted += met;
            seen += docs;
        } else {
            open += u64::from(ceiling(plan, segment, fields)?);
        }
    }
    let guess = counted.saturating_mul(all).checked_div(seen);
    Ok(Count {
        at_least: counted,
        at_most: Some(counted + open),
        about: guess.filter(|_| open > 0 && seen * ENOUGH >= all),
    })
}

/// How many documents of a segment started at or after a moment, where a plan asks for nothing else:
/// they are in order of time.
fn since(plan: &Plan, segment: &SegmentReader) -> Result<Option<u32>, TantivyError> {
    let Plan::Started(Some(from), None) = plan else {
        return Ok(None);
    };
    if segment.has_deletes() {
        return Ok(None);
    }
    let started = segment.fast_fields().i64("started")?;
    let older = from.0.saturating_sub(1);
    Ok(Some(first_not_after(&started, segment.max_doc(), older)))
}

/// The newest keys so far.
struct Best {
    after: Option<Key>,
    limit: usize,
    keys: BinaryHeap<Reverse<Key>>,
}

impl Best {
    /// Whether a document that started then may still be among them.
    fn wants(&self, started: i64) -> bool {
        let worst = self.keys.peek().filter(|_| self.keys.len() >= self.limit);
        worst.is_none_or(|Reverse(worst)| started >= worst.0)
    }

    fn take(
        &mut self,
        segment: &SegmentReader,
        columns: &Columns,
        weight: &dyn Weight,
    ) -> Result<(), TantivyError> {
        let first = self.after.map_or(0, |after| {
            first_not_after(&columns.started, segment.max_doc(), after.0)
        });
        if first >= segment.max_doc() || self.limit == 0 {
            return Ok(());
        }
        let mut docs = weight.scorer(segment, 1.0)?;
        let mut doc = docs.doc();
        if doc < first {
            doc = docs.seek(first);
        }
        while doc != TERMINATED {
            let started = columns.started.first(doc).unwrap_or(0);
            if !self.wants(started) {
                return Ok(());
            }
            if !segment.is_deleted(doc) {
                self.offer((
                    started,
                    columns.high.first(doc).unwrap_or(0),
                    columns.low.first(doc).unwrap_or(0),
                ));
            }
            doc = docs.advance();
        }
        Ok(())
    }

    fn offer(&mut self, key: Key) {
        if self.after.is_some_and(|after| key >= after) {
            return;
        }
        self.keys.push(Reverse(key));
        if self.keys.len() > self.limit {
            self.keys.pop();
        }
    }
}

/// The first document of a segment that started no later; starts fall from one to the next.
fn first_not_after(started: &Column<i64>, docs: DocId, at: i64) -> DocId {
    let (mut low, mut high) = (0, docs);
    while low < high {
        let middle = low + (high - low) / 2;
        if started.first(middle).unwrap_or(0) > at {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

fn key_of(spot: Spot) -> Key {
    let (high, low) = spot.id.as_uuid().as_u64_pair();
    (spot.started.0, high, low)
}

fn spot_of((started, high, low): Key) -> Spot {
    Spot {
        started: Timestamp(started),
        id: InteractionId::from_uuid(Uuid::from_u64_pair(high, low)),
    }
}

/// How a plan becomes a query.
struct Asked {
    fields: Fields,
    /// From then on places are not read any more.
    until: Option<Instant>,
}

impl Asked {
    const fn of(fields: Fields) -> Self {
        Self {
            fields,
            until: None,
        }
    }

    fn query(&self, plan: &Plan) -> Box<dyn Query> {
        match plan {
            Plan::All => Box::new(AllQuery),
            Plan::None => Box::new(EmptyQuery),
            Plan::Token(token) => Box::new(one(word(self.fields, *token))),
            Plan::Mark(token) => Box::new(one(mark(self.fields, *token))),
            Plan::Placed(placed) => Box::new(PlacedQuery {
                placed: (**placed).clone(),
                fields: self.fields,
                until: self.until,
            }),
            Plan::Started(from, until) => {
                let term = |at: &Timestamp| Term::from_field_i64(self.fields.started, at.0);
                Box::new(RangeQuery::new(
                    from.as_ref()
                        .map_or(Bound::Unbounded, |at| Bound::Included(term(at))),
                    until
                        .as_ref()
                        .map_or(Bound::Unbounded, |at| Bound::Excluded(term(at))),
                ))
            }
            Plan::Not(inner) => Box::new(BooleanQuery::new(vec![
                (Occur::Must, Box::new(AllQuery)),
                (Occur::MustNot, self.query(inner)),
            ])),
            Plan::And(parts) => self.all(parts),
            Plan::Or(parts) => match Plan::only_tokens(parts) {
                Some(tokens) if tokens.len() > FEW => Box::new(TermSetQuery::new(
                    tokens.into_iter().map(|token| word(self.fields, token)),
                )),
                _ => {
                    let parts = parts.iter().map(|part| self.query(part)).collect();
                    Box::new(BooleanQuery::union(parts))
                }
            },
        }
    }

    fn all(&self, parts: &[Plan]) -> Box<dyn Query> {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = parts
            .iter()
            .map(|part| match part {
                Plan::Not(inner) => (Occur::MustNot, self.query(inner)),
                part => (Occur::Must, self.query(part)),
            })
            .collect();
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, Box::new(AllQuery)));
        }
        Box::new(BooleanQuery::new(clauses))
    }
}

fn one(term: Term) -> TermQuery {
    TermQuery::new(term, IndexRecordOption::Basic)
}

pub(super) fn word(fields: Fields, token: TokenId) -> Term {
    Term::from_field_text(fields.words, &written::word(token))
}

fn mark(fields: Fields, token: TokenId) -> Term {
    Term::from_field_u64(fields.marks, token.0)
}

/// No more documents of a segment than this meet a plan, by the lengths of its lists alone.
fn ceiling(plan: &Plan, segment: &SegmentReader, fields: Fields) -> Result<u32, TantivyError> {
    let all = segment.num_docs();
    Ok(match plan {
        Plan::None => 0,
        Plan::Token(token) => {
            let lists = segment.inverted_index(fields.words)?;
            lists.doc_freq(&word(fields, *token))?.min(all)
        }
        Plan::Mark(token) => {
            let lists = segment.inverted_index(fields.marks)?;
            lists.doc_freq(&mark(fields, *token))?.min(all)
        }
        Plan::Placed(placed) => {
            let mut least = all;
            for tokens in placed.question.words() {
                let any = tokens.iter().copied().map(Plan::Token).collect();
                least = least.min(ceiling(&Plan::Or(any), segment, fields)?);
            }
            least
        }
        Plan::And(parts) => {
            let mut least = all;
            for part in parts {
                least = least.min(ceiling(part, segment, fields)?);
            }
            least
        }
        Plan::Or(parts) => {
            let mut sum = 0u32;
            for part in parts {
                sum = sum.saturating_add(ceiling(part, segment, fields)?);
            }
            sum.min(all)
        }
        Plan::All | Plan::Started(..) | Plan::Not(_) => all,
    })
}
