//! Removes stretches from the sound, exact to the sample, also where they bleed into another
//! channel.

use std::collections::BTreeMap;
use std::ops::Range;

use domain::{Millis, Span};

use super::Audio;
use super::correlate::{Thin, peak, products};

/// How long the sound beside a removed stretch fades, outside the stretch only.
const FADE: Millis = Millis(5);

/// How late or early an echo may come.
const ECHO_REACH: Millis = Millis(300);

/// Likeness from which on a stretch is heard in another channel too. Two people speaking at
/// once stay below it.
const ECHO: f32 = 0.3;

/// Level of a channel against another's from which on only an echo of it may be heard: -12 dB.
const MUCH_QUIETER: f32 = 0.25;

/// Seconds of a recording that are asked for an echo path.
const PATH_SECONDS: usize = 12;

/// Root mean square below which a bleed cannot be heard: -62 dBFS.
const INAUDIBLE: f32 = 0.000_8;

/// Level and pitch of the tone that may stand in a removed stretch.
const TONE_LEVEL: f32 = 0.1;
const TONE_HZ: f32 = 1_000.0;

/// A stretch to take out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// From which channel, from 0; `None` from all.
    pub channel: Option<u16>,
    /// When, from the recording's start.
    pub span: Span,
}

/// What stands in a removed stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fill {
    /// Nothing.
    #[default]
    Silence,
    /// A quiet 1 kHz tone, so that a listener knows.
    Tone,
}

/// Overwrites every stretch. Each sample inside it is replaced; the 5 ms beside it fade.
/// A stretch of one channel is also silenced in every other channel where it can be heard.
pub fn remove(audio: &mut Audio, cuts: &[Cut], fill: Fill) {
    let planned = plan(audio, cuts);
    let fade = to_frames(FADE, audio.rate);
    for (channel, range, _) in &planned {
        if let Some(samples) = audio.channels.get_mut(*channel) {
            fade_out(samples, range.start, fade);
            fade_in(samples, range.end, fade);
        }
    }
    for (channel, range, own) in planned {
        let stretch = audio
            .channels
            .get_mut(channel)
            .and_then(|s| s.get_mut(range.clone()));
        let fill = if own { fill } else { Fill::Silence };
        if let Some(stretch) = stretch {
            overwrite(stretch, range.start, audio.rate, fill);
        }
    }
}

/// Channel, frames, and whether it is the cut's own channel.
type Planned = (usize, Range<usize>, bool);

