//! The pipeline's stages, in order.

use std::fmt;
use std::str::FromStr;

use crate::{IdError, Purpose};

/// One durable step on an interaction's way; each asks the policy for its own purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Decodes the original and judges its channels.
    Decode,
    /// Turns speech into words; written text into words.
    Transcribe,
    /// Tells speakers apart and maps them to agent and consumer.
    Speakers,
    /// Removes personal data from the words.
    RedactText,
    /// Removes the same words from the sound.
    RedactAudio,
    /// Measures the redacted interaction.
    Measure,
    /// Makes it searchable.
    Index,
}

impl Stage {
    /// Every stage, in running order.
    pub const ALL: &'static [Self] = &[
        Self::Decode,
        Self::Transcribe,
        Self::Speakers,
        Self::RedactText,
        Self::RedactAudio,
        Self::Measure,
        Self::Index,
    ];

    /// Key used in records and messages.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Decode => "decode",
            Self::Transcribe => "transcribe",
            Self::Speakers => "speakers",
            Self::RedactText => "redact_text",
            Self::RedactAudio => "redact_audio",
            Self::Measure => "measure",
            Self::Index => "index",
        }
    }

    /// What the stage opens personal data for.
    #[must_use]
    pub const fn purpose(self) -> Purpose {
        match self {
            Self::Decode => Purpose::Storage,
            Self::Transcribe | Self::Speakers => Purpose::Transcription,
            Self::RedactText | Self::RedactAudio => Purpose::Redaction,
            Self::Measure | Self::Index => Purpose::Analysis,
        }
    }

    /// The stage after this one.
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::Decode => Some(Self::Transcribe),
            Self::Transcribe => Some(Self::Speakers),
            Self::Speakers => Some(Self::RedactText),
            Self::RedactText => Some(Self::RedactAudio),
            Self::RedactAudio => Some(Self::Measure),
            Self::Measure => Some(Self::Index),
            Self::Index => None,
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl FromStr for Stage {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::ALL
            .iter()
            .copied()
            .find(|stage| stage.key() == text)
            .ok_or(IdError::Name("unknown pipeline stage"))
    }
}
