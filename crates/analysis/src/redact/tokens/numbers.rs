//! Inverse text normalisation: number words become digits, and numbers learn their use.

use super::lexicon::{self, NumberWord};
use super::{NumberUse, Token, TokenKind, runs};

/// Replaces number words by digits.
pub(super) fn normalise(lexemes: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(lexemes.len());
    let mut at = 0;
    let mut turn_end = 0;
    while let Some(head) = lexemes.get(at) {
        if at >= turn_end {
            turn_end = at
                + lexemes
                    .iter()
                    .skip(at)
                    .take_while(|t| t.turn == head.turn)
                    .count();
        }
        // A number never goes on in the next turn: "seventy" and "one moment" are two.
        let parsed = parse(lexemes.get(..turn_end).unwrap_or_default(), at, &out);
        let Some(Parsed {
            digits,
            length,
            ordinal,
        }) = parsed
        else {
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
        number.last = lexemes
            .get(at + length - 1)
            .map_or(number.last, |last| last.last);
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
    let head = lexemes
        .get(at)
        .filter(|token| token.kind == TokenKind::Word)?;
    let plain = |digits: String, length| Parsed {
        digits,
        length,
        ordinal: false,
    };
    match lexicon::number_word(head.word()) {
        Some(NumberWord::Repeat(times)) => {
            let digit = digit_at(lexemes, at + 1)?;
            Some(plain(digit.to_string().repeat(times), 2))
        }
        Some(NumberWord::Oh) => {
            let among_digits = before
                .iter()
                .rev()
                .find(|t| !(t.is_mark(',') || t.is_mark('-') || lexicon::is_filler(t.word())))
                .is_some_and(|t| t.is_number() && t.turn == head.turn);
            (among_digits || is_digit_like(lexemes, at + 1)).then(|| plain("0".to_owned(), 1))
        }
        Some(NumberWord::Ordinal(n)) => Some(Parsed {
            digits: n.to_string(),
            length: 1,
            ordinal: true,
        }),
        Some(NumberWord::Hundred | NumberWord::Scale(_)) => None,
        // Among digits, `fifty` before `fifth` still ends the digits.
        Some(NumberWord::Tens(tens)) if follows_digits(before, head) => cardinal(lexemes, at)
            .filter(|parsed| !parsed.ordinal)
            .or_else(|| Some(plain(tens.to_string(), 1))),
        Some(_) => cardinal(lexemes, at),
        None => misheard(lexemes, at, before).map(|digit| plain(digit.to_string(), 1)),
    }
}

fn follows_digits(before: &[Token], head: &Token) -> bool {
    before
        .last()
        .is_some_and(|token| token.is_plain_number() && token.turn == head.turn)
}

/// `four hundred and twelve thousand one hundred five`, `forty one`, `nine`.
fn cardinal(lexemes: &[Token], at: usize) -> Option<Parsed> {
    let (small, mut length, ordinal) = below_hundred(lexemes, at)?;
    if ordinal {
        return Some(Parsed {
            digits: small.to_string(),
            length,
            ordinal,
        });
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
    Some(Parsed {
        digits: value.to_string(),
        length,
        ordinal: false,
    })
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
            let hyphen = usize::from(
                lexemes
                    .get(at + 1)
                    .is_some_and(|t| t.is_mark('-') && t.glued),
            );
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
        _ => lexemes
            .get(at)
            .filter(|t| t.digits().len() == 1)?
            .digits()
            .parse()
            .ok(),
    }
}

fn is_digit_like(lexemes: &[Token], at: usize) -> bool {
    let skipped = lexemes
        .iter()
        .skip(at)
        .take(6)
        .take_while(|t| {
            t.is_mark(',') || matches!(t.word(), "oh" | "o") || lexicon::is_filler(t.word())
        })
        .count();
    lexemes.get(at + skipped).is_some_and(Token::is_number)
        || matches!(
            number_at(lexemes, at + skipped),
            Some(
                NumberWord::Unit(_)
                    | NumberWord::Teen(_)
                    | NumberWord::Tens(_)
                    | NumberWord::Repeat(_)
            )
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

/// The use of a number and the tokens it covers. Only a short run has a use: a card number
/// followed by `dollars` is still a card number.
fn usage(tokens: &[Token], at: usize) -> Option<(NumberUse, usize)> {
    let own = tokens.get(at)?;
    let previous = at
        .checked_sub(1)
        .and_then(|i| tokens.get(i))
        .filter(|t| t.turn == own.turn);
    let length = amount(tokens, at);
    let total = run_digits(tokens, at);
    if previous.is_some_and(is_currency) && total <= 9 {
        return Some((NumberUse::Money, length));
    }
    if let Some(length) = clock(tokens, at) {
        return Some((NumberUse::Time, length));
    }
    if total <= 4 && phrase(tokens, at) {
        return Some((NumberUse::Phrase, 1));
    }
    let next = tokens
        .get(at + length)
        .filter(|next| next.turn == own.turn)?;
    if next.glued && matches!(next.word(), "st" | "nd" | "rd" | "th") {
        return Some((NumberUse::Ordinal, 1));
    }
    if total > 4 && !(length > 1 && total <= 9) {
        return None;
    }
    let word = next.word();
    if matches!(next.kind, TokenKind::Mark('%' | '€' | '£' | '$')) || lexicon::is_money(word) {
        return Some((NumberUse::Money, length));
    }
    if matches!(word, "am" | "pm" | "o'clock" | "oclock") || dotted_meridiem(tokens, at + length) {
        return Some((NumberUse::Time, length));
    }
    let decimal = length == 3 && tokens.get(at + 1).is_some_and(|t| t.is_mark('.'));
    (lexicon::is_unit(word) || decimal).then_some((NumberUse::Quantity, length))
}

fn is_currency(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Mark('$' | '€' | '£' | '¥'))
        || matches!(token.word(), "usd" | "eur" | "gbp")
}

/// `a.m.` cut into letters and marks.
fn dotted_meridiem(tokens: &[Token], at: usize) -> bool {
    tokens
        .get(at)
        .is_some_and(|t| matches!(t.word(), "a" | "p"))
        && tokens
            .get(at + 1)
            .is_some_and(|t| t.is_mark('.') && t.glued)
}

/// Digits of the run that a number stands in, counted up to a little over nine.
fn run_digits(tokens: &[Token], at: usize) -> usize {
    let Some(own) = tokens.get(at) else { return 0 };
    let mut total = own.digits().len();
    let mut walk = |step: &dyn Fn(usize) -> Option<usize>| {
        let mut place = at;
        let mut gap = 0;
        while let Some(next) = step(place) {
            let Some(token) = tokens.get(next).filter(|token| token.turn == own.turn) else {
                break;
            };
            if token.is_plain_number() {
                total += token.digits().len();
                gap = 0;
            } else if runs::joins(token) && gap < runs::LONGEST_GAP {
                gap += 1;
            } else {
                break;
            }
            if total > 9 {
                break;
            }
            place = next;
        }
    };
    walk(&|place| place.checked_sub(1));
    walk(&|place| place.checked_add(1));
    total
}

/// `the last four`, `the second one`, `one moment`: a number that names no digits.
fn phrase(tokens: &[Token], at: usize) -> bool {
    let Some(own) = tokens.get(at) else {
        return false;
    };
    let near = |i: Option<usize>| i.and_then(|i| tokens.get(i)).filter(|t| t.turn == own.turn);
    let before = near(at.checked_sub(1));
    let after = near(Some(at + 1));
    let joined = [before, after]
        .into_iter()
        .flatten()
        .any(Token::is_plain_number);
    let selects = before.is_some_and(|t| {
        t.kind == TokenKind::Number(NumberUse::Ordinal)
            || matches!(
                t.word(),
                "last" | "other" | "final" | "middle" | "next" | "remaining"
            )
    });
    let pronoun = own.spelt
        && own.digits() == "1"
        && (before.is_some_and(|t| {
            matches!(
                t.word(),
                "the"
                    | "this"
                    | "that"
                    | "which"
                    | "another"
                    | "no"
                    | "any"
                    | "each"
                    | "every"
                    | "new"
                    | "old"
                    | "right"
                    | "wrong"
                    | "good"
                    | "bad"
                    | "same"
                    | "only"
                    | "big"
                    | "small"
                    | "better"
                    | "my"
                    | "your"
            )
        }) || after.is_some_and(|t| {
            matches!(
                t.word(),
                "moment"
                    | "sec"
                    | "second"
                    | "tick"
                    | "minute"
                    | "mo"
                    | "day"
                    | "thing"
                    | "quick"
                    | "last"
                    | "question"
            ) || t.kind == TokenKind::Number(NumberUse::Ordinal)
        }));
    !joined && (selects || pronoun)
}

/// Tokens of `1,234.50`: groups glued by commas of three digits and one fraction.
fn amount(tokens: &[Token], at: usize) -> usize {
    let mut length = 1;
    let glued = |i: usize| tokens.get(i).is_some_and(|t| t.glued);
    while glued(at + length)
        && tokens.get(at + length).is_some_and(|t| t.is_mark(','))
        && tokens
            .get(at + length + 1)
            .is_some_and(|t| t.glued && t.digits().len() == 3)
    {
        length += 2;
    }
    if glued(at + length)
        && tokens.get(at + length).is_some_and(|t| t.is_mark('.'))
        && tokens
            .get(at + length + 1)
            .is_some_and(|t| t.glued && matches!(t.digits().len(), 1 | 2))
    {
        length += 2;
    }
    length
}

/// `3:30`, `14:05:09`, but no part of a longer colon-separated number.
fn clock(tokens: &[Token], at: usize) -> Option<usize> {
    let fits = |i: usize, lengths: &[usize], below: u32| {
        tokens.get(i).is_some_and(|t| {
            lengths.contains(&t.digits().len())
                && t.digits().parse::<u32>().is_ok_and(|n| n < below)
        })
    };
    let colon = |i: usize| tokens.get(i).is_some_and(|t| t.is_mark(':') && t.glued);
    if !fits(at, &[1, 2], 25) || !colon(at + 1) || !fits(at + 2, &[2], 60) {
        return None;
    }
    let length = if colon(at + 3) && fits(at + 4, &[2], 60) {
        5
    } else {
        3
    };
    let continues = colon(at + length) || at > 0 && colon(at - 1);
    (!continues).then_some(length)
}
