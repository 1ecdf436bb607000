//! Every other mention of a known name, by either side: as it is, misheard by a letter, or
//! spelt.

use std::collections::BTreeSet;

use domain::EntityKind;

use super::misheard::is_month;
use super::words::stem;
use super::{lists, may_be_name};
use crate::redact::scan::{Hit, Scan};
use crate::redact::tokens::{Token, TokenKind, lexicon};

/// Letters from which one misheard letter still leaves a name recognisable.
const LONG: usize = 5;

pub(super) fn mentions(
    scan: &Scan<'_>,
    cased: &[bool],
    names: &BTreeSet<String>,
    hits: &mut Vec<Hit>,
) {
    let tokens = scan.stream.tokens();
    for (at, token) in tokens.iter().enumerate() {
        let word = stem(token.word());
        let dated = scan.words.heard && is_month(scan, at, word);
        if word.chars().count() < 2 || scan.profile.keep.contains(word) || dated {
            continue;
        }
        let is_cased = cased.get(token.turn).copied().unwrap_or(false);
        if names.contains(word) && stands_alone(scan, names, at, token, is_cased) {
            hits.extend(scan.hit((at, at), EntityKind::Person, "name.known", 0.74));
        } else if is_near(names, word) && (!is_cased || token.capital) && !is_determined(scan, at) {
            hits.extend(scan.hit((at, at), EntityKind::Person, "name.near", 0.6));
        }
    }
    spelt(scan, names, hits);
}

/// A name that is an everyday word needs a capital inside the sentence, or a name beside it.
fn stands_alone(
    scan: &Scan<'_>,
    names: &BTreeSet<String>,
    at: usize,
    token: &Token,
    cased: bool,
) -> bool {
    let word = stem(token.word());
    if !lexicon::is_common(word) && !lists::is_either(word) {
        return true;
    }
    if is_determined(scan, at) {
        return false;
    }
    let beside = |i: Option<usize>| {
        i.and_then(|i| scan.stream.get(i)).is_some_and(|other| {
            other.turn == token.turn
                && (names.contains(stem(other.word()))
                    || other.kind == TokenKind::Placeholder(EntityKind::Person))
        })
    };
    let inside = scan.previous(at).is_some_and(|t| !t.ends_sentence());
    let lone = scan.stream.turn(at + 1) != Some(token.turn)
        || scan.stream.get(at + 1).is_some_and(Token::ends_sentence);
    beside(at.checked_sub(1)) || beside(Some(at + 1)) || cased && token.capital && (inside || lone)
}

/// Whether an article stands before: `the price` is no Mr Price, however it is written or
/// misheard.
fn is_determined(scan: &Scan<'_>, at: usize) -> bool {
    matches!(
        scan.behind_word(at),
        "the" | "a" | "an" | "this" | "that" | "any" | "no" | "every"
    )
}

/// One letter away from a known name and no word of its own. A name that is an everyday word
/// (`Price`) has no misheard forms: what is near it is that word.
fn is_near(names: &BTreeSet<String>, word: &str) -> bool {
    let letters = word.chars().count();
    if letters < LONG || lexicon::is_common(word) || lexicon::number_word(word).is_some() {
        return false;
    }
    names.iter().any(|name| {
        !lexicon::is_common(name)
            && name.len().abs_diff(word.len()) <= 1
            && name.chars().count() >= LONG
            && name.chars().next() == word.chars().next()
            && one_apart(name, word)
    })
}

/// Whether one insertion, deletion or change turns one word into the other.
fn one_apart(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (rest_a, rest_b) = (
        a.get(same..).unwrap_or_default(),
        b.get(same..).unwrap_or_default(),
    );
    let tail = |rest: &[char], skip: usize| rest.get(skip..).map(<[char]>::to_vec);
    match a.len().cmp(&b.len()) {
        std::cmp::Ordering::Equal => tail(rest_a, 1) == tail(rest_b, 1),
        std::cmp::Ordering::Less => Some(rest_a.to_vec()) == tail(rest_b, 1),
        std::cmp::Ordering::Greater => tail(rest_a, 1) == Some(rest_b.to_vec()),
    }
}

/// Letters that spell a known or listed name, and letters spelt where a name was just said.
fn spelt(scan: &Scan<'_>, names: &BTreeSet<String>, hits: &mut Vec<Hit>) {
    for (first, last, letters) in scan.spelt() {
        let known = letters.len() >= 3 && (names.contains(&letters) || may_be_name(&letters));
        let part = letters.len() >= 3
            && names
                .iter()
                .any(|name| name.starts_with(&letters) || letters.contains(name.as_str()));
        let announced = letters.len() >= 3 && after_name(scan, first);
        if known || part || announced {
            hits.extend(scan.hit((first, last), EntityKind::Person, "name.spelt", 0.8));
        }
    }
}

fn after_name(scan: &Scan<'_>, at: usize) -> bool {
    let turn = scan.stream.turn(at);
    (1..=8)
        .filter_map(|back| at.checked_sub(back))
        .filter_map(|i| scan.stream.get(i))
        .any(|token| {
            let spelling = matches!(
                token.word(),
                "spelled" | "spelt" | "spell" | "spelling" | "surname"
            );
            let person = token.kind == TokenKind::Placeholder(EntityKind::Person)
                && Some(token.turn) == turn;
            spelling || person
        })
}
