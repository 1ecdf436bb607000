//! Log-mel features as Whisper was trained on them: 16 kHz, windows of 400 samples every 160, 80
//! bins on Slaney's scale, logarithms held within 8 (decades) below the loudest.

use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

/// Mel bins.
pub(super) const BINS: usize = 80;
/// Samples from one frame to the next.
pub(super) const HOP: usize = 160;

const RATE: f64 = 16_000.0;
const WINDOW: usize = 400;
const SPECTRUM: usize = WINDOW / 2 + 1;
const QUIETEST: f32 = 1e-10;

/// Turns samples into features; keeps its buffers.
pub(super) struct Mel {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    filters: Vec<Filter>,
    input: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    power: Vec<f32>,
}

/// One triangular filter: the first spectrum bin it covers and its weights from there.
struct Filter {
    first: usize,
    weights: Vec<f32>,
}

impl Mel {
    pub(super) fn new() -> Self {
        let fft = RealFftPlanner::new().plan_fft_forward(WINDOW);
        Self {
            window: hann(),
            filters: filters(),
            input: fft.make_input_vec(),
            spectrum: fft.make_output_vec(),
            scratch: fft.make_scratch_vec(),
            power: vec![0.0; SPECTRUM],
            fft,
        }
    }

    /// [`BINS`] rows of `frames` numbers each. Frames past the end of `pcm` are silence.
    pub(super) fn features(&mut self, pcm: &[f32], frames: usize) -> Vec<f32> {
        let mut rows = vec![QUIETEST.log10(); BINS * frames];
        // The last window that touches sound begins at most half a window after its end.
        let sounding = (pcm.len() + WINDOW / 2).div_ceil(HOP).min(frames);
        for frame in 0..sounding {
            self.spectrum_of(pcm, frame * HOP);
            for (row, filter) in rows.chunks_mut(frames.max(1)).zip(&self.filters) {
                let bins = self.power.iter().skip(filter.first);
                let energy: f32 = bins.zip(&filter.weights).map(|(p, w)| p * w).sum();
                if let Some(cell) = row.get_mut(frame) {
                    *cell = energy.max(QUIETEST).log10();
                }
            }
        }
        let loudest = rows.iter().copied().fold(f32::MIN, f32::max);
        for cell in &mut rows {
            *cell = (cell.max(loudest - 8.0) + 4.0) / 4.0;
        }
        rows
    }

    /// Fills `power` with the spectrum of the window centred on `centre`; what lies before the
    /// start is mirrored, what lies past the end is silence.
    fn spectrum_of(&mut self, pcm: &[f32], centre: usize) {
        for (offset, (slot, weight)) in self.input.iter_mut().zip(&self.window).enumerate() {
            let position = (centre + offset).abs_diff(WINDOW / 2);
            *slot = pcm.get(position).copied().unwrap_or(0.0) * weight;
        }
        // Fails for buffers of another length only; these are the planner's own.
        if self
            .fft
            .process_with_scratch(&mut self.input, &mut self.spectrum, &mut self.scratch)
            .is_ok()
        {
            for (power, bin) in self.power.iter_mut().zip(&self.spectrum) {
                *power = bin.norm_sqr();
            }
        }
    }
}

/// Periodic Hann window.
fn hann() -> Vec<f32> {
    (0..WINDOW)
        .map(|n| {
            let turn = as_f64(n) / as_f64(WINDOW) * std::f64::consts::TAU;
            to_f32(0.5 - 0.5 * turn.cos())
        })
        .collect()
}

/// Triangles of equal area between [`BINS`] + 2 points that lie evenly on the mel scale.
fn filters() -> Vec<Filter> {
    let top = mel_of(RATE / 2.0);
    let points: Vec<f64> = (0..BINS + 2)
        .map(|n| hertz_of(top * as_f64(n) / as_f64(BINS + 1)))
        .collect();
    points
        .windows(3)
        .map(|corners| match corners {
            [low, middle, high] => filter(*low, *middle, *high),
            _ => Filter {
                first: 0,
                weights: Vec::new(),
            },
        })
        .collect()
}

fn filter(low: f64, middle: f64, high: f64) -> Filter {
    let mut first = None;
    let mut weights = Vec::new();
    for bin in 0..SPECTRUM {
        let hertz = as_f64(bin) * RATE / as_f64(WINDOW);
        let rise = (hertz - low) / (middle - low);
        let fall = (high - hertz) / (high - middle);
        let height = rise.min(fall);
        if height > 0.0 {
            first.get_or_insert(bin);
            weights.push(to_f32(height * 2.0 / (high - low)));
        }
    }
    Filter {
        first: first.unwrap_or(0),
        weights,
    }
}

/// Slaney's scale: linear to 1 kHz (15 mel), logarithmic above.
fn mel_of(hertz: f64) -> f64 {
    if hertz < 1_000.0 {
        hertz * 3.0 / 200.0
    } else {
        15.0 + (hertz / 1_000.0).ln() * 27.0 / 6.4_f64.ln()
    }
}

fn hertz_of(mel: f64) -> f64 {
    if mel < 15.0 {
        mel * 200.0 / 3.0
    } else {
        1_000.0 * ((mel - 15.0) * 6.4_f64.ln() / 27.0).exp()
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "window and bin numbers are small"
)]
fn as_f64(n: usize) -> f64 {
    n as f64
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "f32 is the features' precision"
)]
fn to_f32(value: f64) -> f32 {
    value as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A 440 Hz tone with a 3 kHz tone from half a second on, one second, then silence.
    fn tones() -> Vec<f32> {
        (0..16_000_u32)
            .map(|n| {
                let turn = f64::from(n) * std::f64::consts::TAU / RATE;
                let high = if n > 8_000 {
                    0.1 * (turn * 3_000.0).sin()
                } else {
                    0.0
                };
                to_f32(0.3 * (turn * 440.0).sin() + high)
            })
            .collect()
    }

    /// The expected numbers come from the feature extractor of faster-whisper 1.2.1.
    #[test]
    fn features_are_those_whisper_was_trained_on() {
        let features = Mel::new().features(&tones(), 200);
        let expected = [
            (0, 0, 0.8724),
            (0, 50, 0.0360),
            (11, 0, 1.0007),
            (11, 30, 1.3273),
            (12, 49, 1.1827),
            (40, 49, -0.3706),
            (52, 49, -0.0642),
            (52, 60, -0.6727),
            (79, 75, -0.6727),
            (11, 99, 1.3260),
            (11, 100, 1.1819),
            (11, 101, 0.2420),
            (52, 100, 0.4286),
            (3, 150, -0.6727),
        ];
        for (bin, frame, value) in expected {
            let found: f32 = features[bin * 200 + frame];
            assert!(
                (found - value).abs() < 2e-3,
                "bin {bin}, frame {frame}: {found} for {value}"
            );
        }
    }

    #[test]
    fn silence_is_flat_and_nothing_is_nothing() {
        let features = Mel::new().features(&[], 10);
        assert!(features.iter().all(|cell| (cell + 1.5).abs() < 1e-6));
        assert!(Mel::new().features(&[0.1; 100], 0).is_empty());
    }
}
