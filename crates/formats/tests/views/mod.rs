//! A small redacted call and a small redacted chat to export.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use domain::{
    Channel, Confidence, DetectorId, Direction, EntityKind, GapStats, InteractionId, LanguageTag,
    MetricSettings, Metrics, Millis, OvertalkEvent, PartyIndex, PartyMetrics, Ratio,
    RedactedTranscript, RedactedWord, RedactionSpan, Regulation, Role, Secret, Sentiment,
    SilenceEvent, Span, Speaker, SpeakerBasis, SpeakerLabel, Timestamp, Token, Tone, Turn,
    WordIndex,
};
use formats::{ExportAudio, ExportParty, ExportView};

pub(crate) const PARTIES: [ExportParty; 2] = [
    ExportParty { role: Role::Agent },
    ExportParty {
        role: Role::Consumer,
    },
];

pub(crate) fn view<'a>(
    transcript: &'a RedactedTranscript,
    channel: Channel,
    metrics: Option<&'a Metrics>,
    wav: Option<&'a [u8]>,
) -> ExportView<'a> {
    ExportView {
        id: "int_018f6d2e000070008000000000000001"
            .parse::<InteractionId>()
            .unwrap(),
        channel,
        direction: Direction::Inbound,
        started: Timestamp(1_791_000_000_000),
        created: Timestamp(1_791_100_000_000),
        parties: &PARTIES,
        transcript,
        metrics,
        audio: wav.map(|wav| ExportAudio { wav }),
        corrections: &[],
    }
}

fn span(start: u64, end: u64) -> Span {
    Span::between(Millis(start), Millis(end))
}

fn word(text: &str, speaker: u8, start: u64, end: u64) -> RedactedWord {
    let token = match text {
        "[CARD]" => Token::Redacted(EntityKind::Card),
        "[PERSON]" => Token::Redacted(EntityKind::Person),
        word => Token::Word(Secret::new(word)),
    };
    RedactedWord {
        token,
        speaker,
        span: span(start, end),
        confidence: Confidence::new(0.5),
        closing: None,
    }
}

/// Turns as (speaker, start of the first word, words of 400 ms each).
fn transcript(turns: &[(u8, u64, &str)], basis: SpeakerBasis, step: u64) -> RedactedTranscript {
    let (mut words, mut made) = (Vec::new(), Vec::new());
    for (speaker, start, text) in turns {
        let first = u32::try_from(words.len()).unwrap();
        let mut at = *start;
        for piece in text.split(' ') {
            words.push(word(piece, *speaker, at, at + step));
            at += step;
        }
        let last = u32::try_from(words.len()).unwrap() - 1;
        made.push(Turn {
            speaker: *speaker,
            first: WordIndex(first),
            last: WordIndex(last),
            span: span(*start, at),
            quoted: false,
        });
    }
    let speaker = |label, party| Speaker {
        label,
        party: PartyIndex(party),
        basis,
        role_confidence: Confidence::new(0.75),
    };
    let removed = RedactionSpan {
        kind: EntityKind::Card,
        regulation: Regulation::PciDss,
        party: PartyIndex(1),
        speaker: SpeakerLabel::Consumer,
        first: WordIndex(4),
        last: WordIndex(7),
        span: span(2_000, 2_400),
        detector: DetectorId("card.pan".to_owned()),
        confidence: Confidence::CERTAIN,
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "a transcript made for the test holds no secret"
    )]
    RedactedTranscript::assume_redacted(
        vec![
            speaker(SpeakerLabel::Agent, 0),
            speaker(SpeakerLabel::Consumer, 1),
        ],
        words,
        made,
        vec![removed],
        LanguageTag::english(),
        "whisper tiny.en int8".to_owned(),
        Millis(6_000),
    )
}

pub(crate) fn call() -> RedactedTranscript {
    transcript(
        &[
            (0, 0, "Hello, how can I help?"),
            (1, 2_000, "[CARD] is <my> card & mine"),
            (0, 5_000, "Thank you, [PERSON]"),
        ],
        SpeakerBasis::Channel,
        400,
    )
}

pub(crate) fn chat() -> RedactedTranscript {
    transcript(
        &[
            (1, 0, "=SUM(A1) fails, \"why\"?"),
            (0, 30_000, "Let me look, [PERSON]"),
        ],
        SpeakerBasis::Sender,
        0,
    )
}

pub(crate) fn metrics() -> Metrics {
    Metrics {
        duration: Millis(6_000),
        talk: Millis(5_200),
        silence: Millis(0),
        longest_silence: Millis(0),
        silences: vec![SilenceEvent {
            span: span(4_400, 5_000),
        }],
        overtalk: Millis(100),
        overtalks: vec![OvertalkEvent {
            span: span(1_900, 2_000),
            interrupter: SpeakerLabel::Consumer,
        }],
        talk_ratio: Ratio(Some(0.5)),
        sentiment: Some(Sentiment {
            overall: Tone(-250),
            quarters: [Some(Tone(0)), None, None, Some(Tone(-500))],
            turns: 2,
        }),
        parties: vec![PartyMetrics {
            speaker: SpeakerLabel::Agent,
            party: PartyIndex(0),
            talk: Millis(3_200),
            words: 8,
            words_per_minute: Some(150.0),
            longest_monologue: Millis(2_000),
            question_rate: Ratio(Some(0.5)),
            turns: 2,
            response_gap: GapStats {
                count: 1,
                first: Some(Millis(600)),
                mean: Some(Millis(600)),
                longest: Some(Millis(600)),
            },
        }],
        settings: MetricSettings::default(),
    }
}
