//! Sound: encoded bytes to samples, a judgement of the channels, removal of stretches, and the
//! one encoding that leaves. What a file is, its content says, never its name.
//!
//! Limits: whole recordings in memory (bounded by [`Limits`]); no seeking, no live streams.

mod coded;
mod correlate;
mod encode;
mod fault;
mod judge;
mod opus;
mod pcm;
mod remove;
mod resample;
mod sniff;
mod wav;

use std::fmt;

use domain::Millis;

pub use encode::encode_wav;
pub use fault::{AudioFault, AudioWarning};
pub use judge::{ChannelPlan, judge};
pub use remove::{Cut, Fill, remove};
pub use resample::to_16k;

use sniff::Container;

/// What is refused before it costs memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Longest recording.
    pub longest: Millis,
    /// Most channels.
    pub channels: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            longest: Millis(4 * 3_600_000),
            channels: 8,
        }
    }
}

/// A decoded recording.
#[derive(Clone, PartialEq)]
pub struct Audio {
    /// Samples per second.
    pub rate: u32,
    /// Samples from -1 to 1; every channel has the same length.
    pub channels: Vec<Vec<f32>>,
    /// Codec it was stored in, such as `pcm_mulaw`.
    pub codec: String,
    /// What a listener should know.
    pub warnings: Vec<AudioWarning>,
}

impl Audio {
    /// Samples per channel.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.channels.first().map_or(0, Vec::len)
    }

    /// How long it lasts.
    #[must_use]
    pub fn duration(&self) -> Millis {
        length(self.frames(), self.rate)
    }
}

impl fmt::Debug for Audio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Audio({}, {} Hz, {} channels, {:?}, {} warnings)",
            self.codec,
            self.rate,
            self.channels.len(),
            self.duration(),
            self.warnings.len()
        )
    }
}

/// Decodes a recording of any accepted kind: WAV (PCM, float, µ-law, A-law, ADPCM), FLAC, MP3,
/// Ogg Vorbis, Ogg Opus, MP4 with AAC or ALAC, AAC, WebM with Opus or Vorbis.
///
/// A damaged file yields what could be decoded and a warning.
///
/// # Errors
/// [`AudioFault`] where there is nothing to hear or too much of it.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Audio, AudioFault> {
    if bytes.is_empty() {
        return Err(AudioFault::Empty);
    }
    let mut audio = match sniff::container(bytes) {
        Container::Wav => wav::decode(bytes, limits)?,
        Container::Coded(format) => coded::decode(bytes, format, limits)?,
        Container::Unsupported { what, hint } => {
            return Err(AudioFault::Unsupported {
                what: what.to_owned(),
                hint,
            });
        }
        Container::NotAudio(looks_like) => return Err(AudioFault::NotAudio { looks_like }),
    };
    if audio.frames() == 0 {
        return Err(AudioFault::NoSamples { codec: audio.codec });
    }
    let found = judge::warnings(&audio);
    audio.warnings.extend(found);
    Ok(audio)
}

/// Length of a number of frames.
fn length(frames: usize, rate: u32) -> Millis {
    let frames = u64::try_from(frames).unwrap_or(u64::MAX);
    Millis(frames.saturating_mul(1_000) / u64::from(rate.max(1)))
}

/// Stops a decoder before it costs more than the limits allow.
#[derive(Debug, Clone, Copy)]
struct Budget<'a> {
    limits: &'a Limits,
}

impl Budget<'_> {
    /// Samples over all channels that one recording may take: 4 GiB of memory, which is four
    /// hours of stereo at 37 kHz or nine hours of a telephone call with a channel each.
    const SAMPLES: usize = 1 << 30;

    fn shape(self, channels: usize, rate: u32) -> Result<(), AudioFault> {
        if channels == 0 || !(1_000..=768_000).contains(&rate) {
            return Err(AudioFault::Corrupt {
                what: format!("its header claims {channels} channels at {rate} Hz"),
            });
        }
        if channels > usize::from(self.limits.channels) {
            return Err(AudioFault::TooManyChannels {
                channels: u16::try_from(channels).unwrap_or(u16::MAX),
                limit: self.limits.channels,
            });
        }
        Ok(())
    }

    fn frames(self, frames: usize, channels: usize, rate: u32) -> Result<(), AudioFault> {
        let reached = length(frames, rate);
        if reached > self.limits.longest {
            return Err(AudioFault::TooLong {
                length: reached,
                limit: self.limits.longest,
            });
        }
        if frames.saturating_mul(channels) > Self::SAMPLES {
            return Err(AudioFault::TooLarge { length: reached });
        }
        Ok(())
    }
}
