//! Which of the two voices each window's local voices are: the most likely path over all
//! windows, by what they sound like and by how neighbouring windows agree where they overlap.

use std::ops::Range;

use super::cluster::{Sample, Voices};
use super::segment::{LOCALS, Window};

/// Ways to give three local voices one of two names; bit `n` is local voice `n`.
const WAYS: usize = 1 << LOCALS;
/// What a second of sounding like a voice counts against a second of agreeing with a neighbour.
const SOUND: f32 = 6.0;
/// What it costs per second of speech to give two local voices of a window the same name.
const SAME: f32 = 0.5;
/// Difference of cosines from which a piece clearly is one voice.
const CLEAR: f32 = 0.15;
/// The same for a piece under a second, which is embedded less surely.
const CLEAR_SHORT: f32 = 0.25;
/// One part in so many may sound like the other voice before all is embedded.
const TOLERATED: usize = 20;
/// Seconds of one frame.
const SECONDS: f32 = 0.016_875;

/// One window's names for its local voices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mapping {
    /// Voice 0 or 1 for each local voice.
    pub(super) voice: [usize; LOCALS],
}

/// A mapping for each window; all voice 0 where there are no two voices.
pub(super) fn map(windows: &[Window], samples: &[Sample], voices: Option<&Voices>) -> Vec<Mapping> {
    let Some(voices) = voices else {
        return vec![Mapping { voice: [0; LOCALS] }; windows.len()];
    };
    let mut totals = [0.0f32; WAYS];
    let mut back: Vec<[usize; WAYS]> = Vec::with_capacity(windows.len());
    let mut before: Option<&Window> = None;
    for (index, window) in windows.iter().enumerate() {
        let own = scores(window, index, samples, voices);
        let links = before.map(|earlier| links(earlier, window));
        let mut next = [0.0f32; WAYS];
        let mut from = [0usize; WAYS];
        for (way, (total, source)) in next.iter_mut().zip(&mut from).enumerate() {
            let (best, score) = best_before(&totals, links.as_ref(), way);
            *source = best;
            *total = score + own.get(way).copied().unwrap_or(0.0);
        }
        totals = next;
        back.push(from);
        before = Some(window);
    }
    follow(&totals, &back)
}

/// A piece that belongs to another voice than its window's mapping says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Correction {
    /// Frames of the recording.
    pub(super) frames: Range<usize>,
    pub(super) voice: usize,
}

/// Pieces that clearly sound like the other voice.
pub(super) fn corrections(
    mapping: &[Mapping],
    samples: &[Sample],
    voices: &Voices,
) -> Vec<Correction> {
    let contrary = |sample: &Sample| {
        let leaning = voices.leaning(&sample.vector);
        let needed = if sample.weight() < 1.0 {
            CLEAR_SHORT
        } else {
            CLEAR
        };
        let voice = usize::from(leaning < 0.0);
        (leaning.abs() >= needed && mapped(mapping, sample) != Some(voice)).then(|| Correction {
            frames: sample.piece.frames.clone(),
            voice,
        })
    };
    samples.iter().filter_map(contrary).collect()
}

/// Whether next to no speech sounds like another voice than it is mapped to.
pub(super) fn consistent(mapping: &[Mapping], samples: &[Sample], voices: &Voices) -> bool {
    let against: usize = corrections(mapping, samples, voices)
        .iter()
        .map(|correction| correction.frames.len())
        .sum();
    let all: usize = samples.iter().map(|sample| sample.piece.frames.len()).sum();
    against * TOLERATED <= all
}

fn mapped(mapping: &[Mapping], sample: &Sample) -> Option<usize> {
    let names = mapping.get(sample.piece.window)?;
    names.voice.get(sample.piece.local).copied()
}

fn best_before(totals: &[f32; WAYS], links: Option<&Links>, way: usize) -> (usize, f32) {
    let mut best = (0, f32::MIN);
    for (earlier, total) in totals.iter().enumerate() {
        let score = total + links.map_or(0.0, |links| links.agreement(earlier, way));
        if score > best.1 {
            best = (earlier, score);
        }
    }
    best
}

fn follow(totals: &[f32; WAYS], back: &[[usize; WAYS]]) -> Vec<Mapping> {
    let best = (0..WAYS).max_by(|a, b| {
        let total = |way: &usize| totals.get(*way).copied().unwrap_or(f32::MIN);
        total(a).total_cmp(&total(b))
    });
    let mut way = best.unwrap_or(0);
    let mut path: Vec<Mapping> = back
        .iter()
        .rev()
        .map(|from| {
            let here = way;
            way = from.get(here).copied().unwrap_or(0);
            Mapping {
                voice: std::array::from_fn(|local| name(here, local)),
            }
        })
        .collect();
    path.reverse();
    path
}

