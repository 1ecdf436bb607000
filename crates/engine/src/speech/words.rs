//! Tokens to words, and word times that a reader and a redactor can rely on.

use domain::{Confidence, LanguageTag, Millis, Secret, Span};

use super::RecognisedWord;
use super::vocabulary::Vocabulary;

/// A word as a run of tokens.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    /// Text with its punctuation.
    pub(super) text: String,
    /// First token.
    pub(super) first: usize,
    /// Past the last token.
    pub(super) end: usize,
    /// Mean probability of its tokens.
    pub(super) confidence: f32,
}

/// Whether words of a language are written apart.
pub(super) fn writes_spaces(language: &LanguageTag) -> bool {
    !matches!(
        language.as_str(),
        "zh" | "ja" | "th" | "lo" | "my" | "yue" | "km" | "bo"
    )
}

/// Groups tokens into words: at spaces, or for scripts without spaces at each whole character.
/// Punctuation joins the word before it.
pub(super) fn group(vocabulary: &Vocabulary, ids: &[u32], probs: &[f32], spaced: bool) -> Vec<Run> {
    let mut open: Vec<(Vec<u8>, usize, usize, f32)> = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        let bytes = vocabulary.bytes(*id);
        let prob = probs.get(index).copied().unwrap_or(0.0);
        match open.last_mut() {
            Some((word, _, end, sum)) if !begins_word(word, bytes, spaced) => {
                word.extend_from_slice(bytes);
                *end = index + 1;
                *sum += prob;
            }
            _ => open.push((bytes.to_vec(), index, index + 1, prob)),
        }
    }
    let mut runs: Vec<Run> = Vec::new();
    for (bytes, first, end, sum) in open {
        let text = String::from_utf8_lossy(&bytes).trim().to_owned();
        if text.chars().any(|c| !is_punctuation(c)) {
            runs.push(Run {
                text,
                first,
                end,
                confidence: mean(sum, end - first),
            });
        } else if let Some(last) = runs.last_mut() {
            last.text.extend(text.chars().filter(|c| closes(*c)));
        }
    }
    runs
}

/// Where digits on either side of a cut became one number (`4111-739`), the second stretch of the
/// two: they were said seconds apart, perhaps to different questions. `pieces` names for each token
/// the stretch of the recording it was said in.
pub(super) fn joined_numbers(
    vocabulary: &Vocabulary,
    ids: &[u32],
    pieces: &[usize],
) -> Option<usize> {
    let mut pairs = ids.windows(2).zip(pieces.windows(2));
    pairs.find_map(|(ids, pieces)| match (ids, pieces) {
        ([before, after], [one, other]) if one != other => {
            let (before, after) = (vocabulary.bytes(*before), vocabulary.bytes(*after));
            let joined = is_numeral(before.trim_ascii_start()) && is_numeral(after);
            joined.then_some(*other)
        }
        _ => None,
    })
}

/// Digits and what is written between them.
fn is_numeral(bytes: &[u8]) -> bool {
    !bytes.is_empty()
        && bytes
            .iter()
            .all(|b| b.is_ascii_digit() || b"-.,".contains(b))
}

/// Makes the times of words in order fit each other: no word starts before the one before it ends,
/// none is without length, none is longer than anybody takes to say it.
pub(super) fn settle(words: &mut [RecognisedWord]) {
    let mut before = Millis::ZERO;
    let mut sentence = true;
    for word in words.iter_mut() {
        let (start, end) = (word.span.start().max(before), word.span.end());
        let end = end.max(start.saturating_add(SHORTEST));
        let longest = longest(word.text.expose());
        let span = Span::between(start, end);
        // The aligner stretches a sentence's first word back into the pause before it, and any
        // other into the pause after.
        word.span = if span.duration() <= longest {
            span
        } else if sentence {
            Span::between(end.saturating_sub(longest), end)
        } else {
            Span::between(start, start.saturating_add(longest))
        };
        before = word.span.end();
        sentence = word.text.expose().ends_with(['.', '?', '!']);
    }
}

/// Spreads words over a span by their length: what is left without an aligner.
pub(super) fn spread(texts: &[&str], samples: usize) -> Vec<(usize, usize)> {
    let weight = |text: &&str| text.chars().count() + 1;
    let total: usize = texts.iter().map(weight).sum();
    let mut at = 0;
    texts
        .iter()
        .map(|text| {
            let from = at;
            at += weight(text);
            (samples * from / total.max(1), samples * at / total.max(1))
        })
        .collect()
}

/// A recognised word.
pub(super) fn word(text: &str, span: Span, confidence: f32) -> RecognisedWord {
    RecognisedWord {
        text: Secret::new(text),
        span,
        confidence: Confidence::new(confidence),
    }
}

/// Least length of a word.
const SHORTEST: Millis = Millis(40);

/// Generous: slow speech with hesitation stays as it is. A digit may be a whole word of its own
/// (`4111`), as may a symbol (`$`).
fn longest(text: &str) -> Millis {
    let letters = text.chars().fold(0_u64, |sum, c| {
        sum + if c.is_alphabetic() { 130 } else { 800 }
    });
    Millis(700 + letters)
}

/// What anybody takes at most to say a word, without hesitation. A recogniser that passes over
/// speech stretches the words beside it; what lies beyond this was something else.
#[must_use]
pub fn longest_said(text: &str) -> Millis {
    let said = text.chars().fold(200_u64, |sum, c| {
        sum.saturating_add(match c {
            _ if c.is_alphabetic() => 90,
            '.' | ',' | '?' | '!' | '\'' | '-' => 0,
            // A digit or a symbol is a word of its own.
            _ => 600,
        })
    });
    Millis(said)
}

