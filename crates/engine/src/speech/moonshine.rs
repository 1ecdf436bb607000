//! Moonshine tiny: raw samples in, text out, at a fraction of Whisper's work.
//!
//! Limits: English; each voiced span alone and at most 15 s of it, because the model loops on more;
//! the published files give no attention, so words are spread over their span by length, and their
//! confidence is halved to say so. A redactor should widen such words generously. The model has no
//! sense of silence: steady noise is kept from it, and a text that is a guess is dropped.

use std::borrow::Cow;
use std::path::Path;

use domain::LanguageTag;
use ort::session::{Session, SessionInputValue};
use ort::value::{DynValue, Tensor};

use super::guards::{Evidence, Verdict, is_steady, judge_once, without_loops};
use super::pack::{Rule, Window, pack};
use super::vocabulary::Vocabulary;
use super::words::{group, settle, spread, word};
use super::{EngineChoice, Recognised, RecognisedWord, Recogniser};
use crate::{EngineError, onnx, vad};

const MODEL: &str = "moonshine-tiny.en";
const PACKING: Rule = Rule {
    longest: 15 * 16_000,
    padding: 3_200,
    join: false,
};
/// The encoder's first filters need this many samples; less holds no word.
const SHORTEST: usize = 3_200;
const LAYERS: usize = 6;
const HEADS: i64 = 8;
const HEAD_WIDTH: i64 = 36;
const START: u32 = 1;
const END: u32 = 2;
/// Tokens per 2 seconds that speech has at most, and once per span.
const TOKENS_PER_TWO_SECONDS: usize = 13;
const TOKENS_SPARE: usize = 6;
/// What a word's probability counts for, as its time is an estimate.
const TRUST: f32 = 0.5;

/// A loaded Moonshine model.
pub(super) struct Moonshine {
    encoder: Session,
    decoder: Session,
    vocabulary: Vocabulary,
}

