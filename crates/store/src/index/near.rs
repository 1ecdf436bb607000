//! Words near each other in tantivy's segments: interactions that have both words, without those
//! whose places say that the two stand too far apart.

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
use super::places::{Heard, KINDS, Question};
use super::segments::word;
use super::source::Near;

/// A place is read and turned back for about the price of so many documents of a list.
const PRICE: u64 = 8;

#[derive(Debug, Clone)]
pub(super) struct NearQuery {
    pub(super) near: Near,
    pub(super) fields: Fields,
    /// From then on nothing is found any more.
    pub(super) until: Option<Instant>,
}

impl Query for NearQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for NearQuery {
    fn scorer(&self, segment: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let nearby = &self.near.nearby;
        let left = Lists::open(&nearby.left.tokens, segment, self.fields)?;
        let right = Lists::open(&nearby.right.tokens, segment, self.fields)?;
        if left.0.is_empty() || right.0.is_empty() {
            return Ok(Box::new(EmptyScorer));
        }
        let mut docs = NearDocs {
            left,
            right,
            judge: Judge::of(self, segment)?,
            until: self.until,
            doc: 0,
        };
        docs.doc = docs.settle(0);
        Ok(Box::new(docs))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(
            "words near each other have no score".to_owned(),
        ))
    }
}

/// The documents of one side: those with one of its words.
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
    near: Near,
    high: Column<u64>,
    low: Column<u64>,
    length: Column<u64>,
    spread: Column<u64>,
    places: Vec<u32>,
    heard: (Heard, Heard),
}

impl Judge {
    fn of(query: &NearQuery, segment: &SegmentReader) -> tantivy::Result<Self> {
        let fast = segment.fast_fields();
        Ok(Self {
            near: query.near.clone(),
            high: fast.u64("high")?,
            low: fast.u64("low")?,
            length: fast.u64("length")?,
            spread: fast.u64("spread")?,
            places: Vec::new(),
            heard: (Heard::default(), Heard::default()),
        })
    }

    /// Whether both sides, which stand at a document, are near each other in it.
    fn holds(&mut self, left: &mut Lists, right: &mut Lists, doc: DocId) -> bool {
        let question = Question::of(&self.near);
        let (Some(high), Some(low), Some(length)) = (
            self.high.first(doc),
            self.low.first(doc),
            self.length.first(doc),
        ) else {
            return true;
        };
        let id = InteractionId::from_uuid(Uuid::from_u64_pair(high, low));
        let circle = u32::try_from(length).map_or(u32::MAX, |length| length.saturating_mul(KINDS));
        let sides = [
            (left, &mut self.heard.0, &self.near.nearby.left),
            (right, &mut self.heard.1, &self.near.nearby.right),
        ];
        for (lists, heard, side) in sides {
            heard.clear();
            for (token, list) in &mut lists.0 {
                if list.doc() == doc {
                    list.positions(&mut self.places);
                    let by = question.amount(id, *token, circle);
                    heard.add(&self.places, by, circle, side);
                }
            }
            heard.settle();
        }
        let spread = question.step().and_then(|step| {
            let number = self.spread.values_for_doc(doc).nth(step)?;
            u32::try_from(number).ok()
        });
        question.holds(&self.heard.0, &self.heard.1, question.most(spread))
    }
}

struct NearDocs {
    left: Lists,
    right: Lists,
    judge: Judge,
    until: Option<Instant>,
    doc: DocId,
}

impl NearDocs {
    fn is_late(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }

    /// The first document from there on that meets the question.
    fn settle(&mut self, mut from: DocId) -> DocId {
        loop {
            let doc = self.left.seek(from);
            let other = self.right.seek(doc);
            if other == TERMINATED || self.is_late() {
                return TERMINATED;
            }
            if other > doc {
                from = other;
            } else if self.judge.holds(&mut self.left, &mut self.right, doc) {
                return doc;
            } else {
                from = doc + 1;
            }
        }
    }
}

impl DocSet for NearDocs {
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
        let doc = self.right.seek(self.left.seek(target));
        if doc > target {
            return SeekDangerResult::SeekLowerBound(doc);
        }
        if self.judge.holds(&mut self.left, &mut self.right, target) {
            self.doc = target;
            return SeekDangerResult::Found;
        }
        SeekDangerResult::SeekLowerBound(target + 1)
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.left.size().min(self.right.size())
    }

    fn cost(&self) -> u64 {
        u64::from(self.size_hint()).saturating_mul(PRICE)
    }
}

impl Scorer for NearDocs {
    fn score(&mut self) -> Score {
        1.0
    }
}
