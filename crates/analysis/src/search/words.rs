//! From text to the words that are compared: NFKC, case fold, one apostrophe, numbers as digits.
//!
//! The same rules make the index and read the query, so both sides always agree. Limits: words
//! are cut at white space and punctuation, so scripts written without spaces are not cut, and
//! spoken numbers are English.

pub(super) use domain::fold;
use domain::query::{IndexText, IndexWord};
use domain::{EntityKind, RedactedTranscript, Token, WordIndex};
use unicode_normalization::char::is_combining_mark;

use super::numbers;

/// The words of a text as they are compared.
#[must_use]
pub fn normalise(text: &str) -> Vec<String> {
    let words = split(text);
    numbers::runs(&words)
        .into_iter()
        .map(|run| run.text)
        .collect()
}

/// The word that stands for a removed span, as in `[card]`.
#[must_use]
pub fn placeholder(kind: EntityKind) -> String {
    format!("[{}]", kind.tag().to_lowercase())
}

/// Whether a normalised word stands for a removed span.
pub(super) fn is_placeholder(word: &str) -> bool {
    word.starts_with('[')
}

/// The words of a redacted transcript, ready for the index. Spoken numbers are joined within a
/// turn; each word keeps its time, its speaker and its place.
///
/// A raw transcript cannot be indexed:
///
/// ```compile_fail,E0308
/// fn leak(raw: &domain::RawTranscript) -> domain::query::IndexText {
///     analysis::search::index_text(raw)
/// }
/// ```
#[must_use]
pub fn index_text(transcript: &RedactedTranscript) -> IndexText {
    IndexText::new(transcript, |transcript| {
        let turns = turn_of_each_word(transcript);
        let mut all = Vec::with_capacity(transcript.words().len());
        for (speaker, label) in (0_u8..).zip(transcript.speakers().iter().map(|s| s.label)) {
            let mut run: Vec<IndexWord> = Vec::new();
            let mut turn = None;
            for (at, word) in transcript.words().iter().enumerate() {
                if word.speaker != speaker {
                    continue;
                }
                let now = turns.get(at).copied().flatten();
                if now != turn {
                    all.append(&mut joined(std::mem::take(&mut run)));
                    turn = now;
                }
                let index = WordIndex(u32::try_from(at).unwrap_or(u32::MAX));
                let texts = match &word.token {
                    Token::Word(text) => split(text.expose()),
                    Token::Redacted(kind) => vec![placeholder(*kind)],
                };
                run.extend(texts.into_iter().map(|text| IndexWord {
                    text,
                    speaker: label,
                    span: word.span,
                    word: index,
                    last: index,
                }));
            }
            all.append(&mut joined(run));
        }
        all
    })
}

fn turn_of_each_word(transcript: &RedactedTranscript) -> Vec<Option<usize>> {
    let mut turns = vec![None; transcript.words().len()];
    for (number, turn) in transcript.turns().iter().enumerate() {
        let first = usize::try_from(turn.first.0).unwrap_or(usize::MAX);
        let last = usize::try_from(turn.last.0).unwrap_or(usize::MAX);
        let last = last.saturating_add(1).min(turns.len());
        let (Some(places), Some(words)) = (
            turns.get_mut(first..last),
            transcript.words().get(first..last),
        ) else {
            continue;
        };
        for (place, word) in places.iter_mut().zip(words) {
            if word.speaker == turn.speaker {
                *place = Some(number);
            }
        }
    }
    turns
}

/// Spoken numbers of a run of one speaker's words become one word each.
fn joined(run: Vec<IndexWord>) -> Vec<IndexWord> {
    let texts: Vec<String> = run.iter().map(|word| word.text.clone()).collect();
    let mut rest = run.into_iter();
    let mut out = Vec::with_capacity(texts.len());
    for number in numbers::runs(&texts) {
        let Some(mut word) = rest.next() else { break };
        for more in rest.by_ref().take(number.words - 1) {
            word.span = word.span.hull(&more.span);
            word.last = word.last.max(more.last);
        }
        word.text = number.text;
        out.push(word);
    }
    out
}

/// Words of a text before numbers are joined.
pub(super) fn split(text: &str) -> Vec<String> {
    let chars: Vec<char> = fold(text).chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    let mut currency: Option<&str> = None;
    for (at, c) in chars.iter().copied().enumerate() {
        let next = chars.get(at + 1).copied();
        if is_letter(c) || keeps_word(&word, c, next) {
            word.push(c);
            continue;
        }
        if c == ',' && groups_thousands(&word, chars.get(at + 1..).unwrap_or_default()) {
            continue;
        }
        flush(&mut words, &mut word, &mut currency);
        match c {
            '%' => words.push("percent".to_owned()),
            '$' => currency = Some("dollar"),
            '£' => currency = Some("pound"),
            '€' => currency = Some("euro"),
            _ => {}
        }
    }
    flush(&mut words, &mut word, &mut currency);
    words
}

pub(super) fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// An apostrophe inside a word, a decimal point inside a number.
fn keeps_word(word: &str, c: char, next: Option<char>) -> bool {
    match c {
        '\'' => !word.is_empty() && next.is_some_and(is_letter),
        '.' => is_digits(word) && next.is_some_and(|next| next.is_ascii_digit()),
        _ => false,
    }
}

fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

fn groups_thousands(word: &str, rest: &[char]) -> bool {
    let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    is_digits(word) && digits == 3
}

fn flush(words: &mut Vec<String>, word: &mut String, currency: &mut Option<&str>) {
    if word.is_empty() {
        return;
    }
    let mut done = std::mem::take(word);
    let value = done.replace('.', "");
    if done.contains('.') && is_digits(&value) {
        let short = done.trim_end_matches('0').trim_end_matches('.').len();
        done.truncate(short);
    }
    let number = is_digits(&value);
    let one = done == "1";
    words.push(done);
    if let Some(unit) = currency.take().filter(|_| number) {
        words.push(if one {
            unit.to_owned()
        } else {
            format!("{unit}s")
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        normalise(text).join(" ")
    }

    #[test]
    fn forms_of_writing_meet() {
        assert_eq!(words("Don\u{2019}t"), "don't");
        assert_eq!(words("'quoted' customers'"), "quoted customers");
        assert_eq!(words("ﬁne STRASSE straße"), "fine strasse strasse");
        assert_eq!(words("cafe\u{301} café"), "café café");
        assert_eq!(words("well-known, e.g. this"), "well known e g this");
        assert_eq!(words("—"), "");
    }

    #[test]
    fn numbers_meet_in_digits() {
        for (spoken, written) in [
            ("twenty five", "25"),
            ("twenty-five percent", "25%"),
            ("Twenty five dollars", "$25.00"),
            ("one dollar", "$1"),
            ("three point five", "3.50"),
            ("two thousand and twenty six", "2,026"),
            ("one hundred and five", "105"),
            ("nineteen hundred", "1900"),
            ("two thousand five hundred", "2500"),
            ("twenty five thousand three hundred forty two", "25,342"),
            ("one million", "1,000,000"),
            ("5 thousand", "5000"),
            ("twenty first", "21st"),
            ("third", "3rd"),
            ("five hundred two hundred", "500 200"),
            ("one thousand two thousand", "1000 2000"),
            ("a hundred and", "a 100 and"),
            ("twenty twenty", "20 20"),
            ("one two three", "1 2 3"),
            ("zero", "0"),
        ] {
            assert_eq!(words(spoken), words(written), "{spoken}");
        }
        assert_eq!(words("007"), "007");
        assert_eq!(words("10:30 24/7 5pm"), "10 30 24 7 5pm");
    }
}
