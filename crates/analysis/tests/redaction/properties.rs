//! Invariants, on talk put together at random.

use analysis::planting::{self, Dice};
use analysis::redact::{self, Profile};
use domain::{RawTranscript, Token, Word};
use proptest::prelude::*;

use super::talk;

const VOCABULARY: &[&str] = &[
    "pm",
    "o'clock",
    "of",
    "euros",
    "second",
    "for",
    "to",
    "3:30",
    "5",
    "hundred",
    "moment",
    "march",
    "a",
    "I",
    "cvv",
    "@",
    ":",
    "-",
    "order",
    "2",
    "my",
    "name",
    "is",
    "the",
    "card",
    "number",
    "four",
    "one",
    "one,",
    "4111",
    "1111",
    "555-0187",
    "and",
    "then",
    "security",
    "code",
    "Daniel",
    "Brooks.",
    "at",
    "example",
    "dot",
    "com",
    "oak",
    "street",
    "may",
    "fifth",
    "nineteen",
    "eighty",
    "social",
    "last",
    "digits",
    "[CARD]",
    "[PERSON],",
    "password",
    "dollars",
    "$12.50",
    "12/05/1980",
    "born",
    "account",
    "a@b.org",
    "uh",
    "no",
    "wait",
    "oh",
    "double",
    "seven",
    "Thursday",
    "thank",
    "you,",
    "Laura",
    "zip",
    "94105",
    "CA",
    "AB",
    "12",
    "34",
    "56",
    "C",
    "expires",
    "11/29",
    "(212)",
    "it's",
    "?",
    "Dear",
    "regards,",
    "please",
    "speaking",
    "order",
    "in",
    "days",
    "years",
    "old",
    "%",
    "B",
    "^",
    "né",
    "１２",
];

fn words() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(VOCABULARY), 0..40)
}

fn conversation() -> impl Strategy<Value = Vec<(u8, String)>> {
    prop::collection::vec((0u8..2, words().prop_map(|words| words.join(" "))), 1..5)
}

fn borrowed(lines: &[(u8, String)]) -> Vec<(u8, &str)> {
    lines
        .iter()
        .map(|(who, text)| (*who, text.as_str()))
        .collect()
}

/// The redacted transcript as if it were raw, tags as words.
fn again(raw: &RawTranscript, redacted: &domain::RedactedTranscript) -> RawTranscript {
    let words = redacted.words().iter().map(|word| Word {
        text: match &word.token {
            Token::Word(text) => text.clone(),
            Token::Redacted(kind) => kind.to_string().as_str().into(),
        },
        speaker: word.speaker,
        span: word.span,
        confidence: word.confidence,
    });
    RawTranscript {
        words: words.collect(),
        turns: redacted.turns().to_vec(),
        ..raw.clone()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn redacting_twice_changes_nothing(lines in conversation()) {
        let profile = Profile::default();
        let raw = talk::transcript(&borrowed(&lines));
        let once = redact::redact(&raw, &[], &profile);
        let twice = redact::redact(&again(&raw, &once), &[], &profile);
        prop_assert_eq!(talk::read(&once), talk::read(&twice));
        prop_assert!(once.turns() == twice.turns());
    }

    #[test]
    fn redacting_a_text_twice_changes_nothing(words in words()) {
        let profile = Profile::default();
        let (once, _) = redact::redact_text(&words.join(" "), &profile);
        let (twice, spans) = redact::redact_text(&once, &profile);
        prop_assert_eq!(&once, &twice);
        prop_assert!(spans.is_empty());
    }

    #[test]
    fn words_outside_spans_stay_and_spans_do_not_overlap(lines in conversation()) {
        let raw = talk::transcript(&borrowed(&lines));
        let redacted = redact::redact(&raw, &[], &Profile::default());
        let mut inside = vec![0; raw.words.len()];
        for span in redacted.redactions() {
            for at in span.first.0..=span.last.0 {
                inside[usize::try_from(at).unwrap()] += 1;
            }
        }
        prop_assert!(inside.iter().all(|count| *count <= 1));
        let kept: Vec<&str> = raw.words.iter().zip(&inside).filter(|(_, n)| **n == 0).map(|(w, _)| w.text.expose()).collect();
        let left: Vec<&str> = redacted.words().iter().filter_map(|word| match &word.token {
            Token::Word(text) => Some(text.expose()),
            Token::Redacted(_) => None,
        }).collect();
        prop_assert_eq!(kept, left);
        prop_assert_eq!(redacted.turns().len(), raw.turns.len());
        for turn in redacted.turns() {
            prop_assert!(redacted.turn_words(turn).next().is_some());
        }
    }

    #[test]
    fn bytes_outside_a_text_s_spans_stay(words in words()) {
        let text = words.join("  ");
        let (out, spans) = redact::redact_text(&text, &Profile::default());
        let mut rebuilt = String::new();
        let mut at = 0;
        for span in &spans {
            prop_assert!(span.range.start >= at);
            rebuilt.push_str(&text[at..span.range.start]);
            rebuilt.push_str(&span.kind.to_string());
            at = span.range.end;
        }
        rebuilt.push_str(&text[at..]);
        prop_assert_eq!(rebuilt, out);
    }

    #[test]
    fn a_card_number_anywhere_never_survives(lines in conversation(), seed: u64, place: prop::sample::Index) {
        let mut dice = Dice::new(seed);
        let number = planting::card(&mut dice);
        let said = planting::say(&number, &[4, 4, 4, 4, 3], &mut dice);
        let mut words: Vec<&str> = lines[0].1.split(' ').filter(|word| !word.is_empty()).collect();
        let at = place.index(words.len() + 1);
        words.insert(at, &said);
        let text = words.join(" ");
        let mut lines = borrowed(&lines);
        lines[0].1 = &text;
        let raw = talk::transcript(&lines);
        let spans = redact::spans(&raw, &[], &Profile::default());
        let said_words = said.split_whitespace().count();
        for word in at..at + said_words {
            let covered = spans.iter().any(|span| (span.first.0..=span.last.0).contains(&u32::try_from(word).unwrap()));
            prop_assert!(covered, "word {} of `{}` in `{}`: {}", word - at, said, text, talk::read(&redact::redact(&raw, &[], &Profile::default())));
        }
    }

    #[test]
    fn any_text_is_taken(text in "\\PC{0,60}") {
        let (once, _) = redact::redact_text(&text, &Profile::default());
        let (twice, _) = redact::redact_text(&once, &Profile::default());
        prop_assert_eq!(once, twice);
    }
}
