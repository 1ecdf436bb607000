//! To the rate that recognisers take.

use rubato::audioadapter_buffers::direct::SequentialSlice;
use rubato::{Fft, FixedSync, Resampler};

use super::AudioFault;

/// Samples per second of every model here.
const MODEL_RATE: u32 = 16_000;

/// Resamples one channel to 16 kHz, aligned with its input: sample `n` of the output sounds
/// at `n / 16000` s of the input.
///
/// # Errors
/// [`AudioFault::Resample`] for rates that the resampler cannot relate to 16 kHz.
pub fn to_16k(samples: &[f32], rate: u32) -> Result<Vec<f32>, AudioFault> {
    if rate == MODEL_RATE || samples.is_empty() {
        return Ok(samples.to_vec());
    }
    let fault = || AudioFault::Resample { rate };
    let from = usize::try_from(rate).map_err(|_| fault())?;
    let to = usize::try_from(MODEL_RATE).map_err(|_| fault())?;
    let mut resampler =
        Fft::<f32>::new(from, to, 1_024, 1, FixedSync::Input).map_err(|_| fault())?;
    let input = SequentialSlice::new(samples, 1, samples.len()).map_err(|_| fault())?;
    let output = resampler
        .process_all(&input, samples.len(), None)
        .map_err(|_| fault())?;
    Ok(output.take_data())
}
