//! From hits to spans: which kind a word gets where detectors overlap, and the fixpoint that
//! makes redaction idempotent.
//!
//! A word touched by a hit is removed whole. Where hits overlap, a rule's wins over the model's;
//! then the kind that comes first in [`PRIORITY`], then the surer one. Neighbouring words of one turn and one kind
//! are one span. After a pass, its words are read as placeholders and the detectors run again,
//! until they find nothing: so a second redaction sees what the last pass saw, and changes
//! nothing.

use std::borrow::Cow;
use std::collections::BTreeSet;

use domain::EntityKind;

use super::detect::{self, name};
use super::profile::Profile;
use super::scan::{Hit, Scan};
use super::tokens::lexer;
use super::words::Words;

/// Kinds from the one that wins.
const PRIORITY: [EntityKind; 21] = [
    EntityKind::TrackData,
    EntityKind::Card,
    EntityKind::Cvv,
    EntityKind::Email,
    EntityKind::NetworkAddress,
    EntityKind::GovernmentId,
    EntityKind::BankAccount,
    EntityKind::Credential,
    EntityKind::Custom,
    EntityKind::DateOfBirth,
    EntityKind::CardExpiry,
    EntityKind::MedicalId,
    EntityKind::Vehicle,
    EntityKind::Phone,
    EntityKind::Url,
    EntityKind::Username,
    EntityKind::Address,
    EntityKind::Person,
    EntityKind::Age,
    EntityKind::Date,
    EntityKind::Number,
];

/// Passes after which a pathological text is left as it is; each pass removes at least a word.
const PASSES: usize = 12;

/// Detector of a word that came in as a placeholder.
const PLACEHOLDER: &str = "placeholder";

/// One removed stretch: words `first..=last` in reading order, all of one turn.
#[derive(Debug, Clone)]
pub(crate) struct Removed {
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) kind: EntityKind,
    pub(crate) detector: Cow<'static, str>,
    pub(crate) confidence: f32,
}

impl Removed {
    /// Whether it was a placeholder already.
    pub(crate) fn is_old(&self) -> bool {
        self.detector == PLACEHOLDER
    }
}

#[derive(Clone)]
struct Mark {
    kind: EntityKind,
    detector: Cow<'static, str>,
    confidence: f32,
}

/// Runs the detectors to their fixpoint. `model` are hits from outside.
pub(crate) fn removed(words: &Words<'_>, model: Vec<Hit>, profile: &Profile) -> Vec<Removed> {
    spans(words, &marked(words, model, profile))
}

/// The kind of each word that the rules alone remove.
pub(crate) fn taken(words: &Words<'_>, profile: &Profile) -> Vec<Option<EntityKind>> {
    kinds(&marked(words, Vec::new(), profile))
}

fn kinds(marks: &[Option<Mark>]) -> Vec<Option<EntityKind>> {
    let kind = |mark: &Option<Mark>| mark.as_ref().map(|mark| mark.kind);
    marks.iter().map(kind).collect()
}

fn marked(words: &Words<'_>, model: Vec<Hit>, profile: &Profile) -> Vec<Option<Mark>> {
    let mut marks: Vec<Option<Mark>> = words.items.iter().map(|item| old(item.text)).collect();
    let mut names = name::known(profile);
    let mut model = Some(model);
    for _ in 0..PASSES {
        let taken = kinds(&marks);
        let scan = Scan::of(words, &taken, profile);
        let hits = pass(&scan, model.take().unwrap_or_default(), &mut names);
        let mut changed = false;
        for hits in hits {
            changed |= apply(&mut marks, hits, profile);
        }
        if !changed {
            break;
        }
    }
    marks
}

fn old(text: &str) -> Option<Mark> {
    lexer::placeholder(text).map(|kind| Mark {
        kind,
        detector: Cow::Borrowed(PLACEHOLDER),
        confidence: 1.0,
    })
}

/// Hits in the order in which they get their words: what a rule knows by form or cue, and the
/// model's people; then the model's other kinds, which it confuses where there are numbers; then
/// numbers that no rule knows.
fn pass(scan: &Scan<'_>, model: Vec<Hit>, names: &mut BTreeSet<String>) -> [Vec<Hit>; 3] {
    let mut hits = name::sensible(scan, model);
    let models = hits.len();
    hits.extend(detect::all(scan));
    name::find(scan, names, &mut hits);
    let mut rules = hits.split_off(models);
    let (people, hits): (Vec<Hit>, Vec<Hit>) = hits
        .into_iter()
        .partition(|hit| hit.kind == EntityKind::Person);
    rules.extend(people);
    let (numbers, rules) = rules
        .into_iter()
        .partition(|hit| hit.kind == EntityKind::Number);
    [rules, hits, numbers]
}

/// Gives each free word its best hit; whether any word was.
fn apply(marks: &mut [Option<Mark>], hits: Vec<Hit>, profile: &Profile) -> bool {
    let mut ranked: Vec<Hit> = hits
        .into_iter()
        .filter(|hit| profile.removes(hit.kind))
        .collect();
    ranked.sort_by(|a, b| {
        rank(a.kind)
            .cmp(&rank(b.kind))
            .then(b.confidence.total_cmp(&a.confidence))
    });
    let mut changed = false;
    for hit in ranked {
        for mark in marks.get_mut(hit.first..=hit.last).unwrap_or_default() {
            if mark.is_none() {
                changed = true;
                *mark = Some(Mark {
                    kind: hit.kind,
                    detector: hit.detector.clone(),
                    confidence: hit.confidence,
                });
            }
        }
    }
    changed
}

fn rank(kind: EntityKind) -> usize {
    PRIORITY
        .iter()
        .position(|one| *one == kind)
        .unwrap_or(PRIORITY.len())
}

fn spans(words: &Words<'_>, marks: &[Option<Mark>]) -> Vec<Removed> {
    let mut spans: Vec<Removed> = Vec::new();
    let mut turn = None;
    for (at, (item, mark)) in words.items.iter().zip(marks).enumerate() {
        let Some(mark) = mark else {
            turn = None;
            continue;
        };
        let was_old = mark.detector == PLACEHOLDER;
        match spans.last_mut() {
            Some(span)
                if turn == Some(item.turn)
                    && span.kind == mark.kind
                    && (!words.keeps_marks || span.is_old() == was_old) =>
            {
                span.last = at;
                if mark.confidence > span.confidence && !was_old || span.is_old() {
                    span.confidence = mark.confidence;
                    span.detector = mark.detector.clone();
                }
            }
            _ => spans.push(Removed {
                first: at,
                last: at,
                kind: mark.kind,
                detector: mark.detector.clone(),
                confidence: mark.confidence,
            }),
        }
        turn = Some(item.turn);
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_priority() {
        for kind in EntityKind::ALL {
            assert!(PRIORITY.contains(kind), "{kind}");
        }
    }
}