fn begins_word(word: &[u8], next: &[u8], spaced: bool) -> bool {
    if spaced {
        next.first() == Some(&b' ')
    } else {
        std::str::from_utf8(word).is_ok() && !next.is_empty()
    }
}

/// Signs that are never said; others, such as `&`, are words of their own.
fn is_punctuation(c: char) -> bool {
    c.is_whitespace()
        || c == char::REPLACEMENT_CHARACTER
        || closes(c)
        || "-–—…\"'“‘([{*♪♫~¿¡«".contains(c)
}

fn closes(c: char) -> bool {
    ".,!?;:)]}”’»。、，！？：；".contains(c)
}

#[expect(clippy::cast_precision_loss, reason = "a word has few tokens")]
fn mean(sum: f32, count: usize) -> f32 {
    sum / (count.max(1) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn vocabulary(tokens: &[&str]) -> (Vocabulary, Vec<u32>) {
        let mut all: Vec<String> = tokens.iter().map(|t| (*t).to_owned()).collect();
        all.push("<|endoftext|>".to_owned());
        let ids = (0..u32::try_from(tokens.len()).unwrap()).collect();
        (Vocabulary::of(&all).unwrap(), ids)
    }

    fn grouped(tokens: &[&str], spaced: bool) -> Vec<(String, usize, usize)> {
        let (vocabulary, ids) = vocabulary(tokens);
        let probs = vec![0.5; ids.len()];
        group(&vocabulary, &ids, &probs, spaced)
            .into_iter()
            .map(|run| (run.text, run.first, run.end))
            .collect()
    }

    #[test]
    fn words_keep_their_punctuation() {
        let tokens = [
            "ĠAc", "me", ",", "ĠÂ", "£", "5", "Ġ-", "Ġ&", "Ġyes", "Ġ.", "âĻª",
        ];
        let expected = [
            ("Acme,", 0, 2 + 1),
            ("£5", 3, 6),
            ("&", 7, 8),
            ("yes.", 8, 9),
        ];
        let expected = expected.map(|(text, first, end)| (text.to_owned(), first, end));
        assert_eq!(grouped(&tokens, true), expected);
    }

    #[test]
    fn a_number_over_a_cut_is_two() {
        let (vocabulary, ids) = vocabulary(&["Ġ4", "-", "111", "-", "739", ".", "Ġ5", "Ġto"]);
        let joined = |pieces: [usize; 8]| joined_numbers(&vocabulary, &ids, &pieces);
        assert_eq!(joined([0; 8]), None);
        assert_eq!(joined([0, 0, 0, 1, 1, 1, 1, 1]), Some(1));
        assert_eq!(joined([0, 2, 2, 2, 2, 2, 2, 2]), Some(2));
        assert_eq!(joined([0, 0, 0, 0, 0, 0, 1, 2]), None);
    }

    #[test]
    fn scripts_without_spaces_are_cut_at_whole_characters() {
        let found = grouped(&["ä½ł", "å¥", "½", "ãĢĤ"], false);
        assert_eq!(found, [("你".to_owned(), 0, 1), ("好。".to_owned(), 1, 3)]);
    }

    #[test]
    fn a_stretched_word_gives_the_pause_back() {
        let at = |a: u64, b: u64| Span::between(Millis(a), Millis(b));
        let mut words = vec![
            word("Yes.", at(0, 4_000), 1.0),
            word("The", at(4_000, 9_000), 1.0),
            word("card", at(9_000, 9_000), 1.0),
            word("is", at(9_000, 13_000), 1.0),
        ];
        settle(&mut words);
        let spans: Vec<Span> = words.iter().map(|word| word.span).collect();
        let yes = Millis(4_000 - longest("Yes.").0);
        assert_eq!(spans[0], Span::between(yes, Millis(4_000)));
        assert_eq!(spans[1].end(), Millis(9_000));
        assert_eq!(spans[2], at(9_000, 9_040));
        assert_eq!(spans[3].start(), Millis(9_040));
        assert!(spans[3].end() < Millis(10_100));
    }

    proptest! {
        #[test]
        fn settled_words_are_in_order_and_have_length(
            times in prop::collection::vec((0_u64..60_000, 0_u64..9_000), 0..40),
        ) {
            let mut words: Vec<RecognisedWord> = times
                .iter()
                .map(|(start, length)| {
                    let start = Millis(*start);
                    word("fifteen", Span::between(start, start.saturating_add(Millis(*length))), 0.5)
                })
                .collect();
            settle(&mut words);
            for pair in words.windows(2) {
                prop_assert!(pair[0].span.end() <= pair[1].span.start());
            }
            for word in &words {
                prop_assert!(word.span.duration() >= SHORTEST);
                prop_assert!(word.span.duration() <= longest("fifteen"));
            }
        }

        #[test]
        fn spread_words_fill_the_span(lengths in prop::collection::vec(1_usize..12, 1..30)) {
            let texts: Vec<String> = lengths.iter().map(|n| "a".repeat(*n)).collect();
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let spans = spread(&texts, 160_000);
            prop_assert_eq!(spans[0].0, 0);
            prop_assert_eq!(spans[spans.len() - 1].1, 160_000);
            for pair in spans.windows(2) {
                prop_assert_eq!(pair[0].1, pair[1].0);
            }
        }
    }
}
