//! The shape of the redacted sound, for drawing. The sound before redaction has no way here.

use domain::{InteractionId, Millis};
use policy::Scope;

use crate::app::App;
use crate::error::AppError;

/// Loudest samples of equal stretches, per channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Peaks {
    /// Length of the sound.
    pub duration: Millis,
    /// Per channel, per stretch: the loudest sample, 0 to 1.
    pub channels: Vec<Vec<f32>>,
}

impl App {
    /// Peaks of an interaction's redacted audio in `stretches` equal parts.
    ///
    /// # Errors
    /// [`AppError::Denied`]; [`AppError::Withheld`] where there is no redacted audio.
    pub async fn peaks(
        &self,
        scope: &Scope,
        id: InteractionId,
        stretches: usize,
    ) -> Result<Peaks, AppError> {
        let length = self.audio_length(scope, id).await?;
        let wav = self.audio_range(scope, id, 0..length).await?;
        tokio::task::spawn_blocking(move || peaks(&wav, stretches))
            .await
            .map_err(|_| AppError::Stopped)?
            .ok_or(AppError::Withheld(domain::Withheld::NotReady))
    }
}

/// Reads a WAV file of 16-bit samples, as the pipeline writes it; nothing of any other.
fn peaks(wav: &[u8], stretches: usize) -> Option<Peaks> {
    let number = |at: usize, size: usize| -> Option<u64> {
        let bytes = wav.get(at..at.checked_add(size)?)?;
        let number = bytes
            .iter()
            .rev()
            .fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
        Some(number)
    };
    if wav.get(..4)? != b"RIFF" || wav.get(8..12)? != b"WAVE" {
        return None;
    }
    let (mut at, mut form) = (12usize, None);
    loop {
        let name = wav.get(at..at.checked_add(4)?)?;
        let size = usize::try_from(number(at + 4, 4)?).ok()?;
        let body = at + 8;
        if name == b"fmt " {
            let channels = usize::try_from(number(body + 2, 2)?).ok()?;
            form = Some((channels, number(body + 4, 4)?, number(body + 14, 2)?));
        }
        if name == b"data" {
            let (channels, rate, bits) = form?;
            let end = body.saturating_add(size).min(wav.len());
            let samples = wav.get(body..end)?;
            return (bits == 16).then(|| loudest(samples, channels, rate, stretches))?;
        }
        at = body.checked_add(size)?.checked_add(size & 1)?;
    }
}

fn loudest(samples: &[u8], channels: usize, rate: u64, stretches: usize) -> Option<Peaks> {
    let frame = channels.checked_mul(2).filter(|size| *size > 0)?;
    let frames = samples.len() / frame;
    let per = frames.div_ceil(stretches.max(1)).max(1);
    let mut peaks = vec![Vec::with_capacity(stretches); channels];
    for stretch in samples.chunks(per.checked_mul(frame)?) {
        for (channel, found) in peaks.iter_mut().enumerate() {
            let loudest = stretch
                .chunks_exact(frame)
                .filter_map(|frame| {
                    let bytes = frame.get(channel * 2..channel * 2 + 2)?;
                    Some(i16::from_le_bytes(bytes.try_into().ok()?).unsigned_abs())
                })
                .max()
                .unwrap_or(0);
            found.push(f32::from(loudest) / 32_768.0);
        }
    }
    let millis = u64::try_from(frames).ok()?.saturating_mul(1_000);
    Some(Peaks {
        duration: Millis(millis.checked_div(rate)?),
        channels: peaks,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wav(channels: u16, samples: &[i16]) -> Vec<u8> {
        let mut bytes = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0".to_vec();
        bytes.extend(channels.to_le_bytes());
        bytes.extend(1_000u32.to_le_bytes());
        bytes.extend([0; 6]);
        bytes.extend(16u16.to_le_bytes());
        bytes.extend(b"data");
        bytes.extend(u32::try_from(samples.len() * 2).unwrap().to_le_bytes());
        bytes.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
        bytes
    }

    #[test]
    fn each_channel_has_the_loudest_sample_of_each_stretch() {
        let sound = wav(2, &[100, 0, -16_384, 0, 0, 8_192, 0, -32_768]);
        let found = peaks(&sound, 2).unwrap();
        assert_eq!(found.duration, Millis(4));
        assert_eq!(found.channels, [vec![0.5, 0.0], vec![0.0, 1.0]]);
    }

    #[test]
    fn what_is_no_wav_has_no_peaks() {
        let whole = wav(1, &[1, 2, 3]);
        for end in 0..40 {
            assert_eq!(peaks(&whole[..end], 4), None, "{end}");
        }
        assert_eq!(peaks(b"OggS", 4), None);
        assert!(peaks(&wav(1, &[]), 4).unwrap().channels[0].is_empty());
    }
}
