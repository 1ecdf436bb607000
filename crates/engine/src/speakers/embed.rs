//! What a voice sounds like: a unit vector of 128 numbers from a few seconds of its speech.

use std::ops::Range;
use std::path::Path;

use ort::session::Session;
use ort::value::TensorRef;

use super::fbank::{BANDS, Filterbank, LENGTH, SHIFT, centre};
use super::segment::{FRAME, LEAD};
use crate::EngineError;
use crate::onnx::session;

const MODEL: &str = "speaker embedding";
/// Numbers of the model's answer.
const RAW: usize = 256;
/// Numbers after the projection.
pub(super) const SIZE: usize = 128;
/// Fewer filterbank frames than this say too little of a voice.
const FEWEST: usize = 40;
/// Segmentation frames of about two seconds; more of the same piece says little new.
const ENOUGH: usize = 118;

/// A voice, of length one.
pub(super) type Voice = [f32; SIZE];

/// The embedding model, and the projection to the directions in which voices differ.
pub(super) struct Embedder {
    session: Session,
    bank: Filterbank,
    projection: Projection,
}

impl Embedder {
    pub(super) fn load(models: &Path) -> Result<Self, EngineError> {
        let lib = models.join("lib/libonnxruntime.so");
        let path = models.join("speakers/embedding.ort");
        Ok(Self {
            session: session(&lib, MODEL, &path)?,
            bank: Filterbank::new(),
            projection: Projection::load(&models.join("speakers"))?,
        })
    }

    /// The voice in the middle of a frame range; none where it is too short.
    pub(super) fn embed(
        &mut self,
        pcm: &[f32],
        range: &Range<usize>,
    ) -> Result<Option<Voice>, EngineError> {
        let skipped = range.len().saturating_sub(ENOUGH) / 2;
        let from = (range.start + skipped) * FRAME + LEAD;
        let to = ((range.end - skipped) * FRAME + LEAD).min(pcm.len());
        let mut bands = Vec::new();
        let heard = pcm.get(from..to).unwrap_or_default();
        for samples in heard.windows(LENGTH).step_by(SHIFT) {
            self.bank.frame(samples, &mut bands);
        }
        let frames = bands.len() / BANDS;
        if frames < FEWEST {
            return Ok(None);
        }
        centre(&mut bands);
        let raw = self.run(&bands, frames)?;
        Ok(self.projection.apply(&raw))
    }

    fn run(&mut self, bands: &[f32], frames: usize) -> Result<Vec<f32>, EngineError> {
        let failed = || EngineError::onnx(MODEL, "embedding");
        let weights = vec![1.0f32; frames];
        let fbank = TensorRef::from_array_view(([1, frames, BANDS], bands)).map_err(failed())?;
        let all = TensorRef::from_array_view(([1, frames], weights.as_slice())).map_err(failed())?;
        let outputs = self
            .session
            .run(ort::inputs!["fbank" => fbank, "weights" => all])
            .map_err(failed())?;
        let output = outputs.get("embedding").ok_or(EngineError::Unexpected {
            model: MODEL,
            what: "no `embedding`",
        })?;
        let (_, values) = output.try_extract_tensor::<f32>().map_err(failed())?;
        Ok(values.to_vec())
    }
}

/// Centring, a linear discriminant analysis and centring again, each followed by scaling to
/// length one, as published with the model.
struct Projection {
    mean_before: Vec<f32>,
    /// Row by row, 256 rows of 128.
    matrix: Vec<f32>,
    mean_after: Vec<f32>,
}

impl Projection {
    fn load(folder: &Path) -> Result<Self, EngineError> {
        Ok(Self {
            mean_before: numbers(&folder.join("xvec_mean1.f64"), RAW, narrow)?,
            matrix: numbers(&folder.join("xvec_lda.f32"), RAW * SIZE, f32::from_le_bytes)?,
            mean_after: numbers(&folder.join("xvec_mean2.f32"), SIZE, f32::from_le_bytes)?,
        })
    }

    /// None where the model answered with nothing that has a direction.
    fn apply(&self, raw: &[f32]) -> Option<Voice> {
        let mut centred: Vec<f32> = raw
            .iter()
            .zip(&self.mean_before)
            .map(|(v, m)| v - m)
            .collect();
        scale(&mut centred, (RAW as f32).sqrt())?;
        let mut voice = [0.0f32; SIZE];
        for (value, row) in centred.iter().zip(self.matrix.chunks_exact(SIZE)) {
            for (sum, factor) in voice.iter_mut().zip(row) {
                *sum += value * factor;
            }
        }
        for (value, mean) in voice.iter_mut().zip(&self.mean_after) {
            *value -= mean;
        }
        scale(&mut voice, 1.0)?;
        Some(voice)
    }
}

/// Brings a vector to a length; none where it has no direction.
pub(super) fn scale(vector: &mut [f32], length: f32) -> Option<()> {
    let norm = vector.iter().map(|v| v * v).sum::<f32>().sqrt();
    if !norm.is_normal() {
        return None;
    }
    for value in vector {
        *value *= length / norm;
    }
    Some(())
}

fn numbers<const N: usize>(
    path: &Path,
    count: usize,
    read: fn([u8; N]) -> f32,
) -> Result<Vec<f32>, EngineError> {
    let bytes = std::fs::read(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => EngineError::Missing {
            path: path.to_owned(),
        },
        _ => EngineError::Read {
            path: path.to_owned(),
            source,
        },
    })?;
    let (values, rest) = bytes.as_chunks::<N>();
    if values.len() != count || !rest.is_empty() {
        return Err(EngineError::Malformed {
            path: path.to_owned(),
            what: "another number of values",
        });
    }
    Ok(values.iter().map(|value| read(*value)).collect())
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "single precision is what the model computes in"
)]
fn narrow(bytes: [u8; 8]) -> f32 {
    f64::from_le_bytes(bytes) as f32
}
