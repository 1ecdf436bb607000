//! Log mel filterbank energies as Kaldi computes them: 25 ms Hamming frames every 10 ms,
//! pre-emphasis 0.97, 512-point power spectrum, 80 triangular filters from 20 Hz to 8 kHz.

use std::f32::consts::PI;
use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

/// Filters, and so values per frame.
pub(super) const BANDS: usize = 80;
/// Samples of one frame.
pub(super) const LENGTH: usize = 400;
/// Samples between frames.
pub(super) const SHIFT: usize = 160;

const FFT: usize = 512;
const RATE: f32 = 16_000.0;
const LOWEST: f32 = 20.0;
const PRE_EMPHASIS: f32 = 0.97;
/// The models were trained on samples in the range of 16-bit integers.
const SCALE: f32 = 32_768.0;
const FLOOR: f32 = f32::EPSILON;

/// The window, the transform and the filters.
pub(super) struct Filterbank {
    window: Vec<f32>,
    fft: Arc<dyn RealToComplex<f32>>,
    filters: Vec<Filter>,
    frame: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    power: Vec<f32>,
    scratch: Vec<Complex<f32>>,
}

/// One triangle over neighbouring bins.
struct Filter {
    first: usize,
    weights: Vec<f32>,
}

impl Filterbank {
    pub(super) fn new() -> Self {
        let fft = RealFftPlanner::<f32>::new().plan_fft_forward(FFT);
        let step = 2.0 * PI / (LENGTH - 1) as f32;
        Self {
            window: (0..LENGTH)
                .map(|n| 0.54 - 0.46 * (step * n as f32).cos())
                .collect(),
            filters: filters(),
            frame: fft.make_input_vec(),
            spectrum: fft.make_output_vec(),
            power: vec![0.0; FFT / 2],
            scratch: fft.make_scratch_vec(),
            fft,
        }
    }

    /// Appends one frame's bands to `out`. `samples` holds exactly [`LENGTH`] of them.
    pub(super) fn frame(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        let mean = samples.iter().sum::<f32>() / LENGTH as f32;
        let mut before = samples.first().map_or(0.0, |first| first - mean);
        self.frame.fill(0.0);
        for ((place, sample), window) in self.frame.iter_mut().zip(samples).zip(&self.window) {
            let centred = sample - mean;
            *place = (centred - PRE_EMPHASIS * before) * window * SCALE;
            before = centred;
        }
        let done =
            self.fft
                .process_with_scratch(&mut self.frame, &mut self.spectrum, &mut self.scratch);
        // It refuses only buffers of other lengths than its own.
        debug_assert!(done.is_ok());
        for (power, bin) in self.power.iter_mut().zip(&self.spectrum) {
            *power = bin.norm_sqr();
        }
        out.extend(self.filters.iter().map(|filter| {
            let bins = self.power.get(filter.first..).unwrap_or_default();
            let energy: f32 = bins.iter().zip(&filter.weights).map(|(p, w)| p * w).sum();
            energy.max(FLOOR).ln()
        }));
    }
}

/// Takes each band's mean over all frames away: what the line adds to every frame alike.
pub(super) fn centre(bands: &mut [f32]) {
    let (frames, _) = bands.as_chunks_mut::<BANDS>();
    let count = frames.len().max(1) as f32;
    let mut mean = [0.0f32; BANDS];
    for frame in frames.iter() {
        for (sum, value) in mean.iter_mut().zip(frame) {
            *sum += value / count;
        }
    }
    for frame in frames {
        for (value, mean) in frame.iter_mut().zip(&mean) {
            *value -= mean;
        }
    }
}

fn mel(hertz: f32) -> f32 {
    1127.0 * (1.0 + hertz / 700.0).ln()
}

fn filters() -> Vec<Filter> {
    let low = mel(LOWEST);
    let width = (mel(RATE / 2.0) - low) / (BANDS + 1) as f32;
    (0..BANDS)
        .map(|band| {
            let left = low + width * band as f32;
            let weights: Vec<f32> = (0..FFT / 2)
                .map(|bin| {
                    let at = mel(bin as f32 * RATE / FFT as f32) - left;
                    (at / width).min(2.0 - at / width).max(0.0)
                })
                .collect();
            let first = weights.iter().position(|w| *w > 0.0).unwrap_or(0);
            let last = weights.iter().rposition(|w| *w > 0.0).unwrap_or(0);
            Filter {
                first,
                weights: weights.get(first..=last).unwrap_or_default().to_vec(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hertz: f32) -> Vec<f32> {
        let wave = |n: usize| 0.5 * (2.0 * PI * hertz * n as f32 / RATE).sin();
        (0..LENGTH).map(wave).collect()
    }

    fn loudest(hertz: f32) -> usize {
        let mut bands = Vec::new();
        Filterbank::new().frame(&tone(hertz), &mut bands);
        assert_eq!(bands.len(), BANDS);
        (0..BANDS)
            .max_by(|a, b| bands[*a].total_cmp(&bands[*b]))
            .unwrap()
    }

    #[test]
    fn a_tone_is_loudest_in_the_band_around_it() {
        let width = (mel(8000.0) - mel(20.0)) / 81.0;
        for hertz in [300.0, 1000.0, 3000.0, 6000.0] {
            let expected = (mel(hertz) - mel(20.0)) / width - 1.0;
            let off = (loudest(hertz) as f32 - expected).abs();
            assert!(off < 1.0, "{hertz} Hz is {off} bands off");
        }
    }

    #[test]
    fn silence_is_the_floor_and_centring_takes_it_away() {
        let mut bands = Vec::new();
        let mut bank = Filterbank::new();
        bank.frame(&[0.0; LENGTH], &mut bands);
        bank.frame(&[0.0; LENGTH], &mut bands);
        assert!(bands.iter().all(|band| (band - FLOOR.ln()).abs() < 1e-3));
        centre(&mut bands);
        assert!(bands.iter().all(|band| band.abs() < 1e-3));
    }
}