/// Bleeds first, so that an own cut has the last word where both touch the same frames.
fn plan(audio: &Audio, cuts: &[Cut]) -> Vec<Planned> {
    let mut bleeds = Vec::new();
    let mut own = Vec::new();
    let mut pairs: BTreeMap<usize, Vec<(usize, Pair<'_>, Option<isize>)>> = BTreeMap::new();
    for cut in cuts {
        let range = frames(cut.span, audio);
        match cut.channel.map(usize::from) {
            // A channel that is not there: fail closed and cut everywhere.
            Some(channel) if channel < audio.channels.len() => {
                for (other, pair, path) in pairs
                    .entry(channel)
                    .or_insert_with(|| others(audio, channel))
                {
                    let heard = bleed(pair, *path, &range);
                    bleeds.extend(heard.map(|range| (*other, range, false)));
                }
                own.push((channel, range, true));
            }
            _ => own.extend((0..audio.channels.len()).map(|all| (all, range.clone(), true))),
        }
    }
    bleeds.extend(own);
    bleeds
}

/// Every other channel with the echo path to it, where there is one.
fn others(audio: &Audio, channel: usize) -> Vec<(usize, Pair<'_>, Option<isize>)> {
    (0..audio.channels.len())
        .filter(|other| *other != channel)
        .filter_map(|other| {
            let pair = Pair::new(audio, channel, other)?;
            let path = pair.path();
            Some((other, pair, path))
        })
        .collect()
}

fn to_frames(length: Millis, rate: u32) -> usize {
    usize::try_from(length.0.saturating_mul(u64::from(rate)) / 1_000).unwrap_or(usize::MAX)
}

/// Every frame that the span touches.
fn frames(span: Span, audio: &Audio) -> Range<usize> {
    let last = span
        .end()
        .0
        .saturating_mul(u64::from(audio.rate))
        .div_ceil(1_000);
    let end = usize::try_from(last)
        .unwrap_or(usize::MAX)
        .min(audio.frames());
    to_frames(span.start(), audio.rate).min(end)..end
}

fn fade_out(samples: &mut [f32], end: usize, fade: usize) {
    let start = end.saturating_sub(fade);
    let steps = scale(end - start);
    if let Some(beside) = samples.get_mut(start..end) {
        for (step, sample) in beside.iter_mut().rev().enumerate() {
            *sample *= scale(step) / steps;
        }
    }
}

fn fade_in(samples: &mut [f32], start: usize, fade: usize) {
    let end = start.saturating_add(fade).min(samples.len());
    let steps = scale(end.saturating_sub(start));
    if let Some(beside) = samples.get_mut(start..end) {
        for (step, sample) in beside.iter_mut().enumerate() {
            *sample *= scale(step) / steps;
        }
    }
}

fn scale(frames: usize) -> f32 {
    f32::from(u16::try_from(frames).unwrap_or(u16::MAX))
}

fn overwrite(stretch: &mut [f32], first: usize, rate: u32, fill: Fill) {
    match fill {
        Fill::Silence => stretch.fill(0.0),
        Fill::Tone => {
            // One second of phase repeats exactly, since the tone's pitch is a whole number.
            let period = usize::try_from(rate).unwrap_or(1).max(1);
            for (at, sample) in stretch.iter_mut().enumerate() {
                *sample = tone((first + at) % period, period);
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "both are below 2^20")]
fn tone(at: usize, period: usize) -> f32 {
    let turns = at as f32 / period as f32 * TONE_HZ;
    TONE_LEVEL * (turns.fract() * std::f32::consts::TAU).sin()
}

/// The frames of `other` in which the stretch of `channel` is heard, if it is.
///
/// Asked second by second: one alike second condemns the whole stretch, since an echo path
/// does not come and go. A path that was found elsewhere in the recording is believed also
/// where the other party talks over it.
fn bleed(pair: &Pair<'_>, path: Option<isize>, range: &Range<usize>) -> Option<Range<usize>> {
    let length = pair.target_samples.len();
    let widened = range.start.saturating_sub(pair.reach)..(range.end + pair.reach).min(length);
    if is_inaudible(pair.target_samples.get(widened)?) {
        return None;
    }
    let delay = path.or_else(|| {
        let (start, end) = (range.start / pair.factor, range.end / pair.factor);
        let mut from = start;
        while from < end {
            // A short rest is too little to judge by: it joins the last block.
            let rest = end - from < pair.second * 3 / 2;
            let to = if rest { end } else { from + pair.second };
            let (delay, alike) = pair.alike(from..to)?;
            if alike >= ECHO {
                return Some(delay);
            }
            from = to;
        }
        None
    })?;
    Some(moved(range, delay, length))
}

/// Two channels, thinned for comparison, of which one may be heard in the other.
struct Pair<'a> {
    source: Thin<'a>,
    target: Thin<'a>,
    source_samples: &'a [f32],
    target_samples: &'a [f32],
    /// Samples per thinned one.
    factor: usize,
    /// Thinned samples of a second.
    second: usize,
    /// How many samples an echo may be off.
    reach: usize,
}

impl<'a> Pair<'a> {
    fn new(audio: &'a Audio, source: usize, target: usize) -> Option<Self> {
        let (of_source, of_target) = (audio.channels.get(source)?, audio.channels.get(target)?);
        let thin = Thin::new(of_source, audio.rate);
        let factor = thin.factor();
        Some(Self {
            factor,
            second: (to_frames(Millis(1_000), audio.rate) / factor).max(1),
            reach: to_frames(ECHO_REACH, audio.rate),
            source: thin,
            target: Thin::new(of_target, audio.rate),
            source_samples: of_source,
            target_samples: of_target,
        })
    }

    /// The delay, in samples, at which the target is most like the thinned stretch.
    fn alike(&self, stretch: Range<usize>) -> Option<(isize, f32)> {
        let start = isize::try_from(stretch.start).ok()?;
        let end = isize::try_from(stretch.end).ok()?;
        let reach = isize::try_from(self.reach / self.factor).ok()?;
        let found = products(
            &self.source.stretch(start..end),
            &self.target.stretch(start - reach..end + reach),
        )?;
        let (shift, alike) = peak(&[found]);
        let delay = isize::try_from(shift).ok()? - reach;
        Some((delay * isize::try_from(self.factor).ok()?, alike))
    }

    /// The delay that two seconds agree on in which the source is loud and the target much
    /// quieter, yet audible.
    fn path(&self) -> Option<isize> {
        let size = self.second * self.factor;
        let pairs = self
            .source_samples
            .chunks_exact(size)
            .zip(self.target_samples.chunks(size));
        let mut seconds: Vec<(usize, f32)> = pairs
            .enumerate()
            .map(|(number, (source, target))| (number, rms(source), rms(target)))
            .filter(|(_, source, target)| *target > INAUDIBLE && *target < source * MUCH_QUIETER)
            .map(|(number, source, _)| (number, source))
            .collect();
        seconds.sort_by(|a, b| b.1.total_cmp(&a.1));
        let mut delays: Vec<isize> = Vec::new();
        for (number, _) in seconds.into_iter().take(PATH_SECONDS) {
            let start = number * self.second;
            let (delay, alike) = self.alike(start..start + self.second)?;
            if alike >= ECHO {
                let tolerance = self.second * self.factor / 500;
                if delays
                    .iter()
                    .any(|known| known.abs_diff(delay) <= tolerance)
                {
                    return Some(delay);
                }
                delays.push(delay);
            }
        }
        None
    }
}

fn rms(samples: &[f32]) -> f32 {
    let means = samples.chunks(512).map(|chunk| {
        let energy: f32 = chunk.iter().map(|x| x * x).sum();
        energy / scale(chunk.len())
    });
    let count = samples.len().div_ceil(512);
    (means.sum::<f32>() / scale(count).max(1.0)).sqrt()
}

/// The stretch, widened to where its echo lies.
fn moved(range: &Range<usize>, delay: isize, length: usize) -> Range<usize> {
    let start = range.start.min(range.start.saturating_add_signed(delay));
    let end = range
        .end
        .max(range.end.saturating_add_signed(delay))
        .min(length);
    start.min(end)..end
}

fn is_inaudible(samples: &[f32]) -> bool {
    samples.chunks(512).all(|chunk| {
        let energy: f32 = chunk.iter().map(|x| x * x).sum();
        energy <= INAUDIBLE * INAUDIBLE * scale(chunk.len())
    })
}
