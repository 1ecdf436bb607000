//! Date of birth and age. A date is one of birth only where the talk says so.

use domain::EntityKind;

use super::claims::{Value, Verdict};
use crate::redact::cues::{Cue, Cued};
use crate::redact::scan::{Hit, Scan};
use crate::redact::tokens::Token;

/// How far behind its question a date of birth may come, in tokens.
const REACH: usize = 30;
/// How far into the reply an age may come, in tokens: `hold on a sec, I've got it somewhere... 81`.
const REPLY: usize = 14;

pub(super) fn accept(scan: &Scan<'_>, cued: &Cued, value: &Value<'_>) -> Option<Verdict> {
    let distance = value.first.abs_diff(cued.last);
    let number: u32 = value.text.parse().ok()?;
    match cued.cue {
        Cue::Birth if distance <= REACH => {
            let fits = value.fits(4, 8) || value.text.len() <= 3 && distance <= 4 && number > 0;
            fits.then_some(Verdict::Secret(EntityKind::DateOfBirth, "birth.date", 0.85))
        }
        Cue::Age => {
            let reply = scan.stream.turn(cued.last) != scan.stream.turn(value.first)
                && value.first - scan.turn_start(value.first) <= REPLY;
            let fits = number <= 120 && (distance <= 4 || reply);
            fits.then_some(Verdict::Secret(EntityKind::Age, "birth.age", 0.8))
        }
        _ => None,
    }
}

pub(super) fn find(scan: &Scan<'_>, hits: &mut Vec<Hit>) {
    for date in &scan.dates {
        let by_cue = scan
            .before(date.first)
            .take_while(|cued| date.first - cued.last <= REACH)
            .find(|cued| !matches!(cued.cue, Cue::Phone | Cue::Email | Cue::Card))
            .is_some_and(|cued| {
                cued.cue == Cue::Birth
                    && !scan.holds(cued.last, date.first, EntityKind::DateOfBirth)
            });
        let behind = scan.behind(date.last).any(|cued| cued.cue == Cue::Birth);
        if by_cue || behind {
            hits.extend(scan.hit(
                (date.first, date.last),
                EntityKind::DateOfBirth,
                "birth.date",
                0.9,
            ));
        }
    }
    for at in 0..scan.stream.tokens().len() {
        if let Some(last) = years_old(scan, at) {
            hits.extend(scan.hit((at, last), EntityKind::Age, "birth.age", 0.85));
        }
    }
}

/// `I am 43 years old`, `my 7-year-old son`, `43 yo`, `aged 43`, `a 43 year old man`.
fn years_old(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let stream = &scan.stream;
    let token = stream.get(at)?;
    let plausible = token.is_number()
        && token.digits().len() <= 3
        && token
            .digits()
            .parse::<u32>()
            .is_ok_and(|n| (1..=120).contains(&n));
    if !plausible {
        return None;
    }
    let skip = |i: usize| {
        if stream.get(i).is_some_and(|t| t.is_mark('-')) {
            i + 1
        } else {
            i
        }
    };
    let unit = skip(at + 1);
    let old = skip(unit + 1);
    let is_person = |i: usize| {
        matches!(
            stream.word(i),
            "son"
                | "daughter"
                | "man"
                | "woman"
                | "boy"
                | "girl"
                | "child"
                | "male"
                | "female"
                | "kid"
                | "baby"
                | "patient"
                | "mother"
                | "father"
                | "wife"
                | "husband"
                | "lady"
                | "gentleman"
                | "person"
                | "grandson"
                | "granddaughter"
                | "infant"
                | "toddler"
        )
    };
    if matches!(stream.word(unit), "year" | "years" | "yr" | "yrs") && stream.word(old) == "old" {
        let subject = (1..=4)
            .filter_map(|back| at.checked_sub(back))
            .any(|i| is_subject(stream.word(i)));
        let alone = scan.turn_start(at) == at
            && stream
                .get(old + 1)
                .is_none_or(|t| t.turn != token.turn || t.ends_sentence());
        return (subject || alone || is_person(old + 1) || is_person(old + 2)).then_some(old);
    }
    let of_age = stream.word(old) == "of" && stream.word(old + 1) == "age";
    if matches!(stream.word(unit), "year" | "years" | "yrs")
        && (of_age || stream.word(old) == "young")
    {
        return Some(if of_age { old + 1 } else { old });
    }
    if is_told(scan, at) {
        return Some(at);
    }
    if matches!(
        scan.behind_word(at),
        "turn" | "turned" | "turning" | "turns"
    ) {
        let subject = (2..=4)
            .filter_map(|back| at.checked_sub(back))
            .any(|i| is_subject(stream.word(i)));
        let opens = scan.turn_start(at) + 1 == at
            || at >= 2 && stream.get(at - 2).is_some_and(Token::ends_sentence);
        return (subject || opens).then_some(at);
    }
    if is_at_age(scan, at) {
        return Some(at);
    }
    (matches!(stream.word(at + 1), "yo") || stream.word(at.checked_sub(1)?) == "aged")
        .then_some(at + usize::from(stream.word(at + 1) == "yo"))
}

