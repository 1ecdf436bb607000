//! Vectors of sentences: texts that mean alike have vectors that point alike.
//!
//! The model is all-MiniLM-L6-v2 (Reimers and Gurevych, Sentence-BERT, 2019): six layers, the
//! mean of the tokens' vectors, length one. It reads English best.

mod graph;
mod weights;

use std::path::Path;

use ort::session::Session;
use ort::value::TensorRef;
use tokenizers::{Tokenizer, TruncationParams};

use crate::EngineError;
use crate::onnx::session_in_memory;
use weights::Weights;

/// Its name in the catalogue.
pub const MODEL: &str = "all-minilm-l6-v2";
/// Numbers of one vector.
pub const WIDTH: usize = graph::WIDTH;

/// Tokens of a text that are read; what follows is left out.
const LONGEST: usize = 128;
/// Texts computed together.
const TOGETHER: usize = 32;
/// Added to what a token may look at where there is none: its share becomes nothing.
const FAR_BELOW: f32 = -1e9;

/// The model with its tokenizer; keeps nothing of any text.
pub struct SentenceModel {
    session: Session,
    tokenizer: Tokenizer,
}

impl SentenceModel {
    /// Loads the model from the models folder.
    ///
    /// # Errors
    /// [`EngineError::NotPulled`] where it was never fetched; [`EngineError`] naming the file that
    /// is damaged or refused.
    pub fn load(models: &Path) -> Result<Self, EngineError> {
        let folder = models.join(MODEL);
        let path = folder.join("model.safetensors");
        let bytes = std::fs::read(&path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => EngineError::NotPulled { model: MODEL },
            _ => EngineError::Read {
                path: path.clone(),
                source,
            },
        })?;
        let model = Weights::read(&bytes).and_then(|weights| graph::model(&weights));
        drop(bytes);
        let model = model.ok_or_else(|| EngineError::Malformed {
            path,
            what: "its weights are others",
        })?;
        let lib = models.join("lib/libonnxruntime.so");
        Ok(Self {
            session: session_in_memory(&lib, MODEL, &model)?,
            tokenizer: tokenizer(&folder.join("tokenizer.json"))?,
        })
    }

    /// Whether the model was fetched into a models folder.
    #[must_use]
    pub fn is_there(models: &Path) -> bool {
        models.join(MODEL).join("model.safetensors").is_file()
    }

    /// The vector of each text, of length one, in their order. Texts of like length are computed
    /// together.
    ///
    /// # Errors
    /// [`EngineError`] where the tokenizer or the model fails.
    pub fn vectors(&mut self, texts: &[&str]) -> Result<Vec<[f32; WIDTH]>, EngineError> {
        let mut tokens = Vec::with_capacity(texts.len());
        for (place, text) in texts.iter().enumerate() {
            let encoded = self.tokenizer.encode(*text, true).map_err(|source| {
                let path = Path::new(MODEL).join("tokenizer.json");
                EngineError::Tokenizer { path, source }
            })?;
            let ids: Vec<i64> = encoded.get_ids().iter().map(|id| i64::from(*id)).collect();
            tokens.push((place, ids));
        }
        tokens.sort_by_key(|(place, ids)| (ids.len(), *place));
        let mut vectors = vec![[0.0; WIDTH]; texts.len()];
        for batch in tokens.chunks(TOGETHER) {
            for ((place, _), vector) in batch.iter().zip(self.run(batch)?) {
                if let Some(own) = vectors.get_mut(*place) {
                    *own = vector;
                }
            }
        }
        Ok(vectors)
    }

    fn run(&mut self, batch: &[(usize, Vec<i64>)]) -> Result<Vec<[f32; WIDTH]>, EngineError> {
        let width = batch.iter().map(|(_, ids)| ids.len()).max().unwrap_or(0);
        let mut ids = Vec::with_capacity(batch.len() * width);
        let mut mask = Vec::with_capacity(batch.len() * width);
        for (row, (_, own)) in batch.iter().enumerate() {
            ids.extend(own);
            mask.resize(ids.len(), 0.0f32);
            ids.resize((row + 1) * width, 0);
            mask.resize(ids.len(), FAR_BELOW);
        }
        let places: Vec<i64> = (0..).take(width).collect();
        let failed = || EngineError::onnx(MODEL, "reading sentences");
        let of = (batch.len(), width);
        let outputs = self
            .session
            .run(ort::inputs![
                "ids" => TensorRef::from_array_view(([of.0, of.1], ids.as_slice())).map_err(failed())?,
                "places" => TensorRef::from_array_view(([width], places.as_slice())).map_err(failed())?,
                "mask" => TensorRef::from_array_view(([of.0, 1, 1, of.1], mask.as_slice())).map_err(failed())?,
            ])
            .map_err(failed())?;
        let unexpected = |what| EngineError::Unexpected { model: MODEL, what };
        let output = outputs
            .get("hidden")
            .ok_or_else(|| unexpected("no `hidden`"))?;
        let (_, hidden) = output.try_extract_tensor::<f32>().map_err(failed())?;
        let (tokens, _) = hidden.as_chunks::<WIDTH>();
        if tokens.len() != batch.len() * width {
            return Err(unexpected("another number of tokens"));
        }
        let rows = tokens.chunks_exact(width.max(1));
        Ok(batch
            .iter()
            .zip(rows)
            .map(|((_, ids), row)| mean(row.get(..ids.len()).unwrap_or_default()))
            .collect())
    }
}

/// The mean of some vectors, made as long as one.
fn mean(tokens: &[[f32; WIDTH]]) -> [f32; WIDTH] {
    let mut sum = [0.0f32; WIDTH];
    for token in tokens {
        for (all, one) in sum.iter_mut().zip(token) {
            *all += one;
        }
    }
    let length = sum.iter().map(|one| one * one).sum::<f32>().sqrt();
    if length > 0.0 {
        sum.iter_mut().for_each(|one| *one /= length);
    }
    sum
}

fn tokenizer(path: &Path) -> Result<Tokenizer, EngineError> {
    if !path.is_file() {
        return Err(EngineError::NotPulled { model: MODEL });
    }
    let refused = |source| EngineError::Tokenizer {
        path: path.to_owned(),
        source,
    };
    let mut tokenizer = Tokenizer::from_file(path).map_err(refused)?;
    tokenizer.with_padding(None);
    let limit = TruncationParams {
        max_length: LONGEST,
        ..TruncationParams::default()
    };
    tokenizer.with_truncation(Some(limit)).map_err(refused)?;
    Ok(tokenizer)
}

impl std::fmt::Debug for SentenceModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SentenceModel").finish_non_exhaustive()
    }
}
