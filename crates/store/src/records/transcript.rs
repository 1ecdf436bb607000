//! Stored forms of the two transcripts. A word is a short tuple: there are many.

use domain::{
    ClosingMark, Confidence, DetectorId, LanguageTag, Millis, PartyIndex, RawTranscript,
    RedactedTranscript, RedactedWord, RedactionSpan, Secret, Span, Speaker, SpeakerBasis, Token,
    Turn, Word, WordIndex,
};
use serde::{Deserialize, Serialize};

use super::{Record, unwrap_v1, wrap};
use crate::StoreError;

/// `W` is the word's shape.
#[derive(Serialize, Deserialize)]
struct TranscriptV1<W> {
    speakers: Vec<SpeakerV1>,
    words: Vec<W>,
    turns: Vec<TurnV1>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    redactions: Vec<RedactionV1>,
    language: String,
    engine: String,
    duration: u64,
}

/// Label, party, basis, certainty.
#[derive(Serialize, Deserialize)]
struct SpeakerV1(String, u16, String, f32);

/// Text, speaker, start, end, certainty.
#[derive(Serialize, Deserialize)]
struct RawWordV1(String, u8, u64, u64, f32);

/// As a raw word, but what stands there is a word (`w`) or the tag of what was removed (`r`).
#[derive(Serialize, Deserialize)]
pub(super) struct RedactedWordV1(PlaceV1, u8, u64, u64, f32);

#[derive(Serialize, Deserialize)]
enum PlaceV1 {
    #[serde(rename = "w")]
    Word(String),
    /// Its tag, and behind it the mark of the sentence: `CARD`, `CARD,`.
    #[serde(rename = "r")]
    Removed(String),
}

/// Speaker, first word, last word, start, end, quoted.
#[derive(Serialize, Deserialize)]
struct TurnV1(u8, u32, u32, u64, u64, bool);

#[derive(Serialize, Deserialize)]
struct RedactionV1 {
    kind: String,
    regulation: String,
    party: u16,
    speaker: String,
    first: u32,
    last: u32,
    start: u64,
    end: u64,
    detector: String,
    confidence: f32,
}

impl Record for RawTranscript {
    const WHAT: &'static str = "raw transcript";

    fn encode(&self) -> Result<Vec<u8>, StoreError> {
        wrap::<Self>(TranscriptV1 {
            speakers: self.speakers.iter().map(speaker_to).collect(),
            words: self.words.iter().map(raw_word_to).collect(),
            turns: self.turns.iter().map(turn_to).collect(),
            redactions: Vec::new(),
            language: self.language.as_str().to_owned(),
            engine: self.engine.clone(),
            duration: self.duration.0,
        })
    }

    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let stored: TranscriptV1<RawWordV1> = unwrap_v1::<Self, _>(bytes)?;
        Ok(Self {
            speakers: all(stored.speakers, speaker_from)?,
            words: all(stored.words, raw_word_from)?,
            turns: all(stored.turns, turn_from)?,
            language: language(&stored.language)?,
            engine: stored.engine,
            duration: Millis(stored.duration),
        })
    }
}

impl Record for RedactedTranscript {
    const WHAT: &'static str = "redacted transcript";

    fn encode(&self) -> Result<Vec<u8>, StoreError> {
        wrap::<Self>(TranscriptV1 {
            speakers: self.speakers().iter().map(speaker_to).collect(),
            words: self.words().iter().map(redacted_word_to).collect(),
            turns: self.turns().iter().map(turn_to).collect(),
            redactions: self.redactions().iter().map(redaction_to).collect(),
            language: self.language().as_str().to_owned(),
            engine: self.engine().to_owned(),
            duration: self.duration().0,
        })
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the row decoder: what is read was sealed as a redacted transcript"
    )]
    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let stored: TranscriptV1<RedactedWordV1> = unwrap_v1::<Self, _>(bytes)?;
        Ok(Self::assume_redacted(
            all(stored.speakers, speaker_from)?,
            all(stored.words, redacted_word_from)?,
            all(stored.turns, turn_from)?,
            all(stored.redactions, redaction_from)?,
            language(&stored.language)?,
            stored.engine,
            Millis(stored.duration),
        ))
    }
}

fn all<A, B>(
    stored: Vec<A>,
    read: impl Fn(A) -> Result<B, StoreError>,
) -> Result<Vec<B>, StoreError> {
    stored.into_iter().map(read).collect()
}

