//! Inverse text normalisation: number words become digits, and numbers learn their use.

use super::lexicon::{self, NumberWord};
use super::{NumberUse, Token, TokenKind};

/// Replaces number words by digits.
pub(super) fn normalise(lexemes: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(lexemes.len());
    let mut at = 0;
    while let Some(head) = lexemes.get(at) {
        let parsed = parse(&lexemes, at, &out);
        let Some(Parsed { digits, length, ordinal }) = parsed else {
            out.push(head.clone());
            at += 1;
            continue;
        };
        let mut number = head.clone();
        number.kind = TokenKind::Number(if ordinal {
            NumberUse::Ordinal
        } else {
            NumberUse::Plain
        });
        number.text = digits;
        number.spelt = true;
        number.capital = false;
        number.last = lexemes.get(at + length - 1).map_or(number.last, |last| last.last);
        out.push(number);
        at += length;
    }
    out
}

struct Parsed {
    digits: String,
    length: usize,
    ordinal: bool,
}

fn parse(lexemes: &[Token], at: usize, before: &[Token]) -> Option<Parsed> {
    let head = lexemes.get(at).filter(|token| token.kind == TokenKind::Word)?;
    let plain = |digits: String, length| Parsed { digits, length, ordinal: false };
    match lexicon::number_word(head.word()) {
        Some(NumberWord::Repeat(times)) => {
            let digit = digit_at(lexemes, at + 1)?;
            Some(plain(digit.to_string().repeat(times), 2))
        }
        Some(NumberWord::Oh) => {
            let among_digits = before.last().is_some_and(|t| t.is_number() && t.turn == head.turn);
            (among_digits || is_digit_like(lexemes, at + 1)).then(|| plain("0".to_owned(), 1))
        }
        Some(NumberWord::Ordinal(n)) => Some(Parsed { digits: n.to_string(), length: 1, ordinal: true }),
        Some(NumberWord::Hundred | NumberWord::Scale(_)) => None,
        Some(_) => cardinal(lexemes, at),
        None => misheard(lexemes, at, before).map(|digit| plain(digit.to_string(), 1)),
    }
}

/// `four hundred and twelve thousand one hundred five`, `forty one`, `nine`.
fn cardinal(lexemes: &[Token], at: usize) -> Option<Parsed> {
    let (small, mut length, ordinal) = below_hundred(lexemes, at)?;
    if ordinal {
        return Some(Parsed { digits: small.to_string(), length, ordinal });
    }
    // "oh five" and "five" must stay apart: a value loses its leading zero, a digit must not.
    let mut value = small;
    let mut hundreds = value;
    if number_at(lexemes, at + length) == Some(NumberWord::Hundred) {
        length += 1;
        hundreds = value * 100;
        let (rest, used) = tail(lexemes, at + length, 100);
        hundreds += rest;
        length += used;
        value = hundreds;
    }
    while let Some(NumberWord::Scale(scale)) = number_at(lexemes, at + length) {
        length += 1;
        value = hundreds.saturating_mul(scale);
        let (rest, used) = tail(lexemes, at + length, 1000.min(scale));
        value = value.saturating_add(rest);
        hundreds = value;
        length += used;
    }
    Some(Parsed { digits: value.to_string(), length, ordinal: false })
}

/// `[and] sixty five` after `hundred` or `thousand`.
fn tail(lexemes: &[Token], at: usize, below: u32) -> (u32, usize) {
    let skip = usize::from(lexemes.get(at).is_some_and(|t| t.word() == "and"));
    let Some((mut value, mut length, false)) = below_hundred(lexemes, at + skip) else {
        return (0, 0);
    };
    if value == 0 {
        return (0, 0);
    }
    if below > 100 && number_at(lexemes, at + skip + length) == Some(NumberWord::Hundred) {
        let (rest, used) = tail(lexemes, at + skip + length + 1, 100);
        value = value * 100 + rest;
        length += 1 + used;
    }
    (value, length + skip)
}

/// Value, tokens used, and whether it is an ordinal.
fn below_hundred(lexemes: &[Token], at: usize) -> Option<(u32, usize, bool)> {
    match number_at(lexemes, at)? {
        NumberWord::Unit(n) | NumberWord::Teen(n) => Some((n, 1, false)),
        NumberWord::Tens(n) => {
            let hyphen = usize::from(lexemes.get(at + 1).is_some_and(|t| t.is_mark('-') && t.glued));
            match number_at(lexemes, at + 1 + hyphen) {
                Some(NumberWord::Unit(unit)) if unit > 0 => Some((n + unit, 2 + hyphen, false)),
                Some(NumberWord::Ordinal(unit)) if unit < 10 => Some((n + unit, 2 + hyphen, true)),
                _ => Some((n, 1, false)),
            }
        }
        _ => None,
    }
}

fn number_at(lexemes: &[Token], at: usize) -> Option<NumberWord> {
    lexicon::number_word(lexemes.get(at)?.word())
}

fn digit_at(lexemes: &[Token], at: usize) -> Option<u32> {
    match number_at(lexemes, at) {
        Some(NumberWord::Unit(n)) => Some(n),
        Some(NumberWord::Oh) => Some(0),
        _ => lexemes.get(at).filter(|t| t.digits().len() == 1)?.digits().parse().ok(),
    }
}

