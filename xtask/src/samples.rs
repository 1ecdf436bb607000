//! Speaks the scripts of `samples/scripts` with a speech synthesiser and mixes the voices into
//! the recordings that are checked in.

mod script;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::run::{command, root, step};
use crate::tools;
use script::{Layout, Line, Script};

/// Script, file made from it, and the encoder that makes it from a WAV.
const RECORDINGS: &[(&str, &str, &[&str])] = &[
    (
        "billing-call",
        "billing-call.wav",
        &["sox", "IN", "-e", "u-law", "OUT"],
    ),
    (
        "delivery-call",
        "delivery-call.opus",
        &["opusenc", "--quiet", "--bitrate", "32", "IN", "OUT"],
    ),
    (
        "clinic-call",
        "clinic-call.mp3",
        &["lame", "--quiet", "-b", "48", "IN", "OUT"],
    ),
];

pub(crate) fn run() -> Result<()> {
    tools::debian(&["flite", "sox", "opus-tools", "lame"])?;
    let samples = root()?.join("samples");
    let scratch = root()?.join("target/samples");
    fs::create_dir_all(&scratch)?;
    for (name, file, encoder) in RECORDINGS {
        let path = samples.join(format!("scripts/{name}.txt"));
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let script = Script::parse(&text).with_context(|| path.display().to_string())?;
        let mixed = mix(&script, &scratch)?;
        let wav = scratch.join(format!("{name}.wav"));
        fs::write(&wav, wav_bytes(&mixed, script.rate))?;
        let target = samples.join(file);
        let words: Vec<String> = encoder
            .iter()
            .map(|word| match *word {
                "IN" => wav.display().to_string(),
                "OUT" => target.display().to_string(),
                other => other.to_owned(),
            })
            .collect();
        let (program, args) = words.split_first().context("an encoder has a name")?;
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        step(file, command(program, &args)?)?;
    }
    Ok(())
}

/// One track per channel, equally long.
fn mix(script: &Script, scratch: &Path) -> Result<Vec<Vec<i16>>> {
    let channels = match script.layout {
        Layout::Mono => 1,
        Layout::Stereo => 2,
    };
    let mut tracks: Vec<Vec<i16>> = vec![Vec::new(); channels];
    let mut end: i64 = 0;
    for (number, line) in script.lines.iter().enumerate() {
        let spoken = speak(line, &script.voices, script.rate, scratch, number)?;
        let gap = i64::from(line.gap_ms) * i64::from(script.rate) / 1000;
        let start = usize::try_from((end + gap).max(0))?;
        let channel = if channels == 1 {
            0
        } else {
            usize::from(line.who != "agent")
        };
        let track = tracks.get_mut(channel).context("no such channel")?;
        if track.len() < start + spoken.len() {
            track.resize(start + spoken.len(), 0);
        }
        for (offset, sample) in spoken.iter().enumerate() {
            if let Some(place) = track.get_mut(start + offset) {
                *place = place.saturating_add(*sample);
            }
        }
        end = i64::try_from(start + spoken.len())?;
    }
    let tail = usize::try_from(script.rate)? / 2;
    let longest = tracks.iter().map(Vec::len).max().unwrap_or(0) + tail;
    for track in &mut tracks {
        track.resize(longest, 0);
    }
    Ok(tracks)
}

fn speak(
    line: &Line,
    voices: &BTreeMap<String, String>,
    rate: u32,
    scratch: &Path,
    number: usize,
) -> Result<Vec<i16>> {
    let voice = voices
        .get(&line.who)
        .with_context(|| format!("no voice for `{}`", line.who))?;
    let spoken = scratch.join(format!("line-{number}.wav"));
    let scaled = scratch.join(format!("line-{number}-rate.raw"));
    let mut flite = command("flite", &["-voice", voice, "-t", &line.text, "-o"])?;
    flite.arg(&spoken);
    if !flite.status()?.success() {
        bail!("flite could not speak line {number}");
    }
    let mut sox = command("sox", &[])?;
    sox.arg(&spoken).args([
        "-r",
        &rate.to_string(),
        "-c",
        "1",
        "-b",
        "16",
        "-e",
        "signed-integer",
    ]);
    sox.args(["-t", "raw"])
        .arg(&scaled)
        .args(["gain", "-n", "-6"]);
    if !sox.status()?.success() {
        bail!("sox could not convert line {number}");
    }
    let bytes = fs::read(&scaled)?;
    let pairs = bytes
        .chunks_exact(2)
        .filter_map(|pair| <[u8; 2]>::try_from(pair).ok());
    Ok(pairs.map(i16::from_le_bytes).collect())
}

fn wav_bytes(tracks: &[Vec<i16>], rate: u32) -> Vec<u8> {
    let channels = u16::try_from(tracks.len()).unwrap_or(1);
    let frames = tracks.first().map_or(0, Vec::len);
    let data = u32::try_from(frames * tracks.len() * 2).unwrap_or(u32::MAX);
    let mut out = Vec::with_capacity(frames * tracks.len() * 2 + 44);
    out.extend_from_slice(b"RIFF");
    out.extend_from_slice(&(data.saturating_add(36)).to_le_bytes());
    out.extend_from_slice(b"WAVEfmt ");
    out.extend_from_slice(&16u32.to_le_bytes());
    out.extend_from_slice(&1u16.to_le_bytes());
    out.extend_from_slice(&channels.to_le_bytes());
    out.extend_from_slice(&rate.to_le_bytes());
    out.extend_from_slice(&(rate * u32::from(channels) * 2).to_le_bytes());
    out.extend_from_slice(&(channels * 2).to_le_bytes());
    out.extend_from_slice(&16u16.to_le_bytes());
    out.extend_from_slice(b"data");
    out.extend_from_slice(&data.to_le_bytes());
    for frame in 0..frames {
        for track in tracks {
            out.extend_from_slice(&track.get(frame).copied().unwrap_or(0).to_le_bytes());
        }
    }
    out
}
