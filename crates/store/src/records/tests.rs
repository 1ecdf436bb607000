//! Every version ever written is read: the golden files are what version 1 wrote.

use std::fmt::Debug;
use std::path::PathBuf;

use domain::query::{Evidence, EvidencePart, Fields, Place, StreamWord, TokenId, WordStream};
use domain::{
    Caption, Channel, ChannelUse, ClosingMark, ComponentFinding, Confidence, Content, Credit,
    DetectorId, Dialog, DialogKind, Direction, EntityKind, Finding, GapStats, IndicatorFinding,
    Interaction, LanguageTag, LawfulBasis, Metadata, MetricSettings, Metrics, Millis, Override,
    OvertalkEvent, Party, PartyIndex, PartyMetrics, Purpose, Ratio, RawTranscript,
    RedactedTranscript, RedactedWord, RedactionSpan, Regulation, Role, Secret, SilenceEvent,
    SoundReport, SourceKey, Span, Speaker, SpeakerBasis, SpeakerLabel, Timestamp, Token, Turn,
    Weight, Word, WordIndex,
};

use super::Record;
use crate::StoreError;
use crate::definitions::VersionText;

fn span(start: u64, end: u64) -> Span {
    Span::between(Millis(start), Millis(end))
}

fn speaker() -> Speaker {
    Speaker {
        label: SpeakerLabel::Other(2),
        party: PartyIndex(1),
        basis: SpeakerBasis::Diarized,
        role_confidence: Confidence::new(0.25),
    }
}

fn turn() -> Turn {
    Turn {
        speaker: 0,
        first: WordIndex(0),
        last: WordIndex(1),
        span: span(10, 900),
        quoted: true,
    }
}

fn raw() -> RawTranscript {
    let word = |text: &str, start, end| Word {
        text: text.into(),
        speaker: 0,
        span: span(start, end),
        confidence: Confidence::new(0.7),
    };
    RawTranscript {
        speakers: vec![speaker()],
        words: vec![word("hello,", 10, 400), word("Ann", 500, 900)],
        turns: vec![turn()],
        language: "en-GB".parse().unwrap(),
        engine: "whisper tiny.en int8".to_owned(),
        duration: Millis(1_000),
    }
}

#[expect(clippy::disallowed_methods, reason = "a test's own words")]
fn redacted() -> RedactedTranscript {
    let word = |token, start, end| RedactedWord {
        token,
        speaker: 0,
        span: span(start, end),
        confidence: Confidence::new(0.7),
        closing: None,
    };
    let removed = RedactionSpan {
        kind: EntityKind::Person,
        regulation: Regulation::Gdpr,
        party: PartyIndex(1),
        speaker: SpeakerLabel::Other(2),
        first: WordIndex(1),
        last: WordIndex(1),
        span: span(500, 900),
        detector: DetectorId("name.rampart".to_owned()),
        confidence: Confidence::new(0.9),
    };
    RedactedTranscript::assume_redacted(
        vec![speaker()],
        vec![
            word(Token::Word("hello,".into()), 10, 400),
            word(Token::Redacted(EntityKind::Person), 500, 900),
        ],
        vec![turn()],
        vec![removed],
        LanguageTag::english(),
        "whisper tiny.en int8".to_owned(),
        Millis(1_000),
    )
}

#[test]
fn a_mark_behind_a_removed_span_is_kept_and_old_records_have_none() {
    for mark in [',', '.', '?', '!', ';', ':'] {
        let word = RedactedWord {
            token: Token::Redacted(EntityKind::CardExpiry),
            speaker: 1,
            span: span(500, 900),
            confidence: Confidence::new(0.5),
            closing: ClosingMark::new(mark),
        };
        let kept = super::transcript::redacted_word_to(&word);
        let read = super::transcript::redacted_word_from(kept).unwrap();
        assert_eq!(read.shown(), format!("[CARD_EXPIRY]{mark}"));
    }
}

