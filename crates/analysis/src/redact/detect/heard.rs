//! What recognisers make of dictated numbers: some digits become words (`for`, `picks to`), and the
//! number falls to pieces. In what was written every digit stands as it was meant, so none of this
//! applies there.
//!
//! `card.around`: digits a few words beside a card number that is gone belong to it.
//! `card.garbled`: where a card is announced, scattered digits that are too many for anything else
//! are its number; where none is, many in many pieces are a number of no known kind. `birth.long_ago`: a day of a year long past is a day of birth: of the days
//! that people tell a company by their year, others are seldom so old.

use domain::EntityKind;

use crate::redact::cues::Cue;
use crate::redact::scan::{Hit, Scan};
use crate::redact::tokens::{NumberUse, Token, TokenKind};

/// Words that may stand between two pieces of one number.
const WORDS_BETWEEN: usize = 4;
/// Tokens, marks with them.
const BETWEEN: usize = 12;
/// How far behind its announcement a number may begin, in tokens.
const REACH: usize = 24;
/// Digits that are too many for a count, a day or an amount.
const MANY: usize = 6;
/// Digits, and pieces of them, that are too many for anything but a number that somebody dictates.
const DICTATED: (usize, usize) = (10, 4);
/// Years of which a day is taken for a day of birth.
const LONG_AGO: std::ops::RangeInclusive<u32> = 1900..=2008;

pub(super) fn find(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    if !scan.words.heard {
        return;
    }
    for (at, token) in scan.stream.tokens().iter().enumerate() {
        if let TokenKind::Placeholder(kind @ (EntityKind::Card | EntityKind::Number)) = token.kind {
            around(scan, at, kind, hits);
        }
    }
    garbled(scan, hits);
    long_ago(scan, hits);
}

fn around(scan: &Scan<'_>, card: usize, kind: EntityKind, hits: &mut Vec<Hit>) {
    let mut last = card;
    while let Some(next) = piece(scan, last, 1) {
        last = next;
    }
    if last > card {
        hits.extend(scan.hit((card + 1, last), kind, "card.around", 0.6));
    }
    let mut first = card;
    while let Some(next) = piece(scan, first, -1) {
        first = next;
    }
    if first < card {
        hits.extend(scan.hit((first, card - 1), kind, "card.around", 0.6));
    }
}

fn garbled(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    let mut done = 0;
    for (at, token) in scan.stream.tokens().iter().enumerate() {
        if at < done || !is_piece(token) {
            continue;
        }
        let (mut last, mut digits, mut pieces) = (at, token.digits().len(), 1);
        while let Some(next) = piece(scan, last, 1) {
            last = next;
            pieces += 1;
            digits += scan.stream.get(next).map_or(0, |t| t.digits().len());
        }
        done = last + 1;
        let announced = || {
            scan.before(at).any(|cued| {
                matches!(cued.cue, Cue::CardNumber | Cue::Card) && at - cued.last <= REACH
            })
        };
        let kind = if digits >= MANY && announced() {
            EntityKind::Card
        } else if digits >= DICTATED.0 && pieces >= DICTATED.1 {
            EntityKind::Number
        } else {
            continue;
        };
        if last > at {
            hits.extend(scan.hit((at, last), kind, "card.garbled", 0.6));
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
            // `3.6 to 1.5`: no sentence ends between two digits.
            TokenKind::Mark('.') if is_point(scan, at) => {}
            TokenKind::Mark(_) if !token.ends_sentence() => {}
            _ => return None,
        }
    }
    None
}

fn is_point(scan: &Scan<'_>, at: usize) -> bool {
    let digits = |token: Option<&Token>| token.is_some_and(Token::is_number);
    let glued = scan.stream.get(at + 1).is_some_and(|token| token.glued);
    glued && digits(scan.previous(at)) && digits(scan.stream.get(at + 1))
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
