//! How well an interaction answers a query, by what matched in it and its length alone.
//!
//! Each part of the query that matched adds `n·(k+1) / (n + k·(1 − b + b·words/usual))`, `n` being
//! how often it matched: BM25's saturation and length (Robertson and Zaragoza, The Probabilistic
//! Relevance Framework, 2009). Its third factor, how rare a word is among all documents, is left
//! out: a rank that moves whenever something arrives would make pages repeat and skip results.

use std::collections::{BTreeMap, BTreeSet};

use domain::query::{Evidence, Node, Query};

use super::plan::{self, CandidatePlan};
use super::terms::Resolved;

/// How soon further matches of one part count for less.
const K: f64 = 1.2;
/// How much length counts, from 0 to 1.
const B: f64 = 0.75;
/// Words of an interaction whose length counts neither for nor against it.
const USUAL: f64 = 1_000.0;
/// Parts beyond which no plan is made of which are there.
const MOST_PARTS: usize = 32;

/// How well an interaction answers a query, in thousandths; nothing where no word matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Rank(pub u32);

/// The rank of an interaction of so many words.
#[must_use]
pub fn rank(evidence: &[Evidence], words: usize) -> Rank {
    let mut parts: BTreeMap<(u32, u32), BTreeSet<_>> = BTreeMap::new();
    for part in evidence.iter().flat_map(|found| &found.parts) {
        let own = parts.entry((part.place.start, part.place.end)).or_default();
        own.insert((part.first, part.last));
    }
    let length = 1.0 - B + B * count(words) / USUAL;
    let shares = parts.values().map(|matches| {
        let often = count(matches.len());
        often * (K + 1.0) / (often + K * length)
    });
    Rank(thousandths(shares.sum()))
}

/// Which interactions have every part of a query that can rank it, and the most that any other
/// may rank; none where that tells nothing.
#[must_use]
pub fn fullest(query: &Query, resolved: &Resolved) -> Option<(CandidatePlan, Rank)> {
    let mut parts = Vec::new();
    gather(query, &mut parts);
    if !(2..=MOST_PARTS).contains(&parts.len()) {
        return None;
    }
    let most = Rank(thousandths(count(parts.len() - 1) * (K + 1.0)));
    let plans = parts
        .into_iter()
        .map(|part| plan::candidates(part, resolved));
    Some((CandidatePlan::all_of(plans), most))
}

/// The parts whose matches are evidence.
fn gather<'a>(query: &'a Query, parts: &mut Vec<&'a Query>) {
    match &query.node {
        Node::Phrase { .. } | Node::Similar(_) => parts.push(query),
        Node::Or(all) | Node::And(all) | Node::AnyOf(all) => {
            all.iter().for_each(|part| gather(part, parts));
        }
        Node::Relation(relation) => {
            gather(&relation.left, parts);
            if !relation.negated {
                gather(&relation.right, parts);
            }
        }
        Node::NotIn(inner, _) | Node::Speaker(_, inner) | Node::Edge(_, _, inner) => {
            gather(inner, parts);
        }
        Node::Category {
            body: Some(body), ..
        } => gather(body, parts),
        Node::Category { body: None, .. } | Node::Not(_) | Node::Field { .. } => {}
    }
}

fn count(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a sum of shares, none below 0 and few enough to fit"
)]
fn thousandths(rank: f64) -> u32 {
    (rank * 1_000.0).round() as u32
}

#[cfg(test)]
mod tests {
    use domain::query::{EvidencePart, Place};
    use domain::{Millis, Span, SpeakerLabel, WordIndex};

    use super::*;

    fn found(part: u32, at: u32) -> Evidence {
        let (word, span) = (WordIndex(at), Span::between(Millis(0), Millis(1)));
        Evidence {
            first: word,
            last: word,
            span,
            parts: vec![EvidencePart {
                first: word,
                last: word,
                speaker: SpeakerLabel::Agent,
                span,
                place: Place {
                    start: part,
                    end: part + 1,
                },
                likeness: None,
            }],
        }
    }

    #[test]
    fn what_is_told_more_of_in_fewer_words_ranks_higher() {
        assert_eq!(rank(&[], 9), Rank(0));
        assert_eq!(rank(&[found(1, 0)], 1_000), Rank(1_000));
        let twice = [found(1, 0), found(1, 5)];
        let both = [found(1, 0), found(9, 5)];
        assert_eq!(rank(&twice, 1_000), Rank(1_375), "2 · 2.2 / (2 + 1.2)");
        assert_eq!(rank(&both, 1_000), Rank(2_000));
        assert!(rank(&twice, 4_000) < rank(&twice, 400));
        let same = [found(1, 3), found(1, 3)];
        assert_eq!(rank(&same, 1_000), Rank(1_000), "a place counts once");
        let many: Vec<Evidence> = (0..9_000).map(|at| found(1, at)).collect();
        assert!(rank(&many, 0) <= Rank(2_200));
    }

    #[test]
    fn the_fullest_have_every_positive_part() {
        let mut resolved = Resolved::default();
        for (word, token) in [("a", 1), ("b", 2), ("c", 3)] {
            resolved.word(word, domain::query::TokenId(token));
        }
        let plan = |text: &str| fullest(&super::super::parse(text).unwrap(), &resolved);
        assert_eq!(plan("a"), None, "every match has it");
        let (both, most) = plan("a OR b NOT c").unwrap();
        assert_eq!(most, Rank(2_200));
        let token = |token| CandidatePlan::Token(domain::query::TokenId(token));
        assert_eq!(both, CandidatePlan::all_of([token(1), token(2)]));
    }
}