fn metrics() -> Metrics {
    Metrics {
        duration: Millis(1_000),
        talk: Millis(800),
        silence: Millis(150),
        longest_silence: Millis(100),
        silences: vec![SilenceEvent {
            span: span(400, 500),
        }],
        overtalk: Millis(30),
        overtalks: vec![OvertalkEvent {
            span: span(10, 40),
            interrupter: SpeakerLabel::Agent,
        }],
        talk_ratio: Ratio(Some(0.1)),
        sentiment: None,
        parties: vec![PartyMetrics {
            speaker: SpeakerLabel::Consumer,
            party: PartyIndex(0),
            talk: Millis(700),
            words: 2,
            words_per_minute: Some(171.42857142857142),
            longest_monologue: Millis(700),
            question_rate: Ratio(None),
            turns: 1,
            response_gap: GapStats {
                count: 1,
                first: Some(Millis(5)),
                mean: Some(Millis(5)),
                longest: None,
            },
        }],
        settings: MetricSettings::default(),
    }
}

fn sound() -> SoundReport {
    SoundReport {
        codec: "pcm_mulaw".to_owned(),
        rate: 8_000,
        channels: 2,
        duration: Millis(1_000),
        channel_use: ChannelUse::Separate,
        live: vec![0, 1],
        warnings: vec!["the file ends early".to_owned()],
    }
}

fn stream() -> WordStream {
    let word = |token, speaker, at, place, last| StreamWord {
        token: TokenId(token),
        speaker,
        span: span(at, at + 10),
        word: WordIndex(place),
        last: WordIndex(last),
    };
    WordStream {
        words: vec![
            word(u64::MAX, SpeakerLabel::Agent, 10, 0, 0),
            word(7, SpeakerLabel::Other(2), 20, 1, 3),
        ],
        duration: Millis(1_000),
        fields: Fields::default(),
        alike: Vec::new(),
    }
}

fn dialog(kind: DialogKind, content: Content) -> Dialog {
    Dialog {
        kind,
        start: Timestamp(1_790_000_000_000),
        duration: Some(Millis(1_000)),
        parties: vec![Some(PartyIndex(0)), None],
        originator: Some(PartyIndex(0)),
        message_id: Some("<1@example.org>".to_owned()),
        content,
    }
}

fn interaction() -> Interaction {
    let cue = Caption {
        party: Some(PartyIndex(1)),
        span: span(0, 10),
        text: "good morning".into(),
        confidence: Some(0.5),
    };
    Interaction {
        channel: Channel::Email,
        direction: Direction::Outbound,
        started: Timestamp(-5),
        subject: Some("Parcel".into()),
        parties: vec![
            Party::of_role(Role::Agent),
            Party {
                role: Role::Consumer,
                name: Some("Ann".into()),
                tel: Some("tel:+15550100".into()),
                mailto: Some("ann@example.org".into()),
                id: Some("c-1".into()),
            },
        ],
        dialogs: vec![
            dialog(
                DialogKind::Text,
                Content::Text {
                    body: "hi".into(),
                    quoted: Some("> hi".into()),
                },
            ),
            dialog(DialogKind::Recording, Content::Media(Vec::new())),
            dialog(DialogKind::Transcript, Content::Captions(vec![cue])),
            dialog(DialogKind::Signalling, Content::None),
        ],
        metadata: Metadata::from([("queue".to_owned(), Secret::new("claims"))]),
        source: Some(SourceKey::from_source("mail", "<1@example.org>")),
        lawful_bases: vec![LawfulBasis {
            basis: "consent".to_owned(),
            expires: Some(Timestamp(9)),
            grants: vec![(Purpose::Storage, true), (Purpose::Analysis, false)],
        }],
    }
}

