use domain::{
    Confidence, EntityKind, LanguageTag, MetricSettings, Metrics, Millis, PartyIndex,
    RedactedTranscript, RedactedWord, Secret, Span, Speaker, SpeakerBasis, SpeakerLabel, Token,
    Turn, WordIndex,
};
use proptest::prelude::*;

use super::{Medium, measure};

/// `speaker text start end` in milliseconds, in order of start. Turns: runs of one speaker.
fn call(basis: SpeakerBasis, duration: u64, words: &[(u8, &str, u64, u64)]) -> RedactedTranscript {
    call_in(LanguageTag::english(), basis, duration, words)
}

fn call_in(
    language: LanguageTag,
    basis: SpeakerBasis,
    duration: u64,
    words: &[(u8, &str, u64, u64)],
) -> RedactedTranscript {
    let speakers = [SpeakerLabel::Agent, SpeakerLabel::Consumer];
    let speakers = (0_u16..)
        .zip(speakers)
        .map(|(party, label)| Speaker {
            label,
            party: PartyIndex(party),
            basis,
            role_confidence: Confidence::CERTAIN,
        })
        .collect();
    let mut turns: Vec<Turn> = Vec::new();
    for (at, (speaker, _, start, end)) in words.iter().enumerate() {
        let index = WordIndex(u32::try_from(at).unwrap());
        let span = Span::between(Millis(*start), Millis(*end));
        match turns.last_mut() {
            Some(turn) if turn.speaker == *speaker => {
                turn.last = index;
                turn.span = turn.span.hull(&span);
            }
            _ => turns.push(Turn {
                speaker: *speaker,
                first: index,
                last: index,
                span,
                quoted: false,
            }),
        }
    }
    let words = words
        .iter()
        .map(|(speaker, text, start, end)| RedactedWord {
            token: match *text {
                "[CARD]" => Token::Redacted(EntityKind::Card),
                text => Token::Word(Secret::from(text)),
            },
            speaker: *speaker,
            span: Span::between(Millis(*start), Millis(*end)),
            confidence: Confidence::CERTAIN,
            closing: None,
        })
        .collect();
    #[expect(
        clippy::disallowed_methods,
        reason = "a test builds its own transcript"
    )]
    RedactedTranscript::assume_redacted(
        speakers,
        words,
        turns,
        Vec::new(),
        language,
        "test".to_owned(),
        Millis(duration),
    )
}

fn of(transcript: &RedactedTranscript) -> Metrics {
    measure(transcript, &MetricSettings::default())
}

/// A hand-marked call. Agent: 0-2 s, 8-14 s, 20-21 s. Consumer: 2.5-4 s, "mhm" inside the
/// agent's second stretch, 12-16 s over its end. Silences: 4-8 s, 16-20 s, 21-30 s.
fn marked() -> RedactedTranscript {
    call(
        SpeakerBasis::Channel,
        30_000,
        &[
            (0, "How", 0, 1_000),
            (0, "can", 1_000, 1_500),
            (0, "I", 1_600, 2_000),
            (1, "My", 2_500, 3_000),
            (1, "card.", 3_100, 4_000),
            (0, "Read", 8_000, 9_000),
            (0, "the", 9_400, 10_000),
            (1, "Mhm.", 10_000, 10_400),
            (0, "number", 10_300, 11_900),
            (1, "[CARD]", 12_000, 16_000),
            (0, "please?", 12_200, 14_000),
            (0, "Thanks.", 20_000, 21_000),
        ],
    )
}

#[test]
fn talk_silence_and_overtalk_of_a_marked_call() {
    let metrics = of(&marked());
    assert_eq!(metrics.duration, Millis(30_000));
    // 0-2, 2.5-4, 8-16, 20-21.
    assert_eq!(metrics.talk, Millis(12_500));
    let silent: Vec<(u64, u64)> = metrics
        .silences
        .iter()
        .map(|event| (event.span.start().0, event.span.end().0))
        .collect();
    assert_eq!(silent, [(4_000, 8_000), (16_000, 20_000), (21_000, 30_000)]);
    assert_eq!(metrics.silence, Millis(17_000));
    assert_eq!(metrics.longest_silence, Millis(9_000));
    assert_eq!(metrics.overtalks.len(), 1);
    assert_eq!(metrics.overtalks[0].interrupter, SpeakerLabel::Consumer);
    assert_eq!(metrics.overtalk, Millis(2_000));
}

