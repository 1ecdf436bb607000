//! Dates among tokens, spoken and written. A date is no secret by itself.

use super::{NumberUse, Token, TokenKind, lexicon, runs};

/// A date: tokens `first..=last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DateSpan {
    pub(crate) first: usize,
    pub(crate) last: usize,
}

/// Every date with at least a day and a month, or a month and a year.
pub(crate) fn find(tokens: &[Token]) -> Vec<DateSpan> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match named(tokens, at)
            .filter(|length| !amid_digits(tokens, at, *length))
            .or_else(|| numeric(tokens, at))
        {
            Some(length) => {
                found.push(DateSpan {
                    first: at,
                    last: at + length - 1,
                });
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// Digits right beside a date in words, or a long number whose groups go on up to it, make it
/// part of that number and no date: `…, 4 3 9 6, 2 may I`.
fn amid_digits(tokens: &[Token], at: usize, length: usize) -> bool {
    let Some(turn) = tokens.get(at).map(|token| token.turn) else {
        return false;
    };
    let before = tokens.get(..at).unwrap_or_default().iter().rev();
    let after = tokens.get(at + length..).unwrap_or_default().iter();
    is_long_number(before, turn) || is_long_number(after, turn)
}

fn is_long_number<'a>(tokens: impl Iterator<Item = &'a Token>, turn: usize) -> bool {
    const LONG: usize = 7;
    let mut digits = 0;
    let mut gap = 0;
    for (steps, token) in tokens.take_while(|token| token.turn == turn).enumerate() {
        if token.is_plain_number() {
            if steps == 0 {
                return true;
            }
            digits += token.digits().len();
            gap = 0;
        } else if runs::joins(token) && gap < runs::LONGEST_GAP {
            gap += 1;
        } else {
            break;
        }
        if digits >= LONG {
            return true;
        }
    }
    false
}

/// `May fifth, nineteen eighty one`, `5 May 1981`, `the fifth of May`, `May 1981`.
fn named(tokens: &[Token], at: usize) -> Option<usize> {
    let here = tokens.get(at)?;
    if lexicon::month(here.word()).is_some() {
        let mut length = 1 + usize::from(tokens.get(at + 1).is_some_and(|t| t.word() == "the"));
        if let Some(day) = day(tokens, at + length) {
            length += day;
            return Some(length + year(tokens, at + length).unwrap_or(0));
        }
        return year(tokens, at + 1).map(|year| 1 + year);
    }
    let day = day(tokens, at)?;
    let of = usize::from(tokens.get(at + day).is_some_and(|t| t.word() == "of"));
    lexicon::month(tokens.get(at + day + of)?.word())?;
    let length = day + of + 1;
    Some(length + year(tokens, at + length).unwrap_or(0))
}

/// Tokens of a day of the month: `5`, `5th`, `fifth`, `twenty third`.
fn day(tokens: &[Token], at: usize) -> Option<usize> {
    let token = tokens.get(at)?;
    let usable = matches!(
        token.kind,
        TokenKind::Number(NumberUse::Plain | NumberUse::Ordinal | NumberUse::Quantity)
    );
    let value: u32 = token.digits().parse().ok()?;
    if !usable || !(1..=31).contains(&value) || token.digits().len() > 2 {
        return None;
    }
    let suffix = tokens
        .get(at + 1)
        .is_some_and(|t| t.glued && matches!(t.word(), "st" | "nd" | "rd" | "th"));
    Some(1 + usize::from(suffix))
}

/// Tokens of a year, a comma before it included: `, 1981`, `nineteen eighty one`, `'81`.
fn year(tokens: &[Token], at: usize) -> Option<usize> {
    let comma = usize::from(
        tokens
            .get(at)
            .is_some_and(|t| t.is_mark(',') || t.is_mark('\'') || matches!(t.word(), "of" | "in")),
    );
    let start = at + comma;
    let digits = |i: usize| {
        tokens
            .get(i)
            .filter(|t| t.is_plain_number())
            .map_or("", Token::digits)
    };
    let plausible = |text: &str| {
        text.len() == 4
            && text
                .parse::<u32>()
                .is_ok_and(|year| (1880..=2100).contains(&year))
    };
    if plausible(digits(start)) {
        return Some(comma + 1);
    }
    if matches!(digits(start), "18" | "19" | "20") {
        let joined = format!("{}{}", digits(start), digits(start + 1));
        if digits(start + 1).len() == 2 && plausible(&joined) {
            return Some(comma + 2);
        }
        if digits(start + 1) == "0" && digits(start + 2).len() == 1 {
            return Some(comma + 3);
        }
    }
    let two = digits(start).len() == 2 && digits(start + 1).is_empty();
    (two && (comma == 1 || tokens.get(start)?.spelt)).then_some(comma + 1)
}

/// `05/12/1980`, `1980-05-12`, `12.5.80`, also with spaces around the marks.
fn numeric(tokens: &[Token], at: usize) -> Option<usize> {
    let mark = match tokens.get(at + 1)?.kind {
        TokenKind::Mark(mark @ ('/' | '-' | '.')) => mark,
        _ => return None,
    };
    if !tokens.get(at + 3)?.is_mark(mark) {
        return None;
    }
    let part = |i: usize| {
        let token = tokens
            .get(at + i)
            .filter(|t| t.is_plain_number() && !t.spelt)?;
        Some((token.digits().len(), token.digits().parse::<u32>().ok()?))
    };
    let (a, b, c) = (part(0)?, part(2)?, part(4)?);
    let small = |(length, value): (usize, u32), max| length <= 2 && (1..=max).contains(&value);
    let year_last =
        small(a, 31) && small(b, 31) && (a.1 <= 12 || b.1 <= 12) && matches!(c.0, 2 | 4);
    let year_first = a.0 == 4 && small(b, 12) && small(c, 31);
    let goes_on = tokens
        .get(at + 5)
        .is_some_and(|t| t.is_mark(mark) && t.glued)
        && tokens.get(at + 6).is_some_and(|t| t.is_number() && t.glued);
    let continues = at
        .checked_sub(1)
        .and_then(|i| tokens.get(i))
        .is_some_and(|t| t.is_mark(mark) && tokens.get(at).is_some_and(|own| own.glued));
    ((year_last || year_first) && !goes_on && !continues && !amid_digits(tokens, at, 5))
        .then_some(5)
}
