//! PCM WAV with nothing but the header and the sound: no tags of the original survive.

use super::Audio;

/// 16-bit PCM WAV with `fmt ` and `data` chunks only.
#[must_use]
pub fn encode_wav(audio: &Audio) -> Vec<u8> {
    let channels = u16::try_from(audio.channels.len()).unwrap_or(u16::MAX);
    let frame = u16::saturating_mul(channels, 2);
    let size = audio.frames().saturating_mul(usize::from(frame));
    // Past 4 GiB the sizes say "to the end", which every reader of streamed files knows.
    let data_size = u32::try_from(size).unwrap_or(u32::MAX);
    let mut out = Vec::with_capacity(size.saturating_add(44));
    out.extend_from_slice(b"RIFF");
    out.extend_from_slice(&data_size.saturating_add(36).to_le_bytes());
    out.extend_from_slice(b"WAVEfmt ");
    out.extend_from_slice(&16u32.to_le_bytes());
    out.extend_from_slice(&1u16.to_le_bytes());
    out.extend_from_slice(&channels.to_le_bytes());
    out.extend_from_slice(&audio.rate.to_le_bytes());
    out.extend_from_slice(&audio.rate.saturating_mul(u32::from(frame)).to_le_bytes());
    out.extend_from_slice(&frame.to_le_bytes());
    out.extend_from_slice(&16u16.to_le_bytes());
    out.extend_from_slice(b"data");
    out.extend_from_slice(&data_size.to_le_bytes());
    for index in 0..audio.frames() {
        for channel in &audio.channels {
            let sample = channel.get(index).copied().unwrap_or(0.0);
            out.extend_from_slice(&stored(sample).to_le_bytes());
        }
    }
    out
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "rounded and clamped to the range of i16 first"
)]
fn stored(sample: f32) -> i16 {
    (sample * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16
}