#[test]
fn parties_of_a_marked_call() {
    let metrics = of(&marked());
    let agent = &metrics.parties[0];
    // 0-2, 8-14, 20-21.
    assert_eq!(agent.talk, Millis(9_000));
    assert_eq!((agent.words, agent.turns), (8, 4));
    assert_eq!(agent.words_per_minute, Some(8.0 / 0.15));
    assert_eq!(agent.longest_monologue, Millis(8_800));
    // "How can I" opens with a question word; "please? Thanks." ends without a mark.
    assert_eq!(agent.question_rate.0, Some(0.25));
    let consumer = &metrics.parties[1];
    assert_eq!(consumer.talk, Millis(5_900));
    assert_eq!(metrics.talk_ratio.0, Some(9_000.0 / 14_900.0));
    assert_eq!(consumer.response_gap.first, Some(Millis(500)));
    assert_eq!(consumer.response_gap.count, 3);
    assert_eq!(agent.response_gap.longest, Some(Millis(4_000)));
}

#[test]
fn a_removed_span_is_speech_and_one_word() {
    let with = call(
        SpeakerBasis::Channel,
        20_000,
        &[(1, "[CARD]", 1_000, 19_000)],
    );
    let metrics = of(&with);
    assert_eq!(
        (metrics.talk, metrics.silence),
        (Millis(18_000), Millis::ZERO)
    );
    assert_eq!(metrics.parties[1].words, 1);
}

#[test]
fn writing_has_turns_and_waits_but_no_silence() {
    let chat = call(
        SpeakerBasis::Sender,
        600_000,
        &[
            (1, "Where", 0, 0),
            (1, "is", 0, 0),
            (0, "Here", 90_000, 90_000),
            (1, "ok", 400_000, 400_000),
        ],
    );
    assert_eq!(Medium::of(&chat), Medium::Written);
    let metrics = of(&chat);
    assert_eq!(
        (metrics.talk, metrics.silence, metrics.overtalk),
        (Millis::ZERO, Millis::ZERO, Millis::ZERO)
    );
    assert_eq!(metrics.talk_ratio.0, None);
    assert_eq!(metrics.parties[0].words_per_minute, None);
    assert_eq!(metrics.parties[0].response_gap.mean, Some(Millis(90_000)));
    assert_eq!(metrics.parties[1].question_rate.0, Some(0.5));
    assert_eq!(metrics.duration, Millis(600_000));
}

#[test]
fn an_empty_call_is_one_silence() {
    let metrics = of(&call(SpeakerBasis::Channel, 10_000, &[]));
    assert_eq!(metrics.silence, Millis(10_000));
    assert_eq!(metrics.parties[0].question_rate.0, None);
    assert_eq!(metrics.parties[0].response_gap.mean, None);
}

#[test]
fn thresholds_are_inclusive() {
    let words = [
        (0, "a", 0, 1_000),
        (0, "b", 4_000, 5_000),
        (1, "c", 7_999, 9_000),
    ];
    let metrics = of(&call(SpeakerBasis::Channel, 9_000, &words));
    assert_eq!(metrics.silence, Millis(3_000));
}

