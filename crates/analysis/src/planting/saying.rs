//! The ways in which digits and letters are said and written.

use super::Dice;
use crate::numerals::{SMALL, TENS};

/// A number below 100 in words.
pub(super) fn number_words(n: usize) -> String {
    match n {
        0..=19 => SMALL[n].to_owned(),
        20..=99 if n.is_multiple_of(10) => TENS[n / 10 - 2].to_owned(),
        20..=99 => format!("{} {}", TENS[n / 10 - 2], SMALL[n % 10]),
        _ => n.to_string(),
    }
}

pub(super) fn digit_word(c: char, oh: bool) -> &'static str {
    match c.to_digit(10) {
        Some(0) if oh => "oh",
        Some(digit) => SMALL[usize::try_from(digit).unwrap_or(0)],
        None => "",
    }
}

/// Cuts into groups of the lengths, the last repeated.
pub(super) fn grouped(text: &str, lengths: &[usize], mark: &str) -> String {
    let mut rest = text;
    let mut groups = Vec::new();
    let mut at = 0;
    while !rest.is_empty() {
        let length = lengths[at.min(lengths.len() - 1)].min(rest.len());
        let (group, tail) = rest.split_at(length);
        groups.push(group);
        rest = tail;
        at += 1;
    }
    groups.join(mark)
}

/// Digits in one of the ways that people say and recognisers and writers write them.
pub(super) fn say(digits: &str, groups: &[usize], dice: &mut Dice) -> String {
    let oh = dice.below(2) == 0;
    let words = |text: &str| {
        text.chars()
            .map(|c| digit_word(c, oh))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let spaced = |text: &str| text.chars().map(String::from).collect::<Vec<_>>().join(" ");
    let parts: Vec<String> = grouped(digits, groups, "|")
        .split('|')
        .map(str::to_owned)
        .collect();
    match dice.below(11) {
        0 => digits.to_owned(),
        1 => parts.join(" "),
        2 => parts.join("-"),
        3 => spaced(digits),
        4 => parts
            .iter()
            .map(|part| spaced(part))
            .collect::<Vec<_>>()
            .join(", "),
        5 => grouped(digits, &[1], "-"),
        6 => words(digits),
        7 => parts
            .iter()
            .map(|part| words(part))
            .collect::<Vec<_>>()
            .join(", "),
        8 => parts
            .iter()
            .map(|part| words(part))
            .collect::<Vec<_>>()
            .join(" uh "),
        9 => pairs(digits),
        _ => repeats(digits, oh),
    }
}

/// `forty one eleven oh five`.
fn pairs(digits: &str) -> String {
    let say_pair = |pair: &str| match pair.parse::<usize>() {
        Ok(n) if pair.len() == 2 && n >= 10 => number_words(n),
        _ => pair
            .chars()
            .map(|c| digit_word(c, true))
            .collect::<Vec<_>>()
            .join(" "),
    };
    grouped(digits, &[2], "|")
        .split('|')
        .map(say_pair)
        .collect::<Vec<_>>()
        .join(" ")
}

/// `double seven`, `triple zero`.
fn repeats(digits: &str, oh: bool) -> String {
    let symbols: Vec<char> = digits.chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < symbols.len() {
        let same = symbols[at..]
            .iter()
            .take_while(|c| **c == symbols[at])
            .count()
            .min(3);
        let word = digit_word(symbols[at], oh);
        out.push(match same {
            3 => format!("triple {word}"),
            2 => format!("double {word}"),
            _ => word.to_owned(),
        });
        at += same;
    }
    out.join(" ")
}

/// Letters and digits, written or spelt.
pub(super) fn spell(text: &str, groups: &[usize], dice: &mut Dice) -> String {
    let spoken = |c: char| match c {
        'A'..='Z' => c.to_string(),
        _ => digit_word(c, false).to_owned(),
    };
    match dice.below(4) {
        0 => text.to_owned(),
        1 => grouped(text, groups, " "),
        2 => text.chars().map(spoken).collect::<Vec<_>>().join(" "),
        _ => text.chars().map(String::from).collect::<Vec<_>>().join(" "),
    }
}
