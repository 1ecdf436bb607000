//! Tells two speakers apart in one channel.
//!
//! Windows of ten seconds are segmented into up to three local voices; a bounded share of their
//! speech is embedded; the embeddings are split into two voices; each window's local voices are
//! then mapped to those two by what they sound like and by how windows agree where they overlap.
//! Knows voices, not people: which of them is the agent is decided from words elsewhere.

mod assign;
mod cluster;
mod embed;
mod fbank;
mod segment;
mod stretches;
mod timeline;
mod track;

use std::path::Path;

use domain::{Confidence, Span};

use crate::EngineError;

pub use assign::assign;

/// The model that finds who speaks in ten seconds, the model that tells what a voice sounds
/// like, and nothing of any recording.
pub struct Diarizer {
    segmenter: segment::Segmenter,
    embedder: embed::Embedder,
}

/// Who speaks when. Where both speak, segments of both overlap.
#[derive(Debug, Clone, PartialEq)]
pub struct Diarization {
    /// In order of their starts.
    pub segments: Vec<SpeakerSegment>,
    /// How much more alike one voice's stretches are than two voices' stretches, as a difference
    /// of mean cosines. About 0.05 when one voice is split by force, 0.3 for two people; below
    /// [`ONE_VOICE`] every segment is given to speaker 0.
    pub separation: Confidence,
}

/// Below this separation a recording is taken to hold one voice.
pub const ONE_VOICE: f32 = 0.15;

/// An unbroken stretch of one voice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpeakerSegment {
    /// When.
    pub span: Span,
    /// The voice, 0 or 1, in the order in which they are first heard.
    pub speaker: u8,
    /// How sure it is that it is this voice and not the other.
    pub confidence: Confidence,
}

impl Diarizer {
    /// Loads both models from the models folder.
    ///
    /// # Errors
    /// [`EngineError`] naming the file that is missing or refused.
    pub fn load(models: &Path) -> Result<Self, EngineError> {
        Ok(Self {
            segmenter: segment::Segmenter::load(models)?,
            embedder: embed::Embedder::load(models)?,
        })
    }

    /// Who speaks when in one channel of 16 kHz samples between -1 and 1.
    ///
    /// # Errors
    /// [`EngineError`] where a model fails in computing.
    pub fn two_speakers(&mut self, pcm16k: &[f32]) -> Result<Diarization, EngineError> {
        let windows = self.segmenter.windows(pcm16k)?;
        let chosen = stretches::choose(&windows);
        let mut samples = Vec::with_capacity(chosen.len());
        for stretch in &chosen {
            if let Some(vector) = self.embedder.embed(pcm16k, &stretch.frames)? {
                samples.push(cluster::Sample {
                    window: stretch.window,
                    local: stretch.local,
                    weight: stretch.seconds(),
                    vector,
                });
            }
        }
        let split = cluster::two_voices(&samples);
        let separation = split.as_ref().map_or(0.0, |voices| voices.separation);
        let voices = split.filter(|voices| voices.separation >= ONE_VOICE);
        let mapping = track::map(&windows, &samples, voices.as_ref());
        let segments = timeline::segments(&windows, &mapping);
        Ok(Diarization {
            segments,
            separation: Confidence::new(separation),
        })
    }
}

impl std::fmt::Debug for Diarizer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Diarizer").finish_non_exhaustive()
    }
}