proptest! {
    #[test]
    fn times_add_up(
        mut words in proptest::collection::vec((0_u8..2, 0_usize..4, 0_u64..60_000, 0_u64..4_000), 0..60),
        duration in 0_u64..70_000,
    ) {
        words.sort_by_key(|word| (word.2, word.0));
        let texts = ["mhm", "why", "[CARD]", "so?"];
        let words: Vec<(u8, &str, u64, u64)> = words
            .into_iter()
            .map(|(speaker, text, start, long)| (speaker, texts[text], start, start + long))
            .collect();
        let metrics = of(&call(SpeakerBasis::Channel, duration, &words));
        let sum: u64 = metrics.parties.iter().map(|party| party.talk.0).sum();
        prop_assert!(metrics.talk.0 <= sum);
        prop_assert!(metrics.parties.iter().all(|party| party.talk <= metrics.talk));
        prop_assert!(metrics.talk.0 + metrics.silence.0 <= metrics.duration.0);
        prop_assert!(metrics.overtalk <= metrics.talk);
        prop_assert!(metrics.overtalk.0 <= sum - metrics.talk.0);
        prop_assert!(metrics.longest_silence <= metrics.silence);
        prop_assert!(metrics.talk_ratio.0.is_none_or(|share| (0.0..=1.0).contains(&share)));
        for pair in metrics.silences.windows(2) {
            prop_assert!(pair[0].span.end() <= pair[1].span.start());
        }
        for party in &metrics.parties {
            prop_assert!(party.longest_monologue <= metrics.duration);
            prop_assert!(party.response_gap.count <= party.turns);
        }
    }
}

/// Words of turns, a second each: agent, consumer, agent, consumer…
fn talk(language: LanguageTag, basis: SpeakerBasis, turns: &[(u8, &str)]) -> RedactedTranscript {
    let mut words = Vec::new();
    for (at, (speaker, text)) in (0u64..).zip(turns) {
        for word in text.split(' ') {
            words.push((*speaker, word, at * 1_000, at * 1_000 + 900));
        }
    }
    let duration = u64::try_from(turns.len()).unwrap() * 1_000;
    call_in(language, basis, duration, &words)
}

#[test]
fn sentiment_is_of_the_consumers_words_only() {
    let turns = [
        (0, "lovely wonderful great to hear you"),
        (1, "this is terrible and I am very angry"),
        (0, "fantastic"),
        (1, "mhm okay"),
        (0, "I sent the refund"),
        (1, "oh thank you that is great"),
    ];
    for basis in [SpeakerBasis::Channel, SpeakerBasis::Sender] {
        let metrics = of(&talk(LanguageTag::english(), basis, &turns));
        let sentiment = metrics.sentiment.unwrap();
        assert_eq!(sentiment.turns, 2, "a back-channel says nothing");
        let [first, second, third, last] = sentiment.quarters;
        assert!(first.unwrap().get() < -0.5, "{first:?}");
        assert!(last.unwrap().get() > 0.5, "{last:?}");
        assert_eq!((second, third), (None, None));
        assert!(sentiment.shift().unwrap().get() > 1.0);
        let mean = (first.unwrap().0 + last.unwrap().0) / 2;
        assert!((sentiment.overall.0 - mean).abs() <= 1);
    }
}

#[test]
fn sentiment_knows_negation_and_degree_and_one_language() {
    let tone = |text: &str| {
        let english = LanguageTag::english();
        let metrics = of(&talk(english, SpeakerBasis::Channel, &[(1, text)]));
        metrics.sentiment.unwrap().overall
    };
    assert!(tone("that was not good") < tone("that was it"));
    assert!(tone("that was good") < tone("that was very good"));
    assert_eq!(tone("I moved to another street").0, 0);
    assert_eq!(tone("it is [CARD]").0, 0, "what was removed says nothing");
    let german: LanguageTag = "de-AT".parse().unwrap();
    let metrics = of(&talk(german, SpeakerBasis::Channel, &[(1, "die war gut")]));
    assert_eq!(
        metrics.sentiment, None,
        "`die` and `war` are other words here"
    );
    let english = LanguageTag::english();
    let metrics = of(&talk(
        english,
        SpeakerBasis::Channel,
        &[(0, "great"), (1, "mhm")],
    ));
    assert_eq!(metrics.sentiment, None);
}

proptest! {
    #[test]
    fn sentiment_of_anything_is_between_its_bounds(text in "\\PC{0,60}") {
        let english = LanguageTag::english();
        let metrics = of(&talk(english, SpeakerBasis::Channel, &[(1, &text)]));
        if let Some(sentiment) = metrics.sentiment {
            prop_assert!(sentiment.overall.get().abs() <= 1.0);
        }
    }
}
