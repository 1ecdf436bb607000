//! What recognisers make of dictated numbers: some digits become words (`for`, `picks to`), and the
//! number falls to pieces. In what was written every digit stands as it was meant, so none of this
//! applies there.
//!
//! `card.around`: digits a few words beside a card number that is gone belong to it.
//! `card.garbled`: where a card is announced, scattered digits that are too many for anything else
//! are its number. `birth.long_ago`: a day of a year long past is a day of birth: of the days
//! that people tell a company by their year, others are seldom so old.

use domain::EntityKind;

use crate::redact::cues::Cue;
use crate::redact::scan::{Hit, Scan};
use crate::redact::tokens::{NumberUse, Token, TokenKind};

/// Words that may stand between two pieces of one number.
const WORDS_BETWEEN: usize = 4;
/// Tokens, marks with them.
const BETWEEN: usize = 8;
/// How far behind its announcement a number may begin, in tokens.
const REACH: usize = 24;
/// Digits that are too many for a count, a day or an amount.
const MANY: usize = 6;
/// Years of which a day is taken for a day of birth.
const LONG_AGO: std::ops::RangeInclusive<u32> = 1900..=2008;

pub(super) fn find(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    if !scan.words.heard {
        return;
    }
    for (at, token) in scan.stream.tokens().iter().enumerate() {
        if token.kind == TokenKind::Placeholder(EntityKind::Card) {
            around(scan, at, hits);
        }
    }
    garbled(scan, hits);
    long_ago(scan, hits);
}

fn around(scan: &Scan<'_>, card: usize, hits: &mut Vec<Hit>) {
    let mut last = card;
    while let Some(next) = piece(scan, last, 1) {
        last = next;
    }
    if last > card {
        hits.extend(hit(scan, card + 1, last, "card.around"));
    }
    let mut first = card;
    while let Some(next) = piece(scan, first, -1) {
        first = next;
    }
    if first < card {
        hits.extend(hit(scan, first, card - 1, "card.around"));
    }
}

fn garbled(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    let mut done = 0;
    for (at, token) in scan.stream.tokens().iter().enumerate() {
        if at < done || !is_piece(token) {
            continue;
        }
        let (mut last, mut digits) = (at, token.digits().len());
        while let Some(next) = piece(scan, last, 1) {
            last = next;
            digits += scan.stream.get(next).map_or(0, |t| t.digits().len());
        }
        done = last + 1;
        let announced = || {
            scan.before(at).any(|cued| {
                matches!(cued.cue, Cue::CardNumber | Cue::Card) && at - cued.last <= REACH
            })
        };
        if last > at && digits >= MANY && announced() {
            hits.extend(hit(scan, at, last, "card.garbled"));
        }
    }
}

fn long_ago(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    for date in &scan.dates {
        let tokens = scan.stream.slice(date.first, date.last + 1);
        let numbers = || tokens.iter().filter(|token| token.is_number());
        let long_past = numbers().any(|token| {
            let year = token.digits().parse().ok();
            token.digits().len() == 4 && year.is_some_and(|year| LONG_AGO.contains(&year))
        });
        let has_day = numbers().count() >= 2;
        if long_past && has_day {
            hits.extend(scan.hit(
                (date.first, date.last),
                EntityKind::DateOfBirth,
                "birth.long_ago",
                0.6,
            ));
        }
    }
}

/// The next piece of a number in one direction, in the same turn and sentence.
fn piece(scan: &Scan<'_>, from: usize, step: isize) -> Option<usize> {
    let turn = scan.stream.turn(from)?;
    let mut words = 0;
    let mut at = from;
    for _ in 0..BETWEEN {
        at = at.checked_add_signed(step)?;
        let token = scan.stream.get(at).filter(|token| token.turn == turn)?;
        if is_piece(token) {
            return Some(at);
        }
        match token.kind {
            TokenKind::Word if words < WORDS_BETWEEN && !is_talk(token.word()) => words += 1,
            TokenKind::Mark(_) if !token.ends_sentence() => {}
            _ => return None,
        }
    }
    None
}

fn is_piece(token: &Token) -> bool {
    matches!(
        token.kind,
        TokenKind::Number(NumberUse::Plain | NumberUse::Ordinal | NumberUse::Quantity)
    )
}

/// Words that no digit is mistaken for: where they stand, talk goes on.
fn is_talk(word: &str) -> bool {
    matches!(
        word,
        "have"
            | "has"
            | "had"
            | "is"
            | "was"
            | "are"
            | "were"
            | "be"
            | "been"
            | "it"
            | "that"
            | "this"
            | "on"
            | "at"
            | "from"
            | "with"
            | "of"
            | "about"
            | "because"
            | "but"
            | "when"
            | "you"
            | "your"
            | "we"
            | "they"
            | "my"
            | "me"
            | "the"
            | "please"
            | "thank"
            | "thanks"
    )
}

fn hit(scan: &Scan<'_>, first: usize, last: usize, detector: &'static str) -> Option<Hit> {
    scan.hit((first, last), EntityKind::Card, detector, 0.6)
}
