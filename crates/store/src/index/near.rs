//! Words by their places in tantivy's segments: interactions that have all of some words, without
//! those whose places say that they do not stand as question.

use std::time::Instant;

use domain::InteractionId;
use domain::query::TokenId;
use tantivy::columnar::Column;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED, TantivyError};
use uuid::Uuid;

use super::folder::Fields;
use super::places::{Around, Heard, KINDS};
use super::segments::word;
use super::source::Placed;

/// A place is read and turned back for about the price of so many documents of a list.
const PRICE: u64 = 8;

#[derive(Debug, Clone)]
pub(super) struct PlacedQuery {
    pub(super) placed: Placed,
    pub(super) fields: Fields,
    /// From then on nothing is found any more.
    pub(super) until: Option<Instant>,
}

impl Query for PlacedQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for PlacedQuery {
    fn scorer(&self, segment: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let words = self.placed.question.words();
        let mut sides = Vec::with_capacity(words.len());
        for tokens in words {
            sides.push(Lists::open(tokens, segment, self.fields)?);
        }
        if sides.is_empty() || sides.iter().any(|side| side.0.is_empty()) {
            return Ok(Box::new(EmptyScorer));
        }
        let mut docs = PlacedDocs {
            judge: Judge::of(self, segment, sides.len())?,
            sides,
            until: self.until,
            doc: 0,
        };
        docs.doc = docs.settle(0);
        Ok(Box::new(docs))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(
            "words by their places have no score".to_owned(),
        ))
    }
}

/// The documents of one place of the question: those with one of its words.
struct Lists(Vec<(TokenId, SegmentPostings)>);

impl Lists {
    fn open(tokens: &[TokenId], segment: &SegmentReader, fields: Fields) -> tantivy::Result<Self> {
        let index = segment.inverted_index(fields.words)?;
        let mut lists = Vec::with_capacity(tokens.len());
        for token in tokens {
            let with = IndexRecordOption::WithFreqsAndPositions;
            if let Some(list) = index.read_postings(&word(fields, *token), with)? {
                lists.push((*token, list));
            }
        }
        Ok(Self(lists))
    }

    /// The first document from there on.
    fn seek(&mut self, from: DocId) -> DocId {
        let mut first = TERMINATED;
        for (_, list) in &mut self.0 {
            let doc = match list.doc() {
                doc if doc < from => list.seek(from),
                doc => doc,
            };
            first = first.min(doc);
        }
        first
    }

    fn size(&self) -> u32 {
        let sizes = self.0.iter().map(|(_, list)| list.size_hint());
        sizes.fold(0, u32::saturating_add)
    }
}

/// Decides document by document.
struct Judge {
    placed: Placed,
    high: Column<u64>,
    low: Column<u64>,
    length: Column<u64>,
    /// The column that the question goes by beside places.
    beside: Option<(Column<u64>, usize)>,
    places: Vec<u32>,
    heard: Vec<Heard>,
}

impl Judge {
    fn of(query: &PlacedQuery, segment: &SegmentReader, sides: usize) -> tantivy::Result<Self> {
        let fast = segment.fast_fields();
        let beside = match query.placed.question.beside() {
            Some((column, number)) => Some((fast.u64(column)?, number)),
            None => None,
        };
        Ok(Self {
            placed: query.placed.clone(),
            high: fast.u64("high")?,
            low: fast.u64("low")?,
            length: fast.u64("length")?,
            beside,
            places: Vec::new(),
            heard: std::iter::repeat_with(Heard::default).take(sides).collect(),
        })
    }

    /// Whether the words, all of which a document has, stand in it as question.
    fn holds(&mut self, sides: &mut [Lists], doc: DocId) -> bool {
        let Placed { question, turns } = &self.placed;
        let (Some(high), Some(low), Some(length)) = (
            self.high.first(doc),
            self.low.first(doc),
            self.length.first(doc),
        ) else {
            return question.unknown();
        };
        let id = InteractionId::from_uuid(Uuid::from_u64_pair(high, low));
        let circle = u32::try_from(length).map_or(u32::MAX, |length| length.saturating_mul(KINDS));
        for (place, (lists, heard)) in sides.iter_mut().zip(&mut self.heard).enumerate() {
            heard.clear();
            let by = question.speaker(place);
            for (token, list) in &mut lists.0 {
                if list.doc() == doc {
                    list.positions(&mut self.places);
                    let turned = Around {
                        by: turns.amount(id, *token, circle),
                        circle,
                    };
                    heard.add(&self.places, turned, by);
                }
            }
            heard.settle();
        }
        let beside = self.beside.as_ref().and_then(|(column, number)| {
            let number = column.values_for_doc(doc).nth(*number)?;
            u32::try_from(number).ok()
        });
        question.holds(&self.heard, beside)
    }
}

struct PlacedDocs {
    sides: Vec<Lists>,
    judge: Judge,
    until: Option<Instant>,
    doc: DocId,
}

impl PlacedDocs {
    fn is_late(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }

    /// The first document from there on that has all words; all lists stand at it.
    fn together(&mut self, from: DocId) -> DocId {
        let mut doc = from;
        loop {
            let mut latest = doc;
            for side in &mut self.sides {
                latest = side.seek(latest);
            }
            if latest == doc || latest == TERMINATED {
                return latest;
            }
            doc = latest;
        }
    }

    /// The first document from there on that meets the question.
    fn settle(&mut self, mut from: DocId) -> DocId {
        loop {
            let doc = self.together(from);
            if doc == TERMINATED || self.is_late() {
                return TERMINATED;
            }
            if self.judge.holds(&mut self.sides, doc) {
                return doc;
            }
            from = doc + 1;
        }
    }
}

impl DocSet for PlacedDocs {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.doc = self.settle(self.doc + 1);
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            self.doc = self.settle(target);
        }
        self.doc
    }

    /// Looks at no document but the target.
    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if target >= TERMINATED || self.is_late() {
            self.doc = TERMINATED;
            return SeekDangerResult::SeekLowerBound(TERMINATED);
        }
        for side in &mut self.sides {
            let doc = side.seek(target);
            if doc > target {
                return SeekDangerResult::SeekLowerBound(doc);
            }
        }
        if self.judge.holds(&mut self.sides, target) {
            self.doc = target;
            return SeekDangerResult::Found;
        }
        SeekDangerResult::SeekLowerBound(target + 1)
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        let sizes = self.sides.iter().map(Lists::size);
        sizes.min().unwrap_or(0)
    }

    fn cost(&self) -> u64 {
        u64::from(self.size_hint()).saturating_mul(PRICE)
    }
}

impl Scorer for PlacedDocs {
    fn score(&mut self) -> Score {
        1.0
    }
}
