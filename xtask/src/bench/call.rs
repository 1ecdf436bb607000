//! Input of the measurements, made from Debian's recorded prompts.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

const RATE: u32 = 8_000;

/// A stereo call of the asked length: prompts in turn on the left and on the right, with pauses.
pub(super) fn stereo(sounds: &Path, scratch: &Path, seconds: u32) -> Result<PathBuf> {
    let csv = crate::run::root()?.join("../shared/data/speech/prompts.csv");
    let list = fs::read_to_string(&csv).with_context(|| csv.display().to_string())?;
    let names: Vec<&str> = list
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next())
        .collect();
    let wanted = usize::try_from(seconds * RATE)?;
    let mut tracks = [Vec::new(), Vec::new()];
    let mut turn = 0usize;
    let mut at = 0usize;
    while at < wanted {
        let name = names
            .get(turn % names.len().max(1))
            .context("the list of prompts is empty")?;
        let spoken = pcm(&sounds.join(format!("{name}.wav")))?;
        let track = tracks.get_mut(turn % 2).context("two tracks")?;
        track.resize(at, 0i16);
        track.extend(&spoken);
        at += spoken.len() + usize::try_from(RATE)? * (4 + turn % 5) / 8;
        turn += 1;
    }
    for track in &mut tracks {
        track.resize(wanted, 0);
    }
    let path = scratch.join(format!("call-{seconds}.wav"));
    fs::write(&path, wav(&tracks)?)?;
    Ok(path)
}

/// The same sound with another first sample.
pub(super) fn variant(call: &Path, scratch: &Path, number: u32) -> Result<PathBuf> {
    let mut bytes = fs::read(call)?;
    if let Some(first) = bytes.get_mut(44) {
        *first = u8::try_from(number % 8)?;
    }
    let path = scratch.join(format!("variant-{number}.wav"));
    fs::write(&path, bytes)?;
    Ok(path)
}

/// A short chat, another for every number.
pub(super) fn chat(number: u32) -> String {
    const ASKED: &[&str] = &[
        "Where is my order, it should have come on Monday",
        "I want to change my address before the delivery",
        "My invoice is wrong, I was charged twice",
        "Can I move my appointment to next week",
    ];
    let asked = ASKED
        .get(usize::try_from(number).unwrap_or(0) % ASKED.len())
        .unwrap_or(&"");
    format!(
        r#"{{"format":"privity.chat/1","id":"bench-{number}","channel":"chat","started":"2026-10-08T16:20:05Z","direction":"inbound","parties":[{{"role":"agent","name":"Rosa Lind"}},{{"role":"consumer","name":"Jonas Berg"}}],"messages":[{{"from":1,"at":"2026-10-08T16:20:05Z","text":"{asked}. My number is 212 555 01{:02}."}},{{"from":0,"at":"2026-10-08T16:20:41Z","text":"Thank you Jonas, I will look into request {number} and the delivery comes tomorrow."}},{{"from":1,"at":"2026-10-08T16:21:20Z","text":"Great, thank you."}}]}}"#,
        number % 100
    )
}

/// Samples of a 16-bit mono WAV.
fn pcm(path: &Path) -> Result<Vec<i16>> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    let data = bytes
        .windows(4)
        .position(|window| window == b"data")
        .with_context(|| format!("{} has no samples", path.display()))?;
    let samples = bytes.get(data + 8..).unwrap_or_default();
    Ok(samples
        .chunks_exact(2)
        .filter_map(|pair| <[u8; 2]>::try_from(pair).ok())
        .map(i16::from_le_bytes)
        .collect())
}

fn wav(tracks: &[Vec<i16>; 2]) -> Result<Vec<u8>> {
    let [left, right] = tracks;
    let data = u32::try_from(left.len() * 4)?;
    let mut out = Vec::with_capacity(left.len() * 4 + 44);
    out.extend_from_slice(b"RIFF");
    out.extend_from_slice(&(data + 36).to_le_bytes());
    out.extend_from_slice(b"WAVEfmt \x10\x00\x00\x00\x01\x00\x02\x00");
    out.extend_from_slice(&RATE.to_le_bytes());
    out.extend_from_slice(&(RATE * 4).to_le_bytes());
    out.extend_from_slice(b"\x04\x00\x10\x00data");
    out.extend_from_slice(&data.to_le_bytes());
    for (l, r) in left.iter().zip(right) {
        out.extend_from_slice(&l.to_le_bytes());
        out.extend_from_slice(&r.to_le_bytes());
    }
    Ok(out)
}
