//! The pipeline's stages, in order.

use std::fmt;
use std::str::FromStr;

use crate::{Channel, IdError, Purpose};

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

    /// The first stage of what came on a channel.
    #[must_use]
    pub fn first_on(channel: Channel) -> Self {
        let first = Self::ALL.iter().find(|stage| stage.on(channel));
        first.copied().unwrap_or(Self::Decode)
    }

    /// The stage after this one of what came on a channel. What was written has no sound: a stage
    /// that would only look for it opens nothing.
    #[must_use]
    pub fn next_on(self, channel: Channel) -> Option<Self> {
        let mut next = self.next()?;
        while !next.on(channel) {
            next = next.next()?;
        }
        Some(next)
    }

    /// Stages that what came on a channel has before it, this one among them.
    #[must_use]
    pub fn left_on(self, channel: Channel) -> u64 {
        let mut left = 1;
        let mut stage = self;
        while let Some(next) = stage.next_on(channel) {
            left += 1;
            stage = next;
        }
        left
    }

    const fn on(self, channel: Channel) -> bool {
        match self {
            Self::Decode | Self::Speakers | Self::RedactAudio => {
                matches!(channel, Channel::Voice)
            }
            _ => true,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_passes_by_the_stages_for_sound() {
        let mut way = vec![Stage::first_on(Channel::Chat)];
        while let Some(next) = way.last().and_then(|stage| stage.next_on(Channel::Chat)) {
            way.push(next);
        }
        assert_eq!(
            way,
            [
                Stage::Transcribe,
                Stage::RedactText,
                Stage::Measure,
                Stage::Index
            ]
        );
        assert_eq!(Stage::Transcribe.left_on(Channel::Email), 4);
        assert_eq!(
            Stage::first_on(Channel::Voice).left_on(Channel::Voice),
            u64::try_from(Stage::ALL.len()).unwrap_or(0)
        );
    }
}
