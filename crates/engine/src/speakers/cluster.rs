//! Splits embedded pieces into two voices. Pure.
//!
//! Two-means on the unit sphere, begun from every pair of pieces that are least alike, with
//! the best split kept: deterministic, and not thrown off by a single odd piece.

use super::embed::{SIZE, Voice, scale};
use super::pieces::Piece;

/// Pairs from which a split is tried.
const BEGINNINGS: usize = 24;
/// Rounds after which a split does not move any more in practice.
const ROUNDS: usize = 20;
/// Cosine between the halves of one voice that is split by force: 0.71 to 0.89 were seen in
/// recordings of one person, 0.18 to 0.52 in recordings of two.
const FORCED: f32 = 0.77;

/// One embedded piece.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub(super) piece: Piece,
    pub(super) vector: Voice,
}

impl Sample {
    /// Seconds of speech it stands for.
    pub(super) fn weight(&self) -> f32 {
        self.piece.seconds()
    }
}

/// Two voices and how far apart they are.
#[derive(Debug, Clone)]
pub(super) struct Voices {
    pub(super) centres: [Voice; 2],
    /// How much less alike the two are than the halves of one voice that is split by force.
    pub(super) separation: f32,
}

impl Voices {
    /// How much more a piece sounds like voice 0 than like voice 1.
    pub(super) fn leaning(&self, vector: &Voice) -> f32 {
        let [first, second] = &self.centres;
        cosine(vector, first) - cosine(vector, second)
    }
}

/// The best split; none with fewer than two pieces.
pub(super) fn two_voices(samples: &[Sample]) -> Option<Voices> {
    let mut best: Option<(f32, [Voice; 2])> = None;
    for (a, b) in unlike_pairs(samples) {
        let (gain, centres) = settle(samples, [a, b]);
        if best.as_ref().is_none_or(|(most, _)| gain > *most) {
            best = Some((gain, centres));
        }
    }
    let (_, centres) = best?;
    let [first, second] = &centres;
    Some(Voices {
        centres,
        separation: (FORCED - cosine(first, second)).max(0.0),
    })
}

/// Of two unit vectors.
pub(super) fn cosine(a: &Voice, b: &Voice) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn unlike_pairs(samples: &[Sample]) -> Vec<(Voice, Voice)> {
    let mut pairs = Vec::new();
    for (n, a) in samples.iter().enumerate() {
        for b in samples.iter().skip(n + 1) {
            // Short pieces are unlike everything; they are poor beginnings.
            let weight = a.weight().min(b.weight());
            pairs.push(((1.0 - cosine(&a.vector, &b.vector)) * weight, a, b));
        }
    }
    pairs.sort_by(|x, y| y.0.total_cmp(&x.0));
    let kept = pairs.into_iter().take(BEGINNINGS);
    kept.map(|(_, a, b)| (a.vector, b.vector)).collect()
}

/// Moves both centres until they stay; the gain is the weighted cosine to the nearer centre.
fn settle(samples: &[Sample], mut centres: [Voice; 2]) -> (f32, [Voice; 2]) {
    let mut gain = f32::MIN;
    for _ in 0..ROUNDS {
        let mut sums = [[0.0f32; SIZE]; 2];
        let mut now = 0.0;
        let [first, second] = &mut sums;
        for sample in samples {
            let [one, other] = &centres;
            let near = cosine(&sample.vector, one);
            let far = cosine(&sample.vector, other);
            let sum = if near >= far {
                &mut *first
            } else {
                &mut *second
            };
            for (total, value) in sum.iter_mut().zip(&sample.vector) {
                *total += value * sample.weight();
            }
            now += near.max(far) * sample.weight();
        }
        if now <= gain + 1e-5 {
            break;
        }
        gain = now;
        for (centre, sum) in centres.iter_mut().zip(&mut sums) {
            if scale(sum, 1.0).is_some() {
                *centre = *sum;
            }
        }
    }
    (gain, centres)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A unit vector near an axis, with some of its own noise.
    fn sample(axis: usize, noise: usize, frames: usize) -> Sample {
        let mut vector = [0.0f32; SIZE];
        vector[axis] = 1.0;
        vector[20 + noise] = 0.6;
        vector[0] += 0.4;
        scale(&mut vector, 1.0).unwrap();
        Sample {
            piece: Piece {
                window: noise,
                local: 0,
                frames: 0..frames,
            },
            vector,
        }
    }

    #[test]
    fn two_voices_are_split_and_far_apart() {
        let samples: Vec<Sample> = (0..12).map(|n| sample(1 + n % 2, n, 120)).collect();
        let voices = two_voices(&samples).unwrap();
        let sides: Vec<bool> = samples
            .iter()
            .map(|s| voices.leaning(&s.vector) > 0.0)
            .collect();
        assert!(
            sides
                .iter()
                .enumerate()
                .all(|(n, side)| *side == sides[n % 2])
        );
        assert!(sides[0] != sides[1] && voices.separation > 0.3);
    }

    #[test]
    fn one_voice_split_by_force_is_not_far_apart() {
        let samples: Vec<Sample> = (0..12).map(|n| sample(1, n, 120)).collect();
        assert!(two_voices(&samples).unwrap().separation < 0.12);
    }

    #[test]
    fn a_short_odd_piece_does_not_become_a_voice() {
        let mut samples: Vec<Sample> = (0..12).map(|n| sample(1 + n % 2, n, 150)).collect();
        samples.push(sample(9, 40, 30));
        let voices = two_voices(&samples).unwrap();
        assert!(voices.leaning(&samples[0].vector) * voices.leaning(&samples[1].vector) < 0.0);
    }

    #[test]
    fn one_piece_is_no_split() {
        assert!(two_voices(&[sample(1, 0, 120)]).is_none());
    }
}