fn evidence() -> Evidence {
    Evidence {
        first: WordIndex(3),
        last: WordIndex(4),
        span: span(30, 90),
        parts: vec![EvidencePart {
            first: WordIndex(3),
            last: WordIndex(4),
            speaker: SpeakerLabel::Agent,
            span: span(30, 90),
            place: Place { start: 1, end: 9 },
            likeness: None,
        }],
    }
}

fn category_finding() -> Finding {
    Finding::Category(vec![ComponentFinding {
        name: "says so".to_owned(),
        weight: Weight::new(0.5).unwrap(),
        evidence: vec![evidence()],
    }])
}

fn score_finding() -> Finding {
    Finding::Scorecard(vec![IndicatorFinding {
        name: "greets".to_owned(),
        weight: Weight::ONE,
        critical: true,
        credit: Some(Credit::new(0.25)),
        evidence: vec![evidence()],
    }])
}

fn fields() -> Fields {
    let mut fields = Fields::default();
    fields.text("queue", "billing");
    fields.number("silence", 1.5);
    fields.instant("due", Timestamp(7));
    fields
}

fn definition() -> VersionText {
    VersionText {
        name: "Folder.Name".parse().unwrap(),
        text: Secret::new("category = \"Folder.Name\""),
        author: "cli".to_owned(),
        reason: Secret::new("first"),
    }
}

fn override_() -> Override {
    Override {
        indicator: "greets".to_owned(),
        credit: None,
        reason: Secret::new("nobody was there"),
    }
}

/// Reads the golden file of each version, and writes the newest as it was written before.
fn golden<R: Record + PartialEq + Debug>(name: &str, value: &R) {
    for version in 1..=R::VERSION {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/records/golden");
        // What is no JSON is bytes.
        let json = folder.join(format!("{name}.v{version}.json"));
        let bytes = folder.join(format!("{name}.v{version}.bin"));
        let binary = version == R::VERSION && value.encode().unwrap().first() != Some(&b'{');
        let path = if binary { bytes } else { json };
        if version == R::VERSION && std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, value.encode().unwrap()).unwrap();
        }
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(
            &R::decode(&bytes).unwrap(),
            value,
            "{name} version {version}"
        );
        if version == R::VERSION {
            assert_eq!(
                value.encode().unwrap(),
                bytes,
                "{name} is written otherwise than before"
            );
        }
    }
}

#[test]
fn every_version_ever_written_is_read() {
    golden("interaction", &interaction());
    golden("raw_transcript", &raw());
    golden("redacted_transcript", &redacted());
    golden("metrics", &metrics());
    golden("sound", &sound());
    golden("word_stream", &stream());
    golden("category_finding", &category_finding());
    golden("score_finding", &score_finding());
    golden("alert_finding", &Finding::Alert(vec![evidence()]));
    golden("fields", &fields());
    golden("definition", &definition());
    golden("override", &override_());
}

#[test]
fn a_source_key_of_either_kind_is_read_again() {
    let mut by_content = interaction();
    by_content.source = Some(SourceKey::from_content([0xab; 32]));
    let read = Interaction::decode(&by_content.encode().unwrap()).unwrap();
    assert_eq!(read.source, by_content.source);
}

#[test]
fn a_version_of_the_future_and_a_broken_record_are_refused_without_their_content() {
    let newer = RawTranscript::decode(br#"{"v":2,"data":{"secret":"Ann"}}"#).unwrap_err();
    assert!(matches!(newer, StoreError::Record { .. }));
    let broken = RawTranscript::decode(br#"{"v":1,"data":"Ann"}"#).unwrap_err();
    assert!(!format!("{broken} {broken:?}").contains("Ann"));
}

#[test]
fn a_likeness_is_kept_with_its_evidence() {
    let mut found = evidence();
    found.parts[0].likeness = domain::query::Likeness::from_thousandths(712);
    let finding = Finding::Alert(vec![found]);
    let bytes = finding.encode().unwrap();
    assert_eq!(Finding::decode(&bytes).unwrap(), finding);
}