/// `At 74 I would rather not`: too great for an hour, and a person goes on.
fn is_at_age(scan: &Scan<'_>, at: usize) -> bool {
    let stream = &scan.stream;
    let number = stream.get(at).filter(|t| t.is_plain_number());
    let fits = number
        .and_then(|t| t.digits().parse::<u32>().ok())
        .is_some_and(|n| (25..=120).contains(&n) || (13..24).contains(&n) && n != 15);
    let after = at + 1 + usize::from(stream.get(at + 1).is_some_and(|t| t.is_mark(',')));
    fits && scan.behind_word(at) == "at"
        && stream.turn(after) == stream.turn(at)
        && matches!(
            stream.word(after),
            "i" | "i'm" | "i'd" | "i've" | "i'll" | "he" | "she"
        )
}

/// `she is 73 and still drives`, `I'm forty two now`, `my dad is 81`: a person is a bare number,
/// and neither a count of things nor a time follows.
fn is_told(scan: &Scan<'_>, at: usize) -> bool {
    let stream = &scan.stream;
    let word = |back: usize| at.checked_sub(back).map_or("", |i| stream.word(i));
    let someone = |word: &str| matches!(word, "he" | "she" | "who") || is_kin(word);
    let spoken_of = |at: usize| match word(at) {
        "is" | "was" => someone(word(at + 1)),
        "am" => word(at + 1) == "i",
        "be" => matches!(word(at + 1), "i'll" | "he'll" | "she'll"),
        "he's" | "she's" | "i'm" | "who's" => true,
        other => other.strip_suffix("'s").is_some_and(is_kin),
    };
    let stressed = matches!(
        word(1),
        "only" | "just" | "already" | "almost" | "nearly" | "now" | "about"
    );
    let before = spoken_of(1 + usize::from(stressed));
    let child = word(1) != "i'm" && word(1) != "am";
    let fits = stream.get(at).is_some_and(|t| {
        t.is_plain_number() && (t.digits().len() == 2 || child && t.digits().len() == 1)
    });
    let after = stream.get(at + 1);
    let ends = after.is_none_or(|t| {
        Some(t.turn) != stream.turn(at)
            || t.ends_sentence()
            || t.is_mark(',')
            || matches!(
                t.word(),
                "and" | "but" | "in" | "now" | "next" | "this" | "so" | "you"
            )
    });
    before && fits && ends
}

/// Whom somebody's age is told of.
fn is_kin(word: &str) -> bool {
    matches!(
        word,
        "mother"
            | "father"
            | "mom"
            | "mum"
            | "dad"
            | "son"
            | "daughter"
            | "wife"
            | "husband"
            | "patient"
            | "grandmother"
            | "grandfather"
            | "grandma"
            | "grandpa"
            | "gran"
            | "granny"
            | "brother"
            | "sister"
            | "boy"
            | "girl"
            | "kid"
            | "child"
            | "baby"
            | "partner"
            | "uncle"
            | "aunt"
            | "grandson"
            | "granddaughter"
            | "nephew"
            | "niece"
    )
}

/// Words that make an age a person's.
fn is_subject(word: &str) -> bool {
    is_kin(word)
        || matches!(
            word,
            "i'm"
                | "i"
                | "he"
                | "she"
                | "he's"
                | "she's"
                | "im"
                | "they're"
                | "who's"
                | "client"
                | "you're"
                | "you"
                | "turned"
                | "will"
                | "i'll"
                | "he'll"
                | "she'll"
        )
}
