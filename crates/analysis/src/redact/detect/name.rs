//! Person names: by what announces them, by lists of common names, by a model's spans, and by
//! every later and earlier mention of a name once known.

mod lists;
mod misheard;
mod model;
mod openers;
mod replies;
mod spread;
mod words;

use std::collections::BTreeSet;

use domain::EntityKind;

use crate::redact::profile::Profile;
use crate::redact::scan::{Hit, Scan};
use crate::redact::tokens::{Token, TokenKind, lexicon};

use openers::Strength;
use words::{is_business, is_particle, is_told_of_name};

pub(in crate::redact) use model::sensible;
pub(in crate::redact) use words::{is_role, is_title, stem};

#[cfg(test)]
pub(in crate::redact) use lists::every as every_listed;

/// Words that a name may have.
const LONGEST: usize = 4;

/// Names known beforehand, cut into lower-case words.
pub(in crate::redact) fn known(profile: &Profile) -> BTreeSet<String> {
    let names = profile.known_names.iter().flat_map(|name| {
        name.expose()
            .split(|c: char| !(c.is_alphabetic() || c == '\''))
            .filter(|word| word.chars().count() > 1)
            .map(str::to_lowercase)
            .collect::<Vec<_>>()
    });
    names
        .filter(|word| !is_particle(word) && !profile.keep.contains(word))
        .collect()
}

/// Whether a lower-case word is on a list of names, everyday words included.
pub(in crate::redact) fn may_be_name(word: &str) -> bool {
    lists::is_given(word) || lists::is_surname(word) || lists::is_either(word)
}

/// Whether a lower-case word is on a list of names and hardly anything else.
pub(in crate::redact) fn is_plain_name(word: &str) -> bool {
    lists::is_given(word) || lists::is_surname(word)
}

/// Adds names to the hits, and their words to what is known.
pub(in crate::redact) fn find(scan: &Scan<'_>, names: &mut BTreeSet<String>, hits: &mut Vec<Hit>) {
    let cased = cased_turns(scan);
    let finder = Finder {
        scan,
        cased: &cased,
    };
    let mut spans = Vec::new();
    for at in 0..scan.stream.tokens().len() {
        spans.extend(finder.announced(at));
        spans.extend(finder.listed(at));
        spans.extend(finder.framed(at));
    }
    spans.extend(finder.replies());
    for (span, detector, confidence) in &spans {
        hits.extend(scan.hit(*span, EntityKind::Person, detector, *confidence));
    }
    learn(scan, names, hits);
    spread::mentions(scan, &cased, names, hits);
}

/// Takes the words of every name found, by rules or by a model.
fn learn(scan: &Scan<'_>, names: &mut BTreeSet<String>, hits: &[Hit]) {
    for hit in hits
        .iter()
        .filter(|hit| hit.kind == EntityKind::Person && hit.confidence >= 0.5)
    {
        let from = scan
            .stream
            .tokens()
            .partition_point(|token| token.last < hit.first);
        let tokens = scan.stream.tokens().get(from..).unwrap_or_default();
        for token in tokens.iter().take_while(|token| token.first <= hit.last) {
            let word = stem(token.word());
            let telling = word.chars().count() > 1 && !is_particle(word) && !is_title(word);
            let common = if scan.hears_capitals {
                lexicon::is_everyday(word)
            } else {
                lexicon::is_common(word)
            };
            let plain = common && !may_be_name(word);
            if telling && !plain && !scan.profile.keep.contains(word) {
                names.insert(word.to_owned());
            }
        }
    }
}

/// Whether each turn is written with capitals: then a name has one.
fn cased_turns(scan: &Scan<'_>) -> Vec<bool> {
    let mut cased = Vec::new();
    for token in scan.stream.tokens() {
        if cased.len() <= token.turn {
            cased.resize(token.turn + 1, false);
        }
        if let Some(slot) = cased.get_mut(token.turn) {
            *slot |= token.capital && token.word() != "i";
        }
    }
    cased
}

