use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Confidence, DetectorId, EntityKind, LanguageTag, Millis, PartyIndex, RawTranscript, Regulation,
    Span, Speaker, SpeakerBasis, SpeakerLabel, Token, Turn, Word, WordIndex,
};

use super::{
    CustomPattern, Locale, NameSpan, Operator, PatternError, Profile, redact, redact_text, spans,
    turn_texts,
};

/// Words by speaker, each half a second after the one before, as turns given.
fn raw(words: &[(u8, &str)], turns: &[(u8, u32, u32)]) -> RawTranscript {
    let time = |at: usize| Millis(500 * u64::try_from(at).unwrap());
    let speaker = |label, party| Speaker {
        label,
        party: PartyIndex(party),
        basis: SpeakerBasis::Channel,
        role_confidence: Confidence::CERTAIN,
    };
    let words: Vec<Word> = words
        .iter()
        .enumerate()
        .map(|(at, (speaker, text))| Word {
            text: (*text).into(),
            speaker: *speaker,
            span: Span::between(time(at), time(at + 1)),
            confidence: Confidence::new(0.9),
        })
        .collect();
    let turns = turns.iter().map(|(speaker, first, last)| Turn {
        speaker: *speaker,
        first: WordIndex(*first),
        last: WordIndex(*last),
        span: Span::between(
            time(usize::try_from(*first).unwrap()),
            time(usize::try_from(*last).unwrap() + 1),
        ),
        quoted: false,
    });
    RawTranscript {
        speakers: vec![
            speaker(SpeakerLabel::Agent, 0),
            speaker(SpeakerLabel::Consumer, 1),
        ],
        turns: turns.collect(),
        words,
        language: LanguageTag::english(),
        engine: "written".to_owned(),
        duration: Millis(60_000),
    }
}

#[test]
fn a_removed_run_becomes_one_token_with_its_hull() {
    let raw = raw(
        &[
            (1, "it's"),
            (1, "4111"),
            (0, "mhm"),
            (1, "1111"),
            (1, "1111"),
            (1, "1111"),
            (1, "okay"),
        ],
        &[(1, 0, 6), (0, 2, 2)],
    );
    let redacted = redact(&raw, &[], &Profile::default());
    let kinds: Vec<&Token> = redacted.words().iter().map(|word| &word.token).collect();
    assert!(matches!(
        kinds[..],
        [
            Token::Word(_),
            Token::Redacted(EntityKind::Card),
            Token::Word(_),
            Token::Word(_)
        ]
    ));
    assert_eq!(
        redacted.words()[1].span,
        Span::between(Millis(500), Millis(3000))
    );
    let turns: Vec<(u32, u32)> = redacted
        .turns()
        .iter()
        .map(|turn| (turn.first.0, turn.last.0))
        .collect();
    assert_eq!(turns, vec![(0, 3), (2, 2)]);
    let span = &redacted.redactions()[0];
    assert_eq!(
        (span.first.0, span.last.0, span.party, span.speaker),
        (1, 5, PartyIndex(1), SpeakerLabel::Consumer)
    );
    assert_eq!(span.regulation, Regulation::PciDss);
}

#[test]
fn a_turn_of_secrets_keeps_one_token_and_words_outside_turns_are_redacted_too() {
    let raw = raw(
        &[
            (1, "4111111111111111"),
            (0, "fine"),
            (0, "5555555555554444"),
        ],
        &[(1, 0, 0)],
    );
    assert_eq!(turn_texts(&raw).len(), 2);
    let redacted = redact(&raw, &[], &Profile::default());
    assert_eq!(redacted.turn_words(&redacted.turns()[0]).count(), 1);
    assert!(matches!(
        redacted.words()[2].token,
        Token::Redacted(EntityKind::Card)
    ));
}

#[test]
fn a_model_s_name_is_removed_wherever_it_is_said_and_amounts_are_not_its_business() {
    let raw = raw(
        &[
            (0, "ask"),
            (0, "wexford"),
            (0, "about"),
            (0, "84"),
            (0, "dollars"),
            (1, "Wexford's"),
            (1, "fine"),
        ],
        &[(0, 0, 4), (1, 5, 6)],
    );
    let span = |start, end, kind| NameSpan {
        turn: 0,
        start,
        end,
        kind,
        confidence: Confidence::new(0.9),
        detector: DetectorId("name.model".to_owned()),
    };
    let found = spans(
        &raw,
        &[
            span(4, 11, EntityKind::Person),
            span(18, 28, EntityKind::Phone),
        ],
        &Profile::default(),
    );
    let places: Vec<(u32, u32, EntityKind)> = found
        .iter()
        .map(|span| (span.first.0, span.last.0, span.kind))
        .collect();
    assert_eq!(
        places,
        vec![(1, 1, EntityKind::Person), (5, 5, EntityKind::Person)]
    );
    assert_eq!(found[0].detector, DetectorId("name.model".to_owned()));
}

