//! Whisper as CTranslate2 runs it: encode, generate, align, in 8-bit integers on one thread.
//!
//! The way to the library is a small C++ shim (`shim/ctranslate2.cpp`) that declares the few types
//! needed and finds the functions by name at run time. The other ways lost: the published shared
//! library has no C interface and comes without headers; depending on the `ct2rs` crate for its
//! headers starts that crate's own build of all of CTranslate2 (minutes, CMake, and a third of the
//! speed on AMD, where the published library brings oneDNN); calling C++ from Rust alone could not
//! catch its exceptions. The price: the layouts hold for the pinned version only.

#![expect(
    unsafe_code,
    reason = "the C interface of the shim takes pointers; each call states what they point to"
)]

use std::ffi::{CString, c_char, c_int};
use std::path::Path;
use std::ptr::NonNull;

use crate::EngineError;

/// A loaded Whisper model. May move between threads, works on one at a time.
#[derive(Debug)]
pub(super) struct Ct2Whisper {
    raw: NonNull<Raw>,
}

/// What the encoder made of one or several windows: (batch, positions, width).
#[derive(Debug, Clone, Default)]
pub(super) struct Encoded {
    values: Vec<f32>,
    batch: usize,
    positions: usize,
}

/// How to look for the words of a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Search {
    /// Hypotheses kept at each step; 1 is greedy.
    pub(super) beam: usize,
    /// Most tokens of one window.
    pub(super) most_tokens: usize,
    /// Above 1, tokens that were said are made less likely.
    pub(super) repetition_penalty: f32,
    /// Runs of this many tokens are not said twice; 0 for no limit.
    pub(super) no_repeat_ngram: usize,
}

/// What was generated for one window.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Generated {
    /// Text tokens without the end mark.
    pub(super) ids: Vec<u32>,
    /// Mean log-probability of the tokens and the end mark.
    pub(super) mean_log_prob: f32,
    /// Probability that nobody speaks.
    pub(super) no_speech: f32,
}

/// Where the tokens of one window lie.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Aligned {
    /// Encoder position (20 ms each) at which each token begins, then where the last one ends.
    pub(super) begins: Vec<u32>,
    /// Probability of each token.
    pub(super) probs: Vec<f32>,
}

impl Encoded {
    /// Windows of equal length in one batch.
    pub(super) fn join<'a>(windows: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut joined = Self::default();
        for window in windows {
            joined.values.extend_from_slice(&window.values);
            joined.batch += window.batch;
            joined.positions = window.positions;
        }
        joined
    }

    fn raw(&self) -> RawEncoded {
        RawEncoded {
            data: self.values.as_ptr(),
            batch: self.batch,
            positions: self.positions,
            width: self.values.len() / (self.batch * self.positions).max(1),
        }
    }
}

impl Ct2Whisper {
    /// Loads the model in `folder` with the library at `library`.
    pub(super) fn load(library: &Path, folder: &Path) -> Result<Self, EngineError> {
        let step = "loading the model";
        let library = c_path(library, step)?;
        let folder = c_path(folder, step)?;
        let mut raw = std::ptr::null_mut();
        checked(step, |error, room| {
            // SAFETY: both strings end in NUL and outlive the call; `raw` is a valid place for
            // one pointer; `error` has room for `room` bytes.
            unsafe {
                privity_whisper_load(library.as_ptr(), folder.as_ptr(), &raw mut raw, error, room)
            }
        })?;
        let raw = NonNull::new(raw).ok_or_else(|| failed(step, "no model came back"))?;
        Ok(Self { raw })
    }

    /// Encodes one window: `mel` holds `bins` rows of equal length.
    pub(super) fn encode(
        &mut self,
        mel: &[f32],
        bins: usize,
        width: usize,
    ) -> Result<Encoded, EngineError> {
        let step = "encoding";
        let frames = mel.len() / bins.max(1);
        let positions = frames.div_ceil(2);
        let mut values = vec![0.0_f32; positions * width];
        let mut written = 0;
        checked(step, |error, room| {
            // SAFETY: `mel` holds at least `bins * frames` floats, `values` has room for
            // `values.len()`, the model is alive and borrowed mutably.
            unsafe {
                privity_whisper_encode(
                    self.raw.as_ptr(),
                    mel.as_ptr(),
                    bins,
                    frames,
                    values.as_mut_ptr(),
                    values.len(),
                    &raw mut written,
                    error,
                    room,
                )
            }
        })?;
        if written != values.len() {
            return Err(failed(step, "the output has another size than the model's"));
        }
        Ok(Encoded {
            values,
            batch: 1,
            positions,
        })
    }

