//! What was found out about an interaction's recording, without its content.

use std::fmt;
use std::str::FromStr;

use crate::{IdError, Millis};

/// How the channels of a recording are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChannelUse {
    /// A channel is a speaker.
    Separate,
    /// One track with several voices: mono, or the same sound on every channel.
    Mixed,
    /// No channel carries sound.
    Silent,
}

impl ChannelUse {
    /// Key used in records and exports.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Separate => "separate",
            Self::Mixed => "mixed",
            Self::Silent => "silent",
        }
    }
}

impl FromStr for ChannelUse {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        match text {
            "separate" => Ok(Self::Separate),
            "mixed" => Ok(Self::Mixed),
            "silent" => Ok(Self::Silent),
            _ => Err(IdError::Name("expected `separate`, `mixed` or `silent`")),
        }
    }
}

/// Report on one decoded recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoundReport {
    /// Codec as decoded, such as `pcm_mulaw`.
    pub codec: String,
    /// Samples per second as stored.
    pub rate: u32,
    /// Number of channels as stored.
    pub channels: u16,
    /// Length of the sound.
    pub duration: Millis,
    /// How the channels are used.
    pub channel_use: ChannelUse,
    /// Channels that carry a voice, from 0.
    pub live: Vec<u16>,
    /// What a listener should know (truncated, dual mono, silent channel), as plain sentences
    /// without personal data.
    pub warnings: Vec<String>,
}

impl fmt::Display for SoundReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} Hz, {} channel(s), {}, {}",
            self.codec,
            self.rate,
            self.channels,
            self.channel_use.key(),
            self.duration
        )
    }
}
