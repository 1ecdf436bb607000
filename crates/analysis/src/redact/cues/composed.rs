//! Cues that no fixed phrase is: a sentence that speaks of digits and of a card's back, or of a
//! card and of how long it lasts, in whatever words and order.

use super::{Cue, Cued};
use crate::redact::tokens::{Stream, TokenKind};

/// Adds them in their places. A phrase that is there already stays.
pub(super) fn add(stream: &Stream, found: &mut Vec<Cued>) {
    let mut added = Vec::new();
    let mut start = 0;
    while start < stream.tokens().len() {
        let end = sentence_end(stream, start);
        added.extend(of_sentence(stream, start, end));
        start = end;
    }
    if added.is_empty() {
        return;
    }
    let free = |cued: &Cued| {
        let taken = found
            .iter()
            .any(|one| one.first <= cued.last && cued.first <= one.last && !weaker(one.cue));
        !taken
    };
    added.retain(free);
    found.extend(added);
    found.sort_by_key(|cued| (cued.first, cued.last));
}

/// Cues that a composed one may stand beside.
const fn weaker(cue: Cue) -> bool {
    matches!(cue, Cue::Card | Cue::CardNumber)
}

/// Token after the last of the sentence that begins at a token.
fn sentence_end(stream: &Stream, start: usize) -> usize {
    let turn = stream.turn(start);
    let mut end = start + 1;
    while stream.turn(end) == turn && !stream.get(end - 1).is_some_and(|t| t.ends_sentence()) {
        end += 1;
    }
    end
}

fn of_sentence(stream: &Stream, start: usize, end: usize) -> Vec<Cued> {
    let places = || start..end;
    let cued = |cue: Cue, at: usize| Cued {
        cue,
        first: at,
        last: at,
    };
    let mut cues = Vec::new();
    let back = places().find(|at| is_card_side(stream, *at));
    let code = places().any(|at| is_few_digits(stream.word(at)));
    if let Some(at) = back {
        cues.push(cued(if code { Cue::Cvv } else { Cue::CardBack }, at));
    }
    if places().any(|at| is_card(stream, at))
        && let Some(at) = places().find(|at| is_lasting(stream, *at))
    {
        cues.push(cued(Cue::Expiry, at));
    }
    cues
}

/// `the rear`, `its back`, `the other side`, `behind the signature`, `turn it around`.
fn is_card_side(stream: &Stream, at: usize) -> bool {
    let word = |offset: usize| stream.word(at + offset);
    let before = |back: usize| at.checked_sub(back).map_or("", |i| stream.word(i));
    let owned = matches!(before(1), "the" | "its" | "it's" | "their");
    match word(0) {
        "back" | "rear" | "reverse" | "backside" => {
            owned && !matches!(word(1), "of" | "charge")
                || owned && word(1) == "of" && (2..=4).any(|offset| is_card(stream, at + offset))
        }
        "side" => matches!(before(1), "other" | "reverse" | "rear" | "back" | "flip"),
        "signature" | "hologram" => true,
        "turn" | "turned" | "flip" | "flipped" => {
            (1..=4).any(|offset| matches!(word(offset), "over" | "around" | "round"))
        }
        _ => false,
    }
}

/// Words for a short printed number.
fn is_few_digits(word: &str) -> bool {
    matches!(
        word,
        "digit"
            | "digits"
            | "number"
            | "numbers"
            | "code"
            | "codes"
            | "figures"
            | "bit"
            | "numerals"
    )
}

fn is_card(stream: &Stream, at: usize) -> bool {
    stream.get(at).is_some_and(|token| {
        matches!(token.kind, TokenKind::Placeholder(kind) if kind == domain::EntityKind::Card)
            || matches!(
                token.word(),
                "card"
                    | "cards"
                    | "card's"
                    | "visa"
                    | "mastercard"
                    | "amex"
                    | "plastic"
                    | "maestro"
            )
    })
}

/// `works until`, `is fine up to`, `stops working`, `lasts till`, `the date on the front`.
fn is_lasting(stream: &Stream, at: usize) -> bool {
    let word = |offset: usize| stream.word(at + offset);
    match word(0) {
        "until" | "till" | "lasts" | "last" | "ends" | "dated" | "valid" | "thru" => true,
        "up" => matches!(word(1), "to" | "till" | "until"),
        "stop" | "stops" | "cease" | "ceases" => matches!(word(1), "working" | "being" | "to"),
        "date" | "month" => true,
        "run" | "runs" | "ran" => word(1) == "out",
        _ => false,
    }
}