#[test]
fn names_known_beforehand_go_and_kept_words_stay() {
    let profile = Profile {
        known_names: vec!["Wexford Zumthor".into()],
        keep: BTreeSet::from(["emily".to_owned()]),
        ..Profile::default()
    };
    let (left, _) = redact_text(
        "So Zumthor ordered an Emily sofa, Zumthors wexford.",
        &profile,
    );
    assert_eq!(left, "So [PERSON] ordered an Emily sofa, [PERSON].");
}

#[test]
fn an_operator_keeps_a_kind_but_never_card_data() {
    let keep =
        [EntityKind::Phone, EntityKind::Card, EntityKind::Cvv].map(|kind| (kind, Operator::Keep));
    let profile = Profile {
        operators: BTreeMap::from(keep),
        ..Profile::default()
    };
    let (left, _) = redact_text(
        "call me at 555-213-0146. The card is 4111111111111111 cvv 123",
        &profile,
    );
    assert_eq!(
        left,
        "call me at 555-213-0146. The card is [CARD] cvv [CVV]"
    );
}

#[test]
fn a_locale_that_is_off_is_not_looked_for() {
    let profile = Profile {
        locales: BTreeSet::from([Locale::UnitedStates]),
        ..Profile::default()
    };
    assert_eq!(redact_text("so AB123456C", &profile).0, "so [NUMBER]");
    assert_eq!(
        redact_text("so AB123456C", &Profile::default()).0,
        "so [GOVERNMENT_ID]"
    );
}

#[test]
fn tenants_declare_patterns_and_words() {
    let custom = vec![
        CustomPattern::regex("contract", r"\bHX-\d{3}\b").unwrap(),
        CustomPattern::words("projects", &["Blue Heron"]),
    ];
    let profile = Profile {
        custom,
        ..Profile::default()
    };
    let (left, found) = redact_text("On hx-123 the blue heron's plan.", &profile);
    assert_eq!(left, "On [CUSTOM] the [CUSTOM] plan.");
    assert_eq!(found[0].detector, DetectorId("custom.contract".to_owned()));
    assert!(matches!(
        CustomPattern::regex("x", "a*"),
        Err(PatternError::Empty { .. })
    ));
    assert!(matches!(
        CustomPattern::regex("x", "(a{1000}){1000}"),
        Err(PatternError::Syntax { .. })
    ));
}

#[test]
fn dates_of_events_go_where_hipaa_is_chosen_and_nowhere_else() {
    let line =
        "She was admitted on May 5, 2026, went home in June and may call on the second of July";
    let hipaa = Profile {
        event_dates: true,
        ..Profile::default()
    };
    let (kept, _) = redact_text(line, &Profile::default());
    assert_eq!(kept, line);
    let (text, _) = redact_text(line, &hipaa);
    assert_eq!(
        text,
        "She was admitted on [DATE], went home in [DATE] and may call on the [DATE]"
    );
    let years = Profile {
        operators: [(EntityKind::Date, Operator::Generalise)].into(),
        ..hipaa
    };
    let (text, _) = redact_text("admitted on May 5, 2026", &years);
    assert_eq!(text, "admitted on [DATE:2026]");
}

#[test]
fn the_mark_behind_a_removed_stretch_stays_and_none_behind_a_password() {
    let lines = [
        (0, "My card is 4111 1111 1111 1111, thank you."),
        (1, "Is that 4111111111111111?"),
        (0, "The password is Tiger461!"),
    ];
    let raw = crate::planting::transcript(lines);
    let redacted = redact(&raw, &[], &Profile::default());
    let line = |turn: &Turn| {
        let words: Vec<String> = redacted.turn_words(turn).map(|word| word.shown()).collect();
        words.join(" ")
    };
    let read: Vec<String> = redacted.turns().iter().map(line).collect();
    assert_eq!(
        read,
        [
            "My card is [CARD], thank you.",
            "Is that [CARD]?",
            "The password is [CREDENTIAL]",
        ]
    );
}

#[test]
fn a_question_for_a_reading_or_an_order_shields_nothing_that_is_read_out_next() {
    let gone = |lines: [(u8, &str); 2]| {
        let redacted = redact(
            &crate::planting::transcript(lines),
            &[],
            &Profile::default(),
        );
        redacted.redactions().len()
    };
    let sort_code = "I need the sort code as well.";
    assert_eq!(
        gone([
            (0, sort_code),
            (1, "Hang on, I'm reading it off: 0 7 8 7 3 3.")
        ]),
        1
    );
    let order = "I can see your last order, is it about that one?";
    assert_eq!(
        gone([(0, order), (1, "It's 35-94-76 for the sort code.")]),
        1
    );
    let asked = "What is the order number?";
    assert_eq!(gone([(0, asked), (1, "It's 3594763.")]), 0);
}

