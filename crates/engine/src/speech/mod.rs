//! Speech to words: engines behind one contract, chosen by configuration.
//!
//! Every engine takes 16 kHz mono samples and gives words in order with times from the start of
//! the samples. An engine knows nothing of speakers: callers hand in one channel after the other.

mod ct2;
mod guards;
mod mel;
mod moonshine;
mod pack;
mod vocabulary;
mod whisper;
mod words;

use std::path::Path;
use std::str::FromStr;

use domain::{Confidence, LanguageTag, Secret, Span};

use crate::EngineError;

pub use words::longest_said;

/// One recognised word.
#[derive(Debug, Clone, PartialEq)]
pub struct RecognisedWord {
    /// Text with its punctuation.
    pub text: Secret,
    /// From the start of the samples.
    pub span: Span,
    /// Mean probability of its tokens; an engine without word times halves it.
    pub confidence: Confidence,
}

/// What was recognised in some samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Recognised {
    /// Words in order; spans have length and do not overlap.
    pub words: Vec<RecognisedWord>,
    /// Language of the words, detected once for all samples where the model knows several.
    pub language: LanguageTag,
    /// Where somebody speaks, in order, without overlap; words may be missing in it.
    pub speech: Vec<Span>,
}

/// A speech engine. One instance is one worker: it uses the calling thread alone and keeps its
/// buffers; run one per core.
pub trait Recogniser: Send {
    /// The key of the model, as stored beside a transcript.
    fn name(&self) -> &str;

    /// Recognises the words of 16 kHz mono samples from -1 to 1.
    ///
    /// The same samples give the same words. Samples without speech give no words. Word spans
    /// lie within the samples.
    ///
    /// # Errors
    /// [`EngineError`] where the model fails; nothing was kept of the samples.
    fn transcribe(&mut self, pcm16k: &[f32]) -> Result<Recognised, EngineError>;
}

/// The engines that can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EngineChoice {
    /// Whisper tiny.en: English, the default.
    WhisperTinyEn,
    /// Whisper base: 99 languages, about half as fast.
    WhisperBase,
    /// Moonshine tiny: English, the quickest; its word times are estimates.
    MoonshineTinyEn,
}

impl EngineChoice {
    /// All of them.
    pub const ALL: [Self; 3] = [
        Self::WhisperTinyEn,
        Self::WhisperBase,
        Self::MoonshineTinyEn,
    ];

    /// Key in the configuration, and the model's folder.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::WhisperTinyEn => "whisper-tiny.en",
            Self::WhisperBase => "whisper-base",
            Self::MoonshineTinyEn => "moonshine-tiny.en",
        }
    }
}

impl FromStr for EngineChoice {
    type Err = EngineError;

    fn from_str(text: &str) -> Result<Self, EngineError> {
        Self::ALL
            .into_iter()
            .find(|choice| choice.key() == text)
            .ok_or_else(|| EngineError::UnknownEngine {
                key: text.to_owned(),
            })
    }
}

/// Loads an engine from a models folder: the model in the folder of its key, the libraries in
/// `lib`.
///
/// # Errors
/// [`EngineError`] naming the file that is missing or refused.
pub fn load(choice: EngineChoice, models: &Path) -> Result<Box<dyn Recogniser>, EngineError> {
    Ok(match choice {
        EngineChoice::WhisperTinyEn | EngineChoice::WhisperBase => {
            Box::new(whisper::Whisper::load(choice, models)?)
        }
        EngineChoice::MoonshineTinyEn => Box::new(moonshine::Moonshine::load(models)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_name_their_engines() {
        for choice in EngineChoice::ALL {
            assert_eq!(choice.key().parse::<EngineChoice>().unwrap(), choice);
        }
        let message = "whisper-huge"
            .parse::<EngineChoice>()
            .unwrap_err()
            .to_string();
        assert!(message.contains("`whisper-huge`"), "{message}");
    }
}
