//! What a tenant declared: bounded patterns over a turn's text, and word lists.

use std::borrow::Cow;

use domain::EntityKind;

use crate::redact::profile::{CustomPattern, Matcher};
use crate::redact::scan::{Hit, Scan};

pub(super) fn find(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    if scan.profile.custom.is_empty() {
        return;
    }
    let texts = scan.words.texts();
    for custom in &scan.profile.custom {
        match custom.matcher() {
            Matcher::Pattern(pattern) => {
                for (first, text) in &texts {
                    for found in pattern.find_iter(text).filter(|found| !found.is_empty()) {
                        let words = scan.words.touched(*first, found.start(), found.end());
                        let fresh = words.filter(|(first, last)| !is_taken(scan, *first, *last));
                        hits.extend(fresh.map(|(first, last)| hit(custom, first, last)));
                    }
                }
            }
            Matcher::Words(phrases) => {
                for at in 0..scan.stream.tokens().len() {
                    for phrase in phrases {
                        if let Some((first, last)) = phrase_at(scan, at, phrase) {
                            hits.push(hit(custom, first, last));
                        }
                    }
                }
            }
        }
    }
}

fn hit(custom: &CustomPattern, first: usize, last: usize) -> Hit {
    Hit {
        first,
        last,
        kind: EntityKind::Custom,
        detector: Cow::Owned(format!("custom.{}", custom.name())),
        confidence: 1.0,
    }
}

/// Whether a word of the range is a placeholder already: a pattern must not eat those.
fn is_taken(scan: &Scan<'_>, first: usize, last: usize) -> bool {
    let from = scan
        .stream
        .tokens()
        .partition_point(|token| token.last < first);
    let tokens = scan.stream.tokens().get(from..).unwrap_or_default();
    tokens
        .iter()
        .take_while(|token| token.first <= last)
        .any(|token| matches!(token.kind, crate::redact::tokens::TokenKind::Placeholder(_)))
}

fn phrase_at(scan: &Scan<'_>, at: usize, phrase: &[String]) -> Option<(usize, usize)> {
    let mut place = at;
    let turn = scan.stream.turn(at);
    for (number, word) in phrase.iter().enumerate() {
        while number > 0
            && scan
                .stream
                .get(place)
                .is_some_and(|t| t.is_mark('-') || t.is_mark('.'))
        {
            place += 1;
        }
        let token = scan.stream.get(place).filter(|t| Some(t.turn) == turn)?;
        if token.text != *word && token.text.strip_suffix("'s") != Some(word) {
            return None;
        }
        place += 1;
    }
    Some((scan.stream.get(at)?.first, scan.stream.get(place - 1)?.last))
}
