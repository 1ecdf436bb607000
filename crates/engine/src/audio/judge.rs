//! What the channels of a recording are: a speaker each, one track stored twice, or dead.
//!
//! Thresholds, each a constant below: a channel is live once three tenths of a second of it are
//! louder than -55 dBFS; two channels are the same track once their sound over the loudest
//! seconds correlates at 0.9 or more within 5 ms, whatever their levels.

use super::correlate::{Products, Thin, peak, products};
use super::{Audio, AudioWarning};

/// Root mean square of a stretch that is not silence: -55 dBFS.
const AUDIBLE: f32 = 0.001_78;

/// Loud tenths of a second that make a channel live; half of them in shorter recordings.
const LIVE_TENTHS: usize = 3;

/// Correlation from which on two channels are one track.
const SAME: f32 = 0.9;

/// Seconds of the recording that are compared.
const COMPARED: usize = 20;

/// Share of samples at full scale that makes a channel clipped: one in a thousand.
const CLIPPED_ONE_IN: usize = 1_000;

/// How speakers are to be told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelPlan {
    /// These channels, from 0, carry a speaker each; the others are dead or copies.
    Separate(Vec<u16>),
    /// One voice track with any number of speakers, in this channel: mono, the same sound on
    /// every channel, or all other channels dead.
    Mixed(u16),
    /// No channel carries sound.
    Silent,
}

/// Judges the channels by their sound alone.
#[must_use]
pub fn judge(audio: &Audio) -> ChannelPlan {
    let tracks = Tracks::find(audio);
    match tracks.distinct.as_slice() {
        [] => ChannelPlan::Silent,
        [one] => ChannelPlan::Mixed(*one),
        _ => ChannelPlan::Separate(tracks.distinct),
    }
}

pub(super) fn warnings(audio: &Audio) -> Vec<AudioWarning> {
    let tracks = Tracks::find(audio);
    let mut warnings = Vec::new();
    if tracks.live.is_empty() {
        warnings.push(AudioWarning::AllSilent);
    } else {
        let dead = numbered(audio).filter(|(channel, _)| !tracks.live.contains(channel));
        warnings.extend(dead.map(|(channel, _)| AudioWarning::SilentChannel { channel }));
    }
    if tracks.distinct.len() < tracks.live.len() {
        warnings.push(AudioWarning::DualMono);
    }
    let clipped = numbered(audio).filter(|(_, samples)| is_clipped(samples));
    warnings.extend(clipped.map(|(channel, _)| AudioWarning::Clipped { channel }));
    warnings
}

fn numbered(audio: &Audio) -> impl Iterator<Item = (u16, &[f32])> {
    (0u16..).zip(audio.channels.iter().map(Vec::as_slice))
}

fn is_clipped(samples: &[f32]) -> bool {
    let full = samples.iter().filter(|sample| sample.abs() >= 0.9999);
    full.count() > samples.len() / CLIPPED_ONE_IN + 8
}

struct Tracks {
    live: Vec<u16>,
    /// The loudest of each group of equal live channels, in order.
    distinct: Vec<u16>,
}

impl Tracks {
    fn find(audio: &Audio) -> Self {
        let mut live: Vec<(u16, Levels)> = numbered(audio)
            .map(|(number, samples)| (number, Levels::of(samples, audio.rate)))
            .filter(|(_, levels)| levels.is_live())
            .collect();
        let mut groups: Vec<Vec<(u16, Levels)>> = Vec::new();
        for (number, levels) in live.drain(..) {
            let same = groups.iter_mut().find(|group| {
                group
                    .first()
                    .is_some_and(|(other, theirs)| same(audio, (*other, theirs), (number, &levels)))
            });
            match same {
                Some(group) => group.push((number, levels)),
                None => groups.push(vec![(number, levels)]),
            }
        }
        let loudest = |group: &Vec<(u16, Levels)>| {
            let most = group
                .iter()
                .max_by(|a, b| a.1.total().total_cmp(&b.1.total()));
            most.map(|(number, _)| *number)
        };
        let mut distinct: Vec<u16> = groups.iter().filter_map(loudest).collect();
        distinct.sort_unstable();
        let mut live: Vec<u16> = groups.iter().flatten().map(|(number, _)| *number).collect();
        live.sort_unstable();
        Self { live, distinct }
    }
}

/// Root mean squares of a channel's tenths of a second, without its constant offset.
struct Levels(Vec<f32>);

impl Levels {
    fn of(samples: &[f32], rate: u32) -> Self {
        let tenth = usize::try_from(rate / 10).unwrap_or(1).max(1);
        Self(samples.chunks(tenth).map(level).collect())
    }

    fn is_live(&self) -> bool {
        let needed = LIVE_TENTHS.min(self.0.len().div_ceil(2)).max(1);
        self.0.iter().filter(|level| **level > AUDIBLE).count() >= needed
    }

    fn total(&self) -> f32 {
        self.0.iter().map(|level| level * level).sum()
    }

    fn second(&self, second: usize) -> f32 {
        let tenths = self.0.get(second * 10..).unwrap_or_default();
        tenths.iter().take(10).map(|level| level * level).sum()
    }
}

fn level(samples: &[f32]) -> f32 {
    let count = f32::from(u16::try_from(samples.len()).unwrap_or(u16::MAX).max(1));
    let mean = samples.iter().sum::<f32>() / count;
    let energy: f32 = samples.iter().map(|x| (x - mean) * (x - mean)).sum();
    (energy / count).sqrt()
}

fn same(audio: &Audio, a: (u16, &Levels), b: (u16, &Levels)) -> bool {
    let samples = |number: u16| audio.channels.get(usize::from(number));
    let (Some(of_a), Some(of_b)) = (samples(a.0), samples(b.0)) else {
        return false;
    };
    if of_a == of_b {
        return true;
    }
    let (of_a, of_b) = (Thin::new(of_a, audio.rate), Thin::new(of_b, audio.rate));
    let second =
        isize::try_from(audio.rate).unwrap_or(1) / isize::try_from(of_a.factor()).unwrap_or(1);
    let reach = (second / 200).max(1);
    let found: Vec<Products> = loudest_seconds(a.1, b.1)
        .filter_map(|number| {
            let start = isize::try_from(number).ok()? * second;
            products(
                &of_a.stretch(start..start + second),
                &of_b.stretch(start - reach..start + second + reach),
            )
        })
        .collect();
    peak(&found).1 >= SAME
}

/// Seconds in which one of the two is loudest: half for each, so that a voice that only one
/// channel carries is always among them.
fn loudest_seconds(a: &Levels, b: &Levels) -> impl Iterator<Item = usize> {
    let seconds = a.0.len().max(b.0.len()).div_ceil(10);
    let half = |levels: &Levels| {
        let mut order: Vec<usize> = (0..seconds).collect();
        order.sort_by(|x, y| levels.second(*y).total_cmp(&levels.second(*x)));
        order.truncate(COMPARED / 2);
        order
    };
    let mut chosen = half(a);
    chosen.extend(half(b));
    chosen.sort_unstable();
    chosen.dedup();
    chosen.into_iter()
}
