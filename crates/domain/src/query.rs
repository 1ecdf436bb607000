//! The query tree of the search language, and the streams of hashed words it is matched on.
//!
//! A tree is made by `analysis::search::parse` and means what the language's page says. A word
//! stream holds no text: each word is a keyed hash, so a match can be decided by whoever holds
//! the stream and the hashes of the query's words, and by nobody else.

use std::collections::BTreeMap;
use std::fmt;

use crate::{Millis, RedactedTranscript, Span, SpeakerLabel, Timestamp, WordIndex};

pub use crate::nearby::{Apart, Nearby, Opening, Said, Unbroken};

/// Keyed hash of one normalised word, made by `store` with the tenant's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId(pub u64);

/// One normalised word of an interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamWord {
    /// Its hash.
    pub token: TokenId,
    /// Whose it is.
    pub speaker: SpeakerLabel,
    /// Start and end, offsets from the interaction's start.
    pub span: Span,
    /// Its place in the redacted transcript.
    pub word: WordIndex,
    /// The place of its end: later than `word` where a spoken number took several words.
    pub last: WordIndex,
}

/// The words of an interaction in order of start, with the facts that fields ask for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WordStream {
    /// Ordered by start time, then as in the transcript.
    pub words: Vec<StreamWord>,
    /// Length of the interaction.
    pub duration: Millis,
    /// Facts and numbers by field name.
    pub fields: Fields,
    /// The turns that mean about the same as examples, where somebody compared them; nothing of
    /// it is stored.
    pub alike: Vec<(Similar, Vec<AlikeTurn>)>,
}

/// Example phrases, and how like to one of them a turn must be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Similar {
    /// The phrases, at least one.
    pub phrases: Vec<String>,
    /// A turn counts from here on.
    pub at_least: Likeness,
}

/// Cosine of the vectors of two texts, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Likeness(u16);

impl Likeness {
    /// Of a cosine; what is below 0 is 0.
    #[must_use]
    pub fn of(cosine: f32) -> Self {
        let wanted = (cosine.clamp(0.0, 1.0) * 1_000.0).round();
        let fits = (0..=1_000u16).find(|whole| f32::from(*whole) >= wanted);
        Self(fits.unwrap_or(1_000))
    }

    /// Of thousandths; none above 1,000.
    #[must_use]
    pub fn from_thousandths(thousandths: u16) -> Option<Self> {
        (thousandths <= 1_000).then_some(Self(thousandths))
    }

    /// In thousandths.
    #[must_use]
    pub const fn thousandths(self) -> u16 {
        self.0
    }
}

/// `0.64`; with a third decimal where there is one.
impl fmt::Display for Likeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = if self.0.is_multiple_of(10) { 2 } else { 3 };
        write!(f, "{:.decimals$}", f32::from(self.0) / 1_000.0)
    }
}

/// A turn that is like enough to an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlikeTurn {
    /// Its first word, by place in the redacted transcript.
    pub first: WordIndex,
    /// Its last word.
    pub last: WordIndex,
    /// From when to when.
    pub span: Span,
    /// To the example that is nearest.
    pub likeness: Likeness,
}

/// One normalised word with its text, on its way into the index.
#[derive(Clone, PartialEq, Eq)]
pub struct IndexWord {
    /// Text as compared; a removed span is its tag in lower case and brackets, as in `[card]`.
    pub text: String,
    /// Whose it is.
    pub speaker: SpeakerLabel,
    /// Start and end.
    pub span: Span,
    /// Its place in the redacted transcript.
    pub word: WordIndex,
    /// The place of its end.
    pub last: WordIndex,
}

impl fmt::Debug for IndexWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IndexWord({}, {:?})", self.speaker, self.span)
    }
}

/// Normalised words of a redacted transcript. There is no way to make one of a raw transcript,
/// so none can be indexed.
#[derive(Clone, PartialEq, Eq)]
pub struct IndexText {
    words: Vec<IndexWord>,
    duration: Millis,
}

impl IndexText {
    /// Lets `normalise` turn the transcript into words (`analysis::search::index_text` does) and
    /// puts them in order of start.
    #[must_use]
    pub fn new(
        transcript: &RedactedTranscript,
        normalise: impl FnOnce(&RedactedTranscript) -> Vec<IndexWord>,
    ) -> Self {
        let mut words = normalise(transcript);
        words.sort_by_key(|word| (word.span.start(), word.word));
        Self {
            words,
            duration: transcript.duration(),
        }
    }

    /// In order of start.
    #[must_use]
    pub fn words(&self) -> &[IndexWord] {
        &self.words
    }

    /// Length of the interaction.
    #[must_use]
    pub const fn duration(&self) -> Millis {
        self.duration
    }

    /// The stream to match on, each word hashed by `token`.
    #[must_use]
    pub fn stream(&self, fields: Fields, mut token: impl FnMut(&str) -> TokenId) -> WordStream {
        let words = self
            .words
            .iter()
            .map(|word| StreamWord {
                token: token(&word.text),
                speaker: word.speaker,
                span: word.span,
                word: word.word,
                last: word.last,
            })
            .collect();
        WordStream {
            words,
            duration: self.duration,
            fields,
            alike: Vec::new(),
        }
    }
}

impl fmt::Debug for IndexText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IndexText({} words)", self.words.len())
    }
}

/// What a field holds.
#[derive(Clone, PartialEq)]
pub enum FieldValue {
    /// A word or name, compared without regard to case.
    Text(String),
    /// A number: seconds for durations, 0 to 1 for shares.
    Number(f64),
    /// A moment.
    Instant(Timestamp),
}

impl fmt::Debug for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Number(number) => write!(f, "Number({number})"),
            Self::Instant(instant) => write!(f, "{instant:?}"),
        }
    }
}

