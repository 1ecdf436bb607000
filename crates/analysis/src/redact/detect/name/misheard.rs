//! What recognisers make of talk that they did not understand: names that nobody said. A word in
//! small letters was not understood as a name, an everyday word with a capital is misheard rather
//! than somebody, and at the beginning of a sentence every word has a capital. A name model that
//! reads such a transcript takes most unknown words for names, however sure it is of them, so that
//! in what was heard something beside its word must speak for it.

use domain::EntityKind;

use super::model::{is_placed, touched};
use super::words::{is_particle, stem};
use super::{is_plain_name, may_be_name};
use crate::redact::scan::{Hit, Scan};
use crate::redact::tokens::{Token, TokenKind, lexicon};

/// How sure a recogniser is of a word that it hardly misheard.
const CLEAR: f32 = 0.7;
/// How unsure a recogniser is of a word that it most likely misheard.
const UNCLEAR: f32 = 0.3;
/// How sure a model must be of a name that is on no list.
const UNLISTED: f32 = 0.75;

/// Whether a word that a model takes for a name or a place may be one as it was heard.
pub(super) fn is_credible(scan: &Scan<'_>, hit: &Hit, at: usize, token: &Token) -> bool {
    if !scan.hears_capitals {
        return true;
    }
    let word = stem(token.word());
    match hit.kind {
        EntityKind::Person if is_plain_name(word) || adjoins_name(scan, at, token) => true,
        EntityKind::Person => {
            let known = may_be_name(word);
            token.capital
                && (known || hit.confidence >= UNLISTED && !lexicon::is_everyday(word))
                && !is_month(scan, at, word)
                && !stands_by_chance(scan, hit, at, token)
        }
        EntityKind::Address => {
            let numbered = || touched(scan, hit).any(|(_, token)| token.is_number());
            let written = token.capital && !stands_by_chance(scan, hit, at, token);
            written || is_placed(scan, at) || numbered()
        }
        _ => true,
    }
}

/// Whether a listed name, or beside a capital another one, stands right beside a word that is
/// none of everyday talk: `igneous Murphy`, `Vincent de laqua`, `Ludmiller Rafferty`.
fn adjoins_name(scan: &Scan<'_>, at: usize, token: &Token) -> bool {
    let named = |place: Option<usize>| {
        let other = place.and_then(|place| scan.stream.get(place));
        other.is_some_and(|other| {
            let word = stem(other.word());
            let named = is_plain_name(word)
                || token.capital && word.len() > 1 && !lexicon::is_everyday(word);
            other.turn == token.turn && other.capital && named
        })
    };
    let mut before = at.checked_sub(1);
    while let Some(place) = before.filter(|place| is_particle(scan.stream.word(*place))) {
        before = place.checked_sub(1);
    }
    !lexicon::is_everyday(stem(token.word())) && (named(before) || named(at.checked_add(1)))
}

/// `in June`: a month, whoever is called so.
pub(super) fn is_month(scan: &Scan<'_>, at: usize, word: &str) -> bool {
    let before = scan.behind_word(at);
    let dated = matches!(
        before,
        "in" | "since" | "until" | "till" | "of" | "last" | "next" | "during" | "early" | "late"
    );
    dated && lexicon::month(word).is_some()
}

/// Whether a capital may be a sentence's own or that of a word misheard: nothing else of the hit
/// and not the word behind it has one, nobody is introduced, and the recogniser was unsure of the
/// word; within a sentence very unsure.
fn stands_by_chance(scan: &Scan<'_>, hit: &Hit, at: usize, token: &Token) -> bool {
    let opens = scan.previous(at).is_none_or(Token::ends_sentence);
    let enough = match hit.kind {
        _ if opens => CLEAR,
        EntityKind::Person => UNCLEAR,
        _ => 0.0,
    };
    let item = scan.words.items.get(token.first);
    if item.is_some_and(|item| item.clear >= enough) {
        return false;
    }
    let beside = || touched(scan, hit).any(|(other, token)| other != at && token.capital);
    let introduced = || {
        let next = scan.stream.get(at + 1);
        let next = next.filter(|next| next.turn == token.turn && next.kind == TokenKind::Word);
        next.is_some_and(|next| {
            next.capital && next.word() != "i"
                || matches!(next.word(), "from" | "here" | "speaking" | "calling")
        })
    };
    !beside() && !introduced()
}

#[cfg(test)]
mod tests;
