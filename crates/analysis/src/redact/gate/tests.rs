use super::*;
use crate::planting::{self, Dice, Wording, transcript};

/// Whether every word of `name` in a line said after `before` is removed by rules or asked about.
fn is_looked_at(before: Option<&str>, line: &str, name: &str) -> bool {
    let lines = before.map(|text| (0, text)).into_iter().chain([(1, line)]);
    let raw = transcript(lines);
    let profile = Profile::default();
    let turn = raw.turns.len() - 1;
    let text = super::super::turn_texts(&raw).swap_remove(turn);
    let asked = questions(&raw, &profile);
    let removed = super::super::spans(&raw, &[], &profile);
    let start = text.find(name).unwrap();
    let mut offset = 0;
    let first = usize::try_from(raw.turns[turn].first.0).unwrap();
    text.split(' ').enumerate().all(|(number, word)| {
        let here = offset;
        offset += word.len() + 1;
        let inside = here < start + name.len() && here + word.len() > start;
        let at = u32::try_from(first + number).unwrap();
        !inside
            || asked
                .iter()
                .any(|q| q.turn == turn && q.bytes.start <= here && here < q.bytes.end)
            || removed
                .iter()
                .any(|span| (span.first.0..=span.last.0).contains(&at))
    })
}

const FRAMES: &[(Option<&str>, &str)] = &[
    (None, "{}"),
    (None, "thank you {}"),
    (None, "thank you, {}."),
    (None, "yes it is {} here"),
    (None, "hi this is {} from billing"),
    (None, "my name is {} and my router is broken"),
    (None, "i spoke with {} about the invoice"),
    (None, "could you tell {} to call me back please"),
    (None, "is {} in the office"),
    (None, "mr {} will come on monday"),
    (Some("can i have your name please?"), "sure it's {}"),
    (Some("who am i speaking to?"), "{} speaking"),
];

/// Frames around `name` in which it is not looked at, over lower, upper and title case.
fn lost(name: &str) -> Vec<String> {
    let title = |text: &str| -> String {
        let mut letters = text.chars();
        let first = letters.next().map(|c| c.to_uppercase().to_string());
        first.unwrap_or_default() + letters.as_str()
    };
    let cased: Vec<String> = name.split(' ').map(title).collect();
    let mut lost = Vec::new();
    for (before, frame) in FRAMES {
        for (line, said) in [
            (
                frame.replace("{}", &name.to_lowercase()),
                name.to_lowercase(),
            ),
            (
                frame.to_uppercase().replace("{}", &name.to_uppercase()),
                name.to_uppercase(),
            ),
            (
                title(frame).replace("{}", &cased.join(" ")),
                cased.join(" "),
            ),
        ] {
            if !is_looked_at(*before, &line, &said) {
                lost.push(line);
            }
        }
    }
    lost
}

#[test]
fn no_listed_name_is_lost_in_any_case_or_frame() {
    let lost: Vec<String> = name::every_listed().flat_map(lost).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn no_planted_name_or_address_is_lost_in_any_wording() {
    let mut dice = Dice::new(31);
    let profile = Profile::default();
    for wording in [
        Wording::Tuned,
        Wording::Repaired,
        Wording::Later,
        Wording::Mended,
        Wording::Smoothed,
        Wording::HeldOut,
    ] {
        for kind in planting::TYPES
            .iter()
            .filter(|kind| matches!(kind.0, "person" | "address"))
        {
            for _ in 0..300 {
                let sample = planting::with_secret(*kind, wording, &mut dice);
                for lower in [false, true] {
                    let case = |text: &String| {
                        if lower {
                            text.to_lowercase()
                        } else {
                            text.clone()
                        }
                    };
                    let lines: Vec<(u8, String)> = sample
                        .lines
                        .iter()
                        .map(|(who, text)| (*who, case(text)))
                        .collect();
                    let raw = transcript(lines.iter().map(|(who, text)| (*who, text.as_str())));
                    let place = sample.secret.unwrap();
                    let first = raw.turns[place.turn].first.0 + u32::try_from(place.first).unwrap();
                    let last = raw.turns[place.turn].first.0 + u32::try_from(place.last).unwrap();
                    let removed = super::super::spans(&raw, &[], &profile);
                    let asked = questions(&raw, &profile);
                    let text = &super::super::turn_texts(&raw)[place.turn];
                    let words: Vec<&str> = text.split(' ').collect();
                    for at in first..=last {
                        let word = usize::try_from(at - raw.turns[place.turn].first.0).unwrap();
                        let offset: usize = words[..word].iter().map(|w| w.len() + 1).sum();
                        let telling = words[word].chars().any(char::is_alphabetic);
                        assert!(
                            !telling
                                || removed.iter().any(|s| (s.first.0..=s.last.0).contains(&at))
                                || asked.iter().any(|q| q.turn == place.turn
                                    && q.bytes.start <= offset
                                    && offset < q.bytes.end),
                            "{lines:?}: {}",
                            words[word]
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn everyday_talk_is_skipped() {
    for line in [
        "Yes, please.",
        "One moment.",
        "4111 1111",
        "Thank you for calling.",
        "Okay, that is all.",
        "The router keeps restarting and the light on the front is red.",
        "I would like to cancel my subscription before the next payment on Friday.",
        "i will call you back in may when the invoices are printed",
        "You may mark it as paid, I guess.",
        "my password does not work and the page stays blank",
        "My card number is 4111 1111 1111 1111 and the PIN is 4711.",
        "my name is Hannah Novak",
    ] {
        let asked = questions(&transcript([(0, line)]), &Profile::default());
        assert_eq!(asked, [], "{line}");
    }
}

#[test]
fn a_question_is_the_sentence_around_the_word_and_no_more() {
    let line = "The heating is off again and I am cold. Somebody called Oyelaran promised a visit \
                on Monday. Nobody came and it is still cold as before.";
    let raw = transcript([(0, "Hello."), (1, line)]);
    let asked = questions(&raw, &Profile::default());
    let text = &super::super::turn_texts(&raw)[1];
    let told: Vec<&str> = asked.iter().map(|q| &text[q.bytes.clone()]).collect();
    assert_eq!(
        told,
        ["Somebody called Oyelaran promised a visit on Monday."]
    );
}

#[test]
fn nothing_is_asked_that_the_profile_keeps() {
    let raw = transcript([(0, "Oyelaran Adewale was here")]);
    let profile = Profile {
        regulations: [domain::Regulation::PciDss].into(),
        ..Profile::default()
    };
    assert_eq!(questions(&raw, &profile), []);
    assert_eq!(questions(&raw, &Profile::default()).len(), 1);
}