/// Field values of one interaction; a field may hold several, as tags do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fields(BTreeMap<String, Vec<FieldValue>>);

impl Fields {
    /// Adds a value.
    pub fn insert(&mut self, name: impl Into<String>, value: FieldValue) {
        self.0.entry(name.into()).or_default().push(value);
    }

    /// Adds a text.
    pub fn text(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.insert(name, FieldValue::Text(value.into()));
    }

    /// Adds a number: seconds for durations, 0 to 1 for shares.
    pub fn number(&mut self, name: impl Into<String>, value: f64) {
        self.insert(name, FieldValue::Number(value));
    }

    /// Adds a moment.
    pub fn instant(&mut self, name: impl Into<String>, value: Timestamp) {
        self.insert(name, FieldValue::Instant(value));
    }

    /// The values of a field; none where it is absent.
    #[must_use]
    pub fn get(&self, name: &str) -> &[FieldValue] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// Every field with its values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[FieldValue])> {
        self.0
            .iter()
            .map(|(name, values)| (name.as_str(), values.as_slice()))
    }
}

/// Where a part of a query stands in its text: characters from 1, the end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// Column of the first character.
    pub start: u32,
    /// Column after the last character.
    pub end: u32,
}

/// A query or a part of one. Two are equal when they mean the same by their shape; where they
/// stood in a text does not count.
#[derive(Debug, Clone)]
pub struct Query {
    /// What is asked.
    pub node: Node,
    /// Where it was written.
    pub place: Place,
}

impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

/// A kind of query.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// At least one part holds.
    Or(Vec<Query>),
    /// All parts hold, anywhere in the interaction.
    And(Vec<Query>),
    /// The part does not hold.
    Not(Box<Query>),
    /// Words that follow each other in one speaker's own order; a single word is a phrase of one.
    Phrase {
        /// The words in order, at least one.
        words: Vec<WordTest>,
        /// How many other words of the speaker may stand between them, in all.
        gap: u32,
    },
    /// One of a list.
    AnyOf(Vec<Query>),
    /// Two parts that stand to each other in time or words.
    Relation(Box<Relation>),
    /// Matches of the first part that lie inside no match of the second.
    NotIn(Box<Query>, Box<Query>),
    /// The part, among one speaker's words.
    Speaker(SpeakerLabel, Box<Query>),
    /// The part, among words near an end of the interaction.
    Edge(Edge, Reach, Box<Query>),
    /// Another query by name. `body` is absent until the reference is followed.
    Category {
        /// Folder and name, as in `Retention.Cancel intent`.
        name: String,
        /// What it stands for.
        body: Option<Box<Query>>,
    },
    /// A fact about the interaction.
    Field {
        /// Name in lower case.
        name: String,
        /// What must be true of it.
        test: FieldTest,
    },
    /// A turn that means about the same as an example. Only a category's component asks this.
    Similar(Similar),
}

/// What a place of a phrase takes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WordTest {
    /// One normalised word, or a placeholder as in `[card]`.
    Exact(String),
    /// A word and its inflections.
    Inflected(String),
    /// `*` for any letters, `?` for one.
    Wildcard(String),
    /// A regular expression over the whole normalised word.
    Regex(String),
}

/// Two parts and how they must stand to each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// First part.
    pub left: Query,
    /// Which order.
    pub order: Order,
    /// Matches of the first part without a second in reach.
    pub negated: bool,
    /// How far at most.
    pub amount: Amount,
    /// Second part.
    pub right: Query,
}

/// Order of two related parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Either.
    Near,
    /// First part first.
    Before,
    /// Second part first.
    After,
}

/// A distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// Time between the end of one and the start of the other.
    Time(Millis),
    /// Words of anyone strictly between.
    Words(u32),
}

/// An end of the interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// The start.
    First,
    /// The end.
    Last,
}

/// How far an edge reaches into the interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Time or words.
    Amount(Amount),
    /// Thousandths of the interaction's duration, so 10 % is 100.
    Share(u32),
}

/// What must be true of a field. Of several values, one that passes is enough.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldTest {
    /// `:` and `=`: equal.
    Is(FieldValue),
    /// `!=`: no value is equal; true where the field is absent.
    IsNot(FieldValue),
    /// `>`.
    Above(FieldValue),
    /// `>=`.
    AtLeast(FieldValue),
    /// `<`.
    Below(FieldValue),
    /// `<=`.
    AtMost(FieldValue),
    /// `low..high`, both ends included; for moments, the end is excluded.
    Within(FieldValue, FieldValue),
    /// A moment not inside `low..high`.
    Outside(FieldValue, FieldValue),
}

/// Words that made a match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// First word of the match, by place in the redacted transcript.
    pub first: WordIndex,
    /// Last word.
    pub last: WordIndex,
    /// From the earliest start to the latest end.
    pub span: Span,
    /// The words of each part, in order of start; one part per phrase, two for `NEAR`.
    pub parts: Vec<EvidencePart>,
}

impl Evidence {
    /// Whose words, each once, in order of start.
    #[must_use]
    pub fn speakers(&self) -> Vec<SpeakerLabel> {
        let mut speakers = Vec::new();
        for part in &self.parts {
            if !speakers.contains(&part.speaker) {
                speakers.push(part.speaker);
            }
        }
        speakers
    }
}

/// One speaker's words that matched one phrase of the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EvidencePart {
    /// First word.
    pub first: WordIndex,
    /// Last word.
    pub last: WordIndex,
    /// Whose.
    pub speaker: SpeakerLabel,
    /// From when to when.
    pub span: Span,
    /// The part of the query that matched.
    pub place: Place,
    /// How like an example it is, where that made it match.
    pub likeness: Option<Likeness>,
}
