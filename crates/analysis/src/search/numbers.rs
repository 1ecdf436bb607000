//! English number words as digits, so that "twenty five" and 25 are the same word.

use crate::numerals;

/// One word after numbers were joined, and how many words it was.
pub(super) struct Run {
    pub(super) text: String,
    pub(super) words: usize,
}

/// Ordinals of one word stay words ("second" is also a time); their digits become the word.
const ORDINALS: &[(&str, &str, u64)] = &[
    ("1st", "first", 1),
    ("2nd", "second", 2),
    ("3rd", "third", 3),
    ("4th", "fourth", 4),
    ("5th", "fifth", 5),
    ("6th", "sixth", 6),
    ("7th", "seventh", 7),
    ("8th", "eighth", 8),
    ("9th", "ninth", 9),
    ("10th", "tenth", 10),
    ("11th", "eleventh", 11),
    ("12th", "twelfth", 12),
    ("13th", "thirteenth", 13),
    ("14th", "fourteenth", 14),
    ("15th", "fifteenth", 15),
    ("16th", "sixteenth", 16),
    ("17th", "seventeenth", 17),
    ("18th", "eighteenth", 18),
    ("19th", "nineteenth", 19),
    ("20th", "twentieth", 20),
    ("30th", "thirtieth", 30),
];

/// Joins number words; every word is in exactly one run.
pub(super) fn runs(words: &[String]) -> Vec<Run> {
    let mut runs = Vec::with_capacity(words.len());
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let rest = words.get(at..).unwrap_or_default();
        let run = ordinal(rest)
            .or_else(|| number(rest))
            .unwrap_or_else(|| Run {
                text: word.clone(),
                words: 1,
            });
        at += run.words;
        runs.push(run);
    }
    runs
}

fn word(words: &[String], at: usize) -> &str {
    words.get(at).map_or("", String::as_str)
}

fn ordinal(words: &[String]) -> Option<Run> {
    let head = word(words, 0);
    if let Some((_, name, _)) = ORDINALS.iter().find(|(digits, _, _)| *digits == head) {
        return Some(Run {
            text: (*name).to_owned(),
            words: 1,
        });
    }
    let tens = tens(head)?;
    let (digits, _, unit) = ORDINALS
        .iter()
        .find(|(_, name, value)| *value < 10 && *name == word(words, 1))?;
    let suffix = digits.trim_start_matches(|c: char| c.is_ascii_digit());
    Some(Run {
        text: format!("{}{suffix}", tens + unit),
        words: 2,
    })
}

fn number(words: &[String]) -> Option<Run> {
    let (value, used) = cardinal(words)?;
    let decimals: String = words
        .iter()
        .skip(used + 1)
        .map_while(|word| unit(word).map(|n| n.to_string()))
        .collect();
    if word(words, used) == "point" && !decimals.is_empty() {
        let text = format!("{value}.{}", decimals.trim_end_matches('0'));
        return Some(Run {
            text: text.trim_end_matches('.').to_owned(),
            words: used + 1 + decimals.len(),
        });
    }
    Some(Run {
        text: value.to_string(),
        words: used,
    })
}

/// `two million three hundred thousand and five`: groups before falling scales.
fn cardinal(words: &[String]) -> Option<(u64, usize)> {
    let mut total = 0;
    let mut used = 0;
    let mut below = u64::MAX;
    loop {
        let skip = usize::from(used > 0 && word(words, used) == "and");
        let rest = words.get(used + skip..).unwrap_or_default();
        let (value, length) = match group(rest) {
            Some(group) => group,
            // "thousand" alone is one thousand.
            None if used == 0 && scale(word(rest, 0)).is_some() => (1, 0),
            None => break,
        };
        match scale(word(rest, length)) {
            Some(scale) if scale < below => {
                total += value * scale;
                used += skip + length + 1;
                below = scale;
            }
            Some(_) => break,
            None if value > 0 || used == 0 => {
                // Digits that nothing multiplies are already what they should be.
                if length == 1
                    && unit_or_teen(word(rest, 0)).is_none()
                    && tens(word(rest, 0)).is_none()
                    && word(rest, 0) != "hundred"
                {
                    break;
                }
                return Some((total + value, used + skip + length));
            }
            None => break,
        }
    }
    (used > 0).then_some((total, used))
}

/// Below a thousand (or `nineteen hundred`): value and words used.
fn group(words: &[String]) -> Option<(u64, usize)> {
    if word(words, 0) == "hundred" {
        return Some((100, 1));
    }
    let digits = word(words, 0);
    let (value, used) = below_hundred(words).or_else(|| {
        let fits = !digits.is_empty()
            && digits.len() <= 3
            && !digits.starts_with('0')
            && digits.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| digits.parse().ok().map(|n| (n, 1))).flatten()
    })?;
    if word(words, used) != "hundred" || value == 0 || value > 99 {
        return Some((value, used));
    }
    let used = used + 1;
    let skip = usize::from(word(words, used) == "and");
    match below_hundred(words.get(used + skip..).unwrap_or_default()) {
        Some((more, length)) if more > 0 && word(words, used + skip + length) != "hundred" => {
            Some((value * 100 + more, used + skip + length))
        }
        _ => Some((value * 100, used)),
    }
}

fn below_hundred(words: &[String]) -> Option<(u64, usize)> {
    let head = word(words, 0);
    if let Some(tens) = tens(head) {
        return match unit(word(words, 1)) {
            Some(unit) if unit > 0 => Some((tens + unit, 2)),
            _ => Some((tens, 1)),
        };
    }
    unit_or_teen(head).map(|value| (value, 1))
}

fn unit(word: &str) -> Option<u64> {
    unit_or_teen(word).filter(|value| *value < 10)
}

fn unit_or_teen(word: &str) -> Option<u64> {
    numerals::small(word).map(u64::from)
}

fn tens(word: &str) -> Option<u64> {
    numerals::tens(word).map(u64::from)
}

fn scale(word: &str) -> Option<u64> {
    match word {
        "thousand" => Some(1_000),
        "million" => Some(1_000_000),
        "billion" => Some(1_000_000_000),
        _ => None,
    }
}
