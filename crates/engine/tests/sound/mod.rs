//! Sound made and measured for tests.

#![expect(
    dead_code,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "shared by several test programs; sizes are small"
)]

use engine::audio::Audio;

pub(crate) fn frames(rate: u32, millis: u32) -> usize {
    usize::try_from(rate * millis / 1_000).unwrap()
}

pub(crate) fn sine(hertz: f32, rate: u32, length: usize) -> Vec<f32> {
    let step = hertz / rate as f32;
    (0..length)
        .map(|n| 0.5 * ((n as f32 * step).fract() * std::f32::consts::TAU).sin())
        .collect()
}

pub(crate) fn recording(rate: u32, channels: Vec<Vec<f32>>) -> Audio {
    Audio {
        rate,
        channels,
        codec: "pcm_s16le".to_owned(),
        warnings: Vec::new(),
    }
}

/// Frequency by zero crossings upwards, over the middle half.
pub(crate) fn pitch(samples: &[f32], rate: u32) -> f32 {
    let middle = &samples[samples.len() / 4..samples.len() * 3 / 4];
    let crossings = middle
        .windows(2)
        .filter(|w| w[0] < 0.0 && w[1] >= 0.0)
        .count();
    crossings as f32 * rate as f32 / middle.len() as f32
}

/// Noise of a voice's kind that repeats with the seed: bursts of a buzz through a wandering
/// filter, with pauses.
pub(crate) fn voice(seed: u64, rate: u32, seconds: u32) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1u64 << 24) as f32
    };
    let mut out = Vec::new();
    let length = frames(rate, seconds * 1_000);
    while out.len() < length {
        let (pitch, colour, noise) = (90.0 + 160.0 * next(), 0.5 + 0.45 * next(), next() * 0.4);
        let burst = frames(rate, 60 + (next() * 250.0) as u32);
        let mut low = 0.0;
        let mut phase = 0.0f32;
        for n in 0..burst {
            phase = (phase + pitch / rate as f32).fract();
            let excitation = if phase < 0.1 { 1.0 } else { -0.11 } + noise * (next() - 0.5);
            low = colour * low + (1.0 - colour) * excitation;
            let edge = (n.min(burst - n) as f32 / (burst as f32 / 8.0)).min(1.0);
            out.push(low * edge * 0.8);
        }
        if next() < 0.3 {
            out.resize(out.len() + frames(rate, 80 + (next() * 400.0) as u32), 0.0);
        }
    }
    out.truncate(length);
    out
}

pub(crate) fn mix(a: &[f32], b: &[f32], gain: f32, delay: usize) -> Vec<f32> {
    a.iter()
        .enumerate()
        .map(|(n, x)| {
            x + n
                .checked_sub(delay)
                .and_then(|n| b.get(n))
                .map_or(0.0, |y| y * gain)
        })
        .collect()
}
