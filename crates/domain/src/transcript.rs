//! Transcripts, one type per stage: what was said, and what is left of it after redaction.

use std::fmt;
use std::str::FromStr;

use crate::{Confidence, EntityKind, IdError, Millis, PartyIndex, RedactionSpan, Secret, Span};

/// BCP 47 tag of a language, such as `en` or `en-GB`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LanguageTag(String);

impl LanguageTag {
    /// English, the default engine's language.
    #[must_use]
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// The tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LanguageTag {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let ok = (2..=35).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if ok {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::Name(
                "a language is a BCP 47 tag such as `en` or `en-GB`",
            ))
        }
    }
}

/// Position of a word in its transcript, from 0, in order of start time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WordIndex(pub u32);

/// Who a word belongs to, as shown and searched: `agent`, `consumer`, `ivr`, `bot`, `speaker N`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpeakerLabel {
    /// The tenant's employee.
    Agent,
    /// The person who called or wrote.
    Consumer,
    /// A recorded menu.
    Ivr,
    /// An automated writer or speaker.
    Bot,
    /// Somebody not yet mapped to a role, numbered from 1.
    Other(u8),
}

impl fmt::Display for SpeakerLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Agent => f.write_str("agent"),
            Self::Consumer => f.write_str("consumer"),
            Self::Ivr => f.write_str("ivr"),
            Self::Bot => f.write_str("bot"),
            Self::Other(n) => write!(f, "speaker{n}"),
        }
    }
}

impl FromStr for SpeakerLabel {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        match text {
            "agent" => Ok(Self::Agent),
            "consumer" => Ok(Self::Consumer),
            "ivr" => Ok(Self::Ivr),
            "bot" => Ok(Self::Bot),
            _ => text
                .strip_prefix("speaker")
                .and_then(|n| n.parse().ok())
                .map(Self::Other)
                .ok_or(IdError::Name(
                    "a speaker is agent, consumer, ivr, bot or speakerN",
                )),
        }
    }
}

/// How a speaker was told from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpeakerBasis {
    /// A channel of the recording is a speaker.
    Channel,
    /// Voices in one channel told apart by a model.
    Diarized,
    /// The written form names its sender.
    Sender,
    /// The metadata at intake said so.
    Declared,
}

impl SpeakerBasis {
    /// Key used in records and exports.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Channel => "channel",
            Self::Diarized => "diarized",
            Self::Sender => "sender",
            Self::Declared => "declared",
        }
    }
}

/// One speaker of a transcript.
#[derive(Debug, Clone, PartialEq)]
pub struct Speaker {
    /// Role label.
    pub label: SpeakerLabel,
    /// The party of the interaction that this speaker is.
    pub party: PartyIndex,
    /// How the speaker was told apart.
    pub basis: SpeakerBasis,
    /// Certainty that the label (agent or consumer) is right.
    pub role_confidence: Confidence,
}

/// One spoken or written word with everything known of it.
#[derive(Clone, PartialEq)]
pub struct Word {
    /// Text as recognised or written, punctuation attached.
    pub text: Secret,
    /// Index into the transcript's speakers.
    pub speaker: u8,
    /// Start and end, offsets from the interaction's start. Words of one written message
    /// share its time.
    pub span: Span,
    /// Recogniser's certainty; 1 for written words.
    pub confidence: Confidence,
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Word(speaker {}, {:?})", self.speaker, self.span)
    }
}

/// Consecutive words of one speaker: `first..=last` in the transcript's word order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// Index into the transcript's speakers.
    pub speaker: u8,
    /// First word.
    pub first: WordIndex,
    /// Last word, inclusive.
    pub last: WordIndex,
    /// From the first word's start to the last word's end.
    pub span: Span,
    /// The message's text is a quoted reply of an earlier message (e-mail).
    pub quoted: bool,
}

/// What was said or written, before redaction. Only redaction and its sealed storage see it.
#[derive(Clone, PartialEq)]
pub struct RawTranscript {
    /// Who speaks.
    pub speakers: Vec<Speaker>,
    /// Every word, ordered by start time, then by speaker.
    pub words: Vec<Word>,
    /// Turns in order of their first word's start. Together they cover every word once; with
    /// overtalk, a turn's words are those of its speaker between `first` and `last`.
    pub turns: Vec<Turn>,
    /// Language of the words.
    pub language: LanguageTag,
    /// What made it, as in `whisper tiny.en int8`, or `written`.
    pub engine: String,
    /// Length of the interaction.
    pub duration: Millis,
}

impl fmt::Debug for RawTranscript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "RawTranscript({} words, {} turns)",
            self.words.len(),
            self.turns.len()
        )
    }
}

/// What stands at a place of a redacted transcript.
#[derive(Clone, PartialEq)]
pub enum Token {
    /// A word that stayed.
    Word(Secret),
    /// A removed span; one token stands for all its words.
    Redacted(EntityKind),
}