type Found = ((usize, usize), &'static str, f32);

struct Finder<'s, 'a> {
    scan: &'s Scan<'a>,
    cased: &'s [bool],
}

impl Finder<'_, '_> {
    /// The last token of a name that begins at a token.
    fn name_from(&self, at: usize, strength: Strength) -> Option<usize> {
        let first = self.scan.stream.get(at)?;
        if !self.opens_name(at, first, strength) {
            return None;
        }
        let last = self.extend(at);
        (!self.is_organisation(at, last)).then_some(last)
    }

    fn opens_name(&self, at: usize, token: &Token, strength: Strength) -> bool {
        let word = stem(token.word());
        if word.chars().count() < 2
            || token.word().is_empty()
            || self.scan.profile.keep.contains(word)
            || is_role(word)
            || is_told_of_name(word) && !token.capital
        {
            return self.is_initial(at);
        }
        let cased = self.is_cased(token);
        let common = lexicon::is_common(word);
        let listed = lists::is_given(word) || lists::is_surname(word);
        match strength {
            // `give me a tick. Hannah`: an everyday word in small letters is no name where
            // names have capitals.
            Strength::Sure if cased && !token.capital && lexicon::is_everyday(word) => false,
            Strength::Sure => !common || lists::is_either(word) && (!cased || token.capital),
            Strength::Capital => token.capital && (!common || may_be_name(word)),
            Strength::Likely if cased => {
                token.capital && (!common || lists::is_either(word)) && !token.upper
            }
            Strength::Likely => listed || lists::is_either(word) && self.has_tail(at),
        }
    }

    /// `J. Smith`, `j r`.
    fn is_initial(&self, at: usize) -> bool {
        self.scan
            .stream
            .get(at)
            .is_some_and(|t| t.word().len() == 1 && t.capital)
            && self.scan.stream.get(at + 1).is_some_and(|t| t.is_mark('.'))
            && self
                .scan
                .stream
                .get(at + 2)
                .is_some_and(|t| t.capital && t.word().len() > 1)
    }

    /// A name in lower case is believed more with a surname or `speaking` behind it.
    fn has_tail(&self, at: usize) -> bool {
        let next = self.scan.stream.word(at + 1);
        lists::is_surname(next) || matches!(next, "speaking" | "calling" | "here" | "from")
    }

    fn is_cased(&self, token: &Token) -> bool {
        self.cased.get(token.turn).copied().unwrap_or(false)
    }

    fn extend(&self, start: usize) -> usize {
        let Some(turn) = self.scan.stream.turn(start) else {
            return start;
        };
        let mut last = start;
        let mut at = start + 1;
        let mut words = 1;
        while words < LONGEST {
            let Some(token) = self.scan.stream.get(at).filter(|t| t.turn == turn) else {
                break;
            };
            let inner = token.is_mark('-') && token.glued
                || token.is_mark('.') && self.scan.stream.word(at - 1).len() == 1
                || is_particle(token.word()) && self.continues(at + 1);
            if inner {
                at += 1;
                continue;
            }
            if !self.continues(at) {
                break;
            }
            last = at;
            words += 1;
            at += 1;
        }
        last
    }

    fn continues(&self, at: usize) -> bool {
        let Some(token) = self.scan.stream.get(at) else {
            return false;
        };
        let word = stem(token.word());
        if word.is_empty() || self.scan.profile.keep.contains(word) || word == "i" {
            return false;
        }
        let common = lexicon::is_common(word);
        let surname = lists::is_surname(word);
        if self.is_cased(token) {
            let initial = word.len() == 1 && token.capital;
            return token.capital && (!common || may_be_name(word) || initial);
        }
        let after_given = lists::is_noun_surname(word)
            && self
                .scan
                .previous(at)
                .is_some_and(|t| lists::is_given(t.word()));
        surname
            || after_given
            || lists::is_given(word)
            || !common && word.len() > 2 && self.ends_phrase(at + 1)
    }

    /// Nothing, a mark or an everyday word follows: what stands before was one phrase.
    fn ends_phrase(&self, at: usize) -> bool {
        let turn = self.scan.stream.turn(at.saturating_sub(1));
        self.scan
            .stream
            .get(at)
            .filter(|t| Some(t.turn) == turn)
            .is_none_or(|t| matches!(t.kind, TokenKind::Mark(_)) || lexicon::is_common(t.word()))
    }

    fn is_organisation(&self, first: usize, last: usize) -> bool {
        let end = last + 2;
        self.scan
            .stream
            .slice(first, end)
            .iter()
            .any(|t| is_business(t.word()) && (t.capital || !self.is_cased(t)))
    }

    /// A listed given name, with the surname behind it; in lower case only if unmistakable.
    fn listed(&self, at: usize) -> Option<Found> {
        let token = self.scan.stream.get(at)?;
        let word = stem(token.word());
        let cased = self.is_cased(token);
        if word.is_empty() || self.scan.profile.keep.contains(word) || cased && !token.capital {
            return None;
        }
        let next_surname = self.scan.stream.get(at + 1).is_some_and(|t| {
            let next = stem(t.word());
            t.turn == token.turn
                && (lists::is_surname(next)
                    || cased && t.capital && lists::is_either(next) && !is_business(next))
        });
        let sure = lists::is_given(word) && !lexicon::is_common(word);
        let paired = next_surname && (sure || lists::is_either(word));
        let surname = cased && lists::is_surname(word) && !self.starts_sentence(at);
        if !(sure || paired || surname) {
            return None;
        }
        let last = self.extend(at);
        let at = if surname { self.given_before(at) } else { at };
        (!self.is_organisation(at, last)).then_some((
            (at, last),
            "name.listed",
            if paired { 0.9 } else { 0.8 },
        ))
    }

    /// The unlisted given name before a listed surname: a word with a capital that is none of
    /// everyday talk.
    fn given_before(&self, at: usize) -> usize {
        let given = self.scan.previous(at).is_some_and(|token| {
            token.capital
                && token.word().len() > 1
                && !lexicon::is_common(token.word())
                && !is_role(token.word())
        });
        at - usize::from(given)
    }

    fn starts_sentence(&self, at: usize) -> bool {
        self.scan
            .previous(at)
            .is_none_or(|t| t.ends_sentence() || matches!(t.kind, TokenKind::Mark('"' | ':')))
    }

    /// `… speaking`, `… here`, `Olivia Grant wrote:`, `Daniel Brooks <…>`: the name before.
    fn framed(&self, at: usize) -> Option<Found> {
        let token = self.scan.stream.get(at)?;
        let frame =
            matches!(token.word(), "speaking" | "wrote" | "calling" | "here") || token.is_mark('<');
        if !frame {
            return None;
        }
        let mut first = at;
        while first > 0
            && at - first < LONGEST
            && self.continues(first - 1)
            && self.scan.stream.turn(first - 1) == Some(token.turn)
        {
            first -= 1;
        }
        let head = self.scan.stream.get(first)?;
        let named = self.is_cased(head)
            && head.capital
            && (!lexicon::is_common(head.word())
                || lists::is_either(head.word()) && at - first > 1);
        (first < at
            && (named || lists::is_given(head.word()))
            && !self.is_organisation(first, at.saturating_sub(1)))
        .then_some(((first, at.saturating_sub(1)), "name.framed", 0.85))
    }
}