const fn name(way: usize, local: usize) -> usize {
    (way >> local) & 1
}

/// What each way says of the window by itself.
fn scores(window: &Window, index: usize, samples: &[Sample], voices: &Voices) -> [f32; WAYS] {
    let mut spoken = [0.0f32; LOCALS];
    for frame in &window.active {
        for (sum, on) in spoken.iter_mut().zip(frame) {
            *sum += if *on { SECONDS } else { 0.0 };
        }
    }
    let own: Vec<&Sample> = samples
        .iter()
        .filter(|sample| sample.piece.window == index)
        .collect();
    std::array::from_fn(|way| {
        let mut score = 0.0;
        for sample in &own {
            let leaning = voices.leaning(&sample.vector) * sample.weight() * SOUND;
            let sign = if name(way, sample.piece.local) == 0 {
                1.0
            } else {
                -1.0
            };
            score += sign * leaning;
        }
        for (a, first) in spoken.iter().enumerate() {
            for (b, second) in spoken.iter().enumerate().skip(a + 1) {
                if name(way, a) == name(way, b) {
                    score -= SAME * first.min(*second);
                }
            }
        }
        score
    })
}

/// Seconds in which local voice `a` of a window and local voice `b` of the next both speak.
struct Links([[f32; LOCALS]; LOCALS]);

impl Links {
    fn agreement(&self, earlier: usize, later: usize) -> f32 {
        let mut score = 0.0;
        for (a, row) in self.0.iter().enumerate() {
            for (b, seconds) in row.iter().enumerate() {
                let same = name(earlier, a) == name(later, b);
                score += if same { *seconds } else { -seconds };
            }
        }
        score
    }
}

fn links(earlier: &Window, later: &Window) -> Links {
    let shift = later.start.saturating_sub(earlier.start);
    let mut table = [[0.0f32; LOCALS]; LOCALS];
    let shared = earlier.active.iter().skip(shift).zip(&later.active);
    for (first, second) in shared {
        for (row, a) in table.iter_mut().zip(first) {
            for (cell, b) in row.iter_mut().zip(second) {
                *cell += if *a && *b { SECONDS } else { 0.0 };
            }
        }
    }
    Links(table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speakers::embed::SIZE;
    use crate::speakers::pieces::Piece;
    use crate::speakers::segment::STEP;

    /// Two people take turns of 148 frames; each window numbers them in its own way.
    fn windows(flipped: &[bool]) -> Vec<Window> {
        let window = |(index, flip): (usize, &bool)| {
            let frame = |n: usize| {
                let person = (index * STEP + n) / 148 % 2;
                let local = person ^ usize::from(*flip);
                [local == 0, local == 1, false]
            };
            Window {
                start: index * STEP,
                active: (0..589).map(frame).collect(),
            }
        };
        flipped.iter().enumerate().map(window).collect()
    }

    fn axis(place: usize) -> [f32; SIZE] {
        std::array::from_fn(|n| if n == place { 1.0 } else { 0.0 })
    }

    fn heard(window: usize, local: usize, vector: [f32; SIZE]) -> Sample {
        let piece = Piece {
            window,
            local,
            frames: 400..520,
        };
        Sample { piece, vector }
    }

    fn voices() -> Voices {
        Voices {
            centres: [axis(0), axis(1)],
            separation: 0.5,
        }
    }

    #[test]
    fn one_window_that_is_heard_names_all_that_agree_with_it() {
        let flipped = [false, true, true, false, true];
        let heard = heard(1, 0, axis(1));
        let mapping = map(&windows(&flipped), &[heard], Some(&voices()));
        for (flip, names) in flipped.iter().zip(&mapping) {
            // Local voice 0 of window 1 is the second person, and sounds like voice 1.
            let [first, second, _] = names.voice;
            assert_eq!((first, second), if *flip { (1, 0) } else { (0, 1) });
        }
    }

    #[test]
    fn without_two_voices_everything_is_the_first() {
        let mapping = map(&windows(&[false, true]), &[], None);
        assert!(mapping.iter().all(|names| names.voice == [0; LOCALS]));
    }

    #[test]
    fn a_piece_that_sounds_like_the_other_voice_is_corrected() {
        let samples = [heard(0, 0, axis(0)), heard(0, 0, axis(1))];
        let mapping = [Mapping { voice: [0, 1, 1] }];
        let expected = Correction {
            frames: 400..520,
            voice: 1,
        };
        assert_eq!(corrections(&mapping, &samples, &voices()), [expected]);
        assert!(!consistent(&mapping, &samples, &voices()));
        assert!(consistent(&mapping, &samples[..1], &voices()));
    }
}