fn language(text: &str) -> Result<LanguageTag, StoreError> {
    Ok(text.parse()?)
}

fn span(start: u64, end: u64) -> Result<Span, StoreError> {
    Ok(Span::new(Millis(start), Millis(end))?)
}

fn speaker_to(speaker: &Speaker) -> SpeakerV1 {
    SpeakerV1(
        speaker.label.to_string(),
        speaker.party.0,
        speaker.basis.key().to_owned(),
        speaker.role_confidence.get(),
    )
}

fn speaker_from(SpeakerV1(label, party, basis, sure): SpeakerV1) -> Result<Speaker, StoreError> {
    let basis = match basis.as_str() {
        "channel" => SpeakerBasis::Channel,
        "diarized" => SpeakerBasis::Diarized,
        "sender" => SpeakerBasis::Sender,
        "declared" => SpeakerBasis::Declared,
        _ => return Err(StoreError::record("speaker", "its basis is not known")),
    };
    Ok(Speaker {
        label: label.parse()?,
        party: PartyIndex(party),
        basis,
        role_confidence: Confidence::new(sure),
    })
}

fn raw_word_to(word: &Word) -> RawWordV1 {
    RawWordV1(
        word.text.expose().to_owned(),
        word.speaker,
        word.span.start().0,
        word.span.end().0,
        word.confidence.get(),
    )
}

fn raw_word_from(
    RawWordV1(text, speaker, start, end, sure): RawWordV1,
) -> Result<Word, StoreError> {
    Ok(Word {
        text: Secret::new(text),
        speaker,
        span: span(start, end)?,
        confidence: Confidence::new(sure),
    })
}

pub(super) fn redacted_word_to(word: &RedactedWord) -> RedactedWordV1 {
    let place = match &word.token {
        Token::Word(text) => PlaceV1::Word(text.expose().to_owned()),
        Token::Redacted(kind) => {
            let mut tag = kind.tag().to_owned();
            tag.extend(word.closing.map(ClosingMark::mark));
            PlaceV1::Removed(tag)
        }
    };
    RedactedWordV1(
        place,
        word.speaker,
        word.span.start().0,
        word.span.end().0,
        word.confidence.get(),
    )
}

pub(super) fn redacted_word_from(
    RedactedWordV1(place, speaker, start, end, sure): RedactedWordV1,
) -> Result<RedactedWord, StoreError> {
    let (token, closing) = match place {
        PlaceV1::Word(text) => (Token::Word(Secret::new(text)), None),
        PlaceV1::Removed(tag) => {
            let closing = tag.chars().last().and_then(ClosingMark::new);
            let tag = tag.trim_end_matches(|c| ClosingMark::new(c).is_some());
            (Token::Redacted(tag.parse()?), closing)
        }
    };
    Ok(RedactedWord {
        token,
        closing,
        speaker,
        span: span(start, end)?,
        confidence: Confidence::new(sure),
    })
}

fn turn_to(turn: &Turn) -> TurnV1 {
    TurnV1(
        turn.speaker,
        turn.first.0,
        turn.last.0,
        turn.span.start().0,
        turn.span.end().0,
        turn.quoted,
    )
}

fn turn_from(TurnV1(speaker, first, last, start, end, quoted): TurnV1) -> Result<Turn, StoreError> {
    Ok(Turn {
        speaker,
        first: WordIndex(first),
        last: WordIndex(last),
        span: span(start, end)?,
        quoted,
    })
}

fn redaction_to(removed: &RedactionSpan) -> RedactionV1 {
    RedactionV1 {
        kind: removed.kind.tag().to_owned(),
        regulation: removed.regulation.key().to_owned(),
        party: removed.party.0,
        speaker: removed.speaker.to_string(),
        first: removed.first.0,
        last: removed.last.0,
        start: removed.span.start().0,
        end: removed.span.end().0,
        detector: removed.detector.0.clone(),
        confidence: removed.confidence.get(),
    }
}

fn redaction_from(stored: RedactionV1) -> Result<RedactionSpan, StoreError> {
    Ok(RedactionSpan {
        kind: stored.kind.parse()?,
        regulation: stored.regulation.parse()?,
        party: PartyIndex(stored.party),
        speaker: stored.speaker.parse()?,
        first: WordIndex(stored.first),
        last: WordIndex(stored.last),
        span: span(stored.start, stored.end)?,
        detector: DetectorId(stored.detector),
        confidence: Confidence::new(stored.confidence),
    })
}