fn is_digit_like(lexemes: &[Token], at: usize) -> bool {
    lexemes.get(at).is_some_and(Token::is_number)
        || matches!(
            number_at(lexemes, at),
            Some(NumberWord::Unit(_) | NumberWord::Teen(_) | NumberWord::Tens(_) | NumberWord::Repeat(_))
        )
}

/// `for` among digits: two spoken digits before and two digits after.
fn misheard(lexemes: &[Token], at: usize, before: &[Token]) -> Option<u32> {
    let digit = lexicon::homophone(lexemes.get(at)?.word())?;
    let spoken = |back: usize| {
        before
            .len()
            .checked_sub(back)
            .and_then(|i| before.get(i))
            .is_some_and(|t| t.is_plain_number() && t.text.len() == 1)
    };
    let follows = is_digit_like(lexemes, at + 1) && is_digit_like(lexemes, at + 2);
    (spoken(1) && spoken(2) && follows).then_some(digit)
}

/// Gives each number its use by its neighbours.
pub(super) fn classify(tokens: &mut [Token]) {
    for at in 0..tokens.len() {
        if !tokens.get(at).is_some_and(Token::is_plain_number) {
            continue;
        }
        if let Some((usage, length)) = usage(tokens, at) {
            for token in tokens.iter_mut().skip(at).take(length) {
                if token.is_number() {
                    token.kind = TokenKind::Number(usage);
                }
            }
        }
    }
}

fn usage(tokens: &[Token], at: usize) -> Option<(NumberUse, usize)> {
    let previous = at.checked_sub(1).and_then(|i| tokens.get(i));
    let length = amount(tokens, at);
    if previous.is_some_and(|t| {
        matches!(t.kind, TokenKind::Mark('$' | '€' | '£' | '¥')) || matches!(t.word(), "usd" | "eur" | "gbp")
    }) {
        return Some((NumberUse::Money, length));
    }
    if let Some(length) = clock(tokens, at) {
        return Some((NumberUse::Time, length));
    }
    let alone = !joined_before(tokens, at) && !joined_after(tokens, at + length);
    let next = tokens.get(at + length)?;
    let word = next.word();
    let same_turn = tokens.get(at).is_some_and(|t| t.turn == next.turn);
    if !same_turn {
        return None;
    }
    if next.glued && matches!(word, "st" | "nd" | "rd" | "th") {
        return Some((NumberUse::Ordinal, 1));
    }
    let short = tokens.get(at).is_some_and(|t| t.text.len() <= 4) || length > 1;
    if matches!(next.kind, TokenKind::Mark('%' | '€' | '£' | '$')) || lexicon::is_money(word) {
        return short.then_some((NumberUse::Money, length));
    }
    let meridiem = matches!(word, "am" | "pm" | "o'clock" | "oclock")
        || (matches!(word, "a" | "p") && tokens.get(at + length + 1).is_some_and(|t| t.is_mark('.') && t.glued));
    if meridiem && short {
        return Some((NumberUse::Time, length));
    }
    if alone && (lexicon::is_unit(word) && short || length == 3 && is_decimal(tokens, at)) {
        return Some((NumberUse::Quantity, length));
    }
    None
}

/// Tokens of `1,234.50`: groups glued by commas of three digits and one fraction.
fn amount(tokens: &[Token], at: usize) -> usize {
    let mut length = 1;
    let glued = |i: usize| tokens.get(i).is_some_and(|t| t.glued);
    while glued(at + length)
        && tokens.get(at + length).is_some_and(|t| t.is_mark(','))
        && tokens.get(at + length + 1).is_some_and(|t| t.glued && t.digits().len() == 3)
    {
        length += 2;
    }
    if glued(at + length)
        && tokens.get(at + length).is_some_and(|t| t.is_mark('.'))
        && tokens.get(at + length + 1).is_some_and(|t| t.glued && matches!(t.digits().len(), 1 | 2))
    {
        length += 2;
    }
    length
}

fn is_decimal(tokens: &[Token], at: usize) -> bool {
    tokens.get(at + 1).is_some_and(|t| t.is_mark('.'))
        && tokens.get(at).is_some_and(|t| t.digits().len() <= 6)
}

/// `3:30`, `14:05:09`, but no part of a longer colon-separated number.
fn clock(tokens: &[Token], at: usize) -> Option<usize> {
    let fits = |i: usize, lengths: &[usize], below: u32| {
        tokens.get(i).is_some_and(|t| {
            lengths.contains(&t.digits().len()) && t.digits().parse::<u32>().is_ok_and(|n| n < below)
        })
    };
    let colon = |i: usize| tokens.get(i).is_some_and(|t| t.is_mark(':') && t.glued);
    if !fits(at, &[1, 2], 25) || !colon(at + 1) || !fits(at + 2, &[2], 60) {
        return None;
    }
    let length = if colon(at + 3) && fits(at + 4, &[2], 60) { 5 } else { 3 };
    let continues = colon(at + length) || at > 0 && colon(at - 1);
    (!continues).then_some(length)
}

fn joined_before(tokens: &[Token], at: usize) -> bool {
    at.checked_sub(1)
        .and_then(|i| tokens.get(i))
        .is_some_and(|t| t.is_plain_number() && tokens.get(at).is_some_and(|own| own.turn == t.turn))
}

fn joined_after(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|t| t.is_plain_number() && !t.glued)
}