#[test]
fn an_everyday_word_with_an_article_is_nobody_s_name() {
    let lines = [
        (0, "Lakeside Dental, this is Hannah Price."),
        (
            1,
            "I would like to cancel, the Price went up and the prize too.",
        ),
    ];
    let redacted = redact(
        &crate::planting::transcript(lines),
        &[],
        &Profile::default(),
    );
    let spans = redacted.redactions();
    assert_eq!(spans.len(), 1, "{spans:?}");
}

/// A turn of one speaker, as a recogniser wrote it, and what is left of it.
fn left_of(engine: &str, text: &str) -> String {
    let words: Vec<(u8, &str)> = text.split(' ').map(|word| (1, word)).collect();
    let last = u32::try_from(words.len() - 1).unwrap();
    let mut raw = raw(&words, &[(1, 0, last)]);
    raw.engine = engine.to_owned();
    let redacted = redact(&raw, &[], &Profile::default());
    let shown = |word: &domain::RedactedWord| match &word.token {
        Token::Word(text) => text.expose().to_owned(),
        Token::Redacted(kind) => format!("[{}]", kind.tag()),
    };
    let shown: Vec<String> = redacted.words().iter().map(shown).collect();
    shown.join(" ")
}

#[test]
fn digits_that_a_recogniser_tore_off_a_card_number_go_with_it() {
    let torn = "my card is 6285 5162 0640 9532 double, four, one, three, seven, five, and it hung";
    let left = left_of("whisper-tiny.en", torn);
    assert!(!left.contains("double") && !left.contains("five"), "{left}");
    assert!(left.ends_with("and it hung"), "{left}");
    let before = left_of(
        "whisper-tiny.en",
        "with card 5 m and 1 3 3 uh 5057 0054 3944 7788",
    );
    assert!(!before.contains(['1', '3', '5', '7']), "{before}");
    assert!(
        left_of("written", "4929 4205 7359 5709 paid to shop 2 today").ends_with("2 today"),
        "what was written stands as it was meant"
    );
    let talk = left_of(
        "whisper-tiny.en",
        "4929 4205 7359 5709, that is all for my 2 parcels",
    );
    assert!(talk.ends_with("2 parcels"), "{talk}");
}

#[test]
fn an_announced_card_number_that_was_heard_as_words_goes_too() {
    let garbled = "My new credit card is 30th ever no, 062, 50th ever 90th ever 17th time.";
    let left = left_of("whisper-tiny.en", garbled);
    assert!(!left.contains("062") && !left.contains("90th"), "{left}");
    for scattered in [
        "Which card one you'd like to use. It's 3.6 to 1.5, 3.6, 9.5, 7.4, I think.",
        "The cards number is 3, M and 2, O, M and O, 5, 9, 5, M and 9, O, 6, 4, good",
        "Charge it to my Vima 6, 2, 4, 8, double, 55183031, double, 3",
    ] {
        let left = left_of("whisper-tiny.en", scattered);
        assert!(!left.contains(|c: char| c.is_ascii_digit()), "{left}");
    }
    let talk = "my card was charged twice, 3 of the 12 parcels came on the 5th";
    assert_eq!(left_of("whisper-tiny.en", talk), talk);
}

#[test]
fn a_day_of_a_year_long_past_is_heard_as_a_day_of_birth() {
    let heard = left_of("whisper-tiny.en", "Love is on March 14, 1983. okay");
    assert!(
        !heard.contains("1983") && heard.ends_with("okay"),
        "{heard}"
    );
    let recent = "it came on March 14, 2024. okay";
    assert_eq!(left_of("whisper-tiny.en", recent), recent);
    let written = "open since March 14, 1983. okay";
    assert_eq!(left_of("written", written), written);
}

#[test]
fn a_street_that_every_town_has_is_no_address() {
    let text = "your shop on the high street shuts at ten";
    let words: Vec<(u8, &str)> = text.split(' ').map(|word| (1, word)).collect();
    let raw = raw(&words, &[(1, 0, 8)]);
    let found = |part: &str, text: &str| NameSpan {
        turn: 0,
        start: text.find(part).unwrap(),
        end: text.find(part).unwrap() + part.len(),
        kind: EntityKind::Address,
        confidence: Confidence::new(0.9),
        detector: DetectorId("name.model".to_owned()),
    };
    let names = [found("high street", text), found("ten", text)];
    let left = redact(&raw, &names, &Profile::default());
    assert!(left.redactions().is_empty());
}

#[test]
fn a_greeting_that_was_misheard_names_nobody_but_a_listed_name_is_one() {
    let misheard = "Thank you for calling. How can I help you, Kameh? I forgot it.";
    assert_eq!(left_of("whisper-tiny.en", misheard), misheard);
    let named = left_of("whisper-tiny.en", "How can I help you, Emily? I see.");
    assert!(!named.contains("Emily"), "{named}");
    let written = left_of("written", "How can I help you, Kameh? I see.");
    assert!(!written.contains("Kameh"), "{written}");
}
