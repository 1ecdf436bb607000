//! Removes personal and card data from transcripts and texts.
//!
//! Words become one stream of normalised tokens ([`tokens`]), detectors mark spans in it
//! ([`detect`]), overlaps are merged ([`merge`]) and placeholders take the words' places
//! ([`output`]). Pure; names that a model found come in from outside. Limits: English; a secret
//! that is neither announced nor of a telling shape stays (five digits and fewer, a password in
//! plain words, a name that no rule or model knows).

mod cues;
mod detect;
mod gate;
mod merge;
mod operate;
mod original;
mod output;
mod profile;
mod scan;
pub mod special;
mod tokens;
mod words;

use domain::{
    Confidence, DetectorId, EntityKind, RawTranscript, RedactedTranscript, RedactionSpan,
};

pub use gate::{Question, questions};
pub use original::{is_authentication_data, without};
pub use output::TextSpan;
pub use profile::{
    CustomPattern, KeyedHash, Locale, Operator, PatternError, Profile, Surrogates, demands,
};

use merge::Removed;
use scan::Hit;
use words::Words;

/// Number of the rules as a whole: raised with every change that finds more, less or otherwise,
/// so that what was redacted before can be told and redacted again.
pub const RULES: u32 = 6;

/// What a name model found in the text of one turn.
#[derive(Debug, Clone, PartialEq)]
pub struct NameSpan {
    /// Index into [`turn_texts`].
    pub turn: usize,
    /// First byte in that text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// What it is.
    pub kind: EntityKind,
    /// How sure the model is.
    pub confidence: Confidence,
    /// The model.
    pub detector: DetectorId,
}

/// The turns' texts in reading order, as a name model gets them. Words that no turn covers
/// follow as turns of their own.
#[must_use]
pub fn turn_texts(raw: &RawTranscript) -> Vec<String> {
    Words::of_transcript(raw)
        .texts()
        .into_iter()
        .map(|(_, text)| text)
        .collect()
}

/// The transcript without what the profile removes.
#[must_use]
pub fn redact(raw: &RawTranscript, names: &[NameSpan], profile: &Profile) -> RedactedTranscript {
    let words = Words::of_transcript(raw);
    let removed = removed(&words, names, profile);
    output::transcript(raw, &words, &removed, profile)
}

/// What [`redact`] removes, without removing it.
#[must_use]
pub fn spans(raw: &RawTranscript, names: &[NameSpan], profile: &Profile) -> Vec<RedactionSpan> {
    let words = Words::of_transcript(raw);
    let removed = removed(&words, names, profile);
    output::spans(raw, &words, &removed, profile)
}

/// A single text (subject line, metadata value, search box, log line) with tags such as
/// `[CARD]` in the places of what was removed.
#[must_use]
pub fn redact_text(text: &str, profile: &Profile) -> (String, Vec<TextSpan>) {
    let words = Words::of_text(text);
    let removed = merge::removed(&words, Vec::new(), profile);
    output::text(text, &words, &removed, profile)
}

/// The digit runs of a text as the detectors see them, spoken digits as digits.
#[must_use]
pub fn digit_runs(text: &str) -> Vec<String> {
    let words = Words::of_text(text);
    let taken = vec![None; words.items.len()];
    let stream = tokens::Stream::of_words(&words, &taken);
    let runs = tokens::runs::find(&stream);
    runs.into_iter().map(|run| run.digits).collect()
}

fn removed(words: &Words<'_>, names: &[NameSpan], profile: &Profile) -> Vec<Removed> {
    let texts = words.texts();
    let hits = names.iter().filter_map(|name| {
        let (position, _) = texts.get(name.turn)?;
        let (first, last) = words.touched(*position, name.start, name.end)?;
        Some(Hit {
            first,
            last,
            kind: name.kind,
            detector: name.detector.0.clone().into(),
            confidence: name.confidence.get(),
        })
    });
    merge::removed(words, hits.collect(), profile)
}

#[cfg(test)]
mod tests;
