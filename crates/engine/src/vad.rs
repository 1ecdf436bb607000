//! Voice activity: where somebody speaks.
//!
//! `earshot` scores frames of 16 ms; hysteresis, a hangover and merging turn scores into spans.
//! It tells voice from everything else, not speakers from each other; music with singing counts
//! as voice.

use domain::{Millis, Span};
use earshot::Detector;

/// Samples of one scored frame: 16 ms at 16 kHz.
const FRAME: usize = 256;
/// Milliseconds of one scored frame.
const FRAME_MS: u64 = 16;
/// A score from here on begins speech.
const ONSET: f32 = 0.5;
/// Speech goes on while the score stays above this.
const OFFSET: f32 = 0.35;
/// Frames below [`OFFSET`] that do not end speech yet (hangover, 192 ms).
const HANGOVER: usize = 12;
/// Speech shorter than this is a click (80 ms).
const SHORTEST: usize = 5;
/// Frames added before speech, whose quiet beginnings score late (64 ms), and after it (48 ms).
const LEAD: usize = 4;
const TRAIL: usize = 3;
/// A pause up to this joins the spans around it (208 ms).
const MERGE: usize = 13;

/// Voiced spans of 16 kHz mono samples, in order, without overlap.
#[must_use]
pub fn voiced(pcm16k: &[f32]) -> Vec<Span> {
    let end = Millis(u64::try_from(pcm16k.len() / 16).unwrap_or(u64::MAX));
    spans(&scores(pcm16k))
        .into_iter()
        .map(|(from, to)| Span::between(at(from).min(end), at(to).min(end)))
        .collect()
}

fn scores(pcm: &[f32]) -> Vec<f32> {
    let mut detector = Detector::default_boxed();
    pcm.chunks(FRAME)
        .map(|samples| {
            let mut frame = [0.0; FRAME];
            for (to, from) in frame.iter_mut().zip(samples) {
                // Resampled sound swings a little beyond full scale beside a peak.
                *to = from.clamp(-1.0, 1.0);
            }
            detector.predict_f32(&frame)
        })
        .collect()
}

/// Frame ranges (start, end exclusive) that hold speech.
fn spans(scores: &[f32]) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (from, to) in runs(scores) {
        if to - from < SHORTEST {
            continue;
        }
        let (from, to) = (from.saturating_sub(LEAD), (to + TRAIL).min(scores.len()));
        match found.last_mut() {
            Some(last) if from <= last.1 + MERGE => last.1 = to,
            _ => found.push((from, to)),
        }
    }
    found
}

/// Runs of frames by hysteresis and hangover; the hangover itself is not part of a run.
fn runs(scores: &[f32]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    for (index, score) in scores.iter().enumerate() {
        match &mut open {
            None if *score >= ONSET => open = Some((index, index + 1)),
            Some((_, end)) if *score >= OFFSET => *end = index + 1,
            Some((start, end)) if index - *end >= HANGOVER => {
                found.push((*start, *end));
                open = None;
            }
            _ => {}
        }
    }
    found.extend(open);
    found
}

fn at(frame: usize) -> Millis {
    Millis(
        u64::try_from(frame)
            .unwrap_or(u64::MAX)
            .saturating_mul(FRAME_MS),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sound_beyond_full_scale_is_judged_like_any_other() {
        let loud: Vec<f32> = (0..8_000u16)
            .map(|n| 1.2 * (f32::from(n) * 0.2).sin())
            .collect();
        let full: Vec<f32> = loud.iter().map(|sample| sample.clamp(-1.0, 1.0)).collect();
        assert_eq!(voiced(&loud), voiced(&full));
    }

    #[test]
    fn silence_and_hum_are_not_voice() {
        assert!(voiced(&[]).is_empty());
        assert!(voiced(&vec![0.0; 160_000]).is_empty());
        let hum: Vec<f32> = (0..500_u16)
            .flat_map(|_| 0..320_u16)
            .map(|n| (f32::from(n) * 50.0 * std::f32::consts::TAU / 16_000.0).sin() * 0.1)
            .collect();
        assert!(voiced(&hum).is_empty());
    }

    #[test]
    fn short_pauses_join_and_clicks_vanish() {
        let mut scores = vec![0.0; 200];
        scores[20..60].fill(0.9);
        scores[70..90].fill(0.9);
        scores[150..153].fill(0.9);
        assert_eq!(spans(&scores), [(16, 93)]);
    }

    #[test]
    fn a_low_score_continues_but_does_not_begin() {
        let mut scores = vec![0.4; 100];
        assert!(spans(&scores).is_empty());
        scores[50] = 0.6;
        assert_eq!(spans(&scores), [(46, 100)]);
    }

    proptest! {
        #[test]
        fn spans_are_ordered_and_inside(scores in prop::collection::vec(0.0_f32..1.0, 0..600)) {
            let found = spans(&scores);
            for (from, to) in &found {
                prop_assert!(from < to && *to <= scores.len());
            }
            for pair in found.windows(2) {
                prop_assert!(pair[0].1 < pair[1].0);
            }
        }
    }
}
