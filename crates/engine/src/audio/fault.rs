//! Why a recording was refused, and what is wrong with one that was not. No personal data.

use std::fmt;

use domain::Millis;

/// Why bytes are no usable recording.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AudioFault {
    /// Nothing at all.
    #[error("the file is empty (0 bytes); hint: export the recording again")]
    Empty,
    /// A header without sound.
    #[error(
        "the `{codec}` recording has a header but no sound; hint: the recorder was started and \
         never fed, look for the call's other file"
    )]
    NoSamples {
        /// Codec that the header names.
        codec: String,
    },
    /// Cut off before anything could be decoded.
    #[error("the file is cut off {at}; hint: transfer it again and compare the sizes")]
    Truncated {
        /// Where, as in `inside its header`.
        at: &'static str,
    },
    /// Longer than the setting allows.
    #[error(
        "the recording lasts at least {length}, more than the limit of {limit}; hint: split it or \
         raise `longest_recording_minutes`"
    )]
    TooLong {
        /// Decoded so far, or claimed by exact headers.
        length: Millis,
        /// The setting.
        limit: Millis,
    },
    /// Within the length but too many samples for memory.
    #[error(
        "the recording holds more samples than memory is set aside for (reached at {length}); \
         hint: resample it to 16 kHz"
    )]
    TooLarge {
        /// Decoded so far.
        length: Millis,
    },
    /// More channels than the setting allows.
    #[error(
        "the recording has {channels} channels, more than the limit of {limit}; hint: hand in the \
         parties' channels only"
    )]
    TooManyChannels {
        /// As stored.
        channels: u16,
        /// The setting.
        limit: u16,
    },
    /// Sound in a form that is not decoded here.
    #[error("the recording is {what}, which is not supported; hint: {hint}")]
    Unsupported {
        /// What it is.
        what: String,
        /// What to do.
        hint: &'static str,
    },
    /// No sound at all.
    #[error(
        "the file is no recording, it looks like {looks_like}; hint: hand in WAV, FLAC, MP3, Ogg, \
         MP4 or WebM"
    )]
    NotAudio {
        /// What its first bytes say.
        looks_like: &'static str,
    },
    /// Known by its first bytes, unusable after them.
    #[error("the recording is damaged: {what}; hint: export it again from its source")]
    Corrupt {
        /// What does not fit.
        what: String,
    },
    /// The resampler refused.
    #[error("the recording could not be resampled from {rate} Hz to 16000 Hz")]
    Resample {
        /// Rate as stored.
        rate: u32,
    },
}

impl AudioFault {
    /// A short stable key for records and counts.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NoSamples { .. } => "no_samples",
            Self::Truncated { .. } => "truncated",
            Self::TooLong { .. } => "too_long",
            Self::TooLarge { .. } => "too_large",
            Self::TooManyChannels { .. } => "too_many_channels",
            Self::Unsupported { .. } => "unsupported",
            Self::NotAudio { .. } => "not_audio",
            Self::Corrupt { .. } => "corrupt",
            Self::Resample { .. } => "resample",
        }
    }
}

/// What is wrong with a recording that can still be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AudioWarning {
    /// The file ends before its header says.
    Truncated {
        /// Length of what is there.
        at: Millis,
    },
    /// Packets in between could not be decoded.
    Damaged {
        /// How many.
        packets: u32,
    },
    /// The channels carry the same sound: one track, not a speaker per channel.
    DualMono,
    /// A channel carries no sound.
    SilentChannel {
        /// Which, from 0.
        channel: u16,
    },
    /// No channel carries sound.
    AllSilent,
    /// Sound at full scale for long: the level was too high when it was recorded.
    Clipped {
        /// Which channel, from 0.
        channel: u16,
    },
}

impl fmt::Display for AudioWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated { at } => write!(f, "cut off at {at}: the header claims more"),
            Self::Damaged { packets } => write!(f, "{packets} damaged packets were left out"),
            Self::DualMono => f.write_str(
                "the channels carry the same sound: speakers are told apart by their voices",
            ),
            Self::SilentChannel { channel } => write!(f, "channel {channel} is silent"),
            Self::AllSilent => f.write_str("no channel carries sound"),
            Self::Clipped { channel } => write!(f, "channel {channel} is clipped"),
        }
    }
}