/// One place of a redacted transcript.
#[derive(Clone, PartialEq)]
pub struct RedactedWord {
    /// The word, or what was removed.
    pub token: Token,
    /// Index into the transcript's speakers.
    pub speaker: u8,
    /// Start and end; a removed span keeps its hull.
    pub span: Span,
    /// Recogniser's certainty (the least of the removed words for a removed span).
    pub confidence: Confidence,
    /// The mark of the sentence behind a removed span; of a word it is part of the word.
    pub closing: Option<ClosingMark>,
}

/// A mark of the sentence that stays where the words before it were removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClosingMark(char);

impl ClosingMark {
    /// The mark, where it is one of `, . ? ! ; :`.
    #[must_use]
    pub const fn new(mark: char) -> Option<Self> {
        match mark {
            ',' | '.' | '?' | '!' | ';' | ':' => Some(Self(mark)),
            _ => None,
        }
    }

    /// As a character.
    #[must_use]
    pub const fn mark(self) -> char {
        self.0
    }
}

impl RedactedWord {
    /// What a reader sees: the word, or the tag of what was removed with the mark behind it.
    #[must_use]
    pub fn shown(&self) -> String {
        match &self.token {
            Token::Word(text) => text.expose().to_owned(),
            Token::Redacted(kind) => {
                let mut tag = kind.to_string();
                tag.extend(self.closing.map(ClosingMark::mark));
                tag
            }
        }
    }
}

impl fmt::Debug for RedactedWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.token {
            Token::Word(_) => write!(f, "Word(speaker {}, {:?})", self.speaker, self.span),
            Token::Redacted(kind) => write!(f, "{kind}(speaker {}, {:?})", self.speaker, self.span),
        }
    }
}

/// What is left after redaction; the only transcript that index, metrics, exports and pages
/// accept. Words, turns and speakers as in [`RawTranscript`], spans say what was removed.
#[derive(Clone, PartialEq)]
pub struct RedactedTranscript {
    speakers: Vec<Speaker>,
    words: Vec<RedactedWord>,
    turns: Vec<Turn>,
    redactions: Vec<RedactionSpan>,
    language: LanguageTag,
    engine: String,
    duration: Millis,
}

impl RedactedTranscript {
    /// Takes parts on trust. Allowed in `analysis::redact`, which removes the secrets, and in
    /// the row decoder of `store`; banned elsewhere by a lint.
    #[must_use]
    pub fn assume_redacted(
        speakers: Vec<Speaker>,
        words: Vec<RedactedWord>,
        turns: Vec<Turn>,
        redactions: Vec<RedactionSpan>,
        language: LanguageTag,
        engine: String,
        duration: Millis,
    ) -> Self {
        Self {
            speakers,
            words,
            turns,
            redactions,
            language,
            engine,
            duration,
        }
    }

    /// Who speaks.
    #[must_use]
    pub fn speakers(&self) -> &[Speaker] {
        &self.speakers
    }

    /// The speaker of a word or turn.
    #[must_use]
    pub fn speaker(&self, index: u8) -> Option<&Speaker> {
        self.speakers.get(usize::from(index))
    }

    /// Every place, ordered by start time, then by speaker.
    #[must_use]
    pub fn words(&self) -> &[RedactedWord] {
        &self.words
    }

    /// Turns in order of their start; word indices point into [`Self::words`].
    #[must_use]
    pub fn turns(&self) -> &[Turn] {
        &self.turns
    }

    /// The words of a turn: its speaker's words from `first` to `last`.
    pub fn turn_words<'a>(&'a self, turn: &'a Turn) -> impl Iterator<Item = &'a RedactedWord> {
        let first = usize::try_from(turn.first.0).unwrap_or(usize::MAX);
        let last = usize::try_from(turn.last.0).unwrap_or(usize::MAX);
        self.words
            .get(first..=last)
            .unwrap_or_default()
            .iter()
            .filter(move |word| word.speaker == turn.speaker)
    }

    /// What was removed. Word indices point into the raw transcript.
    #[must_use]
    pub fn redactions(&self) -> &[RedactionSpan] {
        &self.redactions
    }

    /// Language of the words.
    #[must_use]
    pub const fn language(&self) -> &LanguageTag {
        &self.language
    }

    /// What recognised the words.
    #[must_use]
    pub fn engine(&self) -> &str {
        &self.engine
    }

    /// Length of the interaction.
    #[must_use]
    pub const fn duration(&self) -> Millis {
        self.duration
    }
}

impl fmt::Debug for RedactedTranscript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "RedactedTranscript({} words, {} turns, {} redactions)",
            self.words.len(),
            self.turns.len(),
            self.redactions.len()
        )
    }
}