/// The decoder's memory: the newest keys and values of the text, the first ones of the sound.
type Memory = Vec<(Cow<'static, str>, DynValue)>;

impl Moonshine {
    pub(super) fn load(models: &Path) -> Result<Self, EngineError> {
        let folder = models.join(EngineChoice::MoonshineTinyEn.key());
        let runtime = models.join("lib").join("libonnxruntime.so");
        Ok(Self {
            vocabulary: Vocabulary::load_pieces(&folder.join("tokenizer.bin"))?,
            encoder: onnx::session(&runtime, MODEL, &folder.join("encoder_model.ort"))?,
            decoder: onnx::session(&runtime, MODEL, &folder.join("decoder_model_merged.ort"))?,
        })
    }

    fn encode(&mut self, pcm: &[f32]) -> Result<DynValue, EngineError> {
        let failed = || EngineError::onnx(MODEL, "encoding");
        let samples = Tensor::from_array(([1, pcm.len()], pcm.to_vec())).map_err(failed())?;
        let mask = ones(pcm.len())?;
        let mut outputs = self
            .encoder
            .run(ort::inputs! { "input_values" => samples, "attention_mask" => mask })
            .map_err(failed())?;
        outputs
            .remove("last_hidden_state")
            .ok_or_else(|| unexpected("the encoder gave nothing"))
    }

    /// Tokens with their probabilities, greedily; the end mark where it came.
    fn decode(
        &mut self,
        hidden: &DynValue,
        samples: usize,
        most: usize,
    ) -> Result<Vec<(u32, f32)>, EngineError> {
        // Per sample, although it is the encoder's output that it masks.
        let mask = ones(samples)?;
        let mut memory = self.empty_memory()?;
        let mut found: Vec<(u32, f32)> = Vec::new();
        for step in 0..most {
            let last = found.last().map_or(START, |(id, _)| *id);
            let (id, prob) = self.step(hidden, &mask, last, step > 0, &mut memory)?;
            found.push((id, prob));
            if id == END {
                break;
            }
        }
        Ok(found)
    }

    fn step(
        &mut self,
        hidden: &DynValue,
        mask: &Tensor<i64>,
        last: u32,
        cached: bool,
        memory: &mut Memory,
    ) -> Result<(u32, f32), EngineError> {
        let failed = || EngineError::onnx(MODEL, "decoding");
        let ids = Tensor::from_array(([1_usize, 1], vec![i64::from(last)])).map_err(failed())?;
        let flag = Tensor::from_array(([1_usize], vec![cached])).map_err(failed())?;
        let mut inputs: Vec<(Cow<'_, str>, SessionInputValue<'_>)> = vec![
            ("input_ids".into(), ids.into()),
            ("use_cache_branch".into(), flag.into()),
            ("encoder_hidden_states".into(), hidden.into()),
            ("encoder_attention_mask".into(), mask.into()),
        ];
        inputs.extend(
            memory
                .iter()
                .map(|(name, value)| (name.clone(), value.into())),
        );
        let mut outputs = self.decoder.run(inputs).map_err(failed())?;
        let logits = outputs
            .get("logits")
            .ok_or_else(|| unexpected("the decoder gave no logits"))?;
        let (_, logits) = logits.try_extract_tensor::<f32>().map_err(failed())?;
        let best = likeliest(logits).ok_or_else(|| unexpected("the logits are empty"))?;
        for (name, value) in memory.iter_mut() {
            // The keys of the sound come once; later the decoder gives empty ones.
            if cached && name.contains(".encoder.") {
                continue;
            }
            let present = name.replacen("past_key_values", "present", 1);
            *value = outputs
                .remove(present)
                .ok_or_else(|| unexpected("the decoder gave no memory"))?;
        }
        Ok(best)
    }

    fn empty_memory(&self) -> Result<Memory, EngineError> {
        let mut memory = Memory::new();
        for layer in 0..LAYERS {
            for kind in [
                "decoder.key",
                "decoder.value",
                "encoder.key",
                "encoder.value",
            ] {
                let shape = [1_i64, HEADS, 0, HEAD_WIDTH];
                let empty = Tensor::<f32>::new(self.decoder.allocator(), shape)
                    .map_err(EngineError::onnx(MODEL, "decoding"))?;
                memory.push((
                    format!("past_key_values.{layer}.{kind}").into(),
                    empty.into_dyn(),
                ));
            }
        }
        Ok(memory)
    }

    fn words(&mut self, window: &Window) -> Result<Vec<RecognisedWord>, EngineError> {
        let length = window.pcm.len();
        if length < SHORTEST || is_steady(&window.pcm) {
            return Ok(Vec::new());
        }
        let hidden = self.encode(&window.pcm)?;
        let most = length * TOKENS_PER_TWO_SECONDS / 32_000 + TOKENS_SPARE;
        let (mut ids, probs): (Vec<u32>, Vec<f32>) =
            self.decode(&hidden, length, most)?.into_iter().unzip();
        let mean_log_prob = mean_log(&probs);
        ids.pop_if(|last| *last == END);
        let verdict = judge_once(&Evidence {
            text: &self.vocabulary.text(&ids),
            tokens: ids.len(),
            most_tokens: most,
            mean_log_prob,
            no_speech: 0.0,
        });
        match verdict {
            Verdict::Silence => return Ok(Vec::new()),
            Verdict::Doubtful | Verdict::Sound => ids.truncate(without_loops(&ids)),
        }
        let runs = group(&self.vocabulary, &ids, &probs, true);
        let texts: Vec<&str> = runs.iter().map(|run| run.text.as_str()).collect();
        let places = spread(&texts, length);
        Ok(runs
            .iter()
            .zip(places)
            .map(|(run, (from, to))| {
                word(&run.text, window.source(from, to), run.confidence * TRUST)
            })
            .collect())
    }
}

impl Recogniser for Moonshine {
    fn name(&self) -> &str {
        EngineChoice::MoonshineTinyEn.key()
    }

    fn transcribe(&mut self, pcm16k: &[f32]) -> Result<Recognised, EngineError> {
        let speech = vad::voiced(pcm16k);
        let mut words = Vec::new();
        for window in pack(pcm16k, &speech, &PACKING) {
            words.extend(self.words(&window)?);
        }
        settle(&mut words);
        Ok(Recognised {
            words,
            language: LanguageTag::english(),
            speech,
        })
    }
}

fn ones(length: usize) -> Result<Tensor<i64>, EngineError> {
    Tensor::from_array(([1, length], vec![1_i64; length]))
        .map_err(EngineError::onnx(MODEL, "preparing"))
}

/// The token with the highest logit and its share of the probability.
fn likeliest(logits: &[f32]) -> Option<(u32, f32)> {
    let (id, best) = (0_u32..)
        .zip(logits.iter().copied())
        .max_by(|a, b| a.1.total_cmp(&b.1))?;
    let all: f32 = logits.iter().map(|logit| (logit - best).exp()).sum();
    Some((id, 1.0 / all))
}

#[expect(clippy::cast_precision_loss, reason = "a span has few tokens")]
fn mean_log(probs: &[f32]) -> f32 {
    let sum: f32 = probs.iter().map(|prob| prob.ln()).sum();
    sum / (probs.len().max(1) as f32)
}

fn unexpected(what: &'static str) -> EngineError {
    EngineError::Unexpected { model: MODEL, what }
}
