//! Finds names of people, streets, places and written identifiers in text.
//!
//! A BERT token classifier that was trained on written English and does well on lower-case call
//! lines. It misses numbers that are spoken in words and confuses kinds of numbers: rules over
//! normalised tokens stand in front of it, elsewhere.

mod decode;
mod eight_bit;
mod label;
mod plan;

use std::collections::HashMap;
use std::path::Path;

use domain::Confidence;
use ort::session::Session;
use ort::value::TensorRef;
use tokenizers::Tokenizer;

use crate::EngineError;
use crate::onnx::session_in_memory;
use decode::{LABELS, Scores};
use plan::{Job, Piece};

pub use label::NameLabel;

const MODEL: &str = "rampart";

/// The classifier with its tokenizer; keeps nothing of any text.
pub struct NameFinder {
    session: Session,
    tokenizer: Tokenizer,
    /// The tokens that begin a text, end it, and fill a batch.
    marks: Marks,
}

/// One thing found in a text. The word itself is not kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NameHit {
    /// Byte at which it starts, on a character's border.
    pub start: usize,
    /// Byte after its end, on a character's border.
    pub end: usize,
    /// What it is taken for.
    pub label: NameLabel,
    /// How likely it is to be personal at all, whatever its kind; below 0.5 it is a single word
    /// that may as well be none, and at least 0.25.
    pub confidence: Confidence,
}

struct Marks {
    first: i64,
    last: i64,
    fill: i64,
}

impl NameFinder {
    /// Loads the model from the models folder.
    ///
    /// # Errors
    /// [`EngineError`] naming the file that is missing, damaged or refused.
    pub fn load(models: &Path) -> Result<Self, EngineError> {
        let folder = models.join("rampart");
        label::check(&folder.join("config.json"))?;
        let path = folder.join("tokenizer.json");
        if !path.is_file() {
            return Err(EngineError::Missing { path });
        }
        let tokenizer = Tokenizer::from_file(&path).map_err(|source| EngineError::Tokenizer {
            path: path.clone(),
            source,
        })?;
        let mark = |name: &str| {
            let id = tokenizer.token_to_id(name).map(i64::from);
            id.ok_or_else(|| EngineError::Malformed {
                path: path.clone(),
                what: "it lacks its special tokens",
            })
        };
        let marks = Marks {
            first: mark("[CLS]")?,
            last: mark("[SEP]")?,
            fill: mark("[PAD]")?,
        };
        let lib = models.join("lib/libonnxruntime.so");
        Ok(Self {
            session: session_in_memory(&lib, MODEL, &model(&folder.join("model_q4.onnx"))?)?,
            tokenizer,
            marks,
        })
    }

    /// What each text holds, in order of place. Texts of like length are computed together and
    /// equal ones once, so many at once are quicker than one by one; the answers do not depend on
    /// the company.
    ///
    /// # Errors
    /// [`EngineError`] where the tokenizer or the model fails.
    pub fn find(&mut self, texts: &[&str]) -> Result<Vec<Vec<NameHit>>, EngineError> {
        let mut pieces = Vec::with_capacity(texts.len());
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut place_of = Vec::with_capacity(texts.len());
        for text in texts {
            let place = match places.get(text) {
                Some(place) => *place,
                None => {
                    pieces.push(self.pieces(text)?);
                    places.insert(text, pieces.len() - 1);
                    pieces.len() - 1
                }
            };
            place_of.push(place);
        }
        let scores = self.scores(&pieces)?;
        let found = place_of.into_iter().map(|place| {
            let text = pieces.get(place).zip(scores.get(place));
            text.map_or_else(Vec::new, |(pieces, scores)| decode::hits(pieces, scores))
        });
        Ok(found.collect())
    }

    /// Every whole word that the model knows, without the parts that it makes others of.
    #[must_use]
    pub fn vocabulary(&self) -> Vec<String> {
        let words = self.tokenizer.get_vocab(false).into_keys();
        words.filter(|word| !word.starts_with("##")).collect()
    }

    /// How likely the word at a byte of each text is to be part of something personal.
    ///
    /// # Errors
    /// [`EngineError`] where the tokenizer or the model fails.
    pub fn likely(&mut self, texts: &[&str], at: usize) -> Result<Vec<f32>, EngineError> {
        let mut pieces = Vec::with_capacity(texts.len());
        for text in texts {
            pieces.push(self.pieces(text)?);
        }
        let scores = self.scores(&pieces)?;
        let likely = pieces.iter().zip(&scores).map(|(pieces, scores)| {
            let mut there = pieces.iter().zip(scores);
            let found = there.find(|(piece, _)| (piece.start..piece.end).contains(&at));
            found.map_or(0.0, |(_, scores)| scores.personal())
        });
        Ok(likely.collect())
    }