    /// Generates the text of each window of the batch after `prompt`.
    pub(super) fn generate(
        &mut self,
        encoded: &Encoded,
        prompt: &[u32],
        search: &Search,
    ) -> Result<Vec<Generated>, EngineError> {
        let batch = encoded.batch;
        let mut ids = vec![0_u32; batch * search.most_tokens];
        let mut lengths = vec![0_usize; batch];
        let mut scores = vec![0.0_f32; batch];
        let mut no_speech = vec![0.0_f32; batch];
        let raw_search = RawSearch {
            beam: search.beam,
            most_tokens: search.most_tokens,
            repetition_penalty: search.repetition_penalty,
            no_repeat_ngram: search.no_repeat_ngram,
        };
        checked("recognising", |error, room| {
            // SAFETY: the encoded values are `batch * positions * width` floats; every output
            // has one entry per window, `ids` one row of `most_tokens` per window.
            unsafe {
                privity_whisper_generate(
                    self.raw.as_ptr(),
                    &encoded.raw(),
                    prompt.as_ptr(),
                    prompt.len(),
                    &raw const raw_search,
                    ids.as_mut_ptr(),
                    lengths.as_mut_ptr(),
                    scores.as_mut_ptr(),
                    no_speech.as_mut_ptr(),
                    error,
                    room,
                )
            }
        })?;
        let rows = ids.chunks(search.most_tokens.max(1));
        Ok(rows
            .zip(lengths)
            .zip(scores.into_iter().zip(no_speech))
            .map(|((row, length), (mean_log_prob, no_speech))| Generated {
                ids: row.iter().copied().take(length).collect(),
                mean_log_prob,
                no_speech,
            })
            .collect())
    }

    /// Finds when each token of each window was said. `start` is the prompt without its
    /// no-timestamps mark, `frames` the mel frames of each window that hold sound.
    pub(super) fn align(
        &mut self,
        encoded: &Encoded,
        start: &[u32],
        texts: &[&[u32]],
        frames: &[usize],
    ) -> Result<Vec<Aligned>, EngineError> {
        let step = "aligning";
        if texts.len() != encoded.batch || frames.len() != encoded.batch {
            return Err(failed(step, "one text is needed per window"));
        }
        let flat = texts.concat();
        let lengths: Vec<usize> = texts.iter().map(|text| text.len()).collect();
        let mut begins = vec![0_u32; flat.len() + texts.len()];
        let mut probs = vec![0.0_f32; flat.len()];
        checked(step, |error, room| {
            // SAFETY: `flat` holds the sum of `lengths` ids, `begins` one more per window,
            // `probs` as many; `lengths` and `frames` have one entry per window.
            unsafe {
                privity_whisper_align(
                    self.raw.as_ptr(),
                    &encoded.raw(),
                    start.as_ptr(),
                    start.len(),
                    flat.as_ptr(),
                    lengths.as_ptr(),
                    frames.as_ptr(),
                    begins.as_mut_ptr(),
                    probs.as_mut_ptr(),
                    error,
                    room,
                )
            }
        })?;
        let (mut begins, mut probs) = (begins.into_iter(), probs.into_iter());
        Ok(lengths
            .into_iter()
            .map(|length| Aligned {
                begins: begins.by_ref().take(length + 1).collect(),
                probs: probs.by_ref().take(length).collect(),
            })
            .collect())
    }

    /// Gives memory that a recording needed back to the system.
    pub(super) fn rest(&mut self) {
        // SAFETY: takes nothing and touches free memory only.
        unsafe { privity_whisper_rest() }
    }

