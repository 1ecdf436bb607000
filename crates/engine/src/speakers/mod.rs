//! Tells two speakers apart in one channel.
//!
//! Windows of ten seconds are segmented into up to three local voices; pieces of their speech
//! are embedded, of long recordings a share; the embeddings are split into two voices; each
//! window's local voices are then mapped to those two by what they sound like and by how windows
//! agree where they overlap. A piece that clearly sounds like the other voice goes to that one.
//! Knows voices, not people: which of them is the agent is decided from words elsewhere.

mod assign;
mod cluster;
mod embed;
mod fbank;
mod pieces;
mod segment;
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
    /// How much less alike the two voices are than the halves of one voice split by force, as a
    /// difference of cosines: under 0.1 for one person, 0.25 to 0.6 for two. Below [`ONE_VOICE`]
    /// every segment is given to speaker 0.
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
        let (chosen, rest) = pieces::share(pieces::pieces(&windows));
        let mut samples = Vec::with_capacity(chosen.len());
        self.embed(pcm16k, chosen, &mut samples)?;
        let mut voices = cluster::two_voices(&samples);
        let mut mapping = track::map(&windows, &samples, two(&voices));
        if two(&voices).is_some_and(|voices| !track::consistent(&mapping, &samples, voices)) {
            // The segmentation takes these two voices for one: every piece must be heard.
            self.embed(pcm16k, rest, &mut samples)?;
            voices = cluster::two_voices(&samples);
            mapping = track::map(&windows, &samples, two(&voices));
        }
        let corrections = two(&voices)
            .map(|voices| track::corrections(&mapping, &samples, voices))
            .unwrap_or_default();
        Ok(Diarization {
            segments: timeline::segments(&windows, &mapping, &corrections),
            separation: Confidence::new(voices.map_or(0.0, |voices| voices.separation)),
        })
    }

    fn embed(
        &mut self,
        pcm: &[f32],
        pieces: Vec<pieces::Piece>,
        samples: &mut Vec<cluster::Sample>,
    ) -> Result<(), EngineError> {
        for piece in pieces {
            if let Some(vector) = self.embedder.embed(pcm, &piece.frames)? {
                samples.push(cluster::Sample { piece, vector });
            }
        }
        Ok(())
    }
}

/// The voices where they are two.
fn two(voices: &Option<cluster::Voices>) -> Option<&cluster::Voices> {
    voices
        .as_ref()
        .filter(|voices| voices.separation >= ONE_VOICE)
}

impl std::fmt::Debug for Diarizer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Diarizer").finish_non_exhaustive()
    }
}
