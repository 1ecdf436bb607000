//! Synthetic voices of this machine: `espeak-ng`, where it is installed. Nothing leaves the
//! machine, and the audit says so where there is no voice.

use std::path::Path;
use std::process::Command;

use engine::audio::{self, Audio, Limits};

use crate::error::AppError;

/// The program.
const PROGRAM: &str = "espeak-ng";
/// Silence between two turns, in milliseconds.
const PAUSE: u32 = 500;
/// Voices of agents and of consumers, with their words per minute.
const AGENTS: &[(&str, &str)] = &[
    ("en-us+f3", "150"),
    ("en-gb+f2", "145"),
    ("en-us+m1", "150"),
];
const CONSUMERS: &[(&str, &str)] = &[
    ("en-us+m3", "140"),
    ("en-gb+m2", "145"),
    ("en-us+f4", "150"),
    ("en-gb+f5", "135"),
];

/// How a spoken conversation is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// Two channels as the voices come.
    Clean,
    /// One channel of a telephone: 8 kHz, µ-law.
    Telephone,
}

impl Line {
    pub(super) const ALL: [Self; 2] = [Self::Clean, Self::Telephone];

    pub(super) const fn form(self) -> &'static str {
        match self {
            Self::Clean => "spoken",
            Self::Telephone => "spoken 8 kHz",
        }
    }
}

/// Whether there is a voice.
pub(super) fn is_here() -> bool {
    let asked = Command::new(PROGRAM).arg("--version").output();
    asked.is_ok_and(|output| output.status.success())
}

/// The recording of a conversation, read by two voices that `number` picks.
pub(super) fn record(
    lines: &[(u8, String)],
    number: usize,
    line: Line,
    folder: &Path,
) -> Result<Vec<u8>, AppError> {
    let mut rate = 22_050;
    let mut channels = [Vec::new(), Vec::new()];
    for (who, text) in lines {
        let voices = if *who == 0 { AGENTS } else { CONSUMERS };
        let Some((voice, speed)) = voices.get(number % voices.len()) else {
            continue;
        };
        let path = folder.join("turn.wav");
        let said = say(voice, speed, text, &path)?;
        rate = said.rate;
        let samples = said.channels.into_iter().next().unwrap_or_default();
        let pause = pause(rate);
        let [agent, consumer] = &mut channels;
        let (speaks, is_silent) = if *who == 0 {
            (agent, consumer)
        } else {
            (consumer, agent)
        };
        is_silent.resize(is_silent.len() + samples.len() + pause, 0.0);
        speaks.extend(samples);
        speaks.resize(is_silent.len(), 0.0);
    }
    Ok(match line {
        Line::Clean => audio::encode_wav(&Audio {
            rate,
            channels: channels.into(),
            codec: String::new(),
            warnings: Vec::new(),
        }),
        Line::Telephone => {
            let [agent, consumer] = channels;
            let mixed: Vec<f32> = agent.iter().zip(&consumer).map(|(a, b)| a + b).collect();
            let wide = audio::to_16k(&mixed, rate)?;
            telephone(&halved(&wide))
        }
    })
}

fn pause(rate: u32) -> usize {
    usize::try_from(rate / 1_000 * PAUSE).unwrap_or(0)
}

fn say(voice: &str, speed: &str, text: &str, path: &Path) -> Result<Audio, AppError> {
    let spoken = Command::new(PROGRAM)
        .args(["-v", voice, "-s", speed, "-g", "4", "-w"])
        .arg(path)
        .arg("--")
        .arg(text)
        .output()
        .map_err(AppError::io(format!("run `{PROGRAM}`")))?;
    if !spoken.status.success() {
        return Err(AppError::Input(format!(
            "`{PROGRAM}` cannot speak with the voice `{voice}`; install its English voices"
        )));
    }
    let bytes = std::fs::read(path).map_err(AppError::io("read what the voice said"))?;
    std::fs::remove_file(path).map_err(AppError::io("remove what the voice said"))?;
    Ok(audio::decode(&bytes, &Limits::default())?)
}

/// Half the rate: a short low pass, then every second sample.
fn halved(samples: &[f32]) -> Vec<f32> {
    const TAPS: [f32; 7] = [-0.031, 0.0, 0.281, 0.5, 0.281, 0.0, -0.031];
    let at = |place: usize, tap: usize| {
        let place = (place + tap).checked_sub(TAPS.len() / 2)?;
        samples.get(place).copied()
    };
    (0..samples.len())
        .step_by(2)
        .map(|place| {
            let taps = TAPS.iter().enumerate();
            taps.map(|(tap, weight)| weight * at(place, tap).unwrap_or(0.0))
                .sum()
        })
        .collect()
}

/// A WAV file of 8 kHz µ-law (ITU-T G.711).
fn telephone(samples: &[f32]) -> Vec<u8> {
    let body: Vec<u8> = samples.iter().map(|sample| mu_law(*sample)).collect();
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    let mut wav = Vec::with_capacity(body.len() + 46);
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&length.saturating_add(38).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt ");
    wav.extend_from_slice(&18u32.to_le_bytes());
    for field in [7u16, 1] {
        wav.extend_from_slice(&field.to_le_bytes());
    }
    for field in [8_000u32, 8_000] {
        wav.extend_from_slice(&field.to_le_bytes());
    }
    for field in [1u16, 8, 0] {
        wav.extend_from_slice(&field.to_le_bytes());
    }
    wav.extend_from_slice(b"data");
    wav.extend_from_slice(&length.to_le_bytes());
    wav.extend(body);
    wav
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the sample is clamped into the range of 14 bits first"
)]
fn mu_law(sample: f32) -> u8 {
    const BIAS: u16 = 33;
    let scaled = (sample.clamp(-1.0, 1.0) * 8_158.0) as i16;
    let sign: u8 = if scaled < 0 { 0x80 } else { 0 };
    let level = scaled.unsigned_abs() + BIAS;
    let exponent = (level.ilog2().saturating_sub(5)).min(7);
    let mantissa = (level >> (exponent + 1)) & 0x0f;
    !(sign | (exponent as u8) << 4 | mantissa as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_telephones_wav_decodes_to_what_went_in() {
        let tone: Vec<f32> = (0..8_000u16)
            .map(|n| 0.5 * (f32::from(n) * 0.3).sin())
            .collect();
        let decoded = audio::decode(&telephone(&tone), &Limits::default()).unwrap();
        assert_eq!((decoded.rate, decoded.channels.len()), (8_000, 1));
        assert_eq!(decoded.channels[0].len(), tone.len());
        for (a, b) in decoded.channels[0].iter().zip(&tone) {
            assert!((a - b).abs() < 0.03, "{a} {b}");
        }
    }

    #[test]
    fn half_the_rate_keeps_a_low_tone() {
        let tone: Vec<f32> = (0..1_600u16).map(|n| (f32::from(n) * 0.1).sin()).collect();
        let half = halved(&tone);
        assert_eq!(half.len(), 800);
        assert!(
            half[10..790]
                .iter()
                .zip(tone.iter().step_by(2).skip(10))
                .all(|(a, b)| (a - b).abs() < 0.05)
        );
    }
}