    /// The likeliest language of the first window, as in `<|en|>`, and its probability.
    pub(super) fn language(&mut self, encoded: &Encoded) -> Result<(String, f32), EngineError> {
        let mut token = [0_u8; 32];
        let mut probability = 0.0;
        checked("detecting the language", |error, room| {
            // SAFETY: `token` has room for its length, the encoded values are as described
            // above, `probability` is a valid place for one float.
            unsafe {
                privity_whisper_language(
                    self.raw.as_ptr(),
                    &encoded.raw(),
                    token.as_mut_ptr().cast(),
                    token.len(),
                    &raw mut probability,
                    error,
                    room,
                )
            }
        })?;
        Ok((until_nul(&token), probability))
    }
}

impl Drop for Ct2Whisper {
    fn drop(&mut self) {
        // SAFETY: `raw` came from `privity_whisper_load` and is freed here alone.
        unsafe { privity_whisper_free(self.raw.as_ptr()) }
    }
}

// SAFETY: the model's buffers belong to the object, not to the thread that made it; every call
// sets the thread count for the calling thread. It is not `Sync`: all work takes `&mut self`.
unsafe impl Send for Ct2Whisper {}

/// Opaque; lives in C++.
#[repr(C)]
struct Raw {
    _private: [u8; 0],
}

#[repr(C)]
struct RawEncoded {
    data: *const f32,
    batch: usize,
    positions: usize,
    width: usize,
}

#[repr(C)]
struct RawSearch {
    beam: usize,
    most_tokens: usize,
    repetition_penalty: f32,
    no_repeat_ngram: usize,
}

// SAFETY: these are the functions of `shim/ctranslate2.cpp`, argument for argument.
unsafe extern "C" {
    fn privity_whisper_load(
        library: *const c_char,
        folder: *const c_char,
        out: *mut *mut Raw,
        error: *mut c_char,
        room: usize,
    ) -> c_int;
    fn privity_whisper_free(whisper: *mut Raw);
    fn privity_whisper_rest();
    fn privity_whisper_encode(
        whisper: *mut Raw,
        mel: *const f32,
        bins: usize,
        frames: usize,
        out: *mut f32,
        most: usize,
        written: *mut usize,
        error: *mut c_char,
        room: usize,
    ) -> c_int;
    fn privity_whisper_generate(
        whisper: *mut Raw,
        encoded: *const RawEncoded,
        prompt: *const u32,
        prompt_length: usize,
        search: *const RawSearch,
        ids: *mut u32,
        lengths: *mut usize,
        scores: *mut f32,
        no_speech: *mut f32,
        error: *mut c_char,
        room: usize,
    ) -> c_int;
    fn privity_whisper_align(
        whisper: *mut Raw,
        encoded: *const RawEncoded,
        start: *const u32,
        start_length: usize,
        tokens: *const u32,
        lengths: *const usize,
        frames: *const usize,
        begins: *mut u32,
        probs: *mut f32,
        error: *mut c_char,
        room: usize,
    ) -> c_int;
    fn privity_whisper_language(
        whisper: *mut Raw,
        encoded: *const RawEncoded,
        token: *mut c_char,
        token_room: usize,
        probability: *mut f32,
        error: *mut c_char,
        room: usize,
    ) -> c_int;
}

/// Calls into the shim with room for its message.
fn checked(
    step: &'static str,
    call: impl FnOnce(*mut c_char, usize) -> c_int,
) -> Result<(), EngineError> {
    let mut error = [0_u8; 512];
    if call(error.as_mut_ptr().cast(), error.len()) == 0 {
        Ok(())
    } else {
        Err(failed(step, &until_nul(&error)))
    }
}

fn failed(step: &'static str, reason: &str) -> EngineError {
    EngineError::Ct2 {
        step,
        reason: reason.to_owned(),
    }
}

fn until_nul(bytes: &[u8]) -> String {
    let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(text).into_owned()
}

fn c_path(path: &Path, step: &'static str) -> Result<CString, EngineError> {
    if !path.exists() {
        return Err(EngineError::Missing {
            path: path.to_owned(),
        });
    }
    CString::new(path.as_os_str().as_encoded_bytes())
        .map_err(|_| failed(step, "its path holds a NUL byte"))
}
