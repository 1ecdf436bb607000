//! From windows with named voices to segments: overlapping windows vote for each frame, the
//! middle of a window with more weight than its edges.

use domain::{Confidence, Millis, Span};

use super::SpeakerSegment;
use super::segment::{FRAME, FRAMES, LEAD, Window};
use super::track::{Correction, Mapping};

/// A shorter silence within one voice's speech does not end a segment.
const BRIDGE: usize = 6;
/// Shorter segments are clicks and edges.
const SHORTEST: usize = 6;

/// Votes for one frame.
#[derive(Debug, Clone, Copy, Default)]
struct Frame {
    voices: [f32; 2],
    all: f32,
}

/// Segments in order of their starts; the first voice heard is speaker 0.
pub(super) fn segments(
    windows: &[Window],
    mapping: &[Mapping],
    corrections: &[Correction],
) -> Vec<SpeakerSegment> {
    let mut frames = votes(windows, mapping);
    for correction in corrections {
        correct(&mut frames, correction);
    }
    let mut segments: Vec<SpeakerSegment> = Vec::new();
    for (voice, speaker) in [0usize, 1].into_iter().zip([0u8, 1]) {
        segments.extend(runs(&frames, voice).map(|run| SpeakerSegment {
            span: span(&run),
            speaker,
            confidence: certainty(frames.get(run).unwrap_or_default(), voice),
        }));
    }
    segments.sort_by_key(|segment| (segment.span.start(), segment.speaker));
    if segments.first().is_some_and(|first| first.speaker == 1) {
        for segment in &mut segments {
            segment.speaker = 1 - segment.speaker;
        }
    }
    segments
}

fn votes(windows: &[Window], mapping: &[Mapping]) -> Vec<Frame> {
    let end = windows
        .iter()
        .map(|window| window.start + window.active.len())
        .max()
        .unwrap_or(0);
    let mut frames = vec![Frame::default(); end];
    for (window, names) in windows.iter().zip(mapping) {
        let places = frames.iter_mut().skip(window.start);
        for (place, (frame, active)) in places.zip(&window.active).enumerate() {
            let weight = weight(place);
            frame.all += weight;
            for (voice, sum) in frame.voices.iter_mut().enumerate() {
                let speaks = active
                    .iter()
                    .zip(&names.voice)
                    .any(|(on, name)| *on && *name == voice);
                *sum += if speaks { weight } else { 0.0 };
            }
        }
    }
    frames
}

/// Gives a piece in which one voice speaks to the voice that it sounds like.
fn correct(frames: &mut [Frame], correction: &Correction) {
    let piece = frames.get_mut(correction.frames.clone());
    for frame in piece.unwrap_or_default() {
        let most = frame.voices.iter().copied().fold(0.0, f32::max);
        for (voice, votes) in frame.voices.iter_mut().enumerate() {
            *votes = if voice == correction.voice { most } else { 0.0 };
        }
    }
}

/// A triangle over the window that never reaches nothing.
fn weight(place: usize) -> f32 {
    let edge = place.min(FRAMES.saturating_sub(1 + place));
    0.05 + edge as f32 / FRAMES as f32
}

fn runs(frames: &[Frame], voice: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    for (place, frame) in frames.iter().enumerate() {
        let share = frame.voices.get(voice).copied().unwrap_or(0.0);
        if share * 2.0 < frame.all || share <= 0.0 {
            continue;
        }
        match runs.last_mut() {
            Some(run) if place - run.end <= BRIDGE => run.end = place + 1,
            _ => runs.push(place..place + 1),
        }
    }
    runs.into_iter().filter(|run| run.len() >= SHORTEST)
}

/// How much of the votes the voice got where it is taken to speak.
fn certainty(frames: &[Frame], voice: usize) -> Confidence {
    let own = frames
        .iter()
        .filter_map(|frame| frame.voices.get(voice))
        .sum::<f32>();
    let all: f32 = frames.iter().map(|frame| frame.all).sum();
    Confidence::new(own / all.max(f32::MIN_POSITIVE))
}

fn span(run: &std::ops::Range<usize>) -> Span {
    let at = |frame: usize| {
        let samples = u64::try_from(frame * FRAME + LEAD).unwrap_or(u64::MAX);
        Millis(samples / 16)
    };
    Span::between(at(run.start), at(run.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speakers::segment::LOCALS;

    fn window(start: usize, voices: &[(usize, usize)]) -> Window {
        let mut active = Vec::new();
        for (local, frames) in voices {
            let mut on = [false; LOCALS];
            if let Some(place) = on.get_mut(*local) {
                *place = true;
            }
            active.extend(vec![on; *frames]);
        }
        Window { start, active }
    }

    #[test]
    fn the_first_voice_heard_is_speaker_zero() {
        let windows = [window(0, &[(0, 100), (1, 100)])];
        let mapping = [Mapping { voice: [1, 0, 0] }];
        let found: Vec<u8> = segments(&windows, &mapping, &[])
            .iter()
            .map(|s| s.speaker)
            .collect();
        assert_eq!(found, [0, 1]);
    }

    #[test]
    fn clicks_are_dropped_and_breaths_bridged() {
        let windows = [window(
            0,
            &[(0, 100), (9, 5), (0, 100), (9, 50), (1, 3), (9, 100)],
        )];
        let mapping = [Mapping { voice: [0, 1, 1] }];
        let found = segments(&windows, &mapping, &[]);
        assert_eq!(found.len(), 1);
        let expected = Span::between(Millis(22), Millis((205 * 270 + 360) / 16));
        assert_eq!(found.first().map(|s| s.span), Some(expected));
    }

    #[test]
    fn a_corrected_piece_goes_to_the_other_voice() {
        let windows = [window(0, &[(0, 200)])];
        let mapping = [Mapping { voice: [0, 1, 1] }];
        let correction = Correction {
            frames: 100..200,
            voice: 1,
        };
        let found = segments(&windows, &mapping, &[correction]);
        let speakers: Vec<u8> = found.iter().map(|s| s.speaker).collect();
        assert_eq!(speakers, [0, 1]);
        let [first, second] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!(first.span.end(), second.span.start());
    }
}