    fn scores(&mut self, pieces: &[Vec<Piece>]) -> Result<Vec<Vec<Scores>>, EngineError> {
        let mut scores: Vec<Vec<Scores>> = pieces
            .iter()
            .map(|text| vec![Scores::default(); text.len()])
            .collect();
        let jobs = plan::jobs(pieces);
        for batch in plan::batches(&jobs) {
            self.run(batch, pieces, &mut scores)?;
        }
        Ok(scores)
    }

    fn pieces(&self, text: &str) -> Result<Vec<Piece>, EngineError> {
        let encoded =
            self.tokenizer
                .encode(text, false)
                .map_err(|source| EngineError::Tokenizer {
                    path: Path::new("rampart/tokenizer.json").to_owned(),
                    source,
                })?;
        let places = encoded.get_offsets().iter().zip(encoded.get_word_ids());
        let pieces = encoded.get_ids().iter().zip(places);
        Ok(pieces
            .map(|(id, ((start, end), word))| Piece {
                id: i64::from(*id),
                start: *start,
                end: *end,
                word: word.unwrap_or(u32::MAX),
            })
            .collect())
    }

    /// Computes one batch and puts the kept scores into their texts' places.
    fn run(
        &mut self,
        batch: &[Job],
        pieces: &[Vec<Piece>],
        scores: &mut [Vec<Scores>],
    ) -> Result<(), EngineError> {
        let width = batch.iter().map(|job| job.take.len()).max().unwrap_or(0) + 2;
        let (ids, mask) = self.inputs(batch, pieces, width);
        let kinds = vec![0i64; ids.len()];
        let failed = || EngineError::onnx(MODEL, "finding names");
        let tensor = |values| TensorRef::from_array_view(([batch.len(), width], values));
        let outputs = self
            .session
            .run(ort::inputs![
                "input_ids" => tensor(ids.as_slice()).map_err(failed())?,
                "attention_mask" => tensor(mask.as_slice()).map_err(failed())?,
                "token_type_ids" => tensor(kinds.as_slice()).map_err(failed())?,
            ])
            .map_err(failed())?;
        let unexpected = |what| EngineError::Unexpected { model: MODEL, what };
        let output = outputs
            .get("logits")
            .ok_or_else(|| unexpected("no `logits`"))?;
        let (_, logits) = output.try_extract_tensor::<f32>().map_err(failed())?;
        let (tokens, _) = logits.as_chunks::<LABELS>();
        if tokens.len() != batch.len() * width {
            return Err(unexpected("another number of tokens"));
        }
        for (job, answers) in batch.iter().zip(tokens.chunks_exact(width)) {
            let text = scores.get_mut(job.text).map(Vec::as_mut_slice);
            let kept = text.and_then(|text| text.get_mut(job.keep.clone()));
            // The first answer belongs to the mark that begins the text.
            let answers = answers.iter().skip(1 + job.keep.start - job.take.start);
            for (place, answer) in kept.unwrap_or_default().iter_mut().zip(answers) {
                *place = Scores::from_logits(answer);
            }
        }
        Ok(())
    }

    /// Token ids and which of them count, one row per job.
    fn inputs(&self, batch: &[Job], pieces: &[Vec<Piece>], width: usize) -> (Vec<i64>, Vec<i64>) {
        let mut ids = Vec::with_capacity(batch.len() * width);
        let mut mask = Vec::with_capacity(batch.len() * width);
        for (row, job) in batch.iter().enumerate() {
            let text = pieces.get(job.text).map(Vec::as_slice);
            let taken = text.and_then(|text| text.get(job.take.clone()));
            ids.push(self.marks.first);
            ids.extend(taken.unwrap_or_default().iter().map(|piece| piece.id));
            ids.push(self.marks.last);
            mask.resize(ids.len(), 1);
            ids.resize((row + 1) * width, self.marks.fill);
            mask.resize(ids.len(), 0);
        }
        (ids, mask)
    }
}

/// The model as it is computed. Loading fails rather than computing another than was measured.
fn model(path: &Path) -> Result<Vec<u8>, EngineError> {
    let bytes = std::fs::read(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => EngineError::Missing {
            path: path.to_owned(),
        },
        _ => EngineError::Read {
            path: path.to_owned(),
            source,
        },
    })?;
    eight_bit::converted(&bytes).ok_or_else(|| EngineError::Malformed {
        path: path.to_owned(),
        what: "its products are built otherwise",
    })
}

impl std::fmt::Debug for NameFinder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NameFinder").finish_non_exhaustive()
    }
}
